"""The settings every service shares; read once, in `app.py`, and passed down."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

POLICIES = Path(__file__).resolve().parents[2] / "policies"


class ChassisSettings(BaseSettings):
    """Settings from the environment, `ALONGSIDE_*`."""

    model_config = SettingsConfigDict(
        env_prefix="ALONGSIDE_",
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    data: Path = Field(
        default=Path(".alongside"), description="Folder of databases, logs and the broker's data."
    )
    broker: Literal["auto", "external", "kafka", "embedded"] = Field(
        default="auto", description="Which bus: a given Kafka, one of ours, or the embedded one."
    )
    kafka_bootstrap_servers: str | None = Field(
        default=None,
        validation_alias=AliasChoices(
            "KAFKA_BOOTSTRAP_SERVERS", "ALONGSIDE_KAFKA_BOOTSTRAP_SERVERS"
        ),
        description="Addresses of a Kafka that is already there.",
    )
    kafka_replication: int = Field(
        default=1, ge=1, description="Replicas of each topic that we create."
    )
    topic_prefix: str = Field(
        default="alongside",
        pattern=r"^[a-z][a-z0-9-]{0,40}$",
        description="First part of every topic's name.",
    )
    database_url: SecretStr | None = Field(
        default=None, description="A PostgreSQL address; without it each service has a SQLite file."
    )
    engine: Literal["faust", "librdkafka"] = Field(
        default="faust", description="What fetches from Kafka."
    )
    keys: Path | None = Field(
        default=None,
        description="Folder of key files, outside of DATA; default ~/.config/alongside.",
    )
    policies: Path = Field(default=POLICIES, description="Folder of the rules of places.")
    http_host: str = Field(
        default="127.0.0.1", description="Loopback only, until sign-in is configured."
    )
    http_port: int = Field(default=8080, ge=0, le=65535, description="Port of the pages and APIs.")
    clock: Literal["system", "driven"] = Field(
        default="system", description="`driven` only in the demo and in tests."
    )
    worker_slot: int = Field(
        default=0, ge=0, description="Number of this worker among those of its service."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="What is logged."
    )

    @property
    def postgres(self) -> str | None:
        """The PostgreSQL address in clear, for the driver only."""
        return self.database_url.get_secret_value() if self.database_url else None
