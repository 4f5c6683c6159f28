"""The commands about a child's advocate: taken on, refused, in conflict, released, chosen."""

from dataclasses import dataclass
from uuid import UUID

from services.chassis.errors import Refused
from services.chassis.work import Work
from services.contracts.codes import AllocationReason
from services.referral.domain import allocation as rules
from services.referral.domain.advocate import with_conflict
from services.referral.domain.allocation import Allocation, Step
from services.referral.domain.choosing import chosen, may_have_one
from services.referral.domain.offer import Offer
from services.referral.handlers.granting import granted
from services.referral.handlers.searching import bind, end_bond, open_search, seeker_for
from services.referral.settings import Referral
from services.referral.storage.repositories import (
    ADVOCATES,
    ALLOCATIONS,
    OFFERS,
    allocation_of,
    candidate,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom a person chose for a child, and whether the child asked for it."""

    advocate_ref: UUID
    because: AllocationReason


def confirm(work: Work[Referral], allocation_ref: UUID) -> Allocation:
    """Record that the advocate took the child on."""
    bond = work.get(ALLOCATIONS, allocation_ref)
    return work.record(ALLOCATIONS, granted(rules.confirmed(bond)), Step.CONFIRMED)


def refuse(work: Work[Referral], allocation_ref: UUID) -> Allocation:
    """Record that the advocate could not take the child on; the next one is looked for."""
    return end_bond(work, work.get(ALLOCATIONS, allocation_ref), Step.REFUSED, not_again=True)


def release(work: Work[Referral], allocation_ref: UUID) -> Allocation:
    """Record that the advocate had to give the child up; the next one is looked for."""
    return end_bond(work, work.get(ALLOCATIONS, allocation_ref), Step.RELEASED, not_again=True)


def find_conflict(work: Work[Referral], allocation_ref: UUID) -> Allocation:
    """End an advocate's access at once: they cannot be independent for this child (practice 18)."""
    bond = work.get(ALLOCATIONS, allocation_ref)
    others = _note_conflict(work, bond)
    ended = end_bond(work, bond, Step.CONFLICT_FOUND, not_again=True)
    for other in others:
        end_bond(work, other, Step.CONFLICT_FOUND, not_again=True)
    return ended


def _note_conflict(work: Work[Referral], bond: Allocation) -> list[Allocation]:
    """Keep the advocate from this child for good; return their bonds at other conferences."""
    if bond.advocate_ref is None:
        return []
    advocate = work.get(ADVOCATES, bond.advocate_ref)
    work.save(ADVOCATES, with_conflict(advocate, bond.child_ref))
    of_the_child = work.select(ALLOCATIONS, child_ref=bond.child_ref, held_by=bond.advocate_ref)
    return [other for other in of_the_child if other.allocation_ref != bond.allocation_ref]


def choose(work: Work[Referral], offer_ref: UUID, choice: Choice) -> Allocation:
    """Give a child the advocate a person chose; independence is not for choosing."""
    offer = work.get(OFFERS, offer_ref)
    granted(may_have_one(offer))
    one = candidate(work, choice.advocate_ref, offer.child_ref)
    by = granted(chosen(one, seeker_for(work, offer), choice.because))
    return bind(work, _search_for(work, offer, choice), by)


def _search_for(work: Work[Referral], offer: Offer, choice: Choice) -> Allocation:
    """Return the search that this choice ends; a bond with somebody else is replaced."""
    current = allocation_of(work, offer)
    if current is None:
        return open_search(work, offer)
    if not current.is_bound:
        return current
    if current.advocate_ref == choice.advocate_ref:
        raise Refused("already-allocated", "this advocate is the child's already")
    asked = choice.because is AllocationReason.CHILD_ASKED
    end_bond(work, current, Step.REPLACED, not_again=asked)
    return open_search(work, offer)
