"""All contact with a child was stopped: nobody is asked to speak to the child."""

from datetime import timedelta

from services.contracts.codes import OfferStatus
from tests.component.referral.story import MONDAY, STARTS_AT, Story


def test_nobody_is_asked_to_tell_the_child(story: Story) -> None:
    story.begun()
    story.child("contact-stopped", contact_stopped=True)
    story.world.advance(STARTS_AT)
    assert story.story_of() == ["offer.made", "allocation.allocated"]
    assert story.offer().status is OfferStatus.STANDING


def test_heard_twice_it_changes_nothing_more(story: Story) -> None:
    story.begun()
    story.child("contact-stopped", contact_stopped=True)
    version = story.offer().version
    story.child("contact-stopped", contact_stopped=True)
    story.child("changed", contact_stopped=False, version=1)
    assert (story.offer().version, story.offer().silenced) == (version, True)


def test_when_contact_is_allowed_again_the_clocks_begin_again(story: Story) -> None:
    story.begun()
    story.child("contact-stopped", contact_stopped=True)
    story.world.advance(MONDAY + timedelta(days=9))
    story.child("changed", contact_stopped=False)
    assert story.said("offer.overdue") == []
    story.world.advance(MONDAY + timedelta(days=12))
    assert len(story.said("offer.overdue")) == 1


def test_no_advocate_is_sought_while_contact_is_stopped(story: Story) -> None:
    story.conference()
    story.child("contact-stopped", contact_stopped=True)
    story.advocate()
    assert story.said("allocation.allocated") == []
    story.child("changed", contact_stopped=False)
    assert len(story.said("allocation.allocated")) == 1


def test_a_child_without_a_conference_is_only_remembered(story: Story) -> None:
    story.child("changed", contact_stopped=False)
    assert story.world.events("offer.made") == []
    assert story.dead_letters() == []
