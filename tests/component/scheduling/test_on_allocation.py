"""News of the child's advocate, on real tables and the embedded bus."""

from datetime import date
from uuid import UUID

from services.contracts.codes import AllocationStatus, VisitKind, VisitStatus
from tests.component.scheduling.story import (
    ADVOCATE,
    ANOTHER_ADVOCATE,
    STARTS_AT,
    Story,
)

SECOND = UUID("a110c000-0000-4000-8000-000000000002")
AROUND = [
    VisitKind.INTRODUCTION,
    VisitKind.BEFORE,
    VisitKind.AT_CONFERENCE,
    VisitKind.AFTER,
]


def test_allocated_plans_four_visits_and_says_each_once(story: Story) -> None:
    story.begun()
    assert story.said_of_visits() == [("visit.planned", kind) for kind in AROUND]
    before = story.visit(VisitKind.BEFORE)
    assert (before.due_on, before.advocate_ref) == (date(2026, 12, 3), ADVOCATE)
    assert (before.conference_version, before.version) == (1, 1)


def test_allocated_heard_twice_changes_nothing(story: Story) -> None:
    story.begun()
    said = len(story.world.events())
    story.world.publish("allocation.allocated", story._allocation, sequence=2)
    assert len(story.world.events()) == said + 1
    assert {visit.version for visit in story.visits().values()} == {1}


def test_an_allocation_that_comes_before_its_conference_waits_and_is_then_planned(
    story: Story,
) -> None:
    story.offer()
    story.allocation()
    assert story.visits() == {}
    assert story.world.runners["scheduling"].standing.waiting == 2
    story.conference()
    assert set(story.visits()) == set(AROUND)
    assert story.world.runners["scheduling"].standing.waiting == 0


def test_released_leaves_the_visits_to_the_child_without_an_advocate(story: Story) -> None:
    story.begun()
    story.post(VisitKind.BEFORE, "agreed", at="2026-12-01T15:00:00Z")
    story.allocation("released", status=AllocationStatus.RELEASED)
    before = story.visit(VisitKind.BEFORE)
    assert (before.advocate_ref, before.status) == (None, VisitStatus.AGREED)
    assert {v.advocate_ref for v in story.visits().values()} == {None}
    assert len(story.said("visit.changed")) == 4


def test_the_next_advocate_takes_every_open_visit_over(story: Story) -> None:
    story.begun()
    story.allocation("replaced", status=AllocationStatus.REPLACED)
    story.allocation(
        allocation_ref=SECOND,
        advocate_ref=ANOTHER_ADVOCATE,
        status=AllocationStatus.ALLOCATED,
        version=1,
    )
    assert {v.advocate_ref for v in story.visits().values()} == {ANOTHER_ADVOCATE}
    assert {r.recipient_ref for r in story.reminders() if r.status == "planned"} == {
        ANOTHER_ADVOCATE,
        None,
    }


def test_a_conflict_takes_the_goodbye_from_that_advocate_too(story: Story) -> None:
    story.begun()
    story.offer("explained", told="explained", explained_by="parent", explained_at=STARTS_AT)
    story.conference("cancelled", status="cancelled", cancelled_because="not-needed")
    assert story.visit(VisitKind.CLOSING).advocate_ref == ADVOCATE
    story.allocation("conflict-found", status=AllocationStatus.CONFLICT)
    assert story.visit(VisitKind.CLOSING).advocate_ref is None


def test_unmet_plans_nothing(story: Story) -> None:
    story.conference()
    story.offer()
    story.allocation(
        "unmet",
        status=AllocationStatus.UNMET,
        advocate_ref=None,
        unmet_because="nobody-with-room",
    )
    assert story.visits() == {}


def test_an_offer_under_a_policy_nobody_has_becomes_a_dead_letter_and_the_next_is_handled(
    story: Story,
) -> None:
    story.conference()
    story.offer(policy="nowhere@2020-01-01")
    assert story.dead_letters() == ["policy-unknown"]
    story.offer("changed", policy="rbkc@2013-01-01")
    story.allocation()
    assert set(story.visits()) == set(AROUND)
