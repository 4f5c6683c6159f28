"""Periods as people ask for them, and on which day people see an instant."""

from datetime import UTC, date, datetime

import pytest

from services.contracts.local_time import london_date
from services.reporting.domain.periods import (
    NoPeriod,
    Period,
    year_name,
    year_of,
)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-27-Q1", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-27-Q2", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-27-Q3", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-27-Q4", date(2027, 1, 1), date(2027, 3, 31)),
        ("2026-27", date(2026, 4, 1), date(2027, 3, 31)),
        ("1999-00", date(1999, 4, 1), date(2000, 3, 31)),
        ("2011-09-13..2011-12-31", date(2011, 9, 13), date(2011, 12, 31)),
        ("2026-11-20..2026-11-20", date(2026, 11, 20), date(2026, 11, 20)),
    ],
)
def test_a_period_has_its_first_and_its_last_day(text: str, first: date, last: date) -> None:
    assert Period.parse(text) == Period(first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-27-Q5",
        "2026-28",
        "2026-27-Q0",
        "2026-12-31..2026-01-01",
        "2026-13-01..2026-12-31",
        "..",
        "yesterday..today",
        "9999-00",
        "0000-01",
    ],
)
def test_what_is_no_period_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NoPeriod):
        Period.parse(text)


@pytest.mark.parametrize(
    ("day", "name"), [(date(2026, 3, 31), "2025-26"), (date(2026, 4, 1), "2026-27")]
)
def test_a_year_begins_in_april(day: date, name: str) -> None:
    assert year_name(year_of(day)) == name


def test_a_summer_night_in_london_is_already_the_next_day() -> None:
    assert london_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert london_date(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2026, 12, 31)
