"""One child's conference: it follows its meeting, until this child alone is taken off it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from services.contracts.codes import (
    AdjournedBecause,
    CancelledBecause,
    ConferenceKind,
    ConferenceStatus,
    MeetingFormat,
)
from services.contracts.local_time import london_date
from services.exchange.domain.child import NOT_ALIVE, Child, Facts, Particulars, age_on
from services.exchange.domain.lifecycle import LIVE, Denied, Step, denied
from services.exchange.domain.meeting import Meeting
from services.exchange.domain.participation import Participation, contradiction, with_session

_OLDEST: Final = 25
"""The oldest a child can be on the bus: beyond it a date is wrong."""

_SITTINGS_APART: Final = timedelta(days=183)
"""How long before its last sitting one may have sat: six months on, it is the next review."""


@dataclass(frozen=True, slots=True)
class Conference:
    """A child at a meeting; `sessions` holds one participation for each day it sat.

    `taken_off`: this child alone was taken off it, while others stayed.
    """

    conference_ref: UUID
    child_ref: UUID
    meeting_ref: UUID
    authority: str
    kind: ConferenceKind
    status: ConferenceStatus
    starts_at: datetime
    ends_at: datetime | None
    format: MeetingFormat
    age_years: int | None
    unborn: bool
    facts: Facts
    requested_at: datetime | None = None
    strategy_discussion_on: date | None = None
    transfer_clock_on: date | None = None
    from_authority: str | None = None
    adjourned_because: AdjournedBecause | None = None
    reconvenes_on: date | None = None
    cancelled_because: CancelledBecause | None = None
    held_at: datetime | None = None
    sessions: tuple[Participation, ...] = ()
    taken_off: bool = False
    version: int = 0


def scheduled(
    conference_ref: UUID, meeting: Meeting, child: Child, particulars: Particulars
) -> Conference | Denied:
    """Put a child on a meeting; nobody is added to one that was held or cancelled."""
    if (against := denied(meeting.status, Step.CHANGE)) is not None:
        return against
    conference = Conference(
        conference_ref=conference_ref,
        child_ref=child.child_ref,
        meeting_ref=meeting.meeting_ref,
        authority=meeting.authority,
        kind=meeting.kind,
        status=meeting.status,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        format=meeting.format,
        age_years=None,
        unborn=child.unborn,
        facts=child.facts,
    )
    return with_child(follow(conference, meeting), child, particulars)


def follow(conference: Conference, meeting: Meeting) -> Conference:
    """Bring a conference to where its meeting stands; one cancelled for this child stays so."""
    if conference.status is ConferenceStatus.CANCELLED:
        return conference
    return replace(
        conference,
        kind=meeting.kind,
        status=meeting.status,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        format=meeting.format,
        requested_at=meeting.requested_at,
        strategy_discussion_on=meeting.strategy_discussion_on,
        transfer_clock_on=meeting.transfer_clock_on,
        from_authority=meeting.from_authority,
        adjourned_because=meeting.adjourned_because,
        reconvenes_on=meeting.reconvenes_on,
        cancelled_because=meeting.cancelled_because,
        held_at=meeting.held_at,
    )


def with_child(
    conference: Conference, child: Child, particulars: Particulars
) -> Conference | Denied:
    """Bring a conference to what is known of the child by now."""
    if conference.status is ConferenceStatus.CANCELLED:
        return conference
    age_years = age_on(london_date(conference.starts_at), particulars.date_of_birth)
    if age_years is not None and age_years > _OLDEST:
        return Denied("not-a-child", "A child would be over 25 at one of the conferences.")
    return replace(
        conference,
        age_years=age_years,
        unborn=child.unborn,
        facts=child.facts,
    )


def removed(
    conference: Conference, because: CancelledBecause, *, others_stay: bool
) -> Conference | Denied:
    """Cancel the conference for this child alone; siblings' stand."""
    if (against := denied(conference.status, Step.CANCEL)) is not None:
        return against
    return replace(
        conference,
        status=ConferenceStatus.CANCELLED,
        cancelled_because=because,
        taken_off=others_stay,
    )


