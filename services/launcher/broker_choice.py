"""Which bus this installation uses, and why: decided once, said in one line."""

from dataclasses import dataclass

from services.chassis.errors import Misconfigured
from services.launcher.java import find_java
from services.launcher.kafka_broker import KafkaBroker
from services.launcher.kafka_home import KafkaHome
from services.launcher.settings import LauncherSettings


@dataclass(frozen=True)
class BrokerChoice:
    """The bus that was chosen; `own` is the broker that the launcher itself must run."""

    kind: str
    why: str
    bootstrap: str | None = None
    own: KafkaBroker | None = None

    @property
    def sentence(self) -> str:
        """The one line for a person."""
        name = {"kafka": "Apache Kafka", "embedded": "the embedded bus"}[self.kind]
        where = f" at {self.bootstrap}" if self.bootstrap else ""
        return f"Bus: {name}{where}, because {self.why}."


def choose_broker(settings: LauncherSettings) -> BrokerChoice:
    """Choose the bus that the settings ask for.

    Raises:
        Misconfigured: what was asked for cannot be had here.
    """
    if settings.broker == "embedded":
        return BrokerChoice("embedded", "you asked for it; it serves this one machine only")
    if settings.broker == "external" or (
        settings.broker == "auto" and settings.kafka_bootstrap_servers
    ):
        if not settings.kafka_bootstrap_servers:
            message = "--broker external needs KAFKA_BOOTSTRAP_SERVERS, the address of your broker"
            raise Misconfigured(message)
        return BrokerChoice("kafka", "its address was given", settings.kafka_bootstrap_servers)
    if settings.broker == "kafka":
        return _own(settings, "you asked for it; it is ours and runs beside the services")
    return _auto(settings)


def _auto(settings: LauncherSettings) -> BrokerChoice:
    try:
        find_java()
    except Misconfigured as missing:
        return BrokerChoice("embedded", f"{missing}; it serves this one machine only")
    if not KafkaHome(settings.kafka_jars.absolute()).complete:
        why = (
            "Kafka's jars were not fetched (`make setup` does it); it serves this one machine only"
        )
        return BrokerChoice("embedded", why)
    return _own(settings, "Java and Kafka's jars are here; it is ours and runs beside the services")


def _own(settings: LauncherSettings, why: str) -> BrokerChoice:
    broker = KafkaBroker(settings.data / "kafka", settings.kafka_jars)
    return BrokerChoice("kafka", why, broker.bootstrap, broker)
