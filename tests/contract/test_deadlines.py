"""By when: the smaller of working days and a share of the time left."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from services.contracts.deadlines import (
    TimeLeft,
    in_working_days,
    next_working_hour,
    smaller,
    working_days_before,
)
from tests.unit.referral.cases import INSTANTS, NOW, STARTS_AT, a_place

CALENDAR = a_place().calendar


def test_working_days_end_at_the_close_of_work_and_skip_week_ends() -> None:
    friday = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    assert in_working_days(CALENDAR, friday, 1) == datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


def test_working_days_skip_christmas() -> None:
    eve = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)
    # 25 December and 28 December (in place of Boxing Day) are bank holidays.
    assert in_working_days(CALENDAR, eve, 1) == datetime(2026, 12, 29, 17, 0, tzinfo=UTC)


def test_in_summer_the_close_of_work_is_an_hour_earlier_in_utc() -> None:
    monday = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    assert in_working_days(CALENDAR, monday, 1) == datetime(2026, 6, 2, 16, 0, tzinfo=UTC)


def test_today_after_the_close_of_work_is_now() -> None:
    evening = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    assert in_working_days(CALENDAR, evening, 0) == evening


def test_before_counts_back_to_the_start_of_work() -> None:
    before = working_days_before(CALENDAR, STARTS_AT, 3)
    assert before == datetime(2026, 12, 9, 9, 0, tzinfo=UTC)


def test_with_weeks_left_the_working_days_are_smaller() -> None:
    due = smaller(CALENDAR, TimeLeft(NOW, STARTS_AT), 2, 0.25)
    assert due == datetime(2026, 11, 25, 17, 0, tzinfo=UTC)


def test_with_days_left_the_share_is_smaller() -> None:
    due = smaller(CALENDAR, TimeLeft(NOW, NOW + timedelta(days=4)), 2, 0.25)
    assert due == NOW + timedelta(days=1)


def test_what_would_be_due_at_night_is_due_at_the_close_of_work_before() -> None:
    due = smaller(CALENDAR, TimeLeft(NOW, NOW + timedelta(days=2)), 2, 0.25)
    assert due == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def test_what_would_be_due_on_a_sunday_is_due_on_friday() -> None:
    thursday = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    due = smaller(CALENDAR, TimeLeft(thursday, thursday + timedelta(days=6)), 5, 0.5)
    assert due == datetime(2026, 11, 27, 17, 0, tzinfo=UTC)


def test_who_is_asked_in_the_evening_is_not_late_before_the_letter_can_have_left() -> None:
    evening = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    due = smaller(CALENDAR, TimeLeft(evening, evening + timedelta(hours=16)), 2, 0.25)
    assert due == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_who_is_asked_on_a_saturday_is_not_late_before_monday() -> None:
    saturday = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    due = smaller(CALENDAR, TimeLeft(saturday, saturday + timedelta(days=3)), 2, 0.25)
    assert due == datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def test_a_conference_before_anybody_works_is_the_latest() -> None:
    evening = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    at_eight = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert smaller(CALENDAR, TimeLeft(evening, at_eight), 2, 0.25) == at_eight


@given(
    since=INSTANTS,
    left=st.timedeltas(timedelta(days=4), timedelta(days=120)),
    days=st.integers(1, 20),
    share=st.floats(0.05, 1),
)
def test_with_days_left_it_is_due_while_people_work_and_after_they_could_be_asked(
    since: datetime, left: timedelta, days: int, share: float
) -> None:
    due = smaller(CALENDAR, TimeLeft(since, since + left), days, share)
    assert due >= next_working_hour(CALENDAR, since) or due == since + left
    assert next_working_hour(CALENDAR, due) == due or due == since + left


@example(
    since=datetime(2026, 11, 24, 10, 0, 30, tzinfo=UTC),
    left=timedelta(minutes=1),
    days=1,
    share=1,
)
@given(
    since=INSTANTS,
    left=st.timedeltas(timedelta(minutes=1), timedelta(days=120)),
    days=st.integers(0, 20),
    share=st.floats(0, 1),
)
def test_a_clock_never_ends_before_it_began_nor_after_the_conference(
    since: datetime, left: timedelta, days: int, share: float
) -> None:
    due = smaller(CALENDAR, TimeLeft(since, since + left), days, share)
    assert since <= due <= since + left
