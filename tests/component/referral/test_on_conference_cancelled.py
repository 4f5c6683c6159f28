"""A conference falls away: the offer ends with it, or waits for a person; a no stays a no."""

from datetime import timedelta

import pytest

from services.contracts.codes import (
    AllocationStatus,
    CancelledBecause,
    ConferenceStatus,
    EndedBecause,
    LapsedBecause,
    OfferStatus,
    Role,
)
from services.referral.domain.due import Wait, waits
from tests.component.referral.story import MONDAY, STARTS_AT, Story

TO_COURT_OR_CARE = [
    CancelledBecause.EMERGENCY_PROTECTION,
    CancelledBecause.PROCEEDINGS,
    CancelledBecause.LOOKED_AFTER,
]


def there_again(story: Story, because: CancelledBecause) -> None:
    """Cancel the conference for this reason, and then let it stand after all."""
    story.cancelled(because)
    story.conference(status=ConferenceStatus.SCHEDULED, cancelled_because=None)


@pytest.mark.parametrize(
    ("because", "lapsed"),
    [
        (CancelledBecause.NOT_NEEDED, LapsedBecause.CONFERENCE_FELL_AWAY),
        (CancelledBecause.THRESHOLD_NOT_MET, LapsedBecause.CONFERENCE_FELL_AWAY),
        (CancelledBecause.REMOVED, LapsedBecause.CONFERENCE_FELL_AWAY),
        (CancelledBecause.MOVED, LapsedBecause.MOVED),
        (CancelledBecause.DIED, LapsedBecause.DIED),
    ],
)
def test_the_offer_lapses_and_the_advocate_is_free(
    story: Story, because: CancelledBecause, lapsed: LapsedBecause
) -> None:
    story.begun()
    story.cancelled(because)
    assert story.said("offer.lapsed")[0].lapsed_because is lapsed
    assert story.story_of()[-2:] == ["offer.lapsed", "allocation.released"]
    before = story.story_of()
    story.world.advance(STARTS_AT + timedelta(days=60))
    assert story.story_of() == before


def test_heard_twice_it_ends_once(story: Story) -> None:
    story.begun()
    story.cancelled(CancelledBecause.NOT_NEEDED)
    story.again(2, "cancelled", sequence=2)
    story.again(2, "cancelled")
    assert len(story.said("offer.lapsed")) == 1


def test_a_conference_entered_in_error_is_withdrawn(story: Story) -> None:
    story.begun()
    story.cancelled(CancelledBecause.ERROR)
    assert story.said("offer.withdrawn")[0].withdrawn_because is EndedBecause.ERROR


@pytest.mark.parametrize("because", TO_COURT_OR_CARE)
def test_where_court_or_care_took_over_a_person_is_asked_each_working_day(
    story: Story, because: CancelledBecause
) -> None:
    story.begun()
    story.cancelled(because)
    assert story.said("offer.paused")[0].rung_role is Role.SOCIAL_WORKER
    assert story.bond().is_bound
    for day in range(1, 8):
        story.world.advance(MONDAY + timedelta(days=day, hours=10))
    escalated = story.said("offer.escalated")
    # Tuesday to Friday, then Monday: nobody decides at a week-end.
    assert [one.rung_role for one in escalated] == [Role.SOCIAL_WORKER] * 5
    story.post("resumed")
    story.world.advance(MONDAY + timedelta(days=30))
    assert len(story.said("offer.escalated")) == 5
    assert story.offer().status is OfferStatus.STANDING


def test_a_child_who_had_paused_before_is_not_forgotten(story: Story) -> None:
    story.begun()
    story.post("paused")
    story.cancelled(CancelledBecause.PROCEEDINGS)
    assert story.said("offer.changed")[0].status is OfferStatus.PAUSED
    story.world.advance(MONDAY + timedelta(days=1, hours=10))
    assert len(story.said("offer.escalated")) == 1
    story.post("withdrawn", reason="proceedings")
    assert story.allocations()[0].status is AllocationStatus.RELEASED


def test_a_no_is_never_turned_into_a_silence(story: Story) -> None:
    story.begun()
    story.post("declined", reported_by="child", heard_directly=True)
    story.cancelled(CancelledBecause.NOT_NEEDED)
    assert story.offer().status is OfferStatus.DECLINED


