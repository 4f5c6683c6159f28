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
    "due_at",
    "waits_for",
)


@dataclass(slots=True)
class Waiting:
    """An event that waits in the queue of its key.

    The head of the queue waits for a time or for a prerequisite, all others behind it.
    """

    id: str
    record: Record
    due_at: str | None = None
    waits_for: str | None = None


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
        self._enqueued: dict[str, tuple[Key, int, Waiting]] = {}
        self._changed: dict[str, Waiting] = {}
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
            due_at,
            waits_for,
        ) in self._sql.pairs("later", _QUEUED, pair, wanted):
            read = tuple((name, text.encode("latin-1")) for name, text in json.loads(headers))
            record = Record(topic, place_id, part, offset, key.encode(), read, bytes(value))
            waiting = Waiting(identifier, record, due_at, waits_for)
            self._states[topic, key].queue[sequence] = waiting
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
        is_first = not state.queue
        waiting = Waiting(ids.derived("waiting", key[0], key[1], str(sequence)), record)
        state.queue[sequence] = waiting
        self._enqueued[waiting.id] = (key, sequence, waiting)
        if waits_for is not None:
            self.wait_on(key, sequence, waits_for)
        elif is_first:
            self.wait_for_gap(key, sequence)

    def leave(self, key: Key, sequence: int) -> None:
        """This one waits no longer."""
        waiting = self._states[key].queue.pop(sequence)
        self._changed.pop(waiting.id, None)
        if self._enqueued.pop(waiting.id, None) is None:
            self._left.append(waiting.id)

    def wait_on(self, key: Key, sequence: int, prerequisite: str) -> None:
        """The head of a queue waits for something else now."""
        self._head_waits(key, sequence, None, prerequisite)

    def wait_for_gap(self, key: Key, sequence: int) -> None:
        """The head of a queue waits for a sequence that is missing."""
        self._head_waits(key, sequence, moment(self._now + GAP_PATIENCE), None)

    def wait_for_turn(self, key: Key, sequence: int) -> None:
        """The head of a queue waits for nothing but a turn of its own."""
        self._head_waits(key, sequence, moment(self._now), None)

    def _head_waits(
        self, key: Key, sequence: int, due_at: str | None, waits_for: str | None
    ) -> None:
        """Let one of a queue wait for this, and all others only behind it."""
        queue = self._states[key].queue
        for waiting in queue.values():
            self._set(waiting, None, None)
        self._set(queue[sequence], due_at, waits_for)

    def _set(self, waiting: Waiting, due_at: str | None, waits_for: str | None) -> None:
        if (waiting.due_at, waiting.waits_for) != (due_at, waits_for):
            waiting.due_at, waiting.waits_for = due_at, waits_for
            if waiting.id not in self._enqueued:
                self._changed[waiting.id] = waiting

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
        self._sql.insert("later", [self._row(*one) for one in self._enqueued.values()])
        self._sql.update("later", ("id",), [_times(waiting) for waiting in self._changed.values()])
        self._sql.delete("later", [{"id": identifier} for identifier in self._left])
        self._sql.insert("holes", self._holes)
        self._sql.delete("holes", self._filled)

    def _row(self, key: Key, sequence: int, waiting: Waiting) -> dict[str, Any]:
        record = waiting.record
        headers = [[name, value.decode("latin-1")] for name, value in record.headers]
        return {
            **_times(waiting),
            "kind": "event",
            "since": moment(self._now),
            "topic": key[0],
            "key": key[1],
            "sequence": sequence,
            "headers": json.dumps(headers),
            "value": record.value or b"",
            "topic_id": record.topic_id,
            "partition": record.partition,
            "log_offset": record.offset,
        }


def _times(waiting: Waiting) -> dict[str, Any]:
    return {"id": waiting.id, "due_at": waiting.due_at, "waits_for": waiting.waits_for}
