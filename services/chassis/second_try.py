"""Gives what was laid aside a second try, or closes it because a person says so.

One transaction holds the handler's effects, the closed letter and the event that tells of it: while
a letter about a child is open, no automatic message about that child leaves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.exc import DataError, IntegrityError

from services.chassis import ids
from services.chassis.aggregates import Due
from services.chassis.batch import Batch
from services.chassis.bus import Partition
from services.chassis.database import has_a_next_step, writing
from services.chassis.dead_letters import CRASHED, LATER, UNKNOWN, said_of
from services.chassis.envelope import head_from
from services.chassis.errors import Refused
from services.chassis.logs import place_of
from services.chassis.work import Cause
from services.contracts.catalogue import by_ce_type
from services.contracts.chassis_events import DeadLetterClosed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from services.chassis.aggregates import Aggregate
    from services.chassis.bus import Bus, LogReader, Record, TopicState
    from services.chassis.desk import Desk
    from services.chassis.work import Work
    from services.contracts.catalogue import EventType

OPEN: Final = "open"
HANDLED: Final = "handled"
SUPERSEDED: Final = "superseded"
DISCARDED: Final = "discarded"

_FIELDS: Final = ("id", "event_id", "event_type", "subject", "topic", "partition", "log_offset")
_MORE: Final = ("code", "detail", "state", "since", "version")


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter; of a timer `log_offset` is the version of the thing it was planned for."""

    id: str
    event_id: str
    event_type: str
    subject: str
    topic: str
    partition: int
    log_offset: int
    code: str
    detail: str
    state: str
    since: str
    version: int

    @property
    def is_timer(self) -> bool:
        """Whether it is work for later, which lies in no topic."""
        return self.topic == LATER


def letter_of(work: Work[Any], letter_id: str) -> Letter | None:
    """Return the letter with this id."""
    found = list(work.sql.select("dead_letters", (*_FIELDS, *_MORE), "id", [letter_id]))
    return Letter(*found[0]) if found else None


def discard(desk: Desk[Any], letter: Letter, reason: str) -> None:
    """Close a letter without handling what it is about, for a reason that is a code.

    Raises:
        Refused: it is closed already.
    """
    desk.run(lambda work: _close(work, desk.service.name, letter, DISCARDED, reason))


def retry_event(desk: Desk[Any], bus: Bus, letter: Letter) -> str:
    """Hand an event to its handler once more; return how the letter stands now.

    Raises:
        Refused, NotYet: it still cannot be handled; nothing was done, the letter stays open.
        BusUnavailable: the broker did not answer.
    """
    record, newer = _Log(desk, bus, letter).found()

    def act(batch: Batch) -> str:
        if newer and not desk.service.subscriptions.keeps_all:
            return SUPERSEDED
        batch.again(record)
        return HANDLED

    return _tried(desk, letter, act)


def retry_timer(desk: Desk[Any], aggregate: Aggregate[Any], letter: Letter) -> str:
    """Do the work for later now, if the thing still asks for it; return how the letter stands now.

    Raises:
        Refused, NotYet: it still cannot be done; nothing was done, the letter stays open.
    """
    kind = letter.event_type.rpartition(".")[2]
    handler = desk.service.subscriptions.later.get(letter.event_type)

    def act(batch: Batch) -> str:
        state = batch.work.find(aggregate, letter.subject)
        if state is None or state.version != letter.log_offset or handler is None:
            return SUPERSEDED
        due = [timer.due_at for timer in aggregate.timers(state) if timer.kind == kind]
        if not due:
            return SUPERSEDED
        batch.work.begin(Cause(letter.event_id, letter.event_id))
        handler(batch.work, Due(kind, aggregate.entity, letter.subject, letter.log_offset, due[0]))
        return HANDLED

    return _tried(desk, letter, act)


def _tried(desk: Desk[Any], letter: Letter, act: Callable[[Batch], str]) -> str:
    """Act and close the letter in one transaction.

    Raises:
        Refused: it broke the handler or the database again, or as the handler says.
    """
    try:
        with writing(desk.engine) as connection:
            batch = Batch(connection, desk, {})
            state = act(batch)
            batch.work.begin(Cause.command(ids.command_id()))
            _close(batch.work, desk.service.name, letter, state, state)
            batch.work.sql.delete("crashes", [{"event_id": letter.event_id}])
            batch.flush()
    except (IntegrityError, DataError) as error:
        message = f"the database refused it: {type(error).__name__}"
        raise Refused("integrity", message) from error
    except Exception as error:
        if has_a_next_step(error):
            raise
        message = f"it broke its handler again: {type(error).__name__} at {place_of(error)}"
        raise Refused(CRASHED, message) from error
    desk.committed()
    return state


