"""Apache Kafka as the bus: one door to its clients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.chassis.kafka_admin import KafkaAdmin
from services.chassis.kafka_native import NativePublisher, NativeReader

if TYPE_CHECKING:
    from services.chassis.bus import Subscriber


class KafkaBus:
    """A cluster, reached through `bootstrap` (`host:port`, several by commas).

    Args:
        bootstrap: some of its servers.
        replication: how many copies of each partition new topics have.
        engine: what follows topics, `faust` or `librdkafka`.
    """

    kind = "kafka"

    def __init__(self, bootstrap: str, replication: int = 1, engine: str = "faust") -> None:
        self._bootstrap = bootstrap
        self._engine = engine
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

    def subscriber(self, group: str, topics: Sequence[str], slot: int = 0) -> Subscriber:
        """Follow topics as member number `slot` of a group."""
        # Only workers follow, and one engine each; loading Faust takes half a second.
        if self._engine == "librdkafka":
            from services.chassis.kafka_librdkafka import LibrdkafkaSubscriber  # noqa: PLC0415

            return LibrdkafkaSubscriber(self._bootstrap, group, topics, slot)
        from services.chassis.kafka_faust import FaustSubscriber  # noqa: PLC0415

        return FaustSubscriber(self._bootstrap, group, topics, slot)
