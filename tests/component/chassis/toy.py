"""A service small enough to see the chassis through: it keeps offers' children and answers each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Integer, Table, text

from services.chassis.aggregates import Aggregate, Due, Timer
from services.chassis.envelope import Happened
from services.chassis.errors import Refused
from services.chassis.service import Service
from services.chassis.settings import ChassisSettings
from services.chassis.storage import Code, Moment, Ref, service_metadata
from services.chassis.subscriptions import On, Subscriptions, Touch
from services.chassis.work import Work
from services.contracts.codes import Role
from services.contracts.exchange_events import ChildState, ConferenceState
from services.contracts.scheduling_events import ReminderState

METADATA = service_metadata()

THINGS = Table(
    "things",
    METADATA,
    Column("conference_ref", Ref(), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("child_ref", Ref(), nullable=False, index=True),
    Column("heard", Integer, nullable=False),
    Column("last_type", Code(), nullable=False),
    Column("due_at", Moment()),
    Column("rang", Boolean, nullable=False),
)

CHILDREN = Table(
    "children",
    METADATA,
    Column("child_ref", Ref(), primary_key=True),
    Column("version", Integer, nullable=False),
)


@dataclass(frozen=True)
class Thing:
    """What the toy keeps of a child's conference."""

    conference_ref: UUID
    child_ref: UUID
    heard: int = 0
    last_type: str = ""
    due_at: datetime | None = None
    rang: bool = False
    version: int = 0


@dataclass(frozen=True)
class KnownChild:
    """A child the toy has heard of."""

    child_ref: UUID
    version: int = 0


def _says(thing: Thing) -> ReminderState:
    return ReminderState.model_validate(
        {
            "reminder_ref": thing.conference_ref,
            "child_ref": thing.child_ref,
            "conference_ref": thing.conference_ref,
            "version": max(1, thing.version),
            "about": "conference",
            "lead_working_days": thing.heard,
            "recipient_role": Role.ADVOCATE,
            "due_at": thing.due_at or datetime(2026, 1, 1, tzinfo=UTC),
            "status": "came-due",
        }
    )


def _timers(thing: Thing) -> Iterable[Timer]:
    if thing.due_at is not None and not thing.rang:
        yield Timer("ring", thing.due_at)


THING = Aggregate("reminder", THINGS, Thing, "conference_ref", _says, _timers)
CHILD = Aggregate("child", CHILDREN, KnownChild, "child_ref")


@dataclass
class Toy:
    """What tests may change: how the handlers misbehave."""

    crash_on: str | None = None
    flush_first: bool = False
    misspell_on: str | None = None
    unstorable_on: str | None = None
    rings_for: UUID | None = None


def on_conference(work: Work[Toy], event: Happened[ConferenceState]) -> None:
    """Count what was heard of a conference and say it."""
    if work.context.flush_first:
        work.query(THINGS.select())
    thing = work.find(THING, event.data.conference_ref) or Thing(
        event.data.conference_ref, event.data.child_ref
    )
    changed = replace(thing, heard=thing.heard + 1, last_type=event.type)
    if event.type == "conference.scheduled":
        changed = replace(changed, due_at=event.data.starts_at - timedelta(days=1))
    if event.type == "conference.cancelled":
        changed = replace(changed, due_at=None)
    work.record(THING, changed, "came-due")
    if work.context.crash_on == event.id:
        raise ZeroDivisionError
    if work.context.misspell_on == event.id:
        work.query(text("SELECT no_such_column FROM things"))
    if work.context.unstorable_on == event.id:
        work.append(CHILDREN, {"child_ref": event.id, "version": None})
    if event.data.authority == "E99999999":
        raise Refused("no-such-authority", "the authority is not one of ours")


def on_adjourned(work: Work[Toy], event: Happened[ConferenceState]) -> None:
    """Wait until a child is known under the meeting's reference: another key than the event's."""
    work.get(CHILD, event.data.meeting_ref)
    on_conference(work, event)


def on_child(work: Work[Toy], event: Happened[ChildState]) -> None:
    """Remember the child."""
    known = work.find(CHILD, event.data.child_ref) or KnownChild(event.data.child_ref)
    work.save(CHILD, known)


def when_it_rings(work: Work[Toy], due: Due) -> None:
    """Ring once, if need be when somebody is known."""
    if work.context.flush_first:
        work.query(THINGS.select())
    if work.context.rings_for is not None:
        work.get(CHILD, work.context.rings_for)
    work.record(THING, replace(work.get(THING, due.key), rang=True), "cancelled")


TOUCH = (Touch(THING, "conference_ref", by="conference_ref"),)
SUBSCRIPTIONS = Subscriptions(
    events={
        "conference.scheduled": On(on_conference, TOUCH),
        "conference.rescheduled": On(on_conference, TOUCH),
        "conference.cancelled": On(on_conference, TOUCH),
        "conference.adjourned": On(on_adjourned, TOUCH),
        "child.registered": On(on_child),
    },
    later={"reminder.ring": when_it_rings},
)


def build(data: Path, toy: Toy | None = None, **settings: Any) -> Service[Toy]:
    """Compose the toy; it speaks as scheduling, whose topic it writes."""
    given = ChassisSettings(data=data, **{"broker": "embedded", "clock": "driven", **settings})
    return Service("scheduling", METADATA, SUBSCRIPTIONS, toy or Toy(), given)