def _close(work: Work[Any], service: str, letter: Letter, state: str, code: str) -> None:
    """Close a letter and say so; `code` says what became of it."""
    detail = letter.detail if code == state else f"{letter.detail} ({state}: {code})"
    closed = work.sql.run(
        "UPDATE dead_letters SET state = ?, detail = ?, version = ? WHERE id = ? AND state = ?",
        (state, detail, letter.version + 1, letter.id, OPEN),
    )
    if not closed:
        raise Refused("closed", "this dead letter is closed already")
    row = {name: getattr(letter, name) for name in _FIELDS} | {"version": letter.version + 1}
    said = DeadLetterClosed(**said_of(service, row), code=code, open=False)
    work.emit("dead-letter.closed", said, letter.id)


class _Log:
    """Finds a letter's record in the log, and whether what it said was overtaken since."""

    def __init__(self, desk: Desk[Any], bus: Bus, letter: Letter) -> None:
        self._desk = desk
        self._bus = bus
        self._letter = letter

    def found(self) -> tuple[Record, bool]:
        """Return the record, and whether the service has handled a newer state of the same thing.

        Raises:
            Refused: it is not in the log, or cannot be told from others.
        """
        if self._letter.event_id == UNKNOWN:
            message = "what lies there can be read as no event: it can only be discarded"
            raise Refused("not-an-event", message)
        admin, reader = self._bus.admin(), self._bus.reader()
        try:
            state = admin.describe([self._letter.topic]).get(self._letter.topic)
            record = self._record(reader, state) if state else None
            if record is None:
                raise Refused("not-in-the-log", "the log no longer has its record")
            return record, any(self._handled_newer(reader, record))
        finally:
            admin.close()
            reader.close()

    def _record(self, reader: LogReader, state: TopicState) -> Record | None:
        """Look at its place first; in a topic that was made anew it lies elsewhere."""
        letter = self._letter
        own = Partition(letter.topic, state.topic_id, letter.partition)
        everywhere = [
            (Partition(letter.topic, state.topic_id, number), 0, end)
            for number, end in sorted(state.ends.items())
        ]
        for partition, start, end in [(own, letter.log_offset, letter.log_offset + 1), *everywhere]:
            for chunk in reader.read(partition, start, end) if end > start else ():
                for record in chunk:
                    if _ce_id(record) == letter.event_id:
                        return record
        return None

    def _handled_newer(self, reader: LogReader, record: Record) -> Iterator[bool]:
        about = _about(record)
        partition = Partition(record.topic, record.topic_id, record.partition)
        done, aside = self._desk.read(lambda work: _progress(work, record))
        if about is None:
            return
        thing, version = about
        for chunk in reader.read(partition, record.offset + 1, done):
            for later in chunk:
                other = _about(later) if later.key == record.key else None
                if other is not None and _ce_id(later) not in aside:
                    is_heard = self._hears(by_ce_type(head_from(later.headers).type))
                    yield is_heard and other[0] == thing and other[1] > version

    def _hears(self, kind: EventType | None) -> bool:
        subscriptions = self._desk.service.subscriptions
        return subscriptions.every is not None or (kind and kind.name) in subscriptions.events


def _progress(work: Work[Any], record: Record) -> tuple[int, frozenset[str]]:
    """Return the next offset of the record's partition, and the events before it not handled."""
    place = (record.topic, record.topic_id, record.partition)
    position = work.sql.rows(
        "SELECT next_offset FROM positions WHERE topic = ? AND topic_id = ? AND partition = ?",
        place,
    )
    laid_aside = work.sql.rows(
        "SELECT event_id FROM dead_letters WHERE topic = ? AND state <> ?", (place[0], HANDLED)
    )
    waiting = work.sql.rows("SELECT headers FROM later WHERE topic = ?", (place[0],))
    ids_waiting = [str(dict(json.loads(headers)).get("ce_id")) for (headers,) in waiting]
    return (position[0][0] if position else 0), frozenset(
        [*(event_id for (event_id,) in laid_aside), *ids_waiting]
    )


def _about(record: Record) -> tuple[tuple[str, str], int] | None:
    """Return which thing an event is about, and the version of its state."""
    try:
        kind = by_ce_type(head_from(record.headers).type)
        data = json.loads(record.value or b"")
        if kind is None or not isinstance(data, dict):
            return None
        return (kind.entity, str(data[own_reference(kind)])), int(data["version"])
    except (Refused, ValueError, KeyError, TypeError):
        return None


def own_reference(kind: EventType) -> str:
    """Return the field that says which thing it is: in every contract the first reference."""
    return next(name for name in kind.model.model_fields if name.endswith("_ref"))


def _ce_id(record: Record) -> str:
    return dict(record.headers).get("ce_id", b"").decode("ascii", "replace")