def test_even_a_no_ends_with_the_childs_life(story: Story) -> None:
    story.begun()
    story.post("declined", reported_by="social-worker", heard_directly=False)
    story.cancelled(CancelledBecause.DIED)
    story.world.advance(STARTS_AT)
    assert story.offer().status is OfferStatus.LAPSED
    assert story.said("offer.escalated") == []
    assert story.post("reopened").json()["code"] == "child-died"


def test_a_conference_that_is_there_again_takes_the_offer_up_again(story: Story) -> None:
    story.begun()
    story.post("accepted", heard_directly=True)
    there_again(story, CancelledBecause.NOT_NEEDED)
    (reopened,) = story.said("offer.reopened")
    assert (reopened.status, reopened.lapsed_because) == (OfferStatus.ACCEPTED, None)
    assert story.bond().is_bound
    assert len(story.said("offer.made")) == 1


@pytest.mark.parametrize("because", [CancelledBecause.DIED, CancelledBecause.MOVED])
def test_a_death_or_a_move_recorded_in_error_does_not_cost_the_child_the_offer(
    story: Story, because: CancelledBecause
) -> None:
    story.begun()
    there_again(story, because)
    assert story.offer().status is OfferStatus.STANDING
    assert story.bond().is_bound


def test_not_even_a_death_recorded_in_error_turns_a_no_into_a_yes(story: Story) -> None:
    story.begun()
    story.post("declined", reported_by="child", heard_directly=True)
    there_again(story, CancelledBecause.DIED)
    assert story.offer().status is OfferStatus.DECLINED


@pytest.mark.parametrize(
    ("reported_by", "heard_directly", "asked_again"),
    [("child", True, 0), ("social-worker", False, 1)],
)
def test_a_no_is_still_a_no_when_a_conference_cancelled_in_error_is_there_again(
    story: Story, *, reported_by: str, heard_directly: bool, asked_again: int
) -> None:
    story.begun()
    story.post("declined", reported_by=reported_by, heard_directly=heard_directly)
    there_again(story, CancelledBecause.ERROR)
    assert story.offer().status is OfferStatus.DECLINED
    assert story.allocations()[-1].status is AllocationStatus.RELEASED
    story.world.advance(MONDAY + timedelta(days=8, hours=10))
    assert len({one.rung_role for one in story.said("offer.escalated")}) == asked_again
    assert story.said("offer.overdue") == []


def test_an_offer_that_was_never_made_has_nothing_to_end(story: Story) -> None:
    story.conference(unborn=True, age_years=None)
    story.cancelled(CancelledBecause.PROCEEDINGS)
    assert story.story_of() == ["offer.not-made"]


def test_a_conference_known_only_when_it_fell_away_leads_to_nothing(story: Story) -> None:
    story.cancelled(CancelledBecause.NOT_NEEDED)
    assert story.story_of() == []
    assert story.dead_letters() == []


@pytest.mark.parametrize("because", TO_COURT_OR_CARE)
def test_what_gave_way_to_court_or_care_goes_on_when_its_conference_is_there_again(
    story: Story, because: CancelledBecause
) -> None:
    story.begun()
    there_again(story, because)
    assert story.offer().status is OfferStatus.STANDING
    story.world.advance(STARTS_AT - timedelta(hours=1))
    # The child is to be told again, and nobody is asked any more how it goes on beside a court.
    assert len(story.said("offer.overdue")) == 1
    roles = [one.rung_role for one in story.said("offer.escalated")]
    assert roles
    assert Role.SOCIAL_WORKER not in roles[1:]


@pytest.mark.parametrize(
    "because", [CancelledBecause.NOT_NEEDED, CancelledBecause.PROCEEDINGS, CancelledBecause.ERROR]
)
def test_a_pause_the_child_asked_for_is_the_childs_to_end(
    story: Story, because: CancelledBecause
) -> None:
    story.begun()
    story.post("paused")
    there_again(story, because)
    assert story.offer().status is OfferStatus.PAUSED
    story.world.advance(STARTS_AT - timedelta(hours=1))
    assert story.said("offer.escalated") == []
    story.post("resumed")
    assert story.offer().status is OfferStatus.STANDING


