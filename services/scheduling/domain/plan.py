"""Which visits a child should have around a conference, by when, and what changes when it changes.

Everything follows from how conference, offer and visits stand now, never from which news came
first: services speak in any order.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.contracts.codes import (
    CancelledBecause,
    EndedBecause,
    LapsedBecause,
    OfferStatus,
    VisitKind,
    VisitReason,
    VisitStatus,
)
from services.contracts.policy import Policy, WorkingCalendar
from services.scheduling.domain.facts import Conference, Offer
from services.scheduling.domain.local_time import london_date
from services.scheduling.domain.visit import (
    AROUND_CONFERENCE,
    COME_FIRST,
    Verb,
    Visit,
    fits,
)

ORDER: Final = (
    VisitKind.INTRODUCTION,
    VisitKind.BEFORE,
    VisitKind.AT_CONFERENCE,
    VisitKind.AFTER,
    VisitKind.CLOSING,
)

TO_COURT_OR_CARE: Final = frozenset(
    {
        CancelledBecause.PROCEEDINGS,
        CancelledBecause.EMERGENCY_PROTECTION,
        CancelledBecause.LOOKED_AFTER,
    }
)

NO_GOODBYE: Final = frozenset({CancelledBecause.DIED, CancelledBecause.ERROR})

STOPPED: Final = {
    OfferStatus.DECLINED: VisitReason.OFFER_DECLINED,
    OfferStatus.PAUSED: VisitReason.OFFER_PAUSED,
    OfferStatus.LAPSED: VisitReason.OFFER_LAPSED,
    OfferStatus.STOPPED: VisitReason.OFFER_WITHDRAWN,
    OfferStatus.WITHDRAWN: VisitReason.OFFER_WITHDRAWN,
    OfferStatus.NOT_MADE: VisitReason.OFFER_WITHDRAWN,
}
"""Why visits are called off when an offer is no longer live."""


@dataclass(frozen=True, slots=True)
class Place:
    """The rules of a place, its working days, and now."""

    policy: Policy
    calendar: WorkingCalendar
    now: datetime

    @property
    def today(self) -> date:
        """The day people have now."""
        return london_date(self.now)

    @property
    def soonest(self) -> date:
        """Today, or the next day on which people work."""
        return self.calendar.add(self.today, 0)


@dataclass(frozen=True, slots=True)
class Case:
    """One child's conference, the offer for it, and the visits there are."""

    conference: Conference
    offer: Offer
    visits: tuple[Visit, ...]

    def was_held(self, *kinds: VisitKind) -> bool:
        """Whether any visit of these kinds took place."""
        return any(v.kind in kinds and v.status is VisitStatus.HELD for v in self.visits)


