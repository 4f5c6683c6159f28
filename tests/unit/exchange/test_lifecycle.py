"""What may follow what: every pair of status and step is either in the table or refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from services.contracts.codes import (
    AdjournedBecause,
    CancelledBecause,
    ConferenceKind,
    ConferenceStatus,
    MeetingFormat,
)
from services.contracts.local_time import london_date
from services.exchange.domain import conference, meeting
from services.exchange.domain.child import Child, Facts, Particulars
from services.exchange.domain.lifecycle import TRANSITIONS, Denied, Step, denied
from services.exchange.domain.meeting import Meeting

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
REF = UUID("3ee70000-0000-4000-8000-000000000001")
CHILD = Child(
    child_ref=UUID("c41d0000-0000-4000-8000-000000000001"),
    authority="E09000020",
    unborn=False,
    facts=Facts(),
    la_child_id_index="i",
    upn_index=None,
    nhs_number_index=None,
    particulars="",
)
PARTICULARS = Particulars("A1", date_of_birth=date(2016, 12, 10))
MEETING = Meeting(
    meeting_ref=REF,
    authority="E09000020",
    kind=ConferenceKind.INITIAL,
    starts_at=datetime(2026, 12, 10, 14, 0, tzinfo=UTC),
    ends_at=None,
    format=MeetingFormat.IN_PERSON,
    conference_index="i",
    private="",
)


def at(status: ConferenceStatus) -> Meeting:
    return replace(MEETING, status=status)


@pytest.mark.parametrize(("status", "step"), list(product(ConferenceStatus, Step)))
def test_a_step_is_denied_exactly_where_the_table_has_no_line(
    status: ConferenceStatus, step: Step
) -> None:
    assert (denied(status, step) is None) == ((status, step) in TRANSITIONS)


def test_after_a_cancellation_there_is_only_the_way_back() -> None:
    after = [step for status, step in TRANSITIONS if status is ConferenceStatus.CANCELLED]
    assert after == [Step.REINSTATE]


def test_what_stands_has_no_cancellation_to_take_back() -> None:
    refused = meeting.reinstated(MEETING)
    assert isinstance(refused, Denied)
    assert refused.code == "not-cancelled"


def test_a_meeting_that_was_put_off_before_it_was_cancelled_is_put_off_still() -> None:
    put_off = meeting.adjourned(MEETING, AdjournedBecause.QUORUM, date(2026, 12, 17), NOW)
    assert isinstance(put_off, Meeting)
    gone = meeting.cancelled(put_off, CancelledBecause.ERROR, 2)
    assert isinstance(gone, Meeting)
    assert meeting.reinstated(gone) == put_off


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2020, 2, 1), "in-the-past"),
        (date(2026, 11, 22), "in-the-past"),
        (date(2030, 2, 1), "too-far-ahead"),
    ],
)
def test_no_meeting_is_put_off_to_a_day_that_cannot_be(day: date, code: str) -> None:
    refused = meeting.adjourned(MEETING, AdjournedBecause.QUORUM, day, NOW)
    assert isinstance(refused, Denied)
    assert refused.code == code


def test_to_bring_a_meeting_forward_is_not_to_put_it_off() -> None:
    before = london_date(MEETING.starts_at) - timedelta(days=1)
    assert before >= london_date(NOW)
    refused = meeting.adjourned(MEETING, AdjournedBecause.QUORUM, before, NOW)
    assert isinstance(refused, Denied)
    assert refused.code == "before-it-begins"


@pytest.mark.parametrize(("children", "may"), [(1, True), (2, False)])
def test_a_death_is_of_one_child_and_never_of_all_who_sit_there(
    children: int, *, may: bool
) -> None:
    gone = meeting.cancelled(MEETING, CancelledBecause.DIED, children)
    assert isinstance(gone, Meeting) is may
    if isinstance(gone, Denied):
        assert gone.code == "died-is-of-one-child"


@pytest.mark.parametrize("year", [2029, 2090, 9999])
def test_a_meeting_is_never_moved_years_ahead(year: int) -> None:
    moved = meeting.moved(MEETING, datetime(year, 1, 2, 10, tzinfo=UTC), None, NOW)
    assert isinstance(moved, Denied)
    assert moved.code == "too-far-ahead"


def test_a_child_born_after_the_day_of_its_conference_has_no_age_there() -> None:
    born = replace(PARTICULARS, date_of_birth=date(2026, 12, 20))
    at_it = conference.with_child(seat(MEETING), CHILD, born)
    assert isinstance(at_it, conference.Conference)
    assert at_it.age_years is None


def test_a_date_of_birth_that_cannot_be_a_childs_is_refused_at_every_conference() -> None:
    old = replace(PARTICULARS, date_of_birth=date(1999, 1, 1))
    refused = conference.with_child(seat(MEETING), CHILD, old)
    assert isinstance(refused, Denied)
    assert refused.code == "not-a-child"


def test_a_meeting_is_moved_and_an_adjourned_one_is_scheduled_again() -> None:
    adjourned = meeting.adjourned(MEETING, AdjournedBecause.QUORUM, date(2026, 12, 17), NOW)
    assert isinstance(adjourned, Meeting)
    assert adjourned.status is ConferenceStatus.ADJOURNED
    moved = meeting.moved(adjourned, NOW + timedelta(days=24), None, NOW)
    assert isinstance(moved, Meeting)
    assert moved.status is ConferenceStatus.SCHEDULED
    assert (moved.adjourned_because, moved.reconvenes_on) == (None, None)


def test_a_meeting_is_never_moved_to_a_day_that_is_over() -> None:
    moved = meeting.moved(MEETING, NOW - timedelta(hours=25), None, NOW)
    assert isinstance(moved, Denied)
    assert moved.code == "in-the-past"


def test_a_meeting_cannot_end_before_it_begins() -> None:
    starts_at = NOW + timedelta(days=3)
    moved = meeting.moved(MEETING, starts_at, starts_at, NOW)
    assert isinstance(moved, Denied)
    assert moved.code == "ends-before-start"


def test_held_is_refused_before_the_day_and_in_the_future_and_after_a_cancellation() -> None:
    after = MEETING.starts_at + timedelta(hours=2)
    early = meeting.held(MEETING, NOW, NOW)
    future = meeting.held(MEETING, after + timedelta(minutes=1), after)
    gone = meeting.held(at(ConferenceStatus.CANCELLED), after, after)
    refused = [one.code for one in (early, future, gone) if isinstance(one, Denied)]
    assert refused == ["held-before-scheduled", "held-in-future", "after-cancelled"]


def test_a_meeting_held_a_little_before_its_hour_is_held() -> None:
    held_at = MEETING.starts_at - timedelta(minutes=20)
    held = meeting.held(MEETING, held_at, held_at)
    assert isinstance(held, Meeting)
    assert held.status is ConferenceStatus.HELD


def seat(of: Meeting) -> conference.Conference:
    made = conference.scheduled(REF, of, CHILD, PARTICULARS)
    assert isinstance(made, conference.Conference)
    return made


def test_a_childs_conference_carries_the_age_on_its_day() -> None:
    assert seat(MEETING).age_years == 10
    day_before = replace(MEETING, starts_at=MEETING.starts_at - timedelta(days=1))
    assert seat(day_before).age_years == 9


def test_the_day_is_the_one_people_in_london_see() -> None:
    late_evening = datetime(2027, 6, 9, 23, 30, tzinfo=UTC)  # half past midnight in London
    born = replace(PARTICULARS, date_of_birth=date(2017, 6, 10))
    made = conference.scheduled(REF, replace(MEETING, starts_at=late_evening), CHILD, born)
    assert isinstance(made, conference.Conference)
    assert made.age_years == 10


@pytest.mark.parametrize("status", [ConferenceStatus.HELD, ConferenceStatus.CANCELLED])
def test_no_child_is_added_to_a_meeting_that_is_over(status: ConferenceStatus) -> None:
    assert isinstance(conference.scheduled(REF, at(status), CHILD, PARTICULARS), Denied)


def test_a_conference_follows_its_meeting_unless_the_child_was_taken_off_it() -> None:
    removed = conference.removed(seat(MEETING), CancelledBecause.REMOVED, others_stay=True)
    assert isinstance(removed, conference.Conference)
    moved = replace(MEETING, starts_at=NOW + timedelta(days=30))
    assert conference.follow(seat(MEETING), moved).starts_at == moved.starts_at
    assert conference.follow(removed, moved) == removed
    assert conference.with_child(removed, CHILD, PARTICULARS) == removed


def test_the_news_tell_a_new_time_from_any_other_change() -> None:
    before = seat(MEETING)
    moved = replace(before, starts_at=NOW + timedelta(days=20))
    other = replace(before, kind=ConferenceKind.REVIEW)
    both = replace(moved, kind=ConferenceKind.REVIEW)
    assert conference.news(before, before, new_place=False) == ()
    assert conference.news(before, moved, new_place=False) == ("rescheduled",)
    assert conference.news(before, other, new_place=False) == ("changed",)
    assert conference.news(before, both, new_place=False) == ("rescheduled", "changed")
    assert conference.news(before, before, new_place=True) == ("changed",)
