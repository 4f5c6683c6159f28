"""Gives an advocate a calendar to subscribe to, and takes it away again."""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from services.chassis import ids
from services.chassis.work import Work
from services.scheduling.domain.calendar import Calendar, Entry, entry_of
from services.scheduling.settings import Scheduling
from services.scheduling.storage.repositories import CALENDARS, visits_in_calendar


@dataclass(frozen=True, slots=True)
class NewCalendar:
    """A calendar and the secret part of its address, which is shown this once."""

    calendar: Calendar
    token: str


@dataclass(frozen=True, slots=True)
class ShownCalendar:
    """What a calendar program is shown."""

    calendar_ref: UUID
    entries: tuple[Entry, ...]


def open_calendar(work: Work[Scheduling], advocate_ref: UUID) -> NewCalendar:
    """Make a calendar; only the digest of its token is kept."""
    token = ids.token()
    calendar = Calendar(
        calendar_ref=work.new_ref("calendar", advocate_ref),
        advocate_ref=advocate_ref,
        digest=_digest(token),
        made_at=work.now,
    )
    return NewCalendar(work.save(CALENDARS, calendar), token)


def renew_calendar(work: Work[Scheduling], advocate_ref: UUID) -> NewCalendar:
    """Make a calendar and end those the advocate had: an address that was lost shows nothing."""
    for former in work.select(CALENDARS, advocate_ref=advocate_ref):
        revoke_calendar(work, former.calendar_ref)
    return open_calendar(work, advocate_ref)


def revoke_calendar(work: Work[Scheduling], calendar_ref: UUID) -> Calendar:
    """Make a calendar's address worthless, at once and for ever."""
    calendar = work.get(CALENDARS, calendar_ref)
    if calendar.revoked_at is not None:
        return calendar
    return work.save(CALENDARS, replace(calendar, revoked_at=work.now))


def show_calendar(work: Work[Scheduling], token: str) -> ShownCalendar | None:
    """Return what the calendar with this token shows; nothing says why there is none."""
    found = work.select(CALENDARS, digest=_digest(token))
    if not found or found[0].revoked_at is not None:
        return None
    since = work.today - timedelta(days=work.context.calendar_days_back)
    shown = visits_in_calendar(work, found[0].advocate_ref, since)
    entries = tuple(entry_of(visit, conference) for visit, conference in shown)
    return ShownCalendar(found[0].calendar_ref, entries)


def _digest(token: str) -> str:
    # The token holds 192 random bits: a plain digest of it cannot be guessed back.
    return hashlib.sha256(token.encode()).hexdigest()
