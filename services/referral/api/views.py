"""What referral shows of itself: the same words as on the bus, and what is due next."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from services.contracts.referral_events import AdvocateState, OfferState
from services.referral.domain.advocate import Advocate, Barrier, lapsed_on
from services.referral.domain.due import waits
from services.referral.domain.offer import Offer
from services.referral.storage.repositories import said_of_advocate, said_of_offer


class OfferView(OfferState):
    """An offer, and until when it waits for what."""

    waits_for: dict[str, datetime] = Field(description="What the offer waits for, and until when.")


class AdvocateView(AdvocateState):
    """An advocate, with how many children are with them now."""

    load: int = Field(description="How many children are with this advocate now.")
    employed_by: str = Field(description="The provider's reference, or `council`.")
    checks_valid_until: date
    training_valid_until: date
    conflicts: tuple[UUID, ...]
    lapsed: tuple[Barrier, ...] = Field(
        description="What has ended: until it is renewed, no child is given to this advocate."
    )


def offer_view(offer: Offer) -> OfferView:
    """Show an offer."""
    return OfferView(**dict(said_of_offer(offer)), waits_for=dict(waits(offer)))


def advocate_view(advocate: Advocate, load: int, today: date) -> AdvocateView:
    """Show an advocate as of today."""
    return AdvocateView(
        **dict(said_of_advocate(advocate)),
        load=load,
        employed_by=advocate.employed_by,
        checks_valid_until=advocate.checks_valid_until,
        training_valid_until=advocate.training_valid_until,
        conflicts=advocate.conflicts,
        lapsed=tuple(what for what, _ in lapsed_on(advocate, today)),
    )
