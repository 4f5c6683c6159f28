"""What became of each offer of an advocate: ten figures that always add up.

Two sentences decide between them. What somebody recorded counts at once, and is overtaken when
somebody records something else; silence counts only after the conference, for until then the
child can still be told and can still answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Self

from services.contracts.codes import (
    AllocationStatus,
    ConferenceStatus,
    EndedBecause,
    LapsedBecause,
    Objection,
    OfferStatus,
    Permission,
    Role,
    Told,
    VisitKind,
    VisitStatus,
)
from services.contracts.local_time import london_date
from services.reporting.domain.journey import Journey, OfferFacts, VisitFacts


class Outcome(StrEnum):
    """What became of an offer; every offer has exactly one."""

    TAKEN_UP = "taken_up"
    DECLINED_BY_CHILD = "declined_by_child"
    DECLINED_BY_PARENT = "declined_by_parent"
    NOT_KNOWN_IF_TOLD = "not_known_if_told"
    TOLD_NO_ANSWER = "told_no_answer"
    OBJECTED = "objected"
    UNMET = "unmet"
    FELL_AWAY = "fell_away"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many offers were made, and what became of them."""

    referred: int = 0
    taken_up: int = 0
    declined_by_child: int = 0
    declined_by_parent: int = 0
    not_known_if_told: int = 0
    told_no_answer: int = 0
    objected: int = 0
    unmet: int = 0
    fell_away: int = 0
    open: int = 0

    @classmethod
    def of(cls, counts: Mapping[Outcome, int]) -> Self:
        """Lay out the counts of the outcomes; what was referred is their sum."""
        by_name = {outcome.value: counts.get(outcome, 0) for outcome in Outcome}
        return cls(referred=sum(by_name.values()), **by_name)


def counted_offer(journey: Journey) -> OfferFacts | None:
    """Return the offer that counts for this child and conference, if any was ever made.

    Of several the last one made counts, and a duplicate only if there is nothing else.
    """
    made = [
        (not _is_duplicate(offer), offer.made_at, offer.ref, offer)
        for offer in journey.offers
        if offer.made_at is not None and offer.status is not OfferStatus.NOT_MADE
    ]
    return max(made)[-1] if made else None


def outcome_of(journey: Journey) -> Outcome | None:
    """Return what became of the offer: the first in `PRECEDENCE` that holds, else it is open.

    None if no offer was ever made.
    """
    offer = counted_offer(journey)
    if offer is None:
        return None
    for outcome, holds in PRECEDENCE:
        if holds(journey, offer):
            return outcome
    return Outcome.OPEN


def advocate_was_present(journey: Journey) -> bool:
    """Whether an advocate was at the conference for the child.

    The conference's own record decides; only where it is silent the advocate's word counts.
    """
    conference = journey.conference
    if conference is not None and conference.participation is not None:
        return conference.participation.advocate_present
    return _held(journey, VisitKind.AT_CONFERENCE)


def is_not_agreed(journey: Journey) -> bool:
    """Whether the conference and the advocate recorded different things about being there.

    The advocate's record is a second witness; the team has to settle it.
    """
    conference = journey.conference
    if conference is None or conference.participation is None:
        return False
    said = {each.status for each in _attendances(journey, conference.participation.session_on)}
    says_held = VisitStatus.HELD in said
    denies = not said.isdisjoint({VisitStatus.DECLINED, VisitStatus.NOT_POSSIBLE})
    present = conference.participation.advocate_present
    return (says_held and not present) or (denies and present and not says_held)


def _attendances(journey: Journey, sat_on: date) -> list[VisitFacts]:
    """Return what the advocate recorded of that sitting, or of any where nothing names its day."""
    visits = [each for each in journey.visits if each.kind is VisitKind.AT_CONFERENCE]
    of_that_day = [
        each
        for each in visits
        if (london_date(each.held_at) if each.held_at else each.due_on) == sat_on
    ]
    return of_that_day or visits


def is_over(journey: Journey, offer: OfferFacts) -> bool:
    """Whether the conference was held, by its own word or because the offer lapsed after it."""
    conference = journey.conference
    held = conference is not None and conference.status is ConferenceStatus.HELD
    return held or offer.lapsed_because in {
        LapsedBecause.HELD_NEVER_TOLD,
        LapsedBecause.TOLD_NO_ANSWER,
    }


def knows_of_it(journey: Journey, offer: OfferFacts) -> bool:
    """Whether it is on record that the child heard of the offer.

    Somebody recorded that the child was told; or the child answered; or an advocate saw the child,
    at an introduction for one, and who has met an advocate knows that there is one.
    """
    answered = offer.status in {OfferStatus.ACCEPTED, OfferStatus.DECLINED, OfferStatus.PAUSED}
    met = any(visit.status is VisitStatus.HELD for visit in journey.visits)
    return offer.told is not Told.NOT_KNOWN or answered or met


