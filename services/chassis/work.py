"""The unit of work: everything a handler or a command does, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from services.chassis import ids
from services.chassis.aggregates import key_text, stored
from services.chassis.errors import Fenced, NotYet
from services.chassis.outbox import Outbox
from services.chassis.sql import Sql
from services.chassis.staging import Staging
from services.chassis.timers import Timers
from services.contracts.catalogue import EVENTS
from services.contracts.local_time import london_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from pydantic import BaseModel
    from sqlalchemy import Connection, Row
    from sqlalchemy.sql import Executable

    from services.chassis.aggregates import Aggregate
    from services.chassis.clock import Clock

C = TypeVar("C")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something happens: the id of the event, the timer or the command behind it."""

    id: str
    correlation_id: str
    causation_id: str | None = None

    @classmethod
    def command(cls, identifier: str) -> Cause:
        """The cause of what a person does: a chain begins here."""
        return cls(identifier, identifier)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something: the service's name and the prefix of the installation's topics."""

    service: str
    prefix: str

    def topic(self, name: str) -> str:
        """Return the full name of a topic."""
        return f"{self.prefix}.{name}"


@dataclass(slots=True)
class Marks:
    """What happened to this unit of work besides staging."""

    flushed: bool = False
    said: set[str] = field(default_factory=set)


class Work(Generic[C]):
    """One transaction, as handlers and commands see it.

    Args:
        connection: inside the writing transaction.
        speaker: who says what is emitted.
        context: the service's own things (policies, vault, keys).
        clock: domain time; read once, so that all of it happens at one instant.
    """

    def __init__(self, connection: Connection, speaker: Speaker, context: C, clock: Clock) -> None:
        self.context = context
        self.now: datetime = clock.now()
        self.sql = Sql(connection)
        self.staging = Staging(self.sql)
        self.timers = Timers(self.sql, self.staging, self.now)
        self.outbox = Outbox(self.sql, self.staging, speaker, self.now)
        self.cause = Cause("", "")
        self.marks = Marks()
        self._speaker = speaker
        self._connection = connection

    @property
    def today(self) -> date:
        """The date people see now."""
        return london_date(self.now)

    def begin(self, cause: Cause) -> None:
        """Begin the work that this cause brings."""
        self.cause = cause
        self.marks = Marks()
        self.staging.begin_event()

    def undo(self) -> None:
        """Forget what was staged since `begin`; impossible after a flush in between."""
        self.staging.undo_event()

    def find(self, aggregate: Aggregate[T], key: object) -> T | None:
        """Return the state with this key, or None."""
        return self.staging.find(aggregate, key_text(key))

    def get(self, aggregate: Aggregate[T], key: object) -> T:
        """Return the state with this key.

        Raises:
            NotYet: there is none: an event waits for it, a request is answered `not_yet_known`.
        """
        state = self.find(aggregate, key)
        if state is None:
            raise NotYet(f"{aggregate.entity}:{key}")
        return state

    def select(self, aggregate: Aggregate[T], **equal: object) -> list[T]:
        """Return the states whose columns have these values, ordered by key.

        The first column named should be indexed: the others are compared in memory.
        """
        (column, value), *others = equal.items()
        found = self.staging.select(aggregate, column, key_text(value))
        return [
            s for s in found if all(key_text(getattr(s, name)) == key_text(v) for name, v in others)
        ]

    def record(self, aggregate: Aggregate[T], state: T, *verbs: str, **extra: object) -> T:
        """Save a state and say it: one event for each verb, with the state after the change.

        Args:
            extra: fields that only the verb's event has.
        """
        saved = self.save(aggregate, state)
        for verb in verbs:
            self.say(aggregate, saved, verb, **extra)
        return saved

    def say(self, aggregate: Aggregate[T], state: T, verb: str, **extra: object) -> None:
        """Say how a thing stands, without changing it."""
        if aggregate.says is None:
            message = f"{aggregate.entity} is never published"
            raise ValueError(message)
        name = f"{aggregate.entity}.{verb}"
        data = {**aggregate.says(state).model_dump(), **extra}
        self.emit(name, EVENTS[name].model.model_validate(data), aggregate.key_of(state))

    def save(self, aggregate: Aggregate[T], state: T) -> T:
        """Save a state as its next version; the work for later it asks for replaces the former.

        Raises:
            Fenced: the state was computed from another version than the one that is stored.
        """
        version: int = state.version  # type: ignore[attr-defined]
        # Of a new one the database is not asked: the primary key refuses a second.
        stored = (
            self.staging.seen(aggregate, aggregate.key_of(state))
            if version == 0
            else (self.find(aggregate, aggregate.key_of(state)))
        )
        if (stored.version if stored is not None else 0) != version:  # type: ignore[attr-defined]
            raise Fenced(f"{aggregate.entity} has changed meanwhile")
        saved = aggregate.at_version(state, version + 1)
        self.staging.put(aggregate, saved)
        self.timers.replace(aggregate, saved, version + 1)
        self.timers.arrived(f"{aggregate.entity}:{aggregate.key_of(saved)}")
        return saved

    def emit(self, name: str, data: BaseModel, about: object) -> None:
        """Say an event about an entity; its id is derived from the cause."""
        kind = EVENTS[name]
        identifier = ids.derived(self._speaker.service, self.cause.id, name, key_text(about))
        if identifier in self.marks.said:
            message = f"{name} was said twice about one {kind.entity} for one cause"
            raise ValueError(message)
        self.marks.said.add(identifier)
        self.outbox.say(kind, identifier, data, self.cause)

    def emit_raw(  # noqa: PLR0913
        self,
        topic: str,
        *,
        id: str,  # noqa: A002
        type: str,  # noqa: A002
        subject: str,
        time: datetime,
        sequence: int,
        data: bytes,
    ) -> None:
        """Say something whose envelope the caller made: an agency's own cut of the stream."""
        self.outbox.say_raw(self._speaker.topic(topic), (id, type, subject, time, sequence), data)

    def append(self, table: Any, row: dict[str, Any]) -> None:
        """Add a row to an insert-only table; values as the database holds them, or as Python's."""
        self.staging.append(table.name, {name: stored(value) for name, value in row.items()})

    def query(self, statement: Executable) -> Sequence[Row[Any]]:
        """Run any SELECT; what is staged is flushed first, so prefer `find` and `select`."""
        self._flush_inside()
        return self._connection.execute(statement).all()

    def execute(self, statement: Executable) -> None:
        """Run any other statement; what is staged is flushed first."""
        self._flush_inside()
        self._connection.execute(statement)

    def load(self, aggregate: Aggregate[T], statement: Executable) -> list[T]:
        """Return the states that a SELECT of whole rows of the aggregate's table finds."""
        return [aggregate.from_row(dict(row._mapping)) for row in self.query(statement)]  # noqa: SLF001

    def new_ref(self, *parts: object) -> UUID:
        """Make the reference of a new entity: redone work makes the same one."""
        return UUID(
            ids.derived(self._speaker.service, self.cause.id, *(str(part) for part in parts))
        )

    def random_ref(self) -> UUID:
        """Make a reference that tells nothing: for children."""
        return ids.random_ref()

    def flush(self) -> None:
        """Write everything that is staged, one executemany a table."""
        self.staging.flush()
        self.timers.flush()
        self.outbox.flush()

    def _flush_inside(self) -> None:
        self.flush()
        self.marks.flushed = True
