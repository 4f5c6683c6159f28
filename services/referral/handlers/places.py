"""Finds the rules of the place an offer is made or was made under."""

from services.chassis.work import Work
from services.contracts.policy import Policy
from services.referral.domain.offer import Offer
from services.referral.domain.place import Place
from services.referral.settings import Referral


def place_today(work: Work[Referral], authority: str) -> Place:
    """Return an authority's rules of today.

    Raises:
        UnknownPolicy: no policy covers it; the event waits for a person to add one.
    """
    return _place(work, work.context.policies.for_(authority, work.today))


def place_of(work: Work[Referral], offer: Offer) -> Place:
    """Return the rules an offer was made under: they hold for it until its end."""
    return _place(work, work.context.policies.named(offer.policy))


def _place(work: Work[Referral], policy: Policy) -> Place:
    return Place(policy, work.context.policies.calendar(policy))
