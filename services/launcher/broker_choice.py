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


def choose_broker(settings: LauncherSettings, *, is_to_run: bool = True) -> BrokerChoice:
    """Choose the bus that the settings ask for.

    Args:
        is_to_run: whether a broker of ours settles on an address now, if it never had one.

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
        why = "you asked for it; it is ours and runs beside the services"
        return _own(settings, why, is_to_run=is_to_run)
    return _auto(settings, is_to_run=is_to_run)


def _auto(settings: LauncherSettings, *, is_to_run: bool) -> BrokerChoice:
    try:
        find_java()
    except Misconfigured as missing:
        return BrokerChoice("embedded", f"{missing}; it serves this one machine only")
    if not KafkaHome(settings.kafka_jars.absolute()).complete:
        why = (
            "Kafka's jars were not fetched (`make setup` does it); it serves this one machine only"
        )
        return BrokerChoice("embedded", why)
    why = "Java and Kafka's jars are here; it is ours and runs beside the services"
    return _own(settings, why, is_to_run=is_to_run)


def _own(settings: LauncherSettings, why: str, *, is_to_run: bool) -> BrokerChoice:
    broker = KafkaBroker(settings.data / "kafka", settings.kafka_jars)
    known = is_to_run or broker.has_address
    return BrokerChoice("kafka", why, broker.bootstrap if known else None, broker)
