"""Whom an event asks to act, and for what."""

from dataclasses import replace
from uuid import UUID

import pytest

from services.contracts.codes import (
    CancelledBecause,
    MessagePurpose,
    Objection,
    OfferStatus,
    Permission,
    ReminderAbout,
    Role,
    Told,
)
from services.exchange.domain import tasks
from services.exchange.domain.person import in_turn
from services.exchange.domain.seen import AllocationSeen
from services.exchange.domain.tasks import Escalated, Task

STANDING, ACCEPTED = OfferStatus.STANDING, OfferStatus.ACCEPTED
PAUSED, DECLINED = OfferStatus.PAUSED, OfferStatus.DECLINED
NONE, OPEN = Objection.NONE, Objection.OPEN
NOT_HEARD = False
CHAIR, WORKER, PROVIDER = Role.CONFERENCE_CHAIR, Role.SOCIAL_WORKER, Role.ADVOCACY_PROVIDER
ALLOCATED = MessagePurpose.ADVOCATE_ALLOCATED
ADVOCATE = UUID("adc00000-0000-4000-8000-000000000001")


def test_a_new_offer_is_explained_by_whose_turn_it_is() -> None:
    (task,) = tasks.on_offer_made(Role.REVIEWING_OFFICER, Permission.NOT_NEEDED)
    assert task == Task(MessagePurpose.EXPLAIN_OFFER, Role.REVIEWING_OFFICER)


def test_where_a_parent_is_asked_first_the_permission_is_wanted() -> None:
    (task,) = tasks.on_offer_made(Role.SOCIAL_WORKER, Permission.WANTED)
    assert task.purpose is MessagePurpose.PERMISSION_WANTED


@pytest.mark.parametrize(
    ("status", "told", "asked"),
    [
        (OfferStatus.STANDING, Told.NOT_KNOWN, 1),
        (OfferStatus.STANDING, Told.EXPLAINED, 0),
        (OfferStatus.ACCEPTED, Told.NOT_KNOWN, 0),
    ],
)
def test_an_offer_that_is_there_again_is_explained_to_a_child_who_does_not_know_of_it(
    status: OfferStatus, told: Told, asked: int
) -> None:
    wanted = tasks.on_offer_reopened(Role.SOCIAL_WORKER, Permission.NOT_NEEDED, status, told)
    assert len(wanted) == asked


@pytest.mark.parametrize(
    ("escalated", "purpose"),
    [
        (Escalated(STANDING, NONE, None, CHAIR, climbed=True), MessagePurpose.OFFER_ESCALATED),
        (
            Escalated(STANDING, NONE, None, PROVIDER, climbed=True),
            MessagePurpose.INDEPENDENT_CONTACT,
        ),
        (
            Escalated(STANDING, OPEN, None, PROVIDER, climbed=True),
            MessagePurpose.INDEPENDENT_CONTACT,
        ),
        (Escalated(STANDING, OPEN, None, PROVIDER, climbed=False), MessagePurpose.CHECK_OBJECTION),
        (Escalated(ACCEPTED, OPEN, None, PROVIDER, climbed=False), MessagePurpose.CHECK_OBJECTION),
        (Escalated(PAUSED, OPEN, None, PROVIDER, climbed=False), MessagePurpose.CHECK_OBJECTION),
        (Escalated(PAUSED, OPEN, None, WORKER, climbed=False), MessagePurpose.CONTINUE_DECISION),
        (Escalated(PAUSED, NONE, None, WORKER, climbed=False), MessagePurpose.CONTINUE_DECISION),
        (Escalated(DECLINED, OPEN, NOT_HEARD, PROVIDER, climbed=False), MessagePurpose.CONFIRM_NO),
    ],
)
def test_an_escalation_asks_for_what_the_offers_state_lacks(
    escalated: Escalated, purpose: MessagePurpose
) -> None:
    (task,) = tasks.on_offer_escalated(escalated)
    assert (task.purpose, task.role) == (purpose, escalated.rung_role)


GONE = AllocationSeen(ADVOCATE, None, parted=(ADVOCATE,))
OTHER = UUID("adc00000-0000-4000-8000-000000000002")


@pytest.mark.parametrize("purpose", sorted(set(MessagePurpose) - {ALLOCATED}))
def test_what_an_advocate_was_asked_who_is_no_more_is_passed_on(purpose: MessagePurpose) -> None:
    task = Task(purpose, Role.ADVOCATE, ADVOCATE)
    assert tasks.passed_on(task, None) == task
    assert tasks.passed_on(task, replace(GONE, parted=())) == task
    assert tasks.passed_on(task, GONE) == Task(purpose, PROVIDER)
    followed = replace(GONE, advocate_ref=OTHER)
    assert tasks.passed_on(task, followed) == Task(purpose, Role.ADVOCATE, OTHER)


def test_that_an_advocate_was_allocated_is_passed_on_to_nobody() -> None:
    task = Task(ALLOCATED, Role.ADVOCATE, ADVOCATE)
    assert tasks.passed_on(task, replace(GONE, advocate_ref=OTHER)) == task


def test_a_no_is_confirmed_unless_it_was_heard_from_the_child() -> None:
    assert tasks.on_offer_declined(heard_directly=True, advocate=ADVOCATE) == ()
    assert tasks.on_offer_declined(heard_directly=False, advocate=ADVOCATE) == (
        Task(MessagePurpose.CONFIRM_NO, Role.ADVOCATE, ADVOCATE),
    )
    assert tasks.on_offer_declined(heard_directly=False, advocate=None) == (
        Task(MessagePurpose.CONFIRM_NO, Role.ADVOCACY_PROVIDER),
    )


@pytest.mark.parametrize(
    ("attempts", "alarmed", "count"), [(1, False, 2), (2, False, 0), (7, True, 2), (0, False, 2)]
)
def test_unmet_is_told_at_first_and_at_the_alarm(
    attempts: int, count: int, *, alarmed: bool
) -> None:
    told = tasks.on_unmet(attempts, alarmed=alarmed)
    assert [task.role for task in told] == [
        Role.SAFEGUARDING_SERVICE,
        Role.ADVOCACY_PROVIDER,
    ][:count]


@pytest.mark.parametrize("because", [None, *CancelledBecause])
def test_court_and_care_leave_a_decision_to_a_person(because: CancelledBecause | None) -> None:
    told = tasks.on_conference_cancelled(because)
    expected = because in {
        CancelledBecause.PROCEEDINGS,
        CancelledBecause.EMERGENCY_PROTECTION,
        CancelledBecause.LOOKED_AFTER,
    }
    assert bool(told) is expected


@pytest.mark.parametrize("about", list(ReminderAbout))
def test_a_reminder_is_passed_on_to_whom_it_is_for(about: ReminderAbout) -> None:
    (task,) = tasks.on_reminder(about, Role.ADVOCATE, ADVOCATE)
    assert (task.role, task.recipient_ref) == (Role.ADVOCATE, ADVOCATE)
    assert task.purpose.value == f"{about}-reminder"


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_somebody_who_stands_in_and_the_turns_end(role: Role) -> None:
    turns = list(in_turn(role))
    assert turns[0] is role
    assert turns[-1] is Role.SAFEGUARDING_SERVICE
    assert len(turns) == len(set(turns))
