"""How far a service has come in each partition: the truth, of which Kafka's offsets are a hint."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.chassis.bus import Partition
from services.chassis.envelope import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.chassis.bus import Record
    from services.chassis.sql import Sql

_COLUMNS = ("topic", "partition", "topic_id", "next_offset", "last_event_id")


@dataclass(frozen=True, slots=True)
class Position:
    """The next offset of a partition, and the mark of the record before it.

    The mark is empty at the start and behind a hole.
    """

    partition: Partition
    next_offset: int
    last_event_id: str


class Positions:
    """The positions of one transaction; reading them locks them."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self._moved: dict[tuple[str, int], Position] = {}

    def lock(self, partitions: Iterable[Partition]) -> dict[tuple[str, int], Position]:
        """Read and lock the positions of these partitions.

        A partition never seen, or one of another incarnation of its topic, begins at 0.
        """
        wanted = {(p.topic, p.number): p for p in partitions}
        found = {key: Position(p, 0, "") for key, p in wanted.items()}
        rows = self._sql.pairs("positions", _COLUMNS, ("topic", "partition"), wanted, lock=True)
        for topic, number, topic_id, next_offset, last in rows:
            if wanted[topic, number].topic_id == topic_id:
                found[topic, number] = Position(wanted[topic, number], next_offset, last)
        return found

    def move(self, record: Record) -> None:
        """This record is done, or laid aside."""
        partition = Partition(record.topic, record.topic_id, record.partition)
        self._moved[record.topic, record.partition] = Position(
            partition, record.offset + 1, mark_of(record)
        )

    def jump(self, partition: Partition, next_offset: int) -> None:
        """Go on from another place: back to the start, or behind a hole."""
        self._moved[partition.topic, partition.number] = Position(partition, next_offset, "")

    def flush(self) -> None:
        """Write how far we have come."""
        rows = [
            {
                "topic": p.partition.topic,
                "partition": p.partition.number,
                "topic_id": p.partition.topic_id,
                "next_offset": p.next_offset,
                "last_event_id": p.last_event_id,
            }
            for _, p in sorted(self._moved.items())
        ]
        self._sql.upsert("positions", ("topic", "partition"), rows)


def mark_of(record: Record) -> str:
    """Say by what a record is known again: its event's id, or a digest of what has none."""
    event_id = dict(record.headers).get("ce_id", b"").decode("latin-1")
    return event_id if is_plain(event_id) else _digest(record)


def _digest(record: Record) -> str:
    parts = [record.key, record.value]
    for name, value in record.headers:
        parts += (name.encode(), value)
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"-" if part is None else b"%d:%b" % (len(part), part))
    return digest.hexdigest()
