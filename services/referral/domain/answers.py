"""What people record about an offer: who told the child, and what the child answered."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.contracts.codes import (
    CancelledBecause,
    LapsedBecause,
    NotMadeBecause,
    Objection,
    OfferStatus,
    Permission,
    Role,
    Told,
)
from services.contracts.deadlines import in_working_days
from services.referral.domain.clocks import Clocks
from services.referral.domain.conference import Conference
from services.referral.domain.denied import Denied
from services.referral.domain.offer import Offer, Verb, step
from services.referral.domain.place import Place

RECORD_AN_OBJECTION: Final = Denied(
    "record-an-objection",
    "a parent's no is not the child's: record it as objected, and somebody independent asks the"
    " child",
)

ANSWERED_SINCE: Final = Denied(
    "answered-since",
    "the child has answered since then: what was said earlier changes nothing",
)


@dataclass(frozen=True, slots=True)
class No:
    """A child's no: who passed it on, and whether that person heard it from the child."""

    reported_by: Role
    heard_directly: bool
    at: datetime


def explained(offer: Offer, by_role: Role, at: datetime) -> Offer | Denied:
    """Record that an adult says the child was told: the adult's word only (practice 3)."""
    if by_role is Role.CHILD:
        return Denied("child-confirms", "the child's own word is recorded as explained-confirmed")
    told = Told.CONFIRMED if offer.told is Told.CONFIRMED else Told.EXPLAINED
    news = replace(offer, told=told, explained_by=by_role, explained_at=at)
    return step(_no_longer_untold(news), Verb.EXPLAINED)


def explained_confirmed(offer: Offer) -> Offer | Denied:
    """Record that the child says somebody told them (practice 3)."""
    news = replace(offer, told=Told.CONFIRMED)
    return step(_no_longer_untold(news), Verb.EXPLAINED_CONFIRMED)


def accepted(offer: Offer, at: datetime, *, heard_directly: bool) -> Offer | Denied:
    """Record the child's yes; heard from the child, it settles what others objected."""
    if _is_older(offer, at):
        return ANSWERED_SINCE
    news = replace(
        offer,
        answered_at=at,
        heard_directly=heard_directly,
        objection=_settled(offer, Objection.OVERRULED) if heard_directly else offer.objection,
    )
    return step(news, Verb.ACCEPTED)


def declined(offer: Offer, no: No, place: Place, now: datetime) -> Offer | Denied:
    """Record the child's no (practice 1 and 2).

    A no that was not heard from the child is confirmed at the next contact. A no a parent reports
    is not the child's, unless the historical policy asks for a parent's permission: there it is the
    parent's refusal and nothing is left to confirm.
    """
    of_a_parent = no.reported_by is Role.PARENT
    if of_a_parent and not place.asks_a_parent:
        return RECORD_AN_OBJECTION
    if _is_older(offer, no.at):
        return ANSWERED_SINCE
    if offer.status is OfferStatus.DECLINED and not _confirms(offer, no):
        return Denied("already-declined", "this no is recorded already")
    answered = replace(
        offer,
        answered_at=no.at,
        reported_by=no.reported_by,
        heard_directly=no.heard_directly,
        child_paused=False,
        objection=_settled(offer, Objection.UPHELD_NO) if no.heard_directly else offer.objection,
    )
    clocks = replace(offer.clocks, confirm_no_by=confirm_no_by(answered, place, now))
    return step(replace(answered, clocks=clocks), Verb.DECLINED)


def _is_older(offer: Offer, at: datetime) -> bool:
    """Whether the child has given another answer since: the last word counts, whoever was late."""
    return offer.answered_at is not None and at < offer.answered_at


def confirm_no_by(offer: Offer, place: Place, now: datetime) -> datetime | None:
    """Return by when a no is to be confirmed with the child; None if nothing is left to confirm."""
    if offer.heard_directly or offer.reported_by is Role.PARENT:
        return None
    return in_working_days(place.calendar, now, place.policy.confirm_no_within_working_days)