def fell_with(conference: Conference) -> bool:
    """Whether it fell away with its meeting, and so comes back with it.

    One that was left behind when its meeting stood again is off when that falls away once more.
    """
    return conference.status is ConferenceStatus.CANCELLED and not conference.taken_off


def ended_by_death(conference: Conference) -> bool:
    """Whether it was cancelled because its child died."""
    return conference.cancelled_because is CancelledBecause.DIED


def off_alive(conference: Conference, meeting: Meeting) -> Conference:
    """Say why a child is off a meeting that is over, now that it was no death.

    It fell away for the others too, or the child was taken off it by mistake.
    """
    fell = meeting.status is ConferenceStatus.CANCELLED
    because = meeting.cancelled_because if fell else CancelledBecause.ERROR
    return replace(conference, cancelled_because=because, taken_off=not fell)


def left_behind(conference: Conference, meeting: Meeting) -> bool:
    """Whether it was cancelled as a mistake with a meeting that stands again, but without it."""
    in_error = conference.cancelled_because is CancelledBecause.ERROR
    return fell_with(conference) and in_error and meeting.status in LIVE


def stays_off(conference: Conference, meeting: Meeting, child: Child) -> bool:
    """Whether a child stays off a meeting, though handed in for it again.

    Only what was cancelled as a mistake is taken back by that: a child whom a person took off for
    any other reason, or who died, comes back by a person's word alone.
    """
    if conference.status is not ConferenceStatus.CANCELLED:
        return False
    if child.died:
        return True
    in_error = conference.cancelled_because is CancelledBecause.ERROR
    return not (in_error and meeting.status in LIVE)


def reinstated(
    conference: Conference, meeting: Meeting, child: Child, particulars: Particulars
) -> Conference | Denied:
    """Put a child back on a meeting that stands; nobody is put back on one that was held."""
    against = (
        denied(conference.status, Step.REINSTATE)
        or denied(meeting.status, Step.CHANGE)
        or (NOT_ALIVE if child.died else None)
    )
    if against is not None:
        return against
    back = replace(conference, status=meeting.status, cancelled_because=None, taken_off=False)
    return with_child(follow(back, meeting), child, particulars)


def took_part(conference: Conference, session: Participation, today: date) -> Conference | Denied:
    """Record how the child took part in a session; the same day again corrects it."""
    if (against := denied(conference.status, Step.TAKE_PART)) is not None:
        return against
    if not _may_have_sat(conference, session.session_on, today):
        return Denied(
            "not-its-day",
            "A session is on the day the conference was held, or up to half a year before where it"
            " was put off: check the day.",
        )
    if (against := contradiction(session)) is not None:
        return against
    return replace(conference, sessions=with_session(conference.sessions, session))


def _may_have_sat(conference: Conference, day: date, today: date) -> bool:
    """Whether it may have sat that day: by the day it was held, or by today if it was put off."""
    held_at, latest = conference.held_at, today
    if held_at is not None:
        latest = london_date(held_at)
    return latest - _SITTINGS_APART <= day <= latest


def news(before: Conference, after: Conference, *, new_place: bool) -> tuple[str, ...]:
    """Return the verbs that say how a conference differs after its meeting moved or changed."""
    moved_now = (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at)
    same_but_moved = replace(
        before,
        starts_at=after.starts_at,
        ends_at=after.ends_at,
        status=after.status,
        adjourned_because=after.adjourned_because,
        reconvenes_on=after.reconvenes_on,
    )
    changed_now = new_place or same_but_moved != after
    return (*(("rescheduled",) if moved_now else ()), *(("changed",) if changed_now else ()))


def days_sat(conferences: Iterable[Conference]) -> tuple[date, ...]:
    """Return the days on which any of these conferences was to sit, or sat."""
    return tuple(
        london_date(conference.starts_at)
        for conference in conferences
        if conference.status is not ConferenceStatus.CANCELLED
    )