def is_unmet(journey: Journey, offer: OfferFacts) -> bool:
    """Whether an advocate was looked for and there is none."""
    searches = [each.status for each in journey.allocations if each.offer_ref == offer.ref]
    bound = {AllocationStatus.ALLOCATED, AllocationStatus.CONFIRMED}
    return AllocationStatus.UNMET in searches and bound.isdisjoint(searches)


def met_on(journey: Journey, *kinds: VisitKind) -> datetime | None:
    """Return when the first visit of one of these kinds was held; of any kind if none is named."""
    held = (
        visit.held_at
        for visit in journey.visits
        if visit.status is VisitStatus.HELD and (not kinds or visit.kind in kinds)
    )
    return min((instant for instant in held if instant is not None), default=None)


def _taken_up(journey: Journey, _offer: OfferFacts) -> bool:
    return (
        _held(journey, VisitKind.BEFORE)
        or advocate_was_present(journey)
        or _held(journey, VisitKind.AFTER)
    )


def _declined_by_child(_journey: Journey, offer: OfferFacts) -> bool:
    said_no = offer.status is OfferStatus.DECLINED and not _only_a_parent_said_so(offer)
    return said_no or offer.objection is Objection.UPHELD_NO


def _declined_by_parent(_journey: Journey, offer: OfferFacts) -> bool:
    refused = offer.permission is Permission.REFUSED
    return refused or (offer.status is OfferStatus.DECLINED and _only_a_parent_said_so(offer))


def _fell_away(journey: Journey, offer: OfferFacts) -> bool:
    conference = journey.conference
    cancelled = conference is not None and conference.status is ConferenceStatus.CANCELLED
    ended = offer.status in {OfferStatus.WITHDRAWN, OfferStatus.STOPPED}
    return cancelled or ended or offer.lapsed_because in _LAPSED_WITH_THE_NEED


def _objected(_journey: Journey, offer: OfferFacts) -> bool:
    return offer.objection is Objection.OPEN


def _not_known_if_told(journey: Journey, offer: OfferFacts) -> bool:
    return is_over(journey, offer) and not knows_of_it(journey, offer)


def _unmet(journey: Journey, offer: OfferFacts) -> bool:
    left_alone = (
        offer.status is OfferStatus.ACCEPTED
        and is_over(journey, offer)
        and not any(visit.status in STILL_TO_COME for visit in journey.visits)
    )
    return is_unmet(journey, offer) or left_alone


def _told_no_answer(journey: Journey, offer: OfferFacts) -> bool:
    silent = offer.status in {OfferStatus.STANDING, OfferStatus.LAPSED}
    return silent and is_over(journey, offer)


def _only_a_parent_said_so(offer: OfferFacts) -> bool:
    """Whether a no is the parent's: only where the policy of the day asked for permission."""
    return offer.permission is not Permission.NOT_NEEDED and offer.reported_by is Role.PARENT


def _is_duplicate(offer: OfferFacts) -> bool:
    return offer.withdrawn_because is EndedBecause.DUPLICATE


def _held(journey: Journey, kind: VisitKind) -> bool:
    return any(v.kind is kind and v.status is VisitStatus.HELD for v in journey.visits)


STILL_TO_COME: Final = frozenset({VisitStatus.PLANNED, VisitStatus.OFFERED, VisitStatus.AGREED})

_LAPSED_WITH_THE_NEED: Final = frozenset(
    {
        LapsedBecause.CONFERENCE_FELL_AWAY,
        LapsedBecause.AGED_OUT,
        LapsedBecause.MOVED,
        LapsedBecause.DIED,
    }
)

Rule = Callable[[Journey, OfferFacts], bool]

PRECEDENCE: Final[tuple[tuple[Outcome, Rule], ...]] = (
    # What happened outweighs what was said: a child who said no and came back was helped.
    (Outcome.TAKEN_UP, _taken_up),
    # The child's own no outweighs everybody else's.
    (Outcome.DECLINED_BY_CHILD, _declined_by_child),
    (Outcome.DECLINED_BY_PARENT, _declined_by_parent),
    # Without a conference, or an offer, nobody failed to tell, to answer or to find anybody.
    (Outcome.FELL_AWAY, _fell_away),
    # Someone else's no, until somebody independent has asked the child.
    (Outcome.OBJECTED, _objected),
    # The first step that failed names the failure: nobody can accept what nobody told them of, and
    # a lack of advocates must not hide that.
    (Outcome.NOT_KNOWN_IF_TOLD, _not_known_if_told),
    # A child who knows, and for whom there was nobody.
    (Outcome.UNMET, _unmet),
    (Outcome.TOLD_NO_ANSWER, _told_no_answer),
)
"""Which outcome counts when several would hold; what is left over is open."""
