"""A conference is rescheduled, changed or adjourned: the offer follows and is not taken away."""

from datetime import UTC, datetime, timedelta

from services.contracts.codes import (
    ConferenceKind,
    ConferenceStatus,
    NotMadeBecause,
    OfferStatus,
    Role,
    UnmetBecause,
)
from tests.component.referral.story import MONDAY, STARTS_AT, Story

TELL_BY = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)


def test_a_later_day_gives_nobody_the_time_to_tell_the_child_once_more(story: Story) -> None:
    story.begun()
    story.world.advance(MONDAY + timedelta(days=1))
    story.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=14))
    (changed,) = story.said("offer.changed")
    assert (changed.tell_by, changed.conference_version) == (TELL_BY, 2)
    assert len(story.said("allocation.allocated")) == 1


def test_an_earlier_day_shortens_every_clock(story: Story) -> None:
    story.begun()
    story.conference("rescheduled", starts_at=MONDAY + timedelta(days=4))
    (changed,) = story.said("offer.changed")
    assert changed.tell_by == MONDAY + timedelta(days=1)


def test_heard_twice_or_too_late_it_changes_nothing(story: Story) -> None:
    story.begun()
    story.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=7))
    story.conference("changed", version=1)
    story.again(2, "rescheduled", sequence=2)
    assert len(story.said("offer.changed")) == 1
    assert story.offer().conference_version == 2


def test_a_child_who_was_told_is_not_asked_again(story: Story) -> None:
    story.begun()
    story.post("explained", by_role="social-worker")
    story.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=7))
    story.world.advance(STARTS_AT + timedelta(days=6))
    assert story.said("offer.overdue") == []
    assert story.said("offer.escalated") == []


def test_an_accepted_offer_is_not_taken_away_by_a_changed_date(story: Story) -> None:
    story.begun()
    story.post("accepted", heard_directly=True)
    story.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=400), age_years=18)
    story.conference("changed", kind=ConferenceKind.REVIEW)
    assert story.offer().status is OfferStatus.ACCEPTED
    assert story.bond().is_bound


def test_a_no_stays_a_no_when_the_conference_moves(story: Story) -> None:
    story.begun()
    story.post("declined", reported_by="child", heard_directly=True)
    story.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=7))
    assert story.offer().status is OfferStatus.DECLINED
    assert story.said("offer.changed") == []


def test_while_adjourned_the_clocks_stand_still_and_then_begin_again(story: Story) -> None:
    story.begun()
    story.conference("adjourned", status=ConferenceStatus.ADJOURNED, adjourned_because="quorum")
    assert story.said("offer.changed")[-1].tell_by is None
    story.world.advance(STARTS_AT)
    assert story.said("offer.overdue") == []
    later = STARTS_AT + timedelta(days=21)
    story.conference("rescheduled", status=ConferenceStatus.SCHEDULED, starts_at=later)
    assert story.said("offer.changed")[-1].tell_by == datetime(2026, 12, 16, 17, 0, tzinfo=UTC)


def test_a_kind_that_is_covered_now_leads_to_an_offer(story: Story) -> None:
    story.conference(authority="E08000039", kind=ConferenceKind.REVIEW)
    assert story.offer().not_made_because is NotMadeBecause.KIND_NOT_COVERED
    story.conference("changed", format="remote")
    assert story.said("offer.made") == []
    story.conference("changed", kind=ConferenceKind.INITIAL)
    assert story.said("offer.made")[0].rung_role is Role.SAFEGUARDING_SERVICE


def test_a_need_that_became_known_is_looked_for(story: Story) -> None:
    story.conference(needs=("bsl",))
    story.advocate()
    unmet = story.said("allocation.unmet")
    assert [one.unmet_because for one in unmet] == [UnmetBecause.NOBODY_REGISTERED]
    story.conference("changed", language="pl")
    assert story.said("allocation.unmet")[-1].unmet_because is UnmetBecause.NOBODY_WITH_SKILL
    story.conference("changed", needs=(), language="en")
    assert len(story.said("allocation.allocated")) == 1


def test_moved_into_the_past_nobody_is_asked_any_more(story: Story) -> None:
    story.begun()
    story.conference("rescheduled", starts_at=MONDAY - timedelta(days=1))
    story.world.advance(STARTS_AT)
    assert story.said("offer.overdue") == []
    assert story.said("offer.escalated") == []
