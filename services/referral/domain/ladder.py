"""Who is asked to tell the child, by when, and who is turned to while nobody has."""

from dataclasses import replace
from datetime import datetime

from services.contracts.codes import Role, YesNo
from services.contracts.deadlines import TimeLeft, in_working_days, smaller
from services.referral.domain.clocks import Clocks, RungDue
from services.referral.domain.conference import Conference
from services.referral.domain.place import Place


def wind(clocks: Clocks, conference: Conference, place: Place, now: datetime) -> Clocks:
    """Set the clocks that run towards a conference (practice 5 and 6).

    They count from `clocks.since`, so that moving a conference gives nobody the time to tell the
    child once more. What is entered after the meeting, or waits for a new date, has none.
    """
    if not conference.is_ahead(now):
        return still(clocks)
    left = TimeLeft(clocks.since, conference.starts_at)
    explain = place.policy.explain
    tell_by = smaller(place.calendar, left, explain.within_working_days, explain.share_of_time_left)
    return replace(clocks, tell_by=tell_by, rungs=_rungs(conference, place, left), lapse_at=None)


def still(clocks: Clocks) -> Clocks:
    """Stop the clocks that run towards a conference."""
    return replace(clocks, tell_by=None, rungs=())


def is_short_notice(place: Place, left: TimeLeft) -> bool:
    """Whether the place's own days to tell the child do not end before the conference."""
    days = place.policy.explain.within_working_days
    return in_working_days(place.calendar, left.since, days) >= left.until


def _rungs(conference: Conference, place: Place, left: TimeLeft) -> tuple[RungDue, ...]:
    """Return the rungs that apply, each with its time; at short notice all of them at once."""
    at_once = is_short_notice(place, left)
    return tuple(
        RungDue(
            number,
            rung.role,
            left.since
            if at_once
            else smaller(place.calendar, left, rung.after_working_days, rung.share),
        )
        for number, rung in enumerate(place.policy.ladder, start=1)
        if rung.role is not Role.REVIEWING_OFFICER or conference.looked_after is YesNo.YES
    )


def next_rung(clocks: Clocks, climbed: int) -> RungDue | None:
    """Return the lowest rung above the one that was reached."""
    return next((rung for rung in clocks.rungs if rung.number > climbed), None)
