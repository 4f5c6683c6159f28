"""One attempt at a batch: all that its events bring, inside one transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from services.chassis import dead_letters
from services.chassis.bus import Partition, Record
from services.chassis.database import has_a_next_step
from services.chassis.dead_letters import CRASHED, CRASHES_ALLOWED
from services.chassis.envelope import GENESIS, Head, data_from, happened, head_from
from services.chassis.errors import Fenced, NotYet, Refused
from services.chassis.key_states import WIDEST_GAP, Key, KeyStates
from services.chassis.logs import warn
from services.chassis.positions import Positions
from services.chassis.work import Cause, Work
from services.contracts.catalogue import EVENTS, by_ce_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from services.chassis.desk import Desk
    from services.chassis.subscriptions import On
    from services.contracts.catalogue import EventType

Verdicts = dict[str, Refused | NotYet]
"""What is already known about events: they are not handed to their handler again."""


class Crashed(Exception):
    """A handler raised what it should not; `event_id` is the event's or the timer's."""

    def __init__(self, event_id: str, error: BaseException) -> None:
        super().__init__(f"{type(error).__name__} on {event_id}")
        self.event_id = event_id
        self.error = error


class Spoiled(Exception):
    """An event was refused after it had written: the transaction begins again with this."""

    def __init__(self, event_id: str, verdict: Refused | NotYet) -> None:
        super().__init__(event_id)
        self.event_id = event_id
        self.verdict = verdict


class Gap(Exception):
    """Records are missing between the position and the batch."""

    def __init__(self, partition: Partition, start: int, end: int) -> None:
        super().__init__(f"{partition.topic}/{partition.number}: {start} to {end}")
        self.partition = partition
        self.start = start
        self.end = end


@dataclass(frozen=True, slots=True)
class _Read:
    """A record whose headers could be read."""

    record: Record
    head: Head
    kind: EventType | None

    @property
    def key(self) -> Key:
        return (self.record.topic, self.head.subject)


class Batch:
    """Handles records and waiting events within one open transaction."""

    def __init__(self, connection: Connection, desk: Desk[Any], verdicts: Verdicts) -> None:
        self.work: Work[Any] = Work(connection, desk.speaker, desk.service.context, desk.clock)
        self.positions = Positions(self.work.sql)
        self.keys = KeyStates(self.work.sql, self.work.now)
        self._service = desk.service
        self._verdicts = dict(verdicts)

    def take(self, records: Sequence[Record], *, waiting: int | None = None) -> int:
        """Handle what the positions do not say is done; return how many records that were.

        Args:
            waiting: how many of those who waited for one of these may go at once; None is all.

        Raises:
            Gap, Spoiled, Crashed, Fenced: roll back; the processor knows what is next.
        """
        todo = self._not_done(records)
        read = [one for record in todo if (one := self._read(record)) is not None]
        self._load_crashes(one.head.id for one in read)
        self.keys.load(one.key for one in read)
        self._prefetch(read)
        readable = {id(one.record): one for one in read}
        for record in todo:
            one = readable.get(id(record))
            if one is not None:
                self._turn(one, waiting)
        for last in {(record.topic, record.partition): record for record in todo}.values():
            self.positions.move(last)
        self.flush()
        return len(todo)

    def pass_over(self, record: Record, refused: Refused) -> int:
        """Lay a record aside by its place alone: what else there is to it cannot be written."""
        todo = self._not_done([record])
        for one in todo:
            self.work.begin(Cause(_place(one), _place(one)))
            unnamed = replace(one, key=None, headers=())
            dead_letters.lay_aside(self.work, self._service.name, unnamed, refused)
            self.positions.move(one)
        self.flush()
        return len(todo)

    def verdict(self, cause_id: str) -> Refused | NotYet | None:
        """What is known already about an event or a timer."""
        return self._verdicts.get(cause_id)

    def flush(self) -> None:
        """Write everything; who waits is written before those are woken who waited in vain."""
        self.keys.flush()
        self.work.flush()
        self.positions.flush()

    def drain(self, key: Key, *, patient: bool = True, at_most: int | None = None) -> None:
        """Handle who waits in the queue of a key, until one must go on waiting.

        Args:
            patient: whether a missing sequence is waited for.
            at_most: after how many the next one gets a turn of its own; None is never.
        """
        state, handled = self.keys[key], 0
        while state.queue:
            sequence = min(state.queue)
            if sequence > state.sequence + 1:
                if patient:
                    self.keys.wait_for_gap(key, sequence)
                    return
                missing = self.keys.give_up(key, sequence)
                warn("sequence-missing", service=self._service.name, topic=key[0], count=missing)
                patient = True
            if handled == at_most:
                self.keys.wait_for_turn(key, sequence)
                return
            one = self._reread(key, sequence)
            try:
                self._handle(one)
            except NotYet as early:
                self.keys.wait_on(key, sequence, early.prerequisite)
                return
            self.keys.leave(key, sequence)
            self.keys.handled(key, sequence)
            handled += 1

    def _not_done(self, records: Sequence[Record]) -> list[Record]:
        partitions = {Partition(r.topic, r.topic_id, r.partition) for r in records}
        if len({(p.topic, p.number) for p in partitions}) < len(partitions):
            raise Fenced("a topic was renewed within the batch")
        known = self.positions.lock(partitions)
        expected = {key: position.next_offset for key, position in known.items()}
        todo: list[Record] = []
        for record in records:
            place = (record.topic, record.partition)
            if record.offset < expected[place]:
                continue
            if record.offset > expected[place]:
                raise Gap(known[place].partition, expected[place], record.offset)
            todo.append(record)
            expected[place] += 1
        return todo

    def _read(self, record: Record) -> _Read | None:
        if dict(record.headers).get("ce_type") == GENESIS.encode():
            return None
        try:
            head = head_from(record.headers)
            _require_key(record, head)
        except Refused as refused:
            self.work.begin(Cause(_place(record), _place(record)))
            dead_letters.lay_aside(self.work, self._service.name, record, refused)
            return None
        return _Read(record, head, by_ce_type(head.type))

    def _turn(self, one: _Read, waiting: int | None) -> None:
        sequence, state = one.head.sequence, self.keys[one.key]
        if state.knows(sequence):
            self._repeated(one)
        elif sequence > state.sequence + WIDEST_GAP:
            self._lay_aside(
                one, Refused("sequence-out-of-range", "the sequence is far beyond the last one")
            )
        elif not state.may_go(sequence):
            self.keys.enqueue(one.key, sequence, one.record, None)
        else:
            try:
                self._handle(one)
            except NotYet as early:
                self.keys.enqueue(one.key, sequence, one.record, early.prerequisite)
                return
            self.keys.handled(one.key, sequence)
            if state.queue:
                self.drain(one.key, at_most=waiting)

    def _handle(self, one: _Read) -> None:
        """Hand the event to its handler; a refusal becomes a dead letter.

        Raises:
            NotYet: its prerequisite has not come; nothing is staged.
        """
        self.work.begin(
            Cause(one.head.id, one.head.correlation_id or one.head.id, one.head.causation_id)
        )
        try:
            self._call(one, self.verdict(one.head.id))
        except (Refused, NotYet) as known:
            if self.work.marks.flushed:
                raise Spoiled(one.head.id, known) from None
            self.work.undo()
            if isinstance(known, NotYet):
                raise
            self._lay_aside(one, known)
        except Exception as error:
            if has_a_next_step(error):
                raise
            raise Crashed(one.head.id, error) from error

    def _call(self, one: _Read, verdict: Refused | NotYet | None) -> None:
        if verdict is not None:
            raise verdict
        if one.kind is None:
            _require_known_major(one.head.type)
            return
        every, on = self._service.subscriptions.every, self._on(one.kind)
        if every is None and on is None:
            return
        event = happened(one.kind, one.head, data_from(one.kind, one.record.value))
        if every is not None:
            every(self.work, event)
        if on is not None:
            on.handler(self.work, event)

    def _on(self, kind: EventType | None) -> On | None:
        return self._service.subscriptions.events.get(kind.name) if kind else None

    def _repeated(self, one: _Read) -> None:
        check = self._service.subscriptions.repeated
        if check is None or one.kind is None:
            return
        try:
            event = happened(one.kind, one.head, data_from(one.kind, one.record.value))
        except Refused:
            return
        self.work.begin(
            Cause(f"{one.head.id}/repeated/{one.record.offset}", one.head.correlation_id)
        )
        check(self.work, event)

    def again(self, record: Record) -> None:
        """Hand an event that was laid aside to its handler once more; it is not laid aside anew.

        Raises:
            Refused, NotYet: it still cannot be handled; the transaction must be rolled back.
        """
        head = head_from(record.headers)
        _require_key(record, head)
        one = _Read(record, head, by_ce_type(head.type))
        if one.kind is None:
            raise Refused("unknown-type", "a kind of event that this service does not know")
        self.keys.load([one.key])
        state, known = self.keys[one.key], self.keys[one.key].knows(head.sequence)
        if not known and not state.may_go(head.sequence):
            raise Refused("not-its-turn", "earlier events of its key have not been handled yet")
        self.work.begin(Cause(head.id, head.correlation_id or head.id, head.causation_id))
        self._call(one, None)
        if not known:
            self.keys.handled(one.key, head.sequence)
            self.drain(one.key)

    def _lay_aside(self, one: _Read, refused: Refused) -> None:
        self.work.begin(Cause(one.head.id, one.head.correlation_id or one.head.id))
        dead_letters.lay_aside(self.work, self._service.name, one.record, refused)

    def _load_crashes(self, event_ids: Iterable[str]) -> None:
        if not self.work.sql.rows("SELECT 1 FROM crashes LIMIT 1"):
            return
        for event_id, times, error in self.work.sql.select(
            "crashes", ("event_id", "times", "error"), "event_id", event_ids
        ):
            if times >= CRASHES_ALLOWED:
                self._verdicts.setdefault(event_id, Refused(CRASHED, f"{error}, {times} times"))

    def _prefetch(self, read: Sequence[_Read]) -> None:
        """Read in one SELECT a table what the handlers will ask for; a wrong guess does no harm."""
        wanted: dict[tuple[int, str], tuple[Any, set[Any]]] = {}
        for one in read:
            on = self._on(one.kind)
            for touch in on.touches if on else ():
                value = _field(one.record.value, touch.by)
                wanted.setdefault((id(touch.aggregate), touch.column), (touch.aggregate, set()))[
                    1
                ].add(value)
        for (_, column), (aggregate, values) in wanted.items():
            self.work.staging.prefetch(aggregate, column, values)

    def _reread(self, key: Key, sequence: int) -> _Read:
        record = self.keys[key].queue[sequence].record
        head = head_from(record.headers)
        self._load_crashes([head.id])
        return _Read(record, head, by_ce_type(head.type))


def _place(record: Record) -> str:
    return f"{record.topic_id}/{record.partition}/{record.offset}"


def _require_key(record: Record, head: Head) -> None:
    if record.key != head.subject.encode():
        raise Refused("wrong-key", "the record's key is not the event's subject")


def _require_known_major(ce_type: str) -> None:
    """Refuse a newer major of an event we know; other unknown verbs are nothing to us.

    Raises:
        Refused: it may say what we would have to act on.
    """
    name, _, version = ce_type.removeprefix("alongside.").rpartition(".v")
    known = EVENTS.get(name)
    if known is not None and version.isdigit() and int(version) > known.version:
        raise Refused("newer-major", "a version of this event that this service does not know")


def _field(value: bytes | None, name: str) -> str | None:
    """Find a reference in the data without reading them whole: prefetching is a guess."""
    found = _reference(name).search(value or b"")
    return found[1].decode() if found else None


@cache
def _reference(name: str) -> re.Pattern[bytes]:
    return re.compile(rb'"%b":"([0-9a-f-]{36})"' % name.encode())
