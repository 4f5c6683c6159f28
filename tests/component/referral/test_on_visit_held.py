"""The child met the advocate: from here no silence is read as an answer."""

from datetime import UTC, datetime
from uuid import UUID

from services.contracts.codes import OfferStatus
from tests.component.referral.story import HELD_AT, Story

GRACE_ENDS = datetime(2026, 12, 21, 17, 0, tzinfo=UTC)


def test_the_offer_does_not_lapse_as_unanswered(story: Story) -> None:
    story.begun()
    story.visited(story.offer().offer_ref)
    story.world.advance(HELD_AT)
    story.held()
    story.world.advance(GRACE_ENDS)
    assert story.offer().status is OfferStatus.STANDING
    assert story.said("offer.escalated") == []


def test_a_second_visit_changes_nothing(story: Story) -> None:
    story.begun()
    story.visited(story.offer().offer_ref)
    version = story.offer().version
    story.visited(story.offer().offer_ref)
    assert story.offer().version == version


def test_a_visit_recorded_after_the_lapse_takes_it_back(story: Story) -> None:
    story.begun()
    story.world.advance(HELD_AT)
    story.held()
    story.world.advance(GRACE_ENDS)
    assert story.offer().status is OfferStatus.LAPSED
    story.visited(story.offer().offer_ref)
    assert story.story_of()[-1] == "offer.reopened"
    assert story.offer().status is OfferStatus.STANDING


def test_a_visit_heard_of_before_its_offer_waits_for_it(story: Story) -> None:
    story.begun()
    unknown = UUID("0ffe0000-0000-4000-8000-00000000ffff")
    story.visited(unknown)
    assert story.waits_for() == [f"offer:{unknown}"]
    assert story.dead_letters() == []
