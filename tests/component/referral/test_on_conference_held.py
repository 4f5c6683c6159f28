"""A conference was held: who was told but said nothing, who was never told, and who did answer."""

from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.codes import (
    AllocationStatus,
    ConferenceStatus,
    LapsedBecause,
    Objection,
    OfferStatus,
)
from tests.component.referral.story import HELD_AT, STARTS_AT, Story

GRACE_ENDS = datetime(2026, 12, 21, 17, 0, tzinfo=UTC)


@pytest.fixture
def held(story: Story) -> Story:
    story.begun()
    story.world.advance(HELD_AT)
    story.held()
    return story


def test_never_told_it_lapses_only_after_the_grace(held: Story) -> None:
    held.world.advance(GRACE_ENDS - timedelta(minutes=1))
    assert held.offer().status is OfferStatus.STANDING
    held.world.advance(GRACE_ENDS)
    assert held.said("offer.lapsed")[0].lapsed_because is LapsedBecause.HELD_NEVER_TOLD
    assert held.allocations()[0].status is AllocationStatus.RELEASED


def test_told_without_an_answer_is_another_reason(held: Story) -> None:
    held.post("explained", by_role="social-worker")
    held.world.advance(GRACE_ENDS)
    assert held.said("offer.lapsed")[0].lapsed_because is LapsedBecause.TOLD_NO_ANSWER


def test_heard_twice_it_lapses_once(held: Story) -> None:
    held.again(2, "held", sequence=2)
    held.again(2, "held")
    held.world.advance(GRACE_ENDS)
    assert len(held.said("offer.lapsed")) == 1


def test_an_answer_in_the_days_of_grace_still_counts(held: Story) -> None:
    held.post("accepted", heard_directly=True)
    held.world.advance(GRACE_ENDS)
    assert held.offer().status is OfferStatus.ACCEPTED


def test_an_objection_nobody_checked_is_no_silence_of_the_childs(held: Story) -> None:
    held.post("objected", by_role="parent")
    held.world.advance(GRACE_ENDS + timedelta(days=30))
    assert (held.offer().status, held.offer().objection) == (
        OfferStatus.STANDING,
        Objection.OPEN,
    )


def test_after_the_meeting_nobody_is_asked_to_tell_the_child(story: Story) -> None:
    story.conference(starts_at=STARTS_AT)
    story.world.clock.move(HELD_AT)
    story.held()
    before = len(story.said("offer.escalated"))
    story.world.advance(GRACE_ENDS - timedelta(hours=1))
    assert len(story.said("offer.escalated")) == before


def test_held_before_scheduled_is_put_in_order(story: Story) -> None:
    story.world.advance(HELD_AT)
    story.conference(silent=True)
    story.conference("held", status=ConferenceStatus.HELD, held_at=HELD_AT, sequence=2)
    assert story.story_of() == []
    story.again(1, "scheduled", sequence=1)
    assert story.story_of() == ["offer.made"]
    story.world.advance(GRACE_ENDS)
    assert story.story_of() == ["offer.made", "offer.lapsed"]


def test_a_child_who_sat_beside_the_advocate_was_not_silent(held: Story) -> None:
    held.conference("participation-recorded", participation=_took_part(attendance="attended"))
    held.world.advance(GRACE_ENDS)
    assert held.offer().status is OfferStatus.STANDING


def test_an_advocate_who_spoke_for_an_absent_child_has_not_met_it_there(held: Story) -> None:
    held.conference("participation-recorded", participation=_took_part(attendance="did-not-attend"))
    held.world.advance(GRACE_ENDS)
    assert held.offer().status is OfferStatus.LAPSED


def test_what_was_told_but_recorded_late_corrects_the_reason(held: Story) -> None:
    held.world.advance(GRACE_ENDS)
    told_at = (STARTS_AT - timedelta(days=2)).isoformat()
    held.post("explained", by_role="school", at=told_at)
    assert held.said("offer.explained")[0].lapsed_because is LapsedBecause.TOLD_NO_ANSWER


def _took_part(attendance: str) -> dict[str, object]:
    return {
        "attendance": attendance,
        "voice": "advocate",
        "advocate_present": True,
        "part_attendance": False,
        "session_on": STARTS_AT.date(),
    }
