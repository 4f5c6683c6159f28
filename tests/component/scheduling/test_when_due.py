"""What happens when a day or an hour comes, with a clock that is driven."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.contracts.codes import ReminderStatus, Role, VisitKind
from tests.component.scheduling.story import ADVOCATE, STARTS_AT, Story

SEVEN = datetime(2026, 11, 26, 9, tzinfo=UTC)
THREE = datetime(2026, 12, 2, 9, tzinfo=UTC)
ONE = datetime(2026, 12, 4, 9, tzinfo=UTC)


def leads(story: Story) -> list[tuple[int, Role]]:
    return [(r.lead_working_days, r.recipient_role) for r in story.said("reminder.came-due")]


def both(*days: int) -> list[tuple[int, Role]]:
    return [(lead, role) for lead in days for role in (Role.ADVOCATE, Role.SOCIAL_WORKER)]


def test_each_reminder_is_said_once_on_its_day_at_its_hour(story: Story) -> None:
    story.begun()
    story.world.advance(SEVEN - timedelta(minutes=1))
    assert leads(story) == []
    story.world.advance(SEVEN)
    assert sorted(leads(story)) == sorted(both(7))
    story.world.advance(THREE)
    story.world.advance(ONE)
    story.world.advance(STARTS_AT)
    assert sorted(leads(story)) == sorted(both(7, 3, 1))
    to_advocate = [r for r in story.said("reminder.came-due") if r.recipient_role is Role.ADVOCATE]
    assert {r.recipient_ref for r in to_advocate} == {ADVOCATE}


def test_down_over_two_reminders_only_the_one_that_still_helps_is_said(story: Story) -> None:
    story.begun()
    story.world.advance(THREE + timedelta(hours=1))
    assert sorted(leads(story)) == sorted(both(3))
    assert {r.lead_working_days for r in story.said("reminder.cancelled")} == {7}


def test_down_until_it_began_nothing_is_said(story: Story) -> None:
    story.begun()
    story.world.advance(STARTS_AT)
    assert leads(story) == []
    assert {r.status for r in story.reminders()} == {ReminderStatus.CANCELLED}


def test_at_short_notice_what_was_missed_but_helps_is_said_at_once(tmp_path: Path) -> None:
    story = Story(tmp_path / "data", now=THREE + timedelta(hours=5)).begun()
    assert sorted(leads(story)) == sorted(both(3))
    story.world.advance(ONE)
    assert sorted(leads(story)) == sorted(both(3, 1))


def test_what_was_said_for_the_old_day_is_said_again_for_the_new_one(story: Story) -> None:
    story.begun()
    story.world.advance(SEVEN)
    story.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=14))
    story.world.advance(SEVEN + timedelta(days=14))
    assert sorted(leads(story)) == sorted(both(7) + both(7))


def test_a_visit_is_overdue_once_when_its_day_is_over(story: Story) -> None:
    story.begun()
    story.world.advance(datetime(2026, 11, 25, 23, 59, tzinfo=UTC))
    assert story.said("visit.overdue") == []
    story.world.advance(datetime(2026, 11, 26, tzinfo=UTC))
    story.world.advance(datetime(2026, 11, 30, tzinfo=UTC))
    (late,) = story.said("visit.overdue")
    assert (late.kind, late.overdue) == (VisitKind.INTRODUCTION, True)
    assert story.visit(VisitKind.INTRODUCTION).overdue


def test_a_visit_held_in_time_is_never_overdue(story: Story) -> None:
    story.begun()
    story.post(VisitKind.INTRODUCTION, "held", held_at="2026-11-23T09:00:00Z")
    story.world.advance(datetime(2026, 12, 1, tzinfo=UTC))
    assert story.said("visit.overdue") == []


def test_a_late_visit_that_gets_another_day_may_be_late_again(story: Story) -> None:
    story.begun()
    story.world.advance(datetime(2026, 12, 4, tzinfo=UTC))
    assert story.visit(VisitKind.BEFORE).overdue
    story.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=14))
    assert not story.visit(VisitKind.BEFORE).overdue
    story.world.advance(datetime(2026, 12, 18, tzinfo=UTC))
    late = [visit.kind for visit in story.said("visit.overdue")]
    assert late.count(VisitKind.BEFORE) == 2
