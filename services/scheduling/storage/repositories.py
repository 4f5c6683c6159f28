"""What scheduling keeps, what of it is published, and the questions that are asked of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, not_, select, tuple_

from services.chassis.aggregates import Aggregate, Timer
from services.chassis.work import Work
from services.contracts.codes import ReminderAbout, ReminderStatus, VisitKind, VisitStatus
from services.contracts.scheduling_events import ReminderState, VisitState
from services.scheduling.domain.calendar import Calendar
from services.scheduling.domain.facts import Conference, Offer
from services.scheduling.domain.reminder import Reminder
from services.scheduling.domain.visit import COME_FIRST, OPEN, Visit, overdue_at
from services.scheduling.storage import tables


def _visit_says(visit: Visit) -> VisitState:
    return VisitState(
        version=visit.version,
        visit_ref=visit.visit_ref,
        child_ref=visit.child_ref,
        conference_ref=visit.conference_ref,
        offer_ref=visit.offer_ref,
        advocate_ref=visit.advocate_ref,
        authority=visit.authority,
        conference_version=visit.conference_version,
        kind=visit.kind,
        status=visit.status,
        due_on=visit.due_on,
        at=visit.at,
        held_at=visit.held_at,
        seen_alone=visit.seen_alone,
        declined_by=visit.declined_by,
        reason=visit.reason,
        overdue=visit.overdue,
        moves=visit.moves,
    )


def _visit_timers(visit: Visit) -> Iterable[Timer]:
    due_at = overdue_at(visit)
    return (Timer("overdue", due_at),) if due_at else ()


def _reminder_says(reminder: Reminder) -> ReminderState:
    return ReminderState(
        version=reminder.version,
        reminder_ref=reminder.reminder_ref,
        child_ref=reminder.child_ref,
        conference_ref=reminder.conference_ref,
        about=ReminderAbout.CONFERENCE,
        lead_working_days=reminder.lead_working_days,
        recipient_role=reminder.recipient_role,
        recipient_ref=reminder.recipient_ref,
        due_at=reminder.due_at,
        status=reminder.status,
    )


def _reminder_timers(reminder: Reminder) -> Iterable[Timer]:
    planned = reminder.status is ReminderStatus.PLANNED
    return (Timer("due", reminder.due_at),) if planned else ()


CONFERENCES: Final = Aggregate("conference", tables.CONFERENCES, Conference, "conference_ref")
OFFERS: Final = Aggregate("offer", tables.OFFERS, Offer, "offer_ref")
VISITS: Final = Aggregate("visit", tables.VISITS, Visit, "visit_ref", _visit_says, _visit_timers)
REMINDERS: Final = Aggregate(
    "reminder", tables.REMINDERS, Reminder, "reminder_ref", _reminder_says, _reminder_timers
)
CALENDARS: Final = Aggregate("calendar", tables.CALENDARS, Calendar, "calendar_ref")

_IS_OPEN: Final = tables.VISITS.c.status.in_(sorted(OPEN))


@dataclass(frozen=True, slots=True)
class VisitsWanted:
    """A question about visits; what is left out does not matter."""

    advocate_ref: UUID | None = None
    child_ref: UUID | None = None
    conference_ref: UUID | None = None
    status: VisitStatus | None = None
    from_: date | None = None
    to: date | None = None


def visits_wanted(
    work: Work[Any], wanted: VisitsWanted, after: tuple[date, UUID] | None, size: int
) -> Sequence[Visit]:
    """Return visits by due day, those after the last one seen; `from_` and `to` are due days."""
    visits = tables.VISITS.c
    statement = select(tables.VISITS).order_by(visits.due_on, visits.visit_ref).limit(size)
    equal = {
        visits.advocate_ref: wanted.advocate_ref,
        visits.child_ref: wanted.child_ref,
        visits.conference_ref: wanted.conference_ref,
        visits.status: wanted.status,
    }
    for column, value in equal.items():
        if value is not None:
            statement = statement.where(column == str(value))
    if wanted.from_ is not None:
        statement = statement.where(visits.due_on >= wanted.from_.isoformat())
    if wanted.to is not None:
        statement = statement.where(visits.due_on <= wanted.to.isoformat())
    if after is not None:
        seen = (after[0].isoformat(), str(after[1]))
        statement = statement.where(tuple_(visits.due_on, visits.visit_ref) > seen)
    return work.load(VISITS, statement)


def open_visits(work: Work[Any]) -> Sequence[Visit]:
    """Return everything that is still to take place."""
    return work.load(VISITS, select(tables.VISITS).where(_IS_OPEN))


def open_visits_of(work: Work[Any], advocate_ref: UUID) -> Sequence[Visit]:
    """Return what an advocate still has to do."""
    mine = tables.VISITS.c.advocate_ref == str(advocate_ref)
    return work.load(VISITS, select(tables.VISITS).where(mine, _IS_OPEN))


def missed_visits_of(work: Work[Any], advocate_ref: UUID) -> Sequence[Visit]:
    """Return what an advocate was to do and did not, but what only helped before a conference."""
    visits = tables.VISITS.c
    mine = (visits.advocate_ref == str(advocate_ref)) & (visits.status == VisitStatus.MISSED)
    came_first = visits.kind.in_(sorted(COME_FIRST))
    still_helps = (
        not_(came_first) | visits.conference_at.is_(None) | (visits.conference_at > work.now)
    )
    at_another_time = visits.kind != VisitKind.AT_CONFERENCE
    return work.load(VISITS, select(tables.VISITS).where(mine, still_helps, at_another_time))


def visits_in_calendar(
    work: Work[Any], advocate_ref: UUID, since: date
) -> Sequence[tuple[Visit, Conference]]:
    """Return an advocate's visits due since a day, each with its conference."""
    visits = tables.VISITS.c
    mine = (visits.advocate_ref == str(advocate_ref)) & (visits.due_on >= since.isoformat())
    found = work.load(VISITS, select(tables.VISITS).where(mine).order_by(visits.visit_ref))
    theirs = tables.CONFERENCES.c.conference_ref.in_(select(visits.conference_ref).where(mine))
    conferences = {
        each.conference_ref: each
        for each in work.load(CONFERENCES, select(tables.CONFERENCES).where(theirs))
    }
    return [(visit, conferences[visit.conference_ref]) for visit in found]


def count_visits(work: Work[Any]) -> dict[str, int]:
    """Count visits by how they stand."""
    status = tables.VISITS.c.status
    return _counted(work, select(status, func.count()).group_by(status))


def count_late(work: Work[Any]) -> dict[str, int]:
    """Count open visits whose due day has passed, by kind."""
    kind, overdue = tables.VISITS.c.kind, tables.VISITS.c.overdue
    return _counted(work, select(kind, func.count()).where(_IS_OPEN, overdue).group_by(kind))


def count_waiting(work: Work[Any]) -> int:
    """Count open visits that have no advocate."""
    alone = tables.VISITS.c.advocate_ref.is_(None)
    (row,) = work.query(select(func.count()).select_from(tables.VISITS).where(_IS_OPEN, alone))
    return int(row[0])


def _counted(work: Work[Any], statement: Select[Any]) -> dict[str, int]:
    rows: list[tuple[Any, ...]] = [tuple(row) for row in work.query(statement)]
    return {str(name): int(count) for name, count in rows}
