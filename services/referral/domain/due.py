"""What an offer asks for later, and what happens when nobody did it in time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from services.contracts.codes import Objection, OfferStatus, Permission, Role, Told
from services.contracts.deadlines import in_working_days
from services.referral.domain.denied import Denied
from services.referral.domain.ending import lapsed, unanswered
from services.referral.domain.ladder import next_rung
from services.referral.domain.offer import Offer, Verb, step
from services.referral.domain.place import Place


class Wait(StrEnum):
    """What an offer may wait for."""

    TELLING = "tell-due"
    RUNG = "rung-due"
    CONFIRMING = "confirm-no-due"
    CHECKING = "objection-due"
    CONTINUING = "continue-due"
    LAPSING = "lapse-due"


def waits(offer: Offer) -> Iterator[tuple[Wait, datetime]]:
    """Yield what the offer waits for and until when: nothing but its state decides that.

    Nobody is asked to speak to a child all contact with whom was stopped.
    """
    if not offer.silenced:
        yield from _words_with_the_child(offer)
    if offer.clocks.continue_by is not None and offer.status is OfferStatus.PAUSED:
        yield Wait.CONTINUING, offer.clocks.continue_by
    if offer.clocks.lapse_at is not None and unanswered(offer) is not None:
        yield Wait.LAPSING, offer.clocks.lapse_at


def _words_with_the_child(offer: Offer) -> Iterator[tuple[Wait, datetime]]:
    clocks = offer.clocks
    if is_untold(offer):
        yield from _telling(offer)
    if clocks.confirm_no_by is not None and offer.status is OfferStatus.DECLINED:
        yield Wait.CONFIRMING, clocks.confirm_no_by
    if clocks.objection_by is not None and _is_unchecked(offer, clocks.objection_by):
        yield Wait.CHECKING, clocks.objection_by


def is_untold(offer: Offer) -> bool:
    """Whether somebody still has to tell the child of the offer.

    Not where the child answered or has met the advocate, nor where a parent refused the permission
    a historical policy asks for.
    """
    unknown = offer.told is Told.NOT_KNOWN and not offer.met
    return unknown and offer.is_unanswered and offer.permission is not Permission.REFUSED


def _telling(offer: Offer) -> Iterator[tuple[Wait, datetime]]:
    if offer.clocks.tell_by is not None and not offer.overdue:
        yield Wait.TELLING, offer.clocks.tell_by
    rung = next_rung(offer.clocks, offer.rung)
    if rung is not None:
        yield Wait.RUNG, rung.at


def _is_unchecked(offer: Offer, check_by: datetime) -> bool:
    """Whether it still helps the child to be asked about another's no."""
    lapse_at = offer.clocks.lapse_at
    in_time = lapse_at is None or check_by < lapse_at
    return offer.objection is Objection.OPEN and offer.is_live and in_time


def overdue(offer: Offer) -> Offer | Denied:
    """Say that nobody told the child in time."""
    return step(replace(offer, overdue=True), Verb.OVERDUE)


def climbed(offer: Offer) -> Offer | Denied:
    """Turn to the next person on the ladder; the last one meets the child (practice 5)."""
    rung = next_rung(offer.clocks, offer.rung)
    if rung is None:
        return Denied("no-rung-left", "everybody on the ladder was turned to")
    return step(replace(offer, rung=rung.number, rung_role=rung.role), Verb.ESCALATED)


def left_unconfirmed(offer: Offer) -> Offer | Denied:
    """Ask the provider to hear a no from the child itself (practice 2)."""
    clocks = replace(offer.clocks, confirm_no_by=None)
    news = replace(offer, rung_role=Role.ADVOCACY_PROVIDER, clocks=clocks)
    return step(news, Verb.ESCALATED)


def left_unchecked(offer: Offer, place: Place, now: datetime) -> Offer | Denied:
    """Ask again for somebody independent to speak with the child about another's no."""
    check = place.policy.objection_check
    check_by = in_working_days(place.calendar, now, max(check.within_working_days, 1))
    clocks = replace(offer.clocks, objection_by=check_by)
    return step(replace(offer, rung_role=check.by, clocks=clocks), Verb.ESCALATED)


def left_undecided(offer: Offer, place: Place, now: datetime) -> Offer | Denied:
    """Ask again how advocacy goes on beside court or care (practice 8)."""
    days = place.policy.continue_decision_working_days
    decide_by = in_working_days(place.calendar, now, max(days, 1))
    clocks = replace(offer.clocks, continue_by=decide_by)
    return step(replace(offer, rung_role=Role.SOCIAL_WORKER, clocks=clocks), Verb.ESCALATED)


def left_unanswered(offer: Offer) -> Offer | Denied:
    """Let an offer lapse that nobody answered."""
    because = unanswered(offer)
    if because is None:
        return Denied("not-unanswered", "this offer does not lapse")
    return lapsed(offer, because)
