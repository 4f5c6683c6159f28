"""When a conference first sat, by what was said of it."""

from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.codes import ConferenceStatus
from services.feedback.domain.conference import News, first_sat_at

STARTS_AT = datetime(2026, 12, 7, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def news(
    status: ConferenceStatus,
    said_at: datetime = STARTS_AT + HOUR,
    held_at: datetime | None = None,
    session_at: datetime | None = None,
    before: ConferenceStatus | None = ConferenceStatus.SCHEDULED,
) -> News:
    return News(before, status, STARTS_AT, held_at, session_at, said_at)


def test_one_that_was_held_sat_when_it_was_held() -> None:
    held_at = STARTS_AT + 2 * HOUR
    assert first_sat_at(None, news(ConferenceStatus.HELD, held_at=held_at)) == held_at


@pytest.mark.parametrize(
    ("said_at", "sat_at"),
    [(STARTS_AT - HOUR, None), (STARTS_AT, STARTS_AT), (STARTS_AT + HOUR, STARTS_AT)],
)
def test_one_that_is_put_off_before_its_hour_has_not_sat(
    said_at: datetime, sat_at: datetime | None
) -> None:
    assert first_sat_at(None, news(ConferenceStatus.ADJOURNED, said_at)) == sat_at


@pytest.mark.parametrize("status", [ConferenceStatus.SCHEDULED, ConferenceStatus.CANCELLED])
def test_what_sat_once_has_sat_whatever_comes_of_it(status: ConferenceStatus) -> None:
    assert first_sat_at(None, news(status)) is None
    assert first_sat_at(STARTS_AT, news(status)) == STARTS_AT


def test_how_a_child_took_part_says_that_it_sat() -> None:
    session_at = STARTS_AT - 10 * HOUR
    said = news(ConferenceStatus.ADJOURNED, STARTS_AT - HOUR, session_at=session_at)
    assert first_sat_at(None, said) == session_at


def test_what_is_said_of_one_that_was_put_off_makes_no_sitting_of_its_old_hour() -> None:
    off = ConferenceStatus.ADJOURNED
    assert first_sat_at(None, news(off, STARTS_AT - HOUR)) is None
    assert first_sat_at(None, news(off, STARTS_AT + 24 * HOUR, before=off)) is None
    assert first_sat_at(STARTS_AT, news(off, STARTS_AT + 24 * HOUR, before=off)) == STARTS_AT
