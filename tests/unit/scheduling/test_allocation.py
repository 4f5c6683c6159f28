"""Who the child's advocate is, whatever order the news come in."""

from datetime import date
from uuid import UUID

import pytest

from services.contracts.codes import AllocationStatus
from services.scheduling.domain.allocation import with_allocation
from services.scheduling.domain.facts import Allocation
from tests.unit.scheduling.cases import ADVOCATE, ANOTHER_ADVOCATE, an_offer

FIRST = UUID("a110c000-0000-4000-8000-000000000001")
SECOND = UUID("a110c000-0000-4000-8000-000000000002")
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def said(
    status: AllocationStatus,
    as_of: int = 1,
    advocate: UUID | None = ADVOCATE,
    allocation: UUID = FIRST,
    on: date = MONDAY,
) -> Allocation:
    return Allocation(allocation, as_of, status, advocate, on)


def test_an_allocated_advocate_is_the_childs_from_that_day() -> None:
    offer = with_allocation(an_offer(), said(AllocationStatus.ALLOCATED))
    assert (offer.advocate_ref, offer.allocated_on) == (ADVOCATE, MONDAY)


def test_a_confirmation_changes_neither_advocate_nor_day() -> None:
    offer = with_allocation(an_offer(), said(AllocationStatus.ALLOCATED))
    confirmed = with_allocation(offer, said(AllocationStatus.CONFIRMED, 2, on=FRIDAY))
    assert (confirmed.advocate_ref, confirmed.allocated_on) == (ADVOCATE, MONDAY)


@pytest.mark.parametrize(
    "status", [AllocationStatus.RELEASED, AllocationStatus.REFUSED, AllocationStatus.UNMET]
)
def test_an_ended_bond_leaves_nobody_but_remembers_whom_the_child_knows(
    status: AllocationStatus,
) -> None:
    offer = with_allocation(an_offer(), said(AllocationStatus.ALLOCATED))
    after = with_allocation(offer, said(status, 2))
    assert (after.advocate_ref, after.last_advocate_ref) == (None, ADVOCATE)


def test_a_conflict_ends_every_access_also_for_the_goodbye() -> None:
    offer = with_allocation(an_offer(), said(AllocationStatus.ALLOCATED))
    after = with_allocation(offer, said(AllocationStatus.CONFLICT, 2))
    assert (after.advocate_ref, after.last_advocate_ref) == (None, None)


def test_replaced_means_that_the_bond_ended_and_another_allocation_follows() -> None:
    offer = with_allocation(an_offer(), said(AllocationStatus.ALLOCATED))
    assert with_allocation(offer, said(AllocationStatus.REPLACED, 2)).advocate_ref is None


def test_a_new_allocation_follows_the_former_whatever_its_version() -> None:
    offer = with_allocation(an_offer(), said(AllocationStatus.RELEASED, 7))
    after = with_allocation(
        offer, said(AllocationStatus.ALLOCATED, 1, ANOTHER_ADVOCATE, SECOND, FRIDAY)
    )
    assert (after.advocate_ref, after.allocated_on) == (ANOTHER_ADVOCATE, FRIDAY)


def test_the_end_of_a_former_allocation_does_not_touch_the_present_one() -> None:
    offer = with_allocation(
        an_offer(), said(AllocationStatus.ALLOCATED, 1, ANOTHER_ADVOCATE, SECOND)
    )
    assert with_allocation(offer, said(AllocationStatus.RELEASED, 3)) == offer


def test_old_news_of_the_same_allocation_change_nothing() -> None:
    offer = with_allocation(an_offer(), said(AllocationStatus.RELEASED, 2))
    assert with_allocation(offer, said(AllocationStatus.ALLOCATED, 1)) == offer
