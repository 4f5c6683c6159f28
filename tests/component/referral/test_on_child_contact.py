"""All contact with a child was stopped: nobody is asked to speak to the child."""

from datetime import timedelta

from services.contracts.codes import NotMadeBecause, OfferStatus
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


def test_an_offer_that_was_not_made_for_the_silence_is_made_when_it_ends(story: Story) -> None:
    story.advocate()
    story.child("contact-stopped", contact_stopped=True)
    story.conference()
    assert story.offer().not_made_because is NotMadeBecause.CONTACT_STOPPED
    story.child("changed", contact_stopped=False)
    assert story.story_of() == ["offer.not-made", "offer.made", "allocation.allocated"]
    assert (story.offer().status, story.offer().silenced) == (OfferStatus.STANDING, False)


def test_no_offer_is_made_after_all_for_a_conference_that_has_begun(story: Story) -> None:
    story.child("contact-stopped", contact_stopped=True)
    story.conference()
    story.world.advance(STARTS_AT)
    story.child("changed", contact_stopped=False)
    assert story.story_of() == ["offer.not-made"]
