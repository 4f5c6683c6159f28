"""Deadlines are counted as the law counts them, also across Christmas, Easter and one-off days."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.working_days import NationCalendar
from services.contracts.codes import Nation

ENGLAND = NationCalendar(Nation.ENGLAND)
DAYS = st.dates(date(2011, 1, 1), date(2032, 12, 31))
CALENDARS = st.sampled_from(
    [
        ENGLAND,
        NationCalendar(Nation.WALES),
        NationCalendar(Nation.SCOTLAND),
        NationCalendar(Nation.ENGLAND, frozenset({date(2026, 12, 29), date(2026, 12, 30)})),
    ]
)


@pytest.mark.parametrize(
    ("strategy_discussion", "conference_by"),
    [
        pytest.param("2025-04-10", "2025-05-06", id="easter and may day"),
        pytest.param("2025-12-15", "2026-01-08", id="christmas and new year"),
        pytest.param("2026-03-27", "2026-04-21", id="easter"),
        pytest.param("2026-12-14", "2027-01-07", id="boxing day on a saturday"),
        pytest.param("2023-04-24", "2023-05-17", id="the coronation's one-off holiday"),
        pytest.param("2022-06-02", "2022-06-24", id="starts on a holiday"),
    ],
)
def test_fifteen_working_days_after_the_strategy_discussion(
    strategy_discussion: str, conference_by: str
) -> None:
    begins = date.fromisoformat(strategy_discussion)
    assert ENGLAND.add(begins, 15) == date.fromisoformat(conference_by)


@pytest.mark.parametrize("nation", Nation)
def test_the_bank_holidays_are_those_the_library_gives_for_the_nation(nation: Nation) -> None:
    calendar = NationCalendar(nation)
    days = [date(2008, 1, 1) + timedelta(days=number) for number in range(25 * 365)]
    free = {day for day in days if day.weekday() < 5 and not calendar.is_working_day(day)}
    known = holidays.country_holidays("GB", subdiv=nation.value, years=range(2008, 2034))
    assert free == {day for day in known if day.weekday() < 5} & set(days)


def test_day_zero_is_the_day_itself_or_the_next_working_day() -> None:
    assert ENGLAND.add(date(2026, 11, 20), 0) == date(2026, 11, 20)
    assert ENGLAND.add(date(2026, 11, 21), 0) == date(2026, 11, 23)


def test_counting_back_from_a_monday_reaches_the_friday_before() -> None:
    assert ENGLAND.add(date(2026, 11, 23), -1) == date(2026, 11, 20)


def test_counting_back_from_a_weekend_reaches_the_friday_before() -> None:
    assert ENGLAND.add(date(2026, 11, 22), -1) == date(2026, 11, 20)


def test_saint_andrews_day_is_a_holiday_in_scotland_alone() -> None:
    saint_andrew = date(2026, 11, 30)
    assert not NationCalendar(Nation.SCOTLAND).is_working_day(saint_andrew)
    assert ENGLAND.is_working_day(saint_andrew)
    assert NationCalendar(Nation.WALES).is_working_day(saint_andrew)


def test_a_closure_is_no_working_day_of_that_place() -> None:
    closed = NationCalendar(Nation.ENGLAND, frozenset({date(2026, 12, 29)}))
    assert closed.add(date(2026, 12, 24), 1) == date(2026, 12, 30)
    assert ENGLAND.add(date(2026, 12, 24), 1) == date(2026, 12, 29)


def test_between_a_friday_and_the_monday_after_lies_one_working_day() -> None:
    assert ENGLAND.between(date(2026, 11, 20), date(2026, 11, 23)) == 1
    assert ENGLAND.between(date(2026, 11, 23), date(2026, 11, 20)) == -1
    assert ENGLAND.between(date(2026, 11, 20), date(2026, 11, 22)) == 0


@given(CALENDARS, DAYS, st.integers(-40, 40))
def test_between_turns_add_round(calendar: NationCalendar, day: date, n: int) -> None:
    reached = calendar.add(day, n)
    assert calendar.is_working_day(reached)
    if n != 0:
        assert calendar.between(day, reached) == n


@given(CALENDARS, DAYS, st.integers(1, 30))
def test_one_more_working_day_is_always_later(calendar: NationCalendar, day: date, n: int) -> None:
    assert calendar.add(day, n) < calendar.add(day, n + 1) <= calendar.add(day, n) + timedelta(14)


@given(CALENDARS, DAYS)
def test_no_weekend_is_a_working_day(calendar: NationCalendar, day: date) -> None:
    if day.isoweekday() in {6, 7}:
        assert not calendar.is_working_day(day)
