"""Apache Kafka as the bus: one door to its clients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.chassis.kafka_admin import KafkaAdmin
from services.chassis.kafka_native import NativePublisher, NativeReader

if TYPE_CHECKING:
    from services.chassis.kafka_faust import FaustSubscriber


class KafkaBus:
    """A cluster, reached through `bootstrap` (`host:port`, several by commas).

    Args:
        bootstrap: some of its servers.
        replication: how many copies of each partition new topics have.
    """

    kind = "kafka"

    def __init__(self, bootstrap: str, replication: int = 1) -> None:
        self._bootstrap = bootstrap
        self._replication = replication

    def admin(self) -> KafkaAdmin:
        """Create and describe topics."""
        return KafkaAdmin(self._bootstrap, self._replication)

    def publisher(self) -> NativePublisher:
        """Send."""
        return NativePublisher(self._bootstrap)

    def reader(self) -> NativeReader:
        """Read ranges."""
        return NativeReader(self._bootstrap)

    def subscriber(self, group: str, topics: Sequence[str], slot: int = 0) -> FaustSubscriber:
        """Follow topics as member number `slot` of a group."""
        # Only workers follow; commands, which look and go, need not wait until Faust is loaded.
        from services.chassis.kafka_faust import FaustSubscriber  # noqa: PLC0415

        return FaustSubscriber(self._bootstrap, group, topics, slot)
