"""Dates and codes read as people in the United Kingdom say them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.chassis.web import wording
from services.contracts.local_time import spoken_hour

SUMMER = datetime(2026, 7, 1, 13, 30, tzinfo=UTC)


def test_a_moment_is_told_in_london_time() -> None:
    assert wording.moment(SUMMER) == "Wednesday 1 July 2026, 2:30pm"


@pytest.mark.parametrize(
    ("utc_hour", "text"), [(0, "midnight"), (9, "9am"), (12, "midday"), (15, "3pm")]
)
def test_full_hours_are_short(utc_hour: int, text: str) -> None:
    assert spoken_hour(datetime(2026, 12, 3, utc_hour, tzinfo=UTC)) == text


def test_an_instant_late_at_night_belongs_to_the_london_day() -> None:
    assert wording.day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "Wednesday 1 July 2026"


@pytest.mark.parametrize(
    ("on", "text"),
    [
        (date(2026, 11, 22), "Today, Sunday 22 November 2026"),
        (date(2026, 11, 23), "Tomorrow, Monday 23 November 2026"),
        (date(2026, 11, 21), "Yesterday, Saturday 21 November 2026"),
        (date(2026, 11, 24), "Tuesday 24 November 2026"),
    ],
)
def test_near_days_are_named_by_today(on: date, text: str) -> None:
    assert wording.day_from(on, date(2026, 11, 22)) == text


@pytest.mark.parametrize(
    ("code", "text"),
    [("not-possible", "Not possible"), ("und", "Not known"), ("at-conference", "At conference")],
)
def test_a_code_reads_as_words(code: str, text: str) -> None:
    assert wording.sentence(code) == text


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1 child"), (0, "0 children"), (1200, "1,200 children")]
)
def test_a_number_agrees_with_its_thing(number: int, text: str) -> None:
    assert wording.counted(number, "child", "children") == text
