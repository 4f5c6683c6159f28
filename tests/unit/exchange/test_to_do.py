"""What a message asks for, against what was recorded since: whether anybody still has to do it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from services.contracts.codes import (
    AllocationStatus,
    ConferenceStatus,
    MessagePurpose,
    Objection,
    OfferStatus,
    Permission,
    Told,
    ViewStatus,
    VisitStatus,
)
from services.exchange.domain.seen import (
    AllocationSeen,
    OfferSeen,
    ViewSeen,
    VisitSeen,
    with_allocation,
)
from services.exchange.domain.to_do import Known, is_still_to_do, rests

REF = UUID("0ffe0000-0000-4000-8000-000000000001")
ONE = UUID("adc00000-0000-4000-8000-000000000001")
OTHER = UUID("adc00000-0000-4000-8000-000000000002")
OFFER = OfferSeen(
    REF, REF, OfferStatus.STANDING, Told.NOT_KNOWN, Permission.NOT_NEEDED, Objection.NONE, 1
)
VISIT = VisitSeen(REF, VisitStatus.PLANNED, overdue=True, seen_version=1)
VIEW = ViewSeen(REF, ViewStatus.SHARED, for_chair=True, seen_version=1)
UNTOLD = [
    MessagePurpose.EXPLAIN_OFFER,
    MessagePurpose.EXPLAIN_OVERDUE,
    MessagePurpose.OFFER_ESCALATED,
    MessagePurpose.INDEPENDENT_CONTACT,
]


def offered(**changes: Any) -> Known:
    return Known(offers=(replace(OFFER, **changes),))


@pytest.mark.parametrize("purpose", UNTOLD)
@pytest.mark.parametrize(
    ("changes", "to_do"),
    [
        ({}, True),
        ({"status": OfferStatus.PAUSED}, True),
        ({"told": Told.EXPLAINED}, False),
        ({"told": Told.CONFIRMED}, False),
        ({"status": OfferStatus.ACCEPTED}, False),
        ({"status": OfferStatus.DECLINED}, False),
        ({"permission": Permission.REFUSED}, False),
    ],
)
def test_a_child_is_told_unless_somebody_did_or_the_child_has_answered(
    purpose: MessagePurpose, changes: dict[str, Any], *, to_do: bool
) -> None:
    assert is_still_to_do(purpose, offered(**changes)) is to_do


def test_of_two_offers_one_that_the_child_does_not_know_of_is_enough() -> None:
    both = (replace(OFFER, told=Told.EXPLAINED), OFFER)
    assert is_still_to_do(MessagePurpose.EXPLAIN_OFFER, Known(offers=both))


@pytest.mark.parametrize("permission", list(Permission))
def test_a_permission_is_asked_for_while_it_is_wanted(permission: Permission) -> None:
    known = offered(permission=permission)
    wanted = permission is Permission.WANTED
    assert is_still_to_do(MessagePurpose.PERMISSION_WANTED, known) is wanted


@pytest.mark.parametrize("status", list(OfferStatus))
@pytest.mark.parametrize("heard", [True, False])
def test_a_no_is_confirmed_while_nobody_heard_it_from_the_child(
    status: OfferStatus, *, heard: bool
) -> None:
    known = offered(status=status, heard_directly=heard)
    wanted = status is OfferStatus.DECLINED and not heard
    assert is_still_to_do(MessagePurpose.CONFIRM_NO, known) is wanted


@pytest.mark.parametrize("objection", list(Objection))
def test_an_objection_is_checked_while_it_is_open_and_the_offer_live(objection: Objection) -> None:
    check = MessagePurpose.CHECK_OBJECTION
    live = offered(objection=objection, status=OfferStatus.ACCEPTED)
    assert is_still_to_do(check, live) is (objection is Objection.OPEN)
    assert not is_still_to_do(check, offered(objection=objection, status=OfferStatus.LAPSED))


@pytest.mark.parametrize(("now", "to_do"), [(ONE, True), (OTHER, False), (None, False)])
def test_only_who_is_the_advocate_now_hears_of_the_allocation(
    now: UUID | None, *, to_do: bool
) -> None:
    known = Known(asked_ref=ONE, advocate_ref=now)
    assert is_still_to_do(MessagePurpose.ADVOCATE_ALLOCATED, known) is to_do


def test_nobody_is_alarmed_once_an_advocate_is_found() -> None:
    unmet = MessagePurpose.ADVOCATE_UNMET
    assert is_still_to_do(unmet, Known())
    assert not is_still_to_do(unmet, Known(advocate_ref=ONE))


@pytest.mark.parametrize(
    ("conference", "offer", "followed", "to_do"),
    [
        (ConferenceStatus.CANCELLED, OfferStatus.PAUSED, True, True),
        # The offer has not heard of the cancellation yet.
        (ConferenceStatus.CANCELLED, OfferStatus.STANDING, False, True),
        (ConferenceStatus.CANCELLED, OfferStatus.STANDING, True, False),
        (ConferenceStatus.CANCELLED, OfferStatus.STOPPED, True, False),
        (ConferenceStatus.SCHEDULED, OfferStatus.PAUSED, True, False),
    ],
)
def test_a_decision_is_asked_for_until_it_is_taken_or_the_conference_stands_again(
    conference: ConferenceStatus, offer: OfferStatus, *, followed: bool, to_do: bool
) -> None:
    seen = replace(OFFER, status=offer, conference_version=2 if followed else 1)
    known = Known(conference_status=conference, conference_version=2, offers=(seen,))
    assert is_still_to_do(MessagePurpose.CONTINUE_DECISION, known) is to_do


@pytest.mark.parametrize("status", list(VisitStatus))
def test_nobody_is_asked_about_a_visit_of_which_it_is_known_what_became_of_it(
    status: VisitStatus,
) -> None:
    known = Known(visit=replace(VISIT, status=status))
    is_open = status in {VisitStatus.PLANNED, VisitStatus.OFFERED, VisitStatus.AGREED}
    for purpose in (
        MessagePurpose.VISIT_OVERDUE,
        MessagePurpose.CLOSING_CONTACT,
        MessagePurpose.VISIT_REMINDER,
    ):
        assert is_still_to_do(purpose, known) is is_open


@pytest.mark.parametrize("status", list(VisitStatus))
def test_an_advocate_hears_that_a_time_is_gone_until_another_one_is_agreed(
    status: VisitStatus,
) -> None:
    known = Known(visit=replace(VISIT, status=status))
    is_gone = status in {VisitStatus.PLANNED, VisitStatus.CANCELLED}
    assert is_still_to_do(MessagePurpose.VISIT_REPLANNED, known) is is_gone


def test_a_time_that_is_gone_is_said_when_the_visit_that_was_called_off_comes_back() -> None:
    called_off = Known(visit=replace(VISIT, status=VisitStatus.CANCELLED))
    assert rests(MessagePurpose.VISIT_REPLANNED, called_off)
    assert not rests(MessagePurpose.VISIT_OVERDUE, called_off)
    assert not rests(MessagePurpose.VISIT_REPLANNED, Known(visit=VISIT))


def test_a_visit_that_has_a_later_day_now_is_not_overdue() -> None:
    known = Known(visit=replace(VISIT, overdue=False))
    assert not is_still_to_do(MessagePurpose.VISIT_OVERDUE, known)


@pytest.mark.parametrize("status", list(ViewStatus))
def test_a_view_is_brought_to_the_chair_once_and_its_answer_to_the_child(
    status: ViewStatus,
) -> None:
    known = Known(view=replace(VIEW, status=status))
    for_chair, answer = MessagePurpose.VIEW_FOR_CHAIR, MessagePurpose.TELL_CHILD_ANSWER
    assert is_still_to_do(for_chair, known) is (status is ViewStatus.SHARED)
    assert is_still_to_do(answer, known) is (status is ViewStatus.ANSWERED)


def test_the_chair_is_not_asked_to_read_what_the_child_has_taken_back_from_the_chair() -> None:
    known = Known(view=replace(VIEW, for_chair=False))
    assert not is_still_to_do(MessagePurpose.VIEW_FOR_CHAIR, known)


FOUND = AllocationSeen(REF, ONE)


@pytest.mark.parametrize(
    ("status", "goes_on", "parted"),
    [
        (AllocationStatus.CONFLICT, False, True),
        (AllocationStatus.REFUSED, True, True),
        (AllocationStatus.REPLACED, True, True),
        (AllocationStatus.RELEASED, True, True),
        # The offer came to its end: the goodbye is said by whom the child knows.
        (AllocationStatus.RELEASED, False, False),
    ],
)
def test_who_is_the_advocate_no_more_is_written_to_only_for_a_goodbye(
    status: AllocationStatus, *, goes_on: bool, parted: bool
) -> None:
    after = with_allocation(FOUND, status, ONE, goes_on=goes_on)
    assert (after.advocate_ref, after.parted) == (None, (ONE,) if parted else ())


def test_the_end_of_a_former_bond_leaves_the_next_advocate() -> None:
    after = with_allocation(FOUND, AllocationStatus.REPLACED, OTHER, goes_on=True)
    assert (after.advocate_ref, after.parted) == (ONE, (OTHER,))


def test_who_is_allocated_again_is_written_to_again() -> None:
    gone = with_allocation(FOUND, AllocationStatus.RELEASED, ONE, goes_on=True)
    assert with_allocation(gone, AllocationStatus.ALLOCATED, ONE, goes_on=True) == FOUND
