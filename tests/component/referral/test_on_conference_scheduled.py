"""A conference is scheduled: each child gets one offer, and nobody is left out without a reason."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.contracts.codes import (
    AllocationReason,
    ConferenceKind,
    NotMadeBecause,
    OfferMode,
    OfferRoute,
    OfferStatus,
    Permission,
    Role,
    UnmetBecause,
)
from tests.component.referral.story import MONDAY, STARTS_AT, Story, advocate_ref, child_ref

SHEFFIELD = "E08000039"
KENSINGTON = "E09000020"


def test_an_offer_is_made_and_an_advocate_found_at_once(story: Story) -> None:
    story.begun()
    (made,) = story.said("offer.made")
    assert (made.status, made.mode, made.route) == (
        OfferStatus.STANDING,
        OfferMode.OPT_OUT,
        OfferRoute.USUAL,
    )
    assert (made.rung, made.rung_role) == (0, Role.SOCIAL_WORKER)
    assert made.tell_by == datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
    (allocated,) = story.said("allocation.allocated")
    assert allocated.advocate_ref == advocate_ref()
    assert AllocationReason.HAS_ROOM in allocated.reasons
    assert story.story_of() == ["offer.made", "allocation.allocated"]


def test_heard_twice_it_makes_one_offer(story: Story) -> None:
    story.begun()
    state = story.said("offer.made")[0]
    story.again(1, "scheduled", sequence=1)
    story.again(1, "scheduled", sequence=2)
    assert story.said("offer.made") == [state]
    assert story.dead_letters() == []


def test_siblings_get_an_offer_each(story: Story) -> None:
    story.advocate()
    story.conference(number=1)
    story.conference(number=2)
    assert {made.child_ref for made in story.said("offer.made")} == {child_ref(1), child_ref(2)}


def test_an_unborn_child_gets_none_and_gets_it_when_born(story: Story) -> None:
    story.conference(unborn=True, age_years=None, kind=ConferenceKind.PRE_BIRTH)
    (not_made,) = story.said("offer.not-made")
    assert not_made.not_made_because is NotMadeBecause.UNBORN
    assert story.allocations() == []
    story.conference("changed", unborn=False, age_years=0, kind=ConferenceKind.INITIAL)
    (made,) = story.said("offer.made")
    assert (made.offer_ref, made.route) == (not_made.offer_ref, OfferRoute.DISCRETIONARY)
    assert made.not_made_because is None


def test_below_the_usual_age_the_route_is_discretionary_and_still_an_offer(story: Story) -> None:
    story.conference(age_years=3)
    (made,) = story.said("offer.made")
    assert (made.route, made.status) == (OfferRoute.DISCRETIONARY, OfferStatus.STANDING)


def test_a_kind_the_place_does_not_cover_gets_a_reason(story: Story) -> None:
    story.conference(authority=SHEFFIELD, kind=ConferenceKind.REVIEW)
    (not_made,) = story.said("offer.not-made")
    assert not_made.not_made_because is NotMadeBecause.KIND_NOT_COVERED
    story.conference("changed", kind=ConferenceKind.INITIAL)
    assert len(story.said("offer.made")) == 1


def test_where_contact_was_stopped_no_offer_is_made_until_a_person_takes_it_up(
    story: Story,
) -> None:
    story.child("contact-stopped", contact_stopped=True)
    story.conference()
    (not_made,) = story.said("offer.not-made")
    assert not_made.not_made_because is NotMadeBecause.CONTACT_STOPPED
    assert story.post("reopened").status_code == 200
    assert story.offer().status is OfferStatus.STANDING


def test_without_an_advocate_the_need_is_said_and_kept(story: Story) -> None:
    story.conference()
    (unmet,) = story.said("allocation.unmet")
    assert (unmet.unmet_because, unmet.alarmed) == (UnmetBecause.NOBODY_REGISTERED, False)
    assert story.offer().status is OfferStatus.STANDING


def test_entered_after_the_meeting_it_is_counted_and_nobody_is_asked(story: Story) -> None:
    story.advocate()
    story.conference(starts_at=MONDAY - timedelta(hours=3))
    (made,) = story.said("offer.made")
    assert made.tell_by is None
    story.world.advance(MONDAY + timedelta(days=40))
    assert story.story_of() == ["offer.made"]


def test_at_short_notice_every_rung_is_climbed_at_once(story: Story) -> None:
    story.conference(starts_at=MONDAY + timedelta(days=1))
    escalated = story.said("offer.escalated")
    assert [(e.rung, e.rung_role) for e in escalated] == [
        (1, Role.CONFERENCE_CHAIR),
        (2, Role.SAFEGUARDING_SERVICE),
        (3, Role.ADVOCACY_PROVIDER),
    ]
    assert story.said("offer.overdue") == []


def test_a_place_nobody_has_rules_for_is_laid_aside(story: Story) -> None:
    story.conference(authority="S12000033")
    assert story.dead_letters() == ["policy-unknown"]
    assert not story.has_offer()
    story.conference(number=2)
    assert story.has_offer(2)


def test_what_came_before_it_waits_and_follows_it(story: Story) -> None:
    story.conference(sequence=1, silent=True)
    story.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=7), sequence=2)
    assert story.said("offer.made") == []
    story.again(1, "scheduled", sequence=1)
    assert story.story_of() == ["offer.made", "allocation.unmet", "offer.changed"]


def test_a_conference_whose_first_event_never_came_is_known_from_the_next(story: Story) -> None:
    story.conference("rescheduled")
    assert len(story.said("offer.made")) == 1


@pytest.mark.parametrize("late", [False, True])
def test_in_2011_a_parent_permits_first_and_even_late_permission_counts(
    tmp_path: Path, *, late: bool
) -> None:
    then = datetime(2011, 10, 3, 9, 0, tzinfo=UTC)
    starts_at = datetime(2011, 10, 17, 9, 0, tzinfo=UTC)
    story = Story(tmp_path, now=then, starts_at=starts_at)
    story.advocate(authorities=[KENSINGTON])
    story.conference(authority=KENSINGTON)
    (made,) = story.said("offer.made")
    assert (made.mode, made.permission) == (OfferMode.OPT_IN, Permission.WANTED)
    assert story.allocations() == []
    if late:
        story.world.advance(starts_at + timedelta(hours=2))
    assert story.post("permission", permission="given").status_code == 200
    assert len(story.said("allocation.allocated")) == 1


def test_in_2011_an_age_below_seven_takes_the_discretionary_route(tmp_path: Path) -> None:
    story = Story(
        tmp_path,
        now=datetime(2011, 10, 3, 9, 0, tzinfo=UTC),
        starts_at=datetime(2011, 10, 17, 9, 0, tzinfo=UTC),
    )
    story.conference(authority=KENSINGTON, age_years=6)
    assert story.said("offer.made")[0].route is OfferRoute.DISCRETIONARY
