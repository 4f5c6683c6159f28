"""News of the conference, on real tables and the embedded bus."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.contracts.codes import (
    ConferenceStatus,
    ReminderStatus,
    Told,
    VisitKind,
    VisitReason,
    VisitStatus,
)
from services.contracts.exchange_events import ConferenceState
from tests.component.scheduling.story import STARTS_AT, Story

HELD_AT = STARTS_AT + timedelta(minutes=5)
REVIEW = UUID("c0ff0000-0000-4000-8000-000000000002")


def statuses(story: Story) -> dict[VisitKind, VisitStatus]:
    return {kind: visit.status for kind, visit in story.visits().items()}


def participation(*, advocate_present: bool) -> dict[str, object]:
    return {
        "attendance": "did-not-attend",
        "voice": "advocate",
        "advocate_present": advocate_present,
        "part_attendance": False,
        "session_on": STARTS_AT.date(),
    }


def test_scheduled_alone_plans_nothing(story: Story) -> None:
    story.conference()
    assert story.visits() == {}


def test_rescheduled_moves_days_and_replaces_reminders(story: Story) -> None:
    story.begun()
    story.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=7))
    before = story.visit(VisitKind.BEFORE)
    assert (before.due_on, before.conference_version) == (date(2026, 12, 10), 2)
    by_status = [r.status for r in story.reminders()]
    assert by_status.count(ReminderStatus.CANCELLED) == 6
    assert by_status.count(ReminderStatus.PLANNED) == 6
    assert len(story.said("reminder.cancelled")) == 6
    assert {event for event, _ in story.said_of_visits()} == {"visit.planned", "visit.changed"}


def test_rescheduled_heard_twice_moves_once(story: Story) -> None:
    story.begun()
    story.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=7))
    versions = {kind: visit.version for kind, visit in story.visits().items()}
    story.world.publish("conference.rescheduled", story._conference, sequence=2)
    story.world.publish("conference.rescheduled", story._conference)
    assert {kind: visit.version for kind, visit in story.visits().items()} == versions


def test_an_older_state_never_undoes_a_newer_one(story: Story) -> None:
    story.begun()
    story.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=7), version=5)
    story.conference("changed", starts_at=STARTS_AT, version=4)
    assert story.visit(VisitKind.AT_CONFERENCE).due_on == date(2026, 12, 14)


def test_a_time_agreed_with_the_child_is_never_moved_silently(story: Story) -> None:
    story.begun()
    story.post(VisitKind.BEFORE, "agreed", at="2026-12-04T15:00:00Z")
    story.conference("rescheduled", starts_at=STARTS_AT - timedelta(days=4))
    (moved,) = story.said("visit.moved")
    assert (moved.kind, moved.status, moved.at) == (VisitKind.BEFORE, VisitStatus.PLANNED, None)
    assert (moved.reason, moved.moves) == (VisitReason.CONFERENCE_MOVED, 1)


def test_a_time_that_still_fits_stays_agreed(story: Story) -> None:
    story.begun()
    story.post(VisitKind.BEFORE, "agreed", at="2026-12-01T15:00:00Z")
    story.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=7))
    before = story.visit(VisitKind.BEFORE)
    assert (before.status, before.at) == (VisitStatus.AGREED, STARTS_AT.replace(day=1, hour=15))
    assert story.said("visit.moved") == []


def test_adjourned_stops_reminders_and_makes_nobody_late(story: Story) -> None:
    story.begun()
    story.conference("adjourned", status="adjourned", adjourned_because="quorum")
    assert {r.status for r in story.reminders()} == {ReminderStatus.CANCELLED}
    story.world.advance(STARTS_AT + timedelta(days=20))
    assert story.said("visit.overdue") == []
    story.conference("rescheduled", status="scheduled", starts_at=STARTS_AT + timedelta(days=35))
    assert story.visit(VisitKind.BEFORE).due_on == date(2027, 1, 7)


def test_cancelled_calls_everything_off_and_leaves_a_told_child_a_closing_contact(
    story: Story,
) -> None:
    story.begun()
    story.offer("explained", told="explained", explained_by="parent", explained_at=STARTS_AT)
    story.conference("cancelled", status="cancelled", cancelled_because="threshold-not-met")
    assert statuses(story) == {
        VisitKind.INTRODUCTION: VisitStatus.CANCELLED,
        VisitKind.BEFORE: VisitStatus.CANCELLED,
        VisitKind.AT_CONFERENCE: VisitStatus.CANCELLED,
        VisitKind.AFTER: VisitStatus.CANCELLED,
        VisitKind.CLOSING: VisitStatus.PLANNED,
    }
    assert {r.status for r in story.reminders()} == {ReminderStatus.CANCELLED}


def test_the_goodbye_is_the_same_whether_the_conference_or_the_offer_ends_first(
    story: Story,
) -> None:
    story.begun()
    story.post(VisitKind.INTRODUCTION, "held", held_at="2026-11-23T09:00:00Z")
    story.offer("lapsed", status="lapsed", lapsed_because="conference-fell-away")
    story.allocation("released", status="released")
    story.conference("cancelled", status="cancelled", cancelled_because="not-needed")
    closing = story.visit(VisitKind.CLOSING)
    assert (closing.status, closing.version) == (VisitStatus.PLANNED, 1)
    assert closing.advocate_ref is not None
    assert {
        visit.reason for kind, visit in story.visits().items() if visit.status == "cancelled"
    } == {VisitReason.CONFERENCE_CANCELLED}


def another_conference(story: Story) -> ConferenceState:
    """The same child is to have a review half a year on."""
    given = {"conference_ref": REVIEW, "starts_at": STARTS_AT + timedelta(days=180), "version": 1}
    review = ConferenceState.model_validate({**story._conference.model_dump(), **given})
    return review.model_copy(update={"status": ConferenceStatus.SCHEDULED, "held_at": None})


def died(review: ConferenceState, version: int = 2) -> ConferenceState:
    gone = {"status": "cancelled", "cancelled_because": "died", "version": version}
    return ConferenceState.model_validate({**review.model_dump(), **gone})


def test_a_death_calls_off_what_was_open_after_a_conference_that_was_held(story: Story) -> None:
    story.begun()
    story.conference("held", status="held", held_at=HELD_AT)
    assert story.visit(VisitKind.AFTER).is_open
    review = another_conference(story)
    story.world.publish("conference.scheduled", review)
    story.world.publish("conference.cancelled", died(review))
    assert not any(visit.is_open for visit in story.visits().values())
    after = story.visit(VisitKind.AFTER)
    assert (after.status, after.reason) == (VisitStatus.CANCELLED, VisitReason.NOT_NEEDED)
    assert VisitKind.CLOSING not in story.visits()
    story.offer("changed", told=Told.EXPLAINED)
    story.allocation("confirmed", status="confirmed")
    assert not any(visit.is_open for visit in story.visits().values())


@pytest.mark.parametrize("now", [{}, {"status": "cancelled", "cancelled_because": "not-needed"}])
def test_a_death_recorded_in_error_brings_the_visit_after_back(
    story: Story, now: dict[str, str]
) -> None:
    story.begun()
    story.conference("held", status="held", held_at=HELD_AT)
    review = another_conference(story)
    story.world.publish("conference.scheduled", review)
    story.world.publish("conference.cancelled", died(review))
    back = ConferenceState.model_validate({**review.model_dump(), **now, "version": 3})
    story.world.publish("conference.cancelled" if now else "conference.scheduled", back)
    assert story.visit(VisitKind.AFTER).status is VisitStatus.PLANNED


def test_cancelled_because_the_child_died_ends_everything_in_silence(story: Story) -> None:
    story.begun()
    story.offer("explained", told="explained", explained_by="parent", explained_at=STARTS_AT)
    story.conference("cancelled", status="cancelled", cancelled_because="died")
    assert set(statuses(story).values()) == {VisitStatus.CANCELLED}


def test_held_marks_what_did_not_come_before_as_missed(story: Story) -> None:
    story.begun()
    story.world.advance(HELD_AT)
    story.conference("held", status="held", held_at=HELD_AT)
    assert statuses(story) == {
        VisitKind.INTRODUCTION: VisitStatus.MISSED,
        VisitKind.BEFORE: VisitStatus.MISSED,
        VisitKind.AT_CONFERENCE: VisitStatus.PLANNED,
        VisitKind.AFTER: VisitStatus.PLANNED,
    }


def test_participation_recorded_says_whether_the_advocate_was_there_and_may_be_corrected(
    story: Story,
) -> None:
    story.begun()
    story.world.advance(HELD_AT)
    story.conference("held", status="held", held_at=HELD_AT)
    story.conference("participation-recorded", participation=participation(advocate_present=True))
    attending = story.visit(VisitKind.AT_CONFERENCE)
    assert (attending.status, attending.held_at) == (VisitStatus.HELD, HELD_AT)
    story.conference("participation-recorded", participation=participation(advocate_present=False))
    assert story.visit(VisitKind.AT_CONFERENCE).status is VisitStatus.MISSED


def test_the_advocates_own_record_of_the_meeting_stands_beside_the_conferences(
    story: Story,
) -> None:
    story.begun()
    story.world.advance(HELD_AT + timedelta(hours=1))
    story.post(VisitKind.AT_CONFERENCE, "held", held_at=HELD_AT.isoformat())
    story.conference("held", status="held", held_at=HELD_AT)
    story.conference("participation-recorded", participation=participation(advocate_present=False))
    assert story.visit(VisitKind.AT_CONFERENCE).status is VisitStatus.HELD
