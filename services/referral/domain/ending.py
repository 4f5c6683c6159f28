"""How an offer ends other than by the child's answer: stopped, withdrawn, or lapsed."""

from dataclasses import replace

from services.contracts.codes import (
    EndedBecause,
    LapsedBecause,
    Objection,
    Permission,
    Told,
)
from services.referral.domain.denied import Denied
from services.referral.domain.offer import Offer, Verb, step


def stopped(offer: Offer, because: EndedBecause) -> Offer | Denied:
    """Record that a person ended the offer."""
    return step(replace(offer, stopped_because=because), Verb.STOPPED)


def withdrawn(offer: Offer, because: EndedBecause) -> Offer | Denied:
    """Record that the authority withdrew the offer."""
    return step(replace(offer, withdrawn_because=because), Verb.WITHDRAWN)


def unanswered(offer: Offer) -> LapsedBecause | None:
    """Say as what an offer lapses after the conference and its grace, if it does at all.

    An offer does not lapse as unanswered when the child answered or has met the advocate, when a
    parent refused the permission a historical policy asks for, or when somebody's objection was
    never checked with the child: that is no silence of the child's.
    """
    if not offer.is_unanswered or offer.met:
        return None
    if offer.permission is Permission.REFUSED or offer.objection is not Objection.NONE:
        return None
    if offer.told is Told.NOT_KNOWN:
        return LapsedBecause.HELD_NEVER_TOLD
    return LapsedBecause.TOLD_NO_ANSWER


def lapsed(offer: Offer, because: LapsedBecause) -> Offer | Denied:
    """Record that the offer came to its end by itself."""
    return step(replace(offer, lapsed_because=because), Verb.LAPSED)
