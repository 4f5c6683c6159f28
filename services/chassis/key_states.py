"""The order per key: what was handled last, who waits behind whom, and what never came."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from services.chassis import ids
from services.chassis.bus import Record
from services.chassis.storage import moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from services.chassis.sql import Sql

GAP_PATIENCE = timedelta(seconds=60)
"""How long a key waits for a sequence that is missing before the hole is recorded."""

WIDEST_GAP = 10_000
"""A sequence further away than this is no gap but a mistake."""

Key = tuple[str, str]
"""A topic and a key in it."""

_QUEUED = (
    "topic",
    "key",
    "sequence",
    "headers",
    "value",
    "id",
    "topic_id",
    "partition",
    "log_offset",
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that waits in the queue of its key."""

    id: str
    record: Record


@dataclass(slots=True)
class KeyState:
    """How one key of one topic stands."""

    sequence: int = 0
    queue: dict[int, Waiting] = field(default_factory=dict)
    holes: set[int] = field(default_factory=set)
    stored_sequence: int = 0

    def knows(self, sequence: int) -> bool:
        """Whether this sequence was handled or waits already."""
        return (sequence <= self.sequence and sequence not in self.holes) or sequence in self.queue

    def may_go(self, sequence: int) -> bool:
        """Whether it is this sequence's turn: the next one, or one that fills a hole."""
        return sequence in self.holes or (
            sequence == self.sequence + 1 and all(sequence < waiting for waiting in self.queue)
        )


class KeyStates:
    """The key states of one transaction, read once and written once."""

    def __init__(self, sql: Sql, now: datetime) -> None:
        self._sql = sql
        self._now = now
        self._states: dict[Key, KeyState] = {}
        self._enqueued: list[dict[str, Any]] = []
        self._left: list[str] = []
        self._holes: list[dict[str, Any]] = []
        self._filled: list[dict[str, Any]] = []

    def load(self, keys: Iterable[Key]) -> None:
        """Read and lock the states of these keys."""
        wanted = {key for key in keys if key not in self._states}
        self._states.update((key, KeyState()) for key in wanted)
        pair = ("topic", "key")
        for topic, key, sequence in self._sql.pairs(
            "key_states", (*pair, "sequence"), pair, wanted, lock=True
        ):
            state = self._states[topic, key]
            state.sequence = state.stored_sequence = sequence
        for (
            topic,
            key,
            sequence,
            headers,
            value,
            identifier,
            place_id,
            part,
            offset,
        ) in self._sql.pairs("later", _QUEUED, pair, wanted):
            read = tuple((name, text.encode("latin-1")) for name, text in json.loads(headers))
            record = Record(topic, place_id, part, offset, key.encode(), read, bytes(value))
            self._states[topic, key].queue[sequence] = Waiting(identifier, record)
        for topic, key, sequence in self._sql.pairs("holes", (*pair, "sequence"), pair, wanted):
            self._states[topic, key].holes.add(sequence)

    def __getitem__(self, key: Key) -> KeyState:
        return self._states[key]

    def handled(self, key: Key, sequence: int) -> None:
        """This sequence is done."""
        state = self._states[key]
        if sequence in state.holes:
            state.holes.discard(sequence)
            self._filled.append({"topic": key[0], "key": key[1], "sequence": sequence})
        state.sequence = max(state.sequence, sequence)

    def enqueue(self, key: Key, sequence: int, record: Record, waits_for: str | None) -> None:
        """Let an event wait: for a prerequisite, for a missing sequence, or behind another."""
        state = self._states[key]
        gap = waits_for is None and not state.queue
        due_at = moment(self._now + GAP_PATIENCE) if gap else None
        identifier = ids.derived("waiting", key[0], key[1], str(sequence))
        state.queue[sequence] = Waiting(identifier, record)
        text = json.dumps([[name, value.decode("latin-1")] for name, value in record.headers])
        self._enqueued.append(
            {
                "id": identifier,
                "kind": "event",
                "due_at": due_at,
                "waits_for": waits_for,
                "since": moment(self._now),
                "topic": key[0],
                "key": key[1],
                "sequence": sequence,
                "headers": text,
                "value": record.value or b"",
                "topic_id": record.topic_id,
                "partition": record.partition,
                "log_offset": record.offset,
            }
        )

    def leave(self, key: Key, sequence: int) -> None:
        """This one waits no longer."""
        self._left.append(self._states[key].queue.pop(sequence).id)

    def wait_on(self, key: Key, sequence: int, prerequisite: str) -> None:
        """The head of a queue waits for something else now."""
        waiting = self._states[key].queue[sequence]
        self._sql.run(
            "UPDATE later SET waits_for = ?, due_at = NULL WHERE id = ?", (prerequisite, waiting.id)
        )

    def wait_for_gap(self, key: Key, sequence: int) -> None:
        """The head of a queue waits for a sequence that is missing."""
        waiting = self._states[key].queue[sequence]
        until = moment(self._now + GAP_PATIENCE)
        self._sql.run(
            "UPDATE later SET waits_for = NULL, due_at = ? WHERE id = ?", (until, waiting.id)
        )

    def give_up(self, key: Key, until: int) -> int:
        """Record what is missing before this sequence as holes; return how many."""
        state = self._states[key]
        missing = range(state.sequence + 1, until)
        for sequence in missing:
            state.holes.add(sequence)
            self._holes.append(
                {"topic": key[0], "key": key[1], "sequence": sequence, "since": moment(self._now)}
            )
        state.sequence = until - 1
        return len(missing)

    def flush(self) -> None:
        """Write what changed."""
        rows = [
            {"topic": topic, "key": key, "sequence": state.sequence}
            for (topic, key), state in sorted(self._states.items())
            if state.sequence != state.stored_sequence
        ]
        self._sql.upsert("key_states", ("topic", "key"), rows)
        self._sql.insert("later", self._enqueued)
        self._sql.delete("later", [{"id": identifier} for identifier in self._left])
        self._sql.insert("holes", self._holes)
        self._sql.delete("holes", self._filled)