def objected(offer: Offer, by_role: Role, place: Place, now: datetime) -> Offer | Denied:
    """Record somebody else's no: it stops nothing, somebody independent asks the child."""
    if by_role is Role.CHILD:
        return Denied("child-declines", "the child's own no is recorded as declined")
    if offer.objection is Objection.OPEN:
        return Denied("already-objected", "an objection is open and will be checked with the child")
    news = replace(
        offer,
        objection=Objection.OPEN,
        rung_role=place.policy.objection_check.by,
        clocks=replace(offer.clocks, objection_by=check_objection_by(place, now)),
    )
    return step(news, Verb.OBJECTED)


def check_objection_by(place: Place, now: datetime) -> datetime:
    """Return by when somebody independent asks the child about another's no."""
    days = place.policy.objection_check.within_working_days
    return in_working_days(place.calendar, now, days)


def objection_decided(offer: Offer, at: datetime, *, child_wants: bool) -> Offer | Denied:
    """Record what the child said when asked about another's no: from here it is the child's."""
    if offer.objection is not Objection.OPEN:
        return Denied("no-objection-open", "there is no open objection to decide")
    news = replace(
        offer,
        objection=Objection.OVERRULED if child_wants else Objection.UPHELD_NO,
        answered_at=at,
        reported_by=None if child_wants else Role.CHILD,
        heard_directly=True,
        child_paused=False,
    )
    target = OfferStatus.ACCEPTED if child_wants else OfferStatus.DECLINED
    return step(news, Verb.OBJECTION_DECIDED, target)


def permitted(offer: Offer, *, given: bool) -> Offer | Denied:
    """Record a parent's answer, where a historical policy asks for it; it may come late."""
    if offer.permission is Permission.NOT_NEEDED:
        return Denied("permission-not-needed", "this offer asks for nobody's permission")
    answer = Permission.GIVEN if given else Permission.REFUSED
    if offer.permission is answer:
        return Denied("already-recorded", "this answer about permission is recorded already")
    verb = Verb.PERMISSION_GIVEN if given else Verb.PERMISSION_REFUSED
    return step(replace(offer, permission=answer), verb)


def paused(offer: Offer) -> Offer | Denied:
    """Record that the child wants a pause: at any time, also where the offer waits already.

    Then the child's pause is still there when what it waited for is over.
    """
    if offer.child_paused:
        return Denied("already-paused", "the child's pause is recorded already")
    return step(replace(offer, child_paused=True), Verb.PAUSED)


def resumed(offer: Offer, now: datetime) -> Offer | Denied:
    """Go on after a pause, where the child had got to; the clocks begin again."""
    target = OfferStatus.STANDING if offer.answered_at is None else OfferStatus.ACCEPTED
    clocks = Clocks(now, lapse_at=offer.clocks.lapse_at, objection_by=offer.clocks.objection_by)
    return step(replace(offer, clocks=clocks, child_paused=False), Verb.RESUMED, target)


def reopened(offer: Offer, conference: Conference, now: datetime) -> Offer | Denied:
    """Record that the child came back, or that an end was a mistake; all answers are open again.

    Nothing begins again about a child who died, however the offer had ended before.
    """
    died = conference.cancelled_because is CancelledBecause.DIED
    if died or offer.lapsed_because is LapsedBecause.DIED:
        return Denied("child-died", "this offer ended with the child's life")
    if offer.not_made_because is NotMadeBecause.UNBORN:
        return Denied("unborn", "an offer is made when the child is born")
    news = replace(
        offer,
        objection=Objection.NONE,
        answered_at=None,
        reported_by=None,
        heard_directly=None,
        not_made_because=None,
        stopped_because=None,
        withdrawn_because=None,
        lapsed_because=None,
        rung=0,
        overdue=False,
        child_paused=False,
        fell_with_conference=False,
        clocks=Clocks(now),
    )
    return step(news, Verb.REOPENED, OfferStatus.STANDING)


def _confirms(offer: Offer, no: No) -> bool:
    return offer.heard_directly is False and no.heard_directly


def _settled(offer: Offer, answer: Objection) -> Objection:
    return answer if offer.objection is Objection.OPEN else offer.objection


def _no_longer_untold(offer: Offer) -> Offer:
    """Correct the reason of an offer that lapsed because nobody had recorded this."""
    if offer.lapsed_because is LapsedBecause.HELD_NEVER_TOLD:
        return replace(offer, lapsed_because=LapsedBecause.TOLD_NO_ANSWER)
    return offer
