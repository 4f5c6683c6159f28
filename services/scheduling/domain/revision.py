"""What changes about the visits there are, when conference, offer or advocate have changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.contracts.codes import OfferStatus, Role, VisitKind, VisitReason, VisitStatus
from services.scheduling.domain.case import Case, Place, called_off_because
from services.scheduling.domain.closing import closing_is_owed
from services.scheduling.domain.facts import Conference
from services.scheduling.domain.plan import (
    advocate_for,
    belongs_to_the_next,
    can_be_planned,
    due_on,
    took_place_already,
)
from services.scheduling.domain.visit import (
    AROUND_CONFERENCE,
    COME_FIRST,
    Refusal,
    Verb,
    Visit,
    fits,
)

_CAN_BE_MADE_GOOD = frozenset({VisitStatus.MISSED, VisitStatus.NOT_POSSIBLE, VisitStatus.DECLINED})
_NOT_AFTER_IT = AROUND_CONFERENCE - {VisitKind.AFTER}


@dataclass(frozen=True, slots=True)
class Change:
    """A visit as it should stand now; without a verb nobody else need hear of it."""

    visit: Visit
    verb: Verb | None


def revised(case: Case, place: Place) -> Iterator[Change]:
    """Yield every visit that no longer stands as it should."""
    for visit in case.visits:
        change = _revised(visit, case, place)
        if change is not None:
            yield change


def not_to_be_arranged(visit: Visit, case: Case) -> Refusal | None:
    """Find why nobody should arrange this visit: as things stand it would be called off at once."""
    ended = _ended(visit, case)
    if ended is None:
        return None
    if ended.verb is not Verb.CANCELLED:
        return Refusal("conference-was-held", "the conference has been held: it comes too late")
    sentence = "this visit is not to take place: look at what has happened for this child"
    return Refusal("visit-is-called-off", sentence)


def recorded_already(visit: Visit, held_at: datetime, case: Case) -> Refusal | None:
    """Find why this visit was not held then: another one was, at the same sitting."""
    if took_place_already(visit, case) or belongs_to_the_next(visit, held_at, case):
        sentence = "what took place then is recorded already: this one is for the next sitting"
        return Refusal("recorded-already", sentence)
    return None


def _revised(visit: Visit, case: Case, place: Place) -> Change | None:
    if visit.is_open:
        return _ended(visit, case) or _refitted(visit, case, place)
    return (
        _corrected_by_record(visit, case)
        or _without_agreed_time(visit, case)
        or _planned_again(visit, case, place)
        or _in_other_hands(visit, case, place)
    )


def _ended(visit: Visit, case: Case) -> Change | None:
    if visit.kind not in AROUND_CONFERENCE:
        follow_up = visit.kind is not VisitKind.CLOSING and not case.child_died
        owed = follow_up or closing_is_owed(case)
        return None if owed else _cancelled(visit, VisitReason.NOT_NEEDED)
    is_done = VisitReason.NOT_NEEDED if took_place_already(visit, case) else None
    if reason := called_off_because(case) or is_done:
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
    """Call a visit off; the agreed time is kept in case that is taken back, but not by a no."""
    at = None if reason is VisitReason.OFFER_DECLINED else visit.at
    cancelled = replace(visit, status=VisitStatus.CANCELLED, reason=reason, at=at, overdue=False)
    return Change(cancelled, Verb.CANCELLED)


def _without_agreed_time(visit: Visit, case: Case) -> Change | None:
    """Forget what was agreed where the child says no to a visit that was called off before."""
    said_no = case.offer.status is OfferStatus.DECLINED
    if visit.status is not VisitStatus.CANCELLED or visit.at is None or not said_no:
        return None
    return Change(replace(visit, at=None), None)


def _missed(visit: Visit) -> Visit:
    return replace(visit, status=VisitStatus.MISSED, reason=None, overdue=False)


def _as_recorded(visit: Visit, conference: Conference) -> Change | None:
    if conference.advocate_present is None or conference.record_is_of_another_day:
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
    advocate_ref = _whose(visit, case, place)
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

    A visit the child declined comes back only by the child's word; what somebody else declined is
    not the child's no (practice 1). A time that was agreed before it was called off stands again;
    where it cannot, the visit says why.
    """
    called_off = visit.status is VisitStatus.CANCELLED
    if not (called_off or _has_new_room(visit, case)):
        return None
    if took_place_already(visit, case) or not can_be_planned(visit.kind, case, place.now):
        return None
    lost = _lost_because(visit, case, place) if called_off else None
    stands = called_off and visit.at is not None and lost is None
    again = replace(
        visit,
        status=VisitStatus.AGREED if stands else VisitStatus.PLANNED,
        at=visit.at if stands else None,
        reason=lost,
        moves=visit.moves + 1 if lost else visit.moves,
        declined_by=None,
        by_record=False,
        conference_version=case.conference.as_of,
        conference_on=case.conference.expected.on,
        conference_at=case.conference.expected.at,
        due_on=due_on(visit.kind, case, place),
        advocate_ref=advocate_for(visit.kind, case),
    )
    return Change(again, Verb.PLANNED)


def _in_other_hands(visit: Visit, case: Case, place: Place) -> Change | None:
    """Give a visit that can still be made good to who is the child's advocate now (practice 18)."""
    advocate_ref = _whose(visit, case, place)
    if visit.status not in _CAN_BE_MADE_GOOD or visit.advocate_ref == advocate_ref:
        return None
    return Change(replace(visit, advocate_ref=advocate_ref), None)


def _whose(visit: Visit, case: Case, place: Place) -> UUID | None:
    """Say whose visit it is now.

    Once the conference has begun, what was to come before it or at it stays with whose it was: they
    alone can say that it took place.
    """
    is_past = visit.kind in _NOT_AFTER_IT and case.conference.has_begun(place.now)
    theirs = visit.advocate_ref if is_past else None
    return theirs or advocate_for(visit.kind, case)


def _lost_because(visit: Visit, case: Case, place: Place) -> VisitReason | None:
    """Say why the time agreed for a visit that was called off cannot be kept, if so."""
    if visit.at is None:
        return None
    if _agreed_time_is_lost(visit, case.conference):
        return VisitReason.CONFERENCE_MOVED
    return visit.reason if visit.at <= place.now else None


def _has_new_room(visit: Visit, case: Case) -> bool:
    by_another = visit.declined_by not in {None, Role.CHILD}
    declined = visit.status is VisitStatus.DECLINED and by_another
    gone_by = declined or visit.status in {VisitStatus.MISSED, VisitStatus.NOT_POSSIBLE}
    expected_on = case.conference.expected.on
    moved = expected_on is not None and expected_on != visit.conference_on
    is_owed_anew = visit.kind in _NOT_AFTER_IT or case.conference.sits_again
    return gone_by and moved and is_owed_anew
