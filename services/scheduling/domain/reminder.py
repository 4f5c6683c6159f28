"""When people are reminded of a conference, and when a reminder no longer helps anybody."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import pairwise
from uuid import UUID

from services.contracts.codes import ConferenceStatus, ReminderStatus, Role
from services.contracts.local_time import at_time, london_date
from services.contracts.policy import ReminderRules, WorkingCalendar
from services.scheduling.domain.case import Case, Place


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of one conference at one start, to one role.

    It is worth saying from `due_at` until `useful_until`: the next reminder's time, at the latest
    the beginning of the conference.
    """

    reminder_ref: UUID
    child_ref: UUID
    conference_ref: UUID
    offer_ref: UUID
    conference_at: datetime
    lead_working_days: int
    recipient_role: Role
    due_at: datetime
    useful_until: datetime
    recipient_ref: UUID | None = None
    status: ReminderStatus = ReminderStatus.PLANNED
    version: int = 0

    @property
    def slot(self) -> tuple[datetime, int, Role]:
        """What makes it one and the same reminder: said once, it is never said again."""
        return self.conference_at, self.lead_working_days, self.recipient_role


@dataclass(frozen=True, slots=True)
class Due:
    """When a reminder is to be said, and until when saying it helps."""

    lead_working_days: int
    due_at: datetime
    useful_until: datetime


@dataclass(frozen=True, slots=True)
class WantedReminder:
    """A reminder that should be there and is not."""

    due: Due
    recipient_role: Role
    recipient_ref: UUID | None


def due_times(
    starts_at: datetime, rules: ReminderRules, calendar: WorkingCalendar
) -> tuple[Due, ...]:
    """Say when to remind of a conference: working days ahead, at the hour people's clocks show.

    Each is worth saying until the next one's time, the last until the conference begins.
    """
    day = london_date(starts_at)
    leads = sorted(set(rules.lead_working_days), reverse=True)
    times = [at_time(calendar.add(day, -lead), time(rules.hour)) for lead in leads]
    spans = zip(leads, pairwise([*times, starts_at]), strict=True)
    return tuple(
        Due(lead, due_at, min(until, starts_at))
        for lead, (due_at, until) in spans
        if due_at < starts_at
    )


def is_useful(reminder: Reminder, now: datetime) -> bool:
    """Tell whether a reminder that is said late still helps."""
    return now < reminder.useful_until


def said(reminder: Reminder, now: datetime) -> Reminder:
    """Return the reminder as it stands once its time has come: said, or dropped as too late."""
    status = ReminderStatus.CAME_DUE if is_useful(reminder, now) else ReminderStatus.CANCELLED
    return replace(reminder, status=status)


def cancelled(reminder: Reminder) -> Reminder:
    """Return the reminder as it stands when nobody needs it any more."""
    return replace(reminder, status=ReminderStatus.CANCELLED)


def fitted(case: Case, place: Place, there: tuple[Reminder, ...]) -> Iterator[Reminder]:
    """Yield each planned reminder that changes: cancelled, or for another advocate now."""
    wanted = {_slot(case, w): w for w in _wanted(case, place)}
    for reminder in there:
        if reminder.status is not ReminderStatus.PLANNED:
            continue
        match = wanted.get(reminder.slot)
        if match is None:
            yield cancelled(reminder)
        elif match.recipient_ref != reminder.recipient_ref:
            yield replace(reminder, recipient_ref=match.recipient_ref)


def missing(case: Case, place: Place, there: tuple[Reminder, ...]) -> Iterator[WantedReminder]:
    """Yield each reminder that should be there and is not; what was said is not said again."""
    taken = {r.slot for r in there if r.status is not ReminderStatus.CANCELLED}
    for wanted in _wanted(case, place):
        if _slot(case, wanted) not in taken and place.now < wanted.due.useful_until:
            yield wanted


def _wanted(case: Case, place: Place) -> Iterator[WantedReminder]:
    """Yield whom to remind when; nobody while the conference has no time or the offer is not live.

    A no, a pause or an end of the offer silences every reminder (practice 10), and an advocate is
    only reminded while there is one.
    """
    conference, offer = case.conference, case.offer
    if conference.status is not ConferenceStatus.SCHEDULED or not offer.is_live:
        return
    if offer.advocate_ref is None or case.child_died:
        return
    for due in due_times(conference.starts_at, place.policy.reminders, place.calendar):
        for role in place.policy.reminders.roles:
            to_advocate = role is Role.ADVOCATE
            yield WantedReminder(due, role, offer.advocate_ref if to_advocate else None)


def _slot(case: Case, wanted: WantedReminder) -> tuple[datetime, int, Role]:
    return case.conference.starts_at, wanted.due.lead_working_days, wanted.recipient_role
