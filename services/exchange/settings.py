"""What the exchange is set up with, and what of that its handlers see."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr

from services.chassis.policies import Policies
from services.chassis.settings import ChassisSettings
from services.chassis.vault import KeyFile, default_key_file


def _served_address(settings: dict[str, Any]) -> str:
    return f"http://{settings['http_host']}:{settings['http_port']}"


class ExchangeSettings(ChassisSettings):
    """Settings of the exchange, beside those every service has."""

    exchange_key_file: Path | None = Field(
        default=None, description="The exchange's key file, if it lies elsewhere."
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="Where mail goes: smtp://user:password@host:587; without it, to files.",
    )
    mail_from: str = Field(
        default="alongside@alongside.invalid", description="The sender of messages."
    )
    public_url: str = Field(
        default_factory=_served_address,
        description="Where the pages are that messages point to; by default, where we serve them.",
    )
    message_hours: int = Field(
        default=24, ge=1, description="How old, in hours, a message may be that is still sent."
    )

    @property
    def key_file(self) -> Path:
        """Where the exchange's key file is."""
        if self.exchange_key_file is not None:
            return self.exchange_key_file
        if self.keys is not None:
            return self.keys / "exchange.key"
        return default_key_file("exchange", self.data)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What handlers find in `work.context`; nothing older than `stale_after` is sent."""

    policies: Policies
    keys: KeyFile
    stale_after: timedelta
    public_url: str
