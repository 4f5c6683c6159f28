"""The SELECTs that are more than a look-up by key, each with a name."""

from typing import Any

from sqlalchemy import select

from services.chassis.work import Work
from services.contracts.codes import OfferStatus, Told
from services.referral.domain.offer import Offer
from services.referral.storage import tables
from services.referral.storage.repositories import OFFERS


def standing_untold(work: Work[Any], authority: str | None) -> list[Offer]:
    """Return the offers that stand, of all places or one, while nobody says the child was told."""
    offers = tables.OFFERS
    statement = (
        select(offers)
        .where(offers.c.status == OfferStatus.STANDING.value)
        .where(offers.c.told == Told.NOT_KNOWN.value)
    )
    if authority is not None:
        statement = statement.where(offers.c.authority == authority)
    return work.load(OFFERS, statement)
