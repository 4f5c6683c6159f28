"""Which visits a child should have around a conference, and by when.

Everything follows from how conference, offer and visits stand now, never from which news came
first: services speak in any order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.contracts.codes import CancelledBecause, VisitKind, VisitStatus
from services.contracts.local_time import london_date
from services.scheduling.domain.case import Case, Place, called_off_because
from services.scheduling.domain.closing import closing_is_owed
from services.scheduling.domain.facts import Conference
from services.scheduling.domain.visit import COME_FIRST, Visit

ORDER: Final = (
    VisitKind.INTRODUCTION,
    VisitKind.BEFORE,
    VisitKind.AT_CONFERENCE,
    VisitKind.AFTER,
    VisitKind.CLOSING,
)

OF_A_SITTING: Final = frozenset({VisitKind.AT_CONFERENCE, VisitKind.AFTER})
"""What a conference that was broken off and sits again makes necessary once more."""

TO_COURT_OR_CARE: Final = frozenset(
    {
        CancelledBecause.PROCEEDINGS,
        CancelledBecause.EMERGENCY_PROTECTION,
        CancelledBecause.LOOKED_AFTER,
    }
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A visit the child should have and does not have yet."""

    kind: VisitKind
    due_on: date
    advocate_ref: UUID | None


def can_be_planned(kind: VisitKind, case: Case, now: datetime) -> bool:
    """Tell whether it makes sense to plan this visit now.

    Visits begin with the first advocate. Nothing is planned before a conference that has begun:
    where permission or an advocate came too late for that, the visit before is missing, and shows
    as missing. The visit after is worth having however late. Only the introduction can be planned
    while nobody knows the day of the conference.
    """
    if kind is VisitKind.CLOSING:
        return closing_is_owed(case)
    if called_off_because(case) or case.offer.advocate_ref is None:
        return False
    conference, on = case.conference, case.conference.expected.on
    if kind in COME_FIRST:
        has_day = on is not None or kind is VisitKind.INTRODUCTION
        return has_day and not conference.has_begun(now)
    if kind is VisitKind.AT_CONFERENCE:
        return on is not None and on >= london_date(now) and not conference.is_held
    return on is not None


def due_on(kind: VisitKind, case: Case, place: Place) -> date:
    """Say by which day a visit is due.

    The introduction counts from the allocation and lies before the conference, the visit before
    lies some working days ahead of it, the visit after some behind it. At short notice all of this
    collapses: never in the past, and what comes before never after the conference.
    """
    rules, add, on = place.policy.visits, place.calendar.add, case.conference.expected.on
    if kind is VisitKind.CLOSING:
        return add(place.today, _days_to_close(case, place))
    if kind is VisitKind.INTRODUCTION:
        allocated_on = case.offer.allocated_on or place.today
        by = add(allocated_on, rules.introduction_within_working_days)
        return _collapsed(by, on and add(on, -1), on, place)
    if on is None:
        message = f"a visit of the kind {kind} has no due day while its conference has none"
        raise ValueError(message)
    if kind is VisitKind.BEFORE:
        by = add(on, -rules.before_working_days_before)
        return _collapsed(by, on, on, place)
    if kind is VisitKind.AT_CONFERENCE:
        return on
    return max(add(on, rules.after_within_working_days), place.soonest)


def _days_to_close(case: Case, place: Place) -> int:
    # After court or care took over, a person decides with the child how advocacy goes on, and
    # within that time somebody must have seen the child (practice 8).
    days = place.policy.visits.closing_within_working_days
    if case.conference.cancelled_because in TO_COURT_OR_CARE:
        return min(days, place.policy.continue_decision_working_days)
    return days


def _collapsed(by: date, latest: date | None, conference_on: date | None, place: Place) -> date:
    if latest is None or conference_on is None:
        return max(by, place.soonest)
    return max(min(by, latest), min(place.soonest, conference_on))


def wanted_visits(case: Case, place: Place) -> Iterator[Wanted]:
    """Yield the visits that are missing, in the order of the story."""
    for kind in ORDER:
        if _is_missing(kind, case) and can_be_planned(kind, case, place.now):
            yield Wanted(kind, due_on(kind, case, place), advocate_for(kind, case))


def _is_missing(kind: VisitKind, case: Case) -> bool:
    """Tell whether there is none; what belongs to one sitting is owed of the next one anew."""
    there = [visit for visit in case.visits if visit.kind is kind]
    if kind in OF_A_SITTING:
        return all(_was_of_another_sitting(visit, case.conference) for visit in there)
    return not there


def took_place_already(visit: Visit, case: Case) -> bool:
    """Tell whether another visit has done for the sitting expected now what this one is for."""
    return visit.kind in OF_A_SITTING and any(
        not _was_of_another_sitting(other, case.conference) for other in _held_besides(visit, case)
    )


def belongs_to_the_next(visit: Visit, held_at: datetime, case: Case) -> bool:
    """Tell whether this visit is for a sitting after that time: what was before it is recorded."""
    on = case.conference.expected.on
    is_before = on is None or london_date(held_at) < on
    return visit.kind in OF_A_SITTING and is_before and bool(_held_besides(visit, case))


def _held_besides(visit: Visit, case: Case) -> list[Visit]:
    return [
        other
        for other in case.visits
        if other.kind is visit.kind
        and other.visit_ref != visit.visit_ref
        and other.status is VisitStatus.HELD
    ]


def _was_of_another_sitting(visit: Visit, conference: Conference) -> bool:
    on, held_at = conference.expected.on, visit.held_at
    if visit.status is not VisitStatus.HELD or held_at is None:
        return False
    return conference.sits_again and (on is None or london_date(held_at) < on)


def advocate_for(kind: VisitKind, case: Case) -> UUID | None:
    """Say whose visit it is; the goodbye is said by whom the child knows, bond or no bond."""
    offer = case.offer
    return offer.last_advocate_ref if kind is VisitKind.CLOSING else offer.advocate_ref
