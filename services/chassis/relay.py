"""Sends what the outbox holds: in order, marked when acknowledged, again where a topic is new.

A row is marked with the topic id that was read *before* the send. Topics only ever go forward, so
a row that landed in a newer incarnation than its mark says is sent once more, and never lost.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.chassis import topics
from services.chassis.bus import Message, Partition, Record
from services.chassis.clock import SystemClock, monotonic
from services.chassis.database import reading, writing
from services.chassis.errors import BusUnavailable, Fenced
from services.chassis.lease import Lease
from services.chassis.logs import log, warn
from services.chassis.sql import Sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.chassis.bus import Bus, BusAdmin, Placed, Publisher, TopicState
    from services.chassis.desk import Desk

BATCH = 1000
LOOK_AGAIN_S = 0.5
"""How old the knowledge of topic ids may be when a batch is sent."""


@dataclass(frozen=True, slots=True)
class _Mark:
    topic_id: str
    log_offset: int
    event_id: str


class Relay:
    """The relay of one service's outbox in one process; only the holder of the lease sends."""

    def __init__(self, desk: Desk[Any], bus: Bus, installation: str) -> None:
        self._desk = desk
        self._bus = bus
        self._installation = installation
        self._lease = Lease(desk.engine, "relay")
        self._publisher: Publisher | None = None
        self._admin: BusAdmin | None = None
        self._states: dict[str, TopicState] = {}
        self._looked_at = -LOOK_AGAIN_S
        self._checked = False

    def step(self) -> int:
        """Send one batch; return how many rows were marked.

        Raises:
            BusUnavailable: nothing of this batch is marked; the next step begins anew.
        """
        if not self._lease.take():
            self._checked = False
            return 0
        try:
            return self._send()
        except BusUnavailable:
            self.close()
            raise
        except Fenced:
            log("relay-fenced", service=self._desk.service.name)
            self._checked = False
            return 0

    def close(self) -> None:
        """Let go of connections; the next step makes new ones and checks again what is marked."""
        for door in (self._publisher, self._admin):
            if door is not None:
                door.close()
        self._publisher = self._admin = None
        self._states = {}
        self._checked = False

    def _send(self) -> int:
        self._look()
        rows = self._unsent()
        if not rows:
            return 0
        self._know([row[1] for row in rows])
        if self._publisher is None:
            self._publisher = self._bus.publisher()
        placed = self._publisher.publish([self._message(row) for row in rows])
        self._mark(rows, placed)
        return len(rows)

    def _message(self, row: tuple[Any, ...]) -> Message:
        _, topic, key, headers, value, _ = row
        pairs = tuple((name, text.encode()) for name, text in json.loads(headers))
        stamp = topics.stamp_of(topic, self._desk.speaker.prefix, SystemClock().now())
        return Message(topic, key.encode(), pairs, bytes(value), stamp_ms=stamp)

    def _unsent(self) -> list[tuple[Any, ...]]:
        with reading(self._desk.engine) as connection:
            return Sql(connection).rows(
                "SELECT number, topic, key, headers, value, id FROM outbox"
                " WHERE log_offset IS NULL ORDER BY number LIMIT ?",
                (BATCH,),
            )

    def _look(self) -> None:
        """See whether the topics are still the ones that were marked."""
        if self._checked and monotonic() - self._looked_at < LOOK_AGAIN_S:
            return
        marks = self._marks()
        names = sorted({topic for topic, _ in marks} | set(self._states))
        # One that is gone is made anew at once: what was said first in it must come first again.
        states = self._made(names)
        renewed = [name for name in names if self._is_renewed(states[name], marks)]
        for name in renewed:
            self._send_again(states[name])
        if not self._checked:
            self._check_last({key: mark for key, mark in marks.items() if key[0] not in renewed})
        self._states = states
        self._looked_at = monotonic()
        self._checked = True

    def _know(self, names: Sequence[str]) -> None:
        """Read the ids of topics not yet known; make those that are missing."""
        self._states.update(self._made(sorted(set(names) - set(self._states))))

    def _made(self, names: Sequence[str]) -> dict[str, TopicState]:
        """Say how these topics stand; those that are missing are made."""
        if not names:
            return {}
        states = self._describe(names)
        if missing := [name for name in names if name not in states]:
            prefix = self._desk.speaker.prefix
            topics.provision(
                self._bus, [topics.spec_of(name, prefix) for name in missing], self._installation
            )
            states = self._describe(names)
        if still := [name for name in names if name not in states]:
            message = f"the topic {still[0]} is not there yet"
            raise BusUnavailable(message)
        return dict(states)

    def _describe(self, names: Sequence[str]) -> Mapping[str, TopicState]:
        if self._admin is None:
            self._admin = self._bus.admin()
        return self._admin.describe(names)

    def _marks(self) -> dict[tuple[str, int], _Mark]:
        with reading(self._desk.engine) as connection:
            rows = Sql(connection).rows(
                "SELECT topic, partition, topic_id, log_offset, event_id FROM marked"
            )
        return {(topic, number): _Mark(*rest) for topic, number, *rest in rows}

    def _is_renewed(self, state: TopicState, marks: Mapping[tuple[str, int], _Mark]) -> bool:
        return any(
            topic == state.topic and mark.topic_id != state.topic_id
            for (topic, _), mark in marks.items()
        )

    def _send_again(self, state: TopicState) -> None:
        """The topic is a new one: everything said in it must be said again."""
        with writing(self._desk.engine) as connection:
            self._lease.fence(connection)
            sql = Sql(connection)
            count = sql.run(
                "UPDATE outbox SET topic_id = NULL, partition = NULL, log_offset = NULL"
                " WHERE topic = ? AND log_offset IS NOT NULL AND topic_id <> ?",
                (state.topic, state.topic_id),
            )
            sql.run(
                "DELETE FROM marked WHERE topic = ? AND topic_id <> ?",
                (state.topic, state.topic_id),
            )
        warn("topic-renewed", service=self._desk.service.name, topic=state.topic, count=count)

    def _check_last(self, marks: Mapping[tuple[str, int], _Mark]) -> None:
        """The last marked record of each partition must still be on the bus."""
        reader = self._bus.reader()
        try:
            for (topic, number), mark in marks.items():
                partition = Partition(topic, mark.topic_id, number)
                chunks = reader.read(partition, mark.log_offset, mark.log_offset + 1)
                found = [record for chunk in chunks for record in chunk]
                if not found or _event_id(found[0]) != mark.event_id:
                    self._send_cut_again(partition)
        finally:
            reader.close()

    def _send_cut_again(self, partition: Partition) -> None:
        """The log no longer holds what it acknowledged: all of the partition is said again.

        Consumers drop what they know by its sequence; what exactly was lost cannot be told.
        """
        place = (partition.topic, partition.number)
        with writing(self._desk.engine) as connection:
            self._lease.fence(connection)
            sql = Sql(connection)
            count = sql.run(
                "UPDATE outbox SET topic_id = NULL, partition = NULL, log_offset = NULL"
                " WHERE topic = ? AND partition = ? AND log_offset IS NOT NULL",
                place,
            )
            sql.run("DELETE FROM marked WHERE topic = ? AND partition = ?", place)
        name = self._desk.service.name
        warn(
            "log-was-cut",
            service=name,
            topic=partition.topic,
            partition=partition.number,
            count=count,
        )

    def _mark(self, rows: Sequence[tuple[Any, ...]], placed: Sequence[Placed]) -> None:
        marks: dict[tuple[str, int], _Mark] = {}
        updates: list[dict[str, Any]] = []
        for (number, topic, _, _, _, event_id), place in zip(rows, placed, strict=True):
            topic_id = self._states[topic].topic_id
            updates.append(
                {
                    "number": number,
                    "topic_id": topic_id,
                    "partition": place.partition,
                    "log_offset": place.offset,
                }
            )
            last = marks.get((topic, place.partition))
            if last is None or last.log_offset < place.offset:
                marks[topic, place.partition] = _Mark(topic_id, place.offset, event_id)
        with writing(self._desk.engine) as connection:
            self._lease.fence(connection)
            sql = Sql(connection)
            self._expect_rising(sql, rows, placed)
            sql.update("outbox", ("number",), updates)
            sql.upsert(
                "marked",
                ("topic", "partition"),
                [_row(key, mark) for key, mark in sorted(marks.items())],
            )

    def _expect_rising(
        self, sql: Sql, rows: Sequence[tuple[Any, ...]], placed: Sequence[Placed]
    ) -> None:
        """An acknowledged offset below the last one means that the log was cut behind our back."""
        known = {
            (t, n): offset
            for t, n, offset in sql.rows("SELECT topic, partition, log_offset FROM marked")
        }
        for row, place in zip(rows, placed, strict=True):
            if place.offset <= known.get((row[1], place.partition), -1):
                self._checked = False
                self._looked_at = -LOOK_AGAIN_S
                message = f"the log of {row[1]} was cut: what it lost is sent again"
                raise BusUnavailable(message)


def _event_id(record: Record) -> str:
    return dict(record.headers).get("ce_id", b"").decode("ascii", "replace")


def _row(key: tuple[str, int], mark: _Mark) -> dict[str, Any]:
    return {
        "topic": key[0],
        "partition": key[1],
        "topic_id": mark.topic_id,
        "log_offset": mark.log_offset,
        "event_id": mark.event_id,
    }
