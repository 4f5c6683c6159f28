"""Who the child's advocate is, told from what referral says about allocations."""

from dataclasses import replace
from datetime import date

from services.contracts.codes import AllocationStatus
from services.scheduling.domain.facts import BOUND, Allocation, Offer


def with_allocation(offer: Offer, said: Allocation) -> Offer:
    """Return the offer as it stands after this news about its advocate.

    A bond that ended is followed by a new allocation; later news about the former one change
    nothing. Meanwhile the child's visits wait for the next advocate, they are not taken away.
    """
    if _is_old_news(offer, said):
        return offer
    known = replace(offer, allocation_ref=said.allocation_ref, allocation_as_of=said.as_of)
    if said.status in BOUND:
        return replace(
            known,
            advocate_ref=said.advocate_ref,
            last_advocate_ref=said.advocate_ref,
            allocated_on=_allocated_on(offer, said),
        )
    if said.status is AllocationStatus.CONFLICT:
        return replace(known, advocate_ref=None, last_advocate_ref=None)
    return replace(known, advocate_ref=None)


def _is_old_news(offer: Offer, said: Allocation) -> bool:
    if said.allocation_ref == offer.allocation_ref:
        return said.as_of <= offer.allocation_as_of
    return offer.allocation_ref is not None and said.status not in BOUND


def _allocated_on(offer: Offer, said: Allocation) -> date | None:
    return offer.allocated_on if said.advocate_ref == offer.advocate_ref else said.on
