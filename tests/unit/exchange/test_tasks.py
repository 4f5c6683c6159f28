"""Whom an event asks to act, and for what."""

from uuid import UUID

import pytest

from services.contracts.codes import (
    CancelledBecause,
    MessagePurpose,
    OfferStatus,
    Permission,
    ReminderAbout,
    Role,
    Told,
)
from services.exchange.domain import tasks
from services.exchange.domain.person import in_turn
from services.exchange.domain.tasks import Task

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
    ("role", "status", "heard", "purpose"),
    [
        (Role.CONFERENCE_CHAIR, OfferStatus.STANDING, None, MessagePurpose.OFFER_ESCALATED),
        (Role.ADVOCACY_PROVIDER, OfferStatus.STANDING, None, MessagePurpose.INDEPENDENT_CONTACT),
        (Role.ADVOCACY_PROVIDER, OfferStatus.DECLINED, False, MessagePurpose.CONFIRM_NO),
        (Role.SOCIAL_WORKER, OfferStatus.PAUSED, None, MessagePurpose.CONTINUE_DECISION),
    ],
)
def test_an_escalation_asks_for_what_the_offers_state_lacks(
    role: Role, status: OfferStatus, purpose: MessagePurpose, *, heard: bool | None
) -> None:
    assert tasks.on_offer_escalated(role, status, heard_directly=heard) == (Task(purpose, role),)


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
