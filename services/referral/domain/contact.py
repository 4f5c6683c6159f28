"""What contact with the child, or the end of all contact, means for an offer."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from services.contracts.codes import LapsedBecause
from services.referral.domain.offer import Offer

UNANSWERED: Final = frozenset({LapsedBecause.HELD_NEVER_TOLD, LapsedBecause.TOLD_NO_ANSWER})


def met(offer: Offer) -> Offer:
    """Note that the child met the advocate: from here no silence is read as an answer."""
    return replace(offer, met=True)


def lapsed_wrongly(offer: Offer) -> bool:
    """Whether a meeting, recorded late, shows that the child was not silent after all."""
    return offer.lapsed_because in UNANSWERED


def silenced(offer: Offer) -> Offer:
    """Note that all contact with the child was stopped: nobody is asked to speak to the child."""
    return replace(offer, silenced=True)


def allowed_again(offer: Offer, now: datetime) -> Offer:
    """Note that contact is allowed again; the time to tell the child begins now."""
    clocks = replace(offer.clocks, since=now, tell_by=None, rungs=())
    return replace(offer, silenced=False, clocks=clocks)