@dataclass(frozen=True, slots=True)
class Change:
    """A visit as it should stand now; without a verb nobody else need hear of it."""

    visit: Visit
    verb: Verb | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A visit the child should have and does not have yet."""

    kind: VisitKind
    due_on: date
    advocate_ref: UUID | None


def called_off_because(case: Case) -> VisitReason | None:
    """Say why nothing around this conference is to take place, if so.

    A conference that fell away, and any end or pause of the offer, above all the child's no.
    """
    fell_away = case.offer.lapsed_because is LapsedBecause.CONFERENCE_FELL_AWAY
    if case.conference.fell_away or (fell_away and not case.offer.is_live):
        return VisitReason.CONFERENCE_CANCELLED
    return STOPPED.get(case.offer.status)


def closing_is_owed(case: Case) -> bool:
    """Tell whether the child should have one closing contact (practice 8).

    A conference that falls away does not end the relationship: a child who was told of the offer,
    or has met the advocate, is seen once more. Not after a death or an error, not against the
    child's own no, and not when the visit after has already taken place: that was the goodbye.
    """
    met = case.was_held(*AROUND_CONFERENCE)
    return (
        _came_to_an_end(case)
        and not _silenced(case)
        and (case.offer.was_told or met)
        and not case.was_held(VisitKind.AFTER)
    )


def _came_to_an_end(case: Case) -> bool:
    ended_by_others = case.offer.status in {OfferStatus.STOPPED, OfferStatus.WITHDRAWN}
    return ended_by_others or called_off_because(case) is VisitReason.CONFERENCE_CANCELLED


def _silenced(case: Case) -> bool:
    offer = case.offer
    return (
        case.conference.cancelled_because in NO_GOODBYE
        or offer.status in {OfferStatus.DECLINED, OfferStatus.NOT_MADE}
        or offer.ended_because in {EndedBecause.ERROR, EndedBecause.DUPLICATE}
        or offer.lapsed_because is LapsedBecause.DIED
    )


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
    there = {visit.kind for visit in case.visits}
    for kind in ORDER:
        if kind not in there and can_be_planned(kind, case, place.now):
            yield Wanted(kind, due_on(kind, case, place), _advocate_for(kind, case))


def revised(case: Case, place: Place) -> Iterator[Change]:
    """Yield every visit that no longer stands as it should."""
    for visit in case.visits:
        change = _revised(visit, case, place)
        if change is not None:
            yield change


def _revised(visit: Visit, case: Case, place: Place) -> Change | None:
    if visit.is_open:
        return _ended(visit, case) or _refitted(visit, case, place)
    return _corrected_by_record(visit, case) or _planned_again(visit, case, place)


def _ended(visit: Visit, case: Case) -> Change | None:
    if visit.kind not in AROUND_CONFERENCE:
        owed = visit.kind is not VisitKind.CLOSING or closing_is_owed(case)
        return None if owed else _cancelled(visit, VisitReason.NOT_NEEDED)
    if reason := called_off_because(case):
        return _cancelled(visit, reason)
    if not case.conference.is_held:
        return None
    if visit.kind in COME_FIRST:
        # Whoever knows why it was not held records that later; until then the reason is open.
        return Change(_missed(visit), Verb.MISSED)
    if visit.kind is VisitKind.AT_CONFERENCE:
        return _as_recorded(visit, case.conference)
    return None


def _cancelled(visit: Visit, reason: VisitReason) -> Change:
    cancelled = replace(visit, status=VisitStatus.CANCELLED, reason=reason, at=None, overdue=False)
    return Change(cancelled, Verb.CANCELLED)


def _missed(visit: Visit) -> Visit:
    return replace(visit, status=VisitStatus.MISSED, reason=None, overdue=False)


def _as_recorded(visit: Visit, conference: Conference) -> Change | None:
    if conference.advocate_present is None:
        return None
    if not conference.advocate_present:
        return Change(replace(_missed(visit), held_at=None, by_record=True), Verb.MISSED)
    held = replace(
        visit,
        status=VisitStatus.HELD,
        held_at=conference.expected.at,
        reason=None,
        overdue=False,
        by_record=True,
    )
    return Change(held, Verb.HELD)


def _corrected_by_record(visit: Visit, case: Case) -> Change | None:
    """Follow a corrected record of the conference, but never overrule the advocate's own.

    The advocate is a second witness (practice 16): where the two disagree, both stand.
    """
    present = case.conference.advocate_present
    says = {True: VisitStatus.HELD, False: VisitStatus.MISSED}
    if not visit.by_record or present is None or visit.status is says[present]:
        return None
    return _as_recorded(visit, case.conference)


def _refitted(visit: Visit, case: Case, place: Place) -> Change | None:
    fitted = _fitted(visit, case, place)
    if _agreed_time_is_lost(visit, case.conference):
        # What was agreed with a child is never moved silently: it goes back to be agreed anew.
        lost = replace(
            fitted,
            status=VisitStatus.PLANNED,
            at=None,
            reason=VisitReason.CONFERENCE_MOVED,
            moves=visit.moves + 1,
        )
        return Change(lost, Verb.MOVED)
    if (fitted.due_on, fitted.advocate_ref) != (visit.due_on, visit.advocate_ref):
        return Change(fitted, Verb.CHANGED)
    return Change(fitted, None) if fitted != visit else None


def _agreed_time_is_lost(visit: Visit, conference: Conference) -> bool:
    if visit.at is None or visit.kind not in AROUND_CONFERENCE:
        return False
    if visit.kind is VisitKind.AT_CONFERENCE:
        return not conference.is_held and visit.conference_at != conference.expected.at
    return not fits(visit.kind, visit.at, conference)


def _fitted(visit: Visit, case: Case, place: Place) -> Visit:
    """Fit a visit to conference and advocate as they are now.

    A due day is only counted anew when the conference has another day, or, for the introduction,
    when there is another advocate: counting again never makes a late visit look timely.
    """
    expected = case.conference.expected
    advocate_ref = _advocate_for(visit.kind, case)
    changed = replace(visit, advocate_ref=advocate_ref)
    new_advocate = advocate_ref is not None and advocate_ref != visit.advocate_ref
    other_day = False
    if visit.kind in AROUND_CONFERENCE:
        other_day = expected.on is not None and expected.on != visit.conference_on
        changed = replace(changed, conference_on=expected.on, conference_at=expected.at)
    if other_day or (new_advocate and visit.kind is VisitKind.INTRODUCTION):
        day = due_on(visit.kind, case, place)
        late_still = visit.overdue and day == visit.due_on
        changed = replace(changed, due_on=day, overdue=late_still)
    if changed == visit:
        return visit
    return replace(changed, conference_version=case.conference.as_of)


def _planned_again(visit: Visit, case: Case, place: Place) -> Change | None:
    """Bring a visit back that was called off, or for which a moved conference makes new room.

    A visit the child declined comes back only by the child's word.
    """
    called_off = visit.status is VisitStatus.CANCELLED
    if not (called_off or _has_new_room(visit, case)):
        return None
    if not can_be_planned(visit.kind, case, place.now):
        return None
    again = replace(
        visit,
        status=VisitStatus.PLANNED,
        at=None,
        reason=None,
        by_record=False,
        conference_version=case.conference.as_of,
        conference_on=case.conference.expected.on,
        conference_at=case.conference.expected.at,
        due_on=due_on(visit.kind, case, place),
        advocate_ref=_advocate_for(visit.kind, case),
    )
    return Change(again, Verb.PLANNED)


def _has_new_room(visit: Visit, case: Case) -> bool:
    gone_by = visit.status in {VisitStatus.MISSED, VisitStatus.NOT_POSSIBLE}
    expected_on = case.conference.expected.on
    moved = expected_on is not None and expected_on != visit.conference_on
    return gone_by and moved and visit.kind in AROUND_CONFERENCE - {VisitKind.AFTER}


def _advocate_for(kind: VisitKind, case: Case) -> UUID | None:
    # The goodbye is said by whom the child knows, also when the bond has ended in between.
    offer = case.offer
    return offer.last_advocate_ref if kind is VisitKind.CLOSING else offer.advocate_ref
