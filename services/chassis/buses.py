"""Opens the bus that the settings name; the only place that knows which adapters there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.chassis.embedded_bus import EmbeddedBus
from services.chassis.errors import Misconfigured

if TYPE_CHECKING:
    from services.chassis.bus import Bus
    from services.chassis.settings import ChassisSettings


def open_bus(settings: ChassisSettings) -> Bus:
    """Open the bus; `auto` is settled by the launcher before a worker starts.

    Raises:
        Misconfigured: a Kafka bus without an address.
    """
    if settings.broker == "embedded" or (
        settings.broker == "auto" and not settings.kafka_bootstrap_servers
    ):
        return EmbeddedBus(settings.data / "bus.sqlite3")
    if not settings.kafka_bootstrap_servers:
        message = "KAFKA_BOOTSTRAP_SERVERS is not set: give the address of the broker"
        raise Misconfigured(message)
    # Loading three Kafka clients takes a second that the embedded bus need not wait for.
    from services.chassis.kafka_bus import KafkaBus  # noqa: PLC0415

    return KafkaBus(settings.kafka_bootstrap_servers, settings.kafka_replication, settings.engine)
