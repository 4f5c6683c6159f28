"""News of the offer, on real tables and the embedded bus."""

from datetime import datetime, timedelta

import pytest

from services.contracts.codes import ReminderStatus, VisitKind, VisitReason, VisitStatus
from tests.component.scheduling.story import MONDAY, STARTS_AT, Story

NO = {
    "status": "declined",
    "answered_at": MONDAY,
    "reported_by": "child",
    "heard_directly": True,
}


def test_made_alone_plans_nothing(story: Story) -> None:
    story.conference()
    story.offer()
    assert story.visits() == {}
    assert story.reminders() == []


def test_declined_cancels_visits_and_silences_reminders_in_the_same_breath(story: Story) -> None:
    story.begun()
    story.offer("declined", **NO)
    assert {v.status for v in story.visits().values()} == {VisitStatus.CANCELLED}
    assert {v.reason for v in story.visits().values()} == {VisitReason.OFFER_DECLINED}
    assert {r.status for r in story.reminders()} == {ReminderStatus.CANCELLED}
    story.world.advance(STARTS_AT + timedelta(days=10))
    assert story.said("reminder.came-due") == []
    assert story.said("visit.overdue") == []


def test_a_no_on_the_very_minute_of_a_reminder_wins(story: Story) -> None:
    story.begun()
    due = story.reminders()[0].due_at
    # The no is on the bus before the clock strikes; both are there when scheduling looks.
    scheduling = story.world.runners.pop("scheduling")
    story.offer("declined", **NO)
    story.world.clock.move(due)
    story.world.runners["scheduling"] = scheduling
    story.world.settle()
    assert story.said("reminder.came-due") == []


def test_declined_heard_twice_cancels_once(story: Story) -> None:
    story.begun()
    story.offer("declined", **NO)
    said = len(story.said("visit.cancelled"))
    story.world.publish("offer.declined", story._offer, sequence=3)
    assert len(story.said("visit.cancelled")) == said == 4


def test_an_offer_that_comes_before_its_conference_waits(story: Story) -> None:
    story.offer()
    assert story.world.runners["scheduling"].standing.waiting == 1
    story.conference()
    assert story.world.runners["scheduling"].standing.waiting == 0
    assert story.dead_letters() == []


def test_someone_elses_no_stops_nothing(story: Story) -> None:
    story.begun()
    story.offer("objected", objection="open")
    assert {v.status for v in story.visits().values()} == {VisitStatus.PLANNED}
    assert {r.status for r in story.reminders()} == {ReminderStatus.PLANNED}


@pytest.mark.parametrize(
    ("verb", "news", "reason"),
    [
        ("paused", {"status": "paused"}, VisitReason.OFFER_PAUSED),
        (
            "withdrawn",
            {"status": "withdrawn", "withdrawn_because": "duplicate"},
            VisitReason.OFFER_WITHDRAWN,
        ),
        (
            "stopped",
            {"status": "stopped", "stopped_because": "error"},
            VisitReason.OFFER_WITHDRAWN,
        ),
        (
            "lapsed",
            {"status": "lapsed", "lapsed_because": "told-no-answer"},
            VisitReason.OFFER_LAPSED,
        ),
    ],
)
def test_every_end_of_the_offer_is_the_reason_of_its_visits(
    story: Story, verb: str, news: dict[str, str], reason: VisitReason
) -> None:
    story.begun()
    story.offer(verb, **news)
    assert {v.reason for v in story.visits().values()} == {reason}
    assert VisitKind.CLOSING not in story.visits()


def test_after_a_pause_the_same_visits_go_on(story: Story) -> None:
    story.begun()
    refs = {kind: visit.visit_ref for kind, visit in story.visits().items()}
    story.offer("paused", status="paused")
    story.offer("resumed", status="standing")
    assert {kind: visit.visit_ref for kind, visit in story.visits().items()} == refs
    assert {v.status for v in story.visits().values()} == {VisitStatus.PLANNED}
    planned = [r for r in story.reminders() if r.status is ReminderStatus.PLANNED]
    assert len(planned) == 6


def test_withdrawn_after_the_child_met_the_advocate_leaves_one_closing_contact(
    story: Story,
) -> None:
    story.begun()
    story.post(VisitKind.INTRODUCTION, "held", held_at=MONDAY.isoformat())
    story.offer("withdrawn", status="withdrawn", withdrawn_because="not-needed")
    assert story.visit(VisitKind.CLOSING).status is VisitStatus.PLANNED
    assert len(story.said("visit.planned")) == 5


def test_telling_the_child_is_remembered_for_the_goodbye(story: Story) -> None:
    story.begun()
    told: datetime = MONDAY
    story.offer("explained", told="explained", explained_by="social-worker", explained_at=told)
    story.offer("withdrawn", status="withdrawn", withdrawn_because="moved")
    assert VisitKind.CLOSING in story.visits()
