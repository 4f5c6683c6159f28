"""How a journey counts: on which day, for whom, and what of it is late."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given

from services.contracts.codes import (
    AllocationStatus,
    ConferenceStatus,
    OfferStatus,
    Permission,
    Told,
    VisitKind,
    VisitStatus,
)
from services.reporting.domain.counting import CountedJourney, counted
from services.reporting.domain.funnel import Outcome
from services.reporting.domain.journey import AnyFact
from services.reporting.domain.lateness import Late, late
from tests.unit.reporting.journeys import (
    CHILD,
    CONFERENCE,
    MADE_AT,
    STARTS_AT,
    allocation,
    conference,
    held,
    journey,
    offer,
    told,
    took_part,
    visit,
)
from tests.unit.reporting.strategies import HISTORIES

BEFORE = STARTS_AT - timedelta(days=1)
AFTER = STARTS_AT + timedelta(days=1)


def count(*facts: AnyFact) -> CountedJourney:
    return counted(CONFERENCE, CHILD, journey(*facts), 0)


# --- day and authority --------------------------------------------------------------------------


def test_a_referral_belongs_to_the_day_its_offer_was_made() -> None:
    midnight_in_london = offer(made_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert count(conference(), midnight_in_london).counted_on == date(2026, 7, 1)


def test_without_an_offer_it_belongs_to_the_day_of_the_conference() -> None:
    assert count(held()).counted_on == STARTS_AT.date()


def test_the_figure_stays_with_the_authority_that_made_the_offer() -> None:
    moved = conference(version=2, authority="E08000039")
    assert count(moved, offer()).authority == "E09000020"
    assert count(moved).authority == "E08000039"


def test_a_journey_of_visits_alone_belongs_nowhere_yet() -> None:
    early = count(visit(VisitKind.BEFORE))
    assert (early.authority, early.counted_on, early.outcome) == (None, None, None)


# --- steps ----------------------------------------------------------------------------------------


def test_each_step_has_its_day_and_whether_it_came_before_the_conference() -> None:
    counts = count(
        held(),
        told(),
        allocation(AllocationStatus.ALLOCATED),
        visit(VisitKind.BEFORE),
        visit(VisitKind.AFTER),
    )
    assert (counts.told_on, counts.told_in_time) == (date(2026, 11, 3), True)
    assert (counts.allocated_on, counts.allocated_in_time) == (MADE_AT.date(), True)
    assert (counts.met_on, counts.met_in_time) == (date(2026, 11, 18), True)
    assert (counts.visited_on, counts.visited_in_time) == (date(2026, 11, 18), True)


def test_telling_on_the_day_but_after_the_start_was_not_in_time() -> None:
    counts = count(held(), told(explained_at=STARTS_AT + timedelta(hours=1)))
    assert (counts.told_on, counts.told_in_time) == (STARTS_AT.date(), False)


def test_a_step_that_did_not_come_has_no_day() -> None:
    counts = count(held(), offer())
    assert counts.told_on is counts.allocated_on is counts.met_on is counts.visited_on is None


# --- late ---------------------------------------------------------------------------------------


def test_an_untold_child_is_overdue_then_escalated_then_untold_before_the_conference() -> None:
    overdue = count(conference(), offer(overdue=True))
    escalated = count(conference(), offer(version=2, overdue=True, rung=2))
    assert late(overdue, BEFORE) == (Late.TELLING_OVERDUE,)
    assert late(escalated, BEFORE) == (Late.ESCALATED, Late.TELLING_OVERDUE)
    assert late(escalated, AFTER) == (Late.NOT_TOLD_BEFORE_CONFERENCE,)


def test_once_the_child_was_told_nothing_about_telling_is_late() -> None:
    assert late(count(conference(), told(overdue=True, rung=2)), AFTER) == ()
    assert late(count(conference(), offer(told=Told.CONFIRMED, overdue=True)), AFTER) == ()


def test_an_offer_that_is_over_is_no_longer_late() -> None:
    lapsed = offer(status=OfferStatus.LAPSED, overdue=True, rung=3)
    assert late(count(held(), lapsed), AFTER) == ()


def test_a_child_whose_parent_refused_permission_is_not_among_the_untold() -> None:
    refused = offer(permission=Permission.REFUSED, overdue=True, rung=1)
    counts = count(conference(), refused)
    assert (counts.outcome, counts.untold) == (Outcome.DECLINED_BY_PARENT, False)
    assert late(counts, BEFORE) == late(counts, AFTER) == ()


def test_a_child_an_advocate_spoke_for_is_not_among_the_untold() -> None:
    counts = count(held(participation=took_part(advocate_present=True)), offer())
    assert (counts.outcome, late(counts, AFTER)) == (Outcome.TAKEN_UP, ())


@given(HISTORIES)
def test_whoever_is_late_to_be_told_after_a_held_conference_is_not_known_if_told(
    facts: list[AnyFact],
) -> None:
    counts = count(*facts)
    if counts.over and Late.NOT_TOLD_BEFORE_CONFERENCE in late(counts, AFTER):
        assert counts.outcome in {Outcome.NOT_KNOWN_IF_TOLD, Outcome.OBJECTED}


def test_nobody_is_late_for_a_conference_that_fell_away() -> None:
    cancelled = conference(status=ConferenceStatus.CANCELLED)
    unmet = allocation(AllocationStatus.UNMET)
    assert late(count(cancelled, offer(overdue=True, rung=1), unmet), BEFORE) == ()


def test_a_child_without_an_advocate_waits_until_the_conference() -> None:
    unmet = allocation(AllocationStatus.UNMET)
    assert late(count(conference(), told(), unmet), BEFORE) == (Late.UNMET,)
    assert late(count(held(), told(), unmet), AFTER) == ()


def test_an_overdue_visit_is_late_until_something_is_recorded_of_it() -> None:
    overdue = visit(VisitKind.AFTER, VisitStatus.PLANNED, overdue=True)
    recorded = visit(VisitKind.AFTER, VisitStatus.NOT_POSSIBLE, overdue=True)
    assert late(count(held(), told(), overdue), AFTER) == (Late.VISIT_OVERDUE,)
    assert late(count(held(), told(), recorded), AFTER) == ()


def test_two_witnesses_who_disagree_wait_for_the_team() -> None:
    denied = held(participation=took_part(advocate_present=False))
    assert late(count(denied, told(), visit(VisitKind.AT_CONFERENCE)), AFTER) == (Late.NOT_AGREED,)


def test_the_next_visit_is_on_its_agreed_day_or_else_due() -> None:
    agreed = visit(VisitKind.BEFORE, VisitStatus.AGREED, at=datetime(2026, 11, 16, 16, tzinfo=UTC))
    planned = visit(VisitKind.AFTER, VisitStatus.PLANNED)
    assert count(agreed, planned).next_visit_on == date(2026, 11, 16)
    assert count(planned).next_visit_on == date(2026, 11, 24)
    assert count(visit(VisitKind.BEFORE)).next_visit_on is None


@given(HISTORIES)
def test_whatever_is_late_is_watched(facts: list[AnyFact]) -> None:
    counts = count(*facts)
    for now in (BEFORE, AFTER):
        assert counts.watched or late(counts, now) == ()
