"""Nobody did it in time: who is turned to, once for each, and when it stops."""

from datetime import UTC, datetime, timedelta

from services.contracts.codes import OfferStatus, Role, UnmetBecause
from tests.component.referral.story import HELD_AT, MONDAY, STARTS_AT, Story

TELL_BY = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
FIRST_RUNG = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
LAST_RUNG = datetime(2026, 12, 2, 17, 0, tzinfo=UTC)


def rungs(story: Story) -> list[tuple[int, Role | None]]:
    return [(one.rung, one.rung_role) for one in story.said("offer.escalated")]


def test_nobody_told_the_child_in_time(story: Story) -> None:
    story.begun()
    story.world.advance(TELL_BY - timedelta(minutes=1))
    assert story.said("offer.overdue") == []
    story.world.advance(TELL_BY)
    (overdue,) = story.said("offer.overdue")
    assert (overdue.overdue, overdue.status) == (True, OfferStatus.STANDING)


def test_the_ladder_is_climbed_rung_by_rung_and_its_last_act_meets_the_child(
    story: Story,
) -> None:
    story.begun()
    story.world.advance(FIRST_RUNG)
    assert rungs(story) == [(1, Role.CONFERENCE_CHAIR)]
    story.world.advance(LAST_RUNG)
    assert rungs(story) == [
        (1, Role.CONFERENCE_CHAIR),
        (2, Role.SAFEGUARDING_SERVICE),
        (3, Role.ADVOCACY_PROVIDER),
    ]
    story.world.advance(STARTS_AT + timedelta(days=90))
    assert len(rungs(story)) == 3


def test_the_ladder_ends_when_the_child_was_told(story: Story) -> None:
    story.begun()
    story.world.advance(FIRST_RUNG)
    story.post("explained", by_role="school")
    story.world.advance(STARTS_AT)
    assert len(rungs(story)) == 1


def test_a_no_that_was_passed_on_is_confirmed_by_the_provider(story: Story) -> None:
    story.begun()
    story.post("declined", reported_by="social-worker", heard_directly=False)
    story.world.advance(MONDAY + timedelta(days=7, hours=7, minutes=59))
    assert rungs(story) == []
    story.world.advance(MONDAY + timedelta(days=7, hours=8))
    assert rungs(story) == [(0, Role.ADVOCACY_PROVIDER)]
    story.world.advance(STARTS_AT)
    assert len(rungs(story)) == 1


def test_a_no_heard_from_the_child_is_left_in_peace(story: Story) -> None:
    story.begun()
    story.post("declined", reported_by="social-worker", heard_directly=False)
    story.post("declined", reported_by="advocate", heard_directly=True)
    story.world.advance(STARTS_AT)
    assert rungs(story) == []


def test_an_unchecked_objection_comes_back_until_the_child_was_asked(story: Story) -> None:
    story.begun()
    story.post("explained", by_role="social-worker")
    story.post("objected", by_role="parent")
    assert story.said("offer.objected")[0].rung_role is Role.ADVOCACY_PROVIDER
    for day in range(1, 5):
        story.world.advance(MONDAY + timedelta(days=day, hours=8))
    assert rungs(story) == [(0, Role.ADVOCACY_PROVIDER)] * 2
    story.post("objection-decided", child_wants=True)
    story.world.advance(STARTS_AT)
    assert len(rungs(story)) == 2


def test_people_are_told_of_an_unmet_need_three_working_days_before(story: Story) -> None:
    story.conference()
    story.world.advance(datetime(2026, 12, 9, 8, 59, tzinfo=UTC))
    assert [one.alarmed for one in story.said("allocation.unmet")] == [False]
    story.world.advance(datetime(2026, 12, 9, 9, 0, tzinfo=UTC))
    assert [one.alarmed for one in story.said("allocation.unmet")] == [False, True]
    story.world.advance(HELD_AT)
    assert len(story.said("allocation.unmet")) == 2


def test_with_less_time_than_that_the_alarm_is_at_once(story: Story) -> None:
    story.conference(starts_at=MONDAY + timedelta(days=2))
    (unmet,) = story.said("allocation.unmet")
    assert (unmet.alarmed, unmet.unmet_because) == (True, UnmetBecause.NOBODY_REGISTERED)


def test_no_alarm_for_a_child_who_does_not_want_anybody(story: Story) -> None:
    story.conference()
    story.post("declined", reported_by="child", heard_directly=True)
    story.world.advance(HELD_AT)
    assert len(story.said("allocation.unmet")) == 1


def test_no_alarm_while_the_child_pauses(story: Story) -> None:
    story.conference()
    story.post("paused")
    story.world.advance(HELD_AT)
    assert len(story.said("allocation.unmet")) == 1


def test_a_worker_that_starts_again_finds_its_clocks(story: Story) -> None:
    story.begun()
    story.world.runners["referral"].start()
    story.world.advance(LAST_RUNG)
    assert (story.offer().rung, story.offer().overdue) == (3, True)
