"""The mistakes that lose, double or disorder events elsewhere, each planted on purpose."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pytest
from sqlalchemy.exc import OperationalError

from services.chassis import batch, key_states, processing, relay
from services.chassis.bus import Placed, Record
from services.chassis.database import reading, writing
from services.chassis.errors import BusUnavailable
from services.chassis.positions import Positions
from services.chassis.sql import Sql

Plant = Callable[[pytest.MonkeyPatch], None]


def acknowledge_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    """The positions are moved first, in a transaction of their own."""
    original = processing.Processor._part

    def part(self: processing.Processor, records: Sequence[Record]) -> None:
        with writing(self._desk.engine) as connection:
            positions = Positions(Sql(connection))
            for record in records:
                positions.move(record)
            positions.flush()
        original(self, records)

    def not_done(_self: batch.Batch, records: Sequence[Record]) -> list[Record]:
        return list(records)

    patch.setattr(processing.Processor, "_part", part)
    patch.setattr(batch.Batch, "_not_done", not_done)


def mark_before_the_acknowledgement(patch: pytest.MonkeyPatch) -> None:
    """What is sent is marked as sent before the bus has said that it has it."""

    def send(self: relay.Relay) -> int:
        self._look()
        rows = self._unsent()
        if not rows:
            return 0
        self._know([row[1] for row in rows])
        if self._publisher is None:
            self._publisher = self._bus.publisher()
        ends = {name: dict(state.ends) for name, state in self._states.items()}
        self._mark(rows, [Placed(0, ends[row[1]].get(0, 0) + n) for n, row in enumerate(rows)])
        self._publisher.publish([self._message(row) for row in rows])
        return len(rows)

    patch.setattr(relay.Relay, "_send", send)
    patch.setattr(relay.Relay, "_expect_rising", lambda *_: None)
    patch.setattr(relay.Relay, "_check_last", lambda *_: None)


def skip_on_error(patch: pytest.MonkeyPatch) -> None:
    """An event whose handler fails is left behind, as if it were done."""
    original = batch.Batch._handle

    def handle(self: batch.Batch, one: Any) -> None:
        try:
            original(self, one)
        except (batch.Crashed, OperationalError):
            self.work.undo()

    patch.setattr(batch.Batch, "_handle", handle)


def forget_the_key_state(patch: pytest.MonkeyPatch) -> None:
    """Nobody remembers which sequences of a key were handled."""
    patch.setattr(key_states.KeyState, "knows", lambda *_: False)
    patch.setattr(key_states.KeyState, "may_go", lambda *_: True)


def swallow_an_exception(patch: pytest.MonkeyPatch) -> None:
    """A bus that does not answer is taken for one that did."""
    original = relay.Relay._send

    def send(self: relay.Relay) -> int:
        try:
            return original(self)
        except BusUnavailable:
            self._states = dict(self._describe([row[1] for row in self._unsent()]))
            rows = [row for row in self._unsent() if row[1] in self._states]
            self._mark(rows, [Placed(0, 0)] * len(rows))
            return len(rows)

    patch.setattr(relay.Relay, "_send", send)
    patch.setattr(relay.Relay, "_expect_rising", lambda *_: None)
    patch.setattr(relay.Relay, "_check_last", lambda *_: None)


def look_for_rows_behind_the_last_one(patch: pytest.MonkeyPatch) -> None:
    """The relay remembers a number instead of asking what is unsent."""
    lasts: dict[int, int] = {}

    def unsent(self: relay.Relay) -> list[tuple[Any, ...]]:
        with reading(self._desk.engine) as connection:
            rows = Sql(connection).rows(
                "SELECT number, topic, key, headers, value, id FROM outbox"
                " WHERE number > ? ORDER BY number LIMIT ?",
                (lasts.get(id(self), 0), relay.BATCH),
            )
        if rows:
            lasts[id(self)] = rows[-1][0]
        return rows

    patch.setattr(relay.Relay, "_unsent", unsent)


PLANTED: Final[Mapping[str, Plant]] = {
    plant.__name__.replace("_", "-"): plant
    for plant in (
        acknowledge_before_the_commit,
        mark_before_the_acknowledgement,
        skip_on_error,
        forget_the_key_state,
        swallow_an_exception,
        look_for_rows_behind_the_last_one,
    )
}
