"""Remembers what other services said, as far as the exit asks for it."""

from dataclasses import replace
from uuid import UUID

from services.chassis.envelope import Happened
from services.contracts.chassis_events import DeadLetterState
from services.contracts.codes import AllocationStatus, OfferStatus
from services.contracts.referral_events import AllocationState, OfferState
from services.exchange.domain.seen import AllocationSeen, DeadLetterSeen, OfferSeen
from services.exchange.handlers.context import ExchangeWork
from services.exchange.storage.repositories import (
    ALLOCATIONS_SEEN,
    DEAD_LETTERS_SEEN,
    OFFERS_SEEN,
)

_NO = frozenset({OfferStatus.DECLINED, OfferStatus.PAUSED})
_ENDED = frozenset({OfferStatus.WITHDRAWN, OfferStatus.STOPPED, OfferStatus.LAPSED})
_WITH_ADVOCATE = frozenset({AllocationStatus.ALLOCATED, AllocationStatus.CONFIRMED})


def remember_offer(work: ExchangeWork, event: Happened[OfferState]) -> None:
    """Remember whether the child's last word is no, or the offer is over; older undoes nothing."""
    offer = event.data
    before = work.find(OFFERS_SEEN, offer.offer_ref)
    seen = before or OfferSeen(offer.offer_ref, offer.conference_ref, said_no=False, seen_version=0)
    if offer.version > seen.seen_version:
        said_no, ended = offer.status in _NO, offer.status in _ENDED
        after = replace(seen, said_no=said_no, ended=ended, seen_version=offer.version)
        work.save(OFFERS_SEEN, after)


def remember_allocation(work: ExchangeWork, event: Happened[AllocationState]) -> None:
    """Remember who the advocate is; whoever was released or found in conflict is not."""
    allocation = event.data
    advocate_ref = allocation.advocate_ref if allocation.status in _WITH_ADVOCATE else None
    before = work.find(ALLOCATIONS_SEEN, allocation.conference_ref)
    seen = before or AllocationSeen(allocation.conference_ref, None)
    is_gone = advocate_ref is None and seen.advocate_ref not in {None, allocation.advocate_ref}
    if not is_gone:
        work.save(ALLOCATIONS_SEEN, replace(seen, advocate_ref=advocate_ref))


def on_dead_letter(work: ExchangeWork, event: Happened[DeadLetterState]) -> None:
    """Remember that an event about a child was laid aside, or seen to."""
    letter = event.data
    if letter.child_ref is None:
        return
    before = work.find(DEAD_LETTERS_SEEN, letter.dead_letter_ref)
    seen = before or DeadLetterSeen(letter.dead_letter_ref, letter.child_ref, letter.open)
    work.save(DEAD_LETTERS_SEEN, replace(seen, open=letter.open))


def advocate_for(work: ExchangeWork, conference_ref: UUID) -> UUID | None:
    """Return the advocate for a child's conference, if one is known."""
    seen = work.find(ALLOCATIONS_SEEN, conference_ref)
    return seen.advocate_ref if seen else None


def said_no(work: ExchangeWork, conference_ref: UUID | None) -> bool:
    """Whether the child's last word on an offer for this conference is no."""
    if conference_ref is None:
        return False
    return any(seen.said_no for seen in work.select(OFFERS_SEEN, conference_ref=conference_ref))


def offer_is_over(work: ExchangeWork, conference_ref: UUID | None) -> bool:
    """Whether there was an offer for this conference, and none that has not come to its end."""
    if conference_ref is None:
        return False
    offers = work.select(OFFERS_SEEN, conference_ref=conference_ref)
    return bool(offers) and all(seen.ended for seen in offers)


def has_open_dead_letter(work: ExchangeWork, child_ref: UUID) -> bool:
    """Whether an event about the child waits for a person."""
    return any(seen.open for seen in work.select(DEAD_LETTERS_SEEN, child_ref=child_ref))