@pytest.mark.parametrize("because", [CancelledBecause.NOT_NEEDED, CancelledBecause.PROCEEDINGS])
def test_anothers_no_is_still_checked_with_the_child_when_the_conference_is_there_again(
    story: Story, because: CancelledBecause
) -> None:
    story.begun()
    story.post("objected", by_role="parent")
    there_again(story, because)
    assert Wait.CHECKING in dict(waits(story.offer()))


@pytest.mark.parametrize(
    ("because", "status"),
    [
        (CancelledBecause.NOT_NEEDED, OfferStatus.LAPSED),
        (CancelledBecause.ERROR, OfferStatus.WITHDRAWN),
        (CancelledBecause.PROCEEDINGS, OfferStatus.PAUSED),
    ],
)
def test_an_offer_that_a_death_ended_by_mistake_ends_as_its_conference_did(
    story: Story, because: CancelledBecause, status: OfferStatus
) -> None:
    story.begun()
    story.cancelled(CancelledBecause.DIED)
    story.cancelled(because)
    offer = story.offer()
    assert (offer.status, offer.lapsed_because is LapsedBecause.DIED) == (status, False)


@pytest.mark.parametrize(
    ("first", "then", "status"),
    [
        (CancelledBecause.NOT_NEEDED, CancelledBecause.PROCEEDINGS, OfferStatus.PAUSED),
        (CancelledBecause.ERROR, CancelledBecause.EMERGENCY_PROTECTION, OfferStatus.PAUSED),
        (CancelledBecause.ERROR, CancelledBecause.NOT_NEEDED, OfferStatus.LAPSED),
        (CancelledBecause.NOT_NEEDED, CancelledBecause.ERROR, OfferStatus.WITHDRAWN),
        (CancelledBecause.NOT_NEEDED, CancelledBecause.DIED, OfferStatus.LAPSED),
    ],
)
def test_a_corrected_reason_does_what_it_would_have_done_at_once(
    story: Story, first: CancelledBecause, then: CancelledBecause, status: OfferStatus
) -> None:
    story.begun()
    story.post("accepted", heard_directly=True)
    story.cancelled(first)
    story.cancelled(then)
    offer = story.offer()
    assert offer.status is status
    assert (offer.lapsed_because is LapsedBecause.DIED) == (then is CancelledBecause.DIED)
    is_asked = offer.clocks.continue_by is not None
    assert is_asked == (status is OfferStatus.PAUSED)


def test_a_reason_said_once_more_is_no_news(story: Story) -> None:
    story.begun()
    story.cancelled(CancelledBecause.NOT_NEEDED)
    before = story.story_of()
    story.cancelled(CancelledBecause.THRESHOLD_NOT_MET)
    assert story.story_of() == before


@pytest.mark.parametrize("status", ["stopped", "withdrawn"])
def test_what_a_person_ended_in_error_stays_ended_when_the_conference_moves_or_stands_again(
    story: Story, status: str
) -> None:
    story.begun()
    story.post(status, reason="error")
    story.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=1))
    assert story.offer().status == status
    there_again(story, CancelledBecause.ERROR)
    assert story.offer().status == status
    assert story.post("reopened").status_code == 200


def test_a_child_who_pauses_while_a_court_decides_is_still_paused_when_it_is_there_again(
    story: Story,
) -> None:
    story.begun()
    story.cancelled(CancelledBecause.PROCEEDINGS)
    assert story.post("paused").status_code == 200
    story.conference("scheduled", status=ConferenceStatus.SCHEDULED, cancelled_because=None)
    offer = story.offer()
    assert (offer.status, offer.clocks.continue_by) == (OfferStatus.PAUSED, None)
    assert offer.child_paused


def test_a_no_that_a_death_ended_by_mistake_is_a_no_again(story: Story) -> None:
    story.begun()
    story.post("declined", reported_by="child", heard_directly=True)
    story.cancelled(CancelledBecause.DIED)
    story.cancelled(CancelledBecause.NOT_NEEDED)
    assert story.offer().status is OfferStatus.DECLINED
    assert story.story_of()[-1] == "offer.reopened"
