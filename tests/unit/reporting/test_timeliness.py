"""How soon each step followed the offer, and that what is missing stays missing."""

from datetime import date

from services.chassis.working_days import NationCalendar
from services.contracts.codes import Nation
from services.reporting.domain.timeliness import Waited, timeliness, working_days

ENGLAND = NationCalendar(Nation.ENGLAND)


def waited(children: int, days: int | None, *, over: bool = True, in_time: bool = True) -> Waited:
    return Waited(children, days, over=over, in_time=in_time)


def test_a_weekend_and_christmas_are_no_working_days() -> None:
    assert working_days(date(2026, 11, 20), date(2026, 11, 23), ENGLAND) == 1
    assert working_days(date(2026, 12, 24), date(2026, 12, 29), ENGLAND) == 1


def test_a_step_on_the_day_of_the_offer_or_before_it_took_no_days() -> None:
    assert working_days(date(2026, 11, 20), date(2026, 11, 20), ENGLAND) == 0
    assert working_days(date(2026, 11, 20), date(2026, 11, 16), ENGLAND) == 0


def test_the_median_is_a_number_of_days_that_occurred() -> None:
    went = timeliness([waited(1, 1), waited(1, 2), waited(2, 9)])
    assert (went.median_working_days, went.longest_working_days, went.done) == (2, 9, 4)


def test_equal_groups_are_one() -> None:
    apart = timeliness([waited(1, 3), waited(1, 3), waited(1, 4)])
    assert apart == timeliness([waited(2, 3), waited(1, 4)])


def test_what_did_not_happen_has_no_days_and_is_not_counted_as_nought() -> None:
    went = timeliness([waited(3, None, in_time=False)])
    assert (went.children, went.done) == (3, 0)
    assert went.median_working_days is None
    assert went.longest_working_days is None
    assert went.in_time_percent == 0.0


def test_the_share_is_of_conferences_that_were_held() -> None:
    went = timeliness(
        [
            waited(2, 1),
            waited(1, 20, in_time=False),
            waited(5, 1, over=False),
            waited(4, None, over=False, in_time=False),
        ]
    )
    assert (went.over, went.in_time, went.in_time_percent) == (3, 2, 66.7)


def test_without_a_held_conference_there_is_no_share() -> None:
    assert timeliness([waited(5, 1, over=False)]).in_time_percent is None
    assert timeliness([]).median_working_days is None
