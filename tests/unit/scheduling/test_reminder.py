"""When a reminder is said, to whom, and when it no longer is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import ConferenceStatus, OfferStatus, ReminderStatus, Role
from services.scheduling.domain.case import Case
from services.scheduling.domain.facts import Conference
from services.scheduling.domain.reminder import (
    Due,
    Reminder,
    due_times,
    fitted,
    is_useful,
    missing,
    said,
)
from tests.unit.scheduling.cases import (
    ADVOCATE,
    ANOTHER_ADVOCATE,
    ANY_TIME,
    CHILD,
    CONFERENCE,
    NOW,
    OFFER,
    STARTS_AT,
    a_conference,
    an_offer,
    at,
    england,
    policies,
    with_advocate,
)

SEVEN, THREE, ONE = (
    datetime(2026, 11, 26, 9, tzinfo=UTC),
    datetime(2026, 12, 2, 9, tzinfo=UTC),
    datetime(2026, 12, 4, 9, tzinfo=UTC),
)


def times(starts_at: datetime, **rules: object) -> tuple[Due, ...]:
    reminders = replace(england().reminders, **rules)  # type: ignore[arg-type]
    return due_times(starts_at, reminders, policies().calendar(england()))


def a_case(conference: Conference | None = None, **offer: object) -> Case:
    return Case(conference or a_conference(), replace(with_advocate(an_offer()), **offer), ())  # type: ignore[arg-type]


def reminders_of(case: Case, now: datetime = NOW) -> list[Reminder]:
    return [
        Reminder(
            reminder_ref=UUID(int=number),
            child_ref=CHILD,
            conference_ref=CONFERENCE,
            offer_ref=OFFER,
            conference_at=case.conference.starts_at,
            lead_working_days=wanted.due.lead_working_days,
            recipient_role=wanted.recipient_role,
            due_at=wanted.due.due_at,
            useful_until=wanted.due.useful_until,
            recipient_ref=wanted.recipient_ref,
        )
        for number, wanted in enumerate(missing(case, at(now), ()))
    ]


# --- when ---


def test_seven_three_and_one_working_days_ahead_at_nine() -> None:
    found = times(STARTS_AT)
    assert [(due.lead_working_days, due.due_at) for due in found] == [
        (7, SEVEN),
        (3, THREE),
        (1, ONE),
    ]


def test_each_is_useful_until_the_next_and_the_last_until_it_begins() -> None:
    assert [due.useful_until for due in times(STARTS_AT)] == [THREE, ONE, STARTS_AT]


def test_working_days_skip_the_christmas_holidays() -> None:
    found = times(datetime(2026, 12, 29, 10, tzinfo=UTC))
    assert found[-1].due_at == datetime(2026, 12, 24, 9, tzinfo=UTC)


def test_nine_oclock_is_people_s_nine_oclock_on_both_sides_of_the_change_of_clocks() -> None:
    # British summer time ends on Sunday 25 October 2026 and begins on Sunday 28 March 2027.
    autumn = times(datetime(2026, 10, 27, 10, tzinfo=UTC))
    assert [due.due_at.hour for due in autumn] == [8, 8, 9]
    spring = times(datetime(2027, 3, 31, 10, tzinfo=UTC))
    assert [due.due_at.hour for due in spring] == [9, 9, 8]


def test_a_reminder_of_the_same_day_is_dropped_when_it_would_come_after_the_beginning() -> None:
    early = times(STARTS_AT.replace(hour=8), lead_working_days=(1, 0))
    assert [due.lead_working_days for due in early] == [1]
    assert early[0].useful_until == STARTS_AT.replace(hour=8)


@given(
    starts_at=ANY_TIME,
    leads=st.lists(st.integers(0, 15), min_size=1, max_size=5),
    hour=st.integers(0, 23),
)
def test_reminders_come_one_after_the_other_and_never_after_it_began(
    starts_at: datetime, leads: list[int], hour: int
) -> None:
    found = times(starts_at, lead_working_days=tuple(leads), hour=hour)
    assert all(due.due_at < due.useful_until <= starts_at for due in found)
    assert all(one.useful_until == other.due_at for one, other in pairwise(found))


# --- which ---


def test_advocate_and_social_worker_are_reminded_each_of_three_times() -> None:
    found = reminders_of(a_case())
    assert [(r.lead_working_days, r.recipient_role, r.recipient_ref) for r in found] == [
        (lead, role, ref)
        for lead in (7, 3, 1)
        for role, ref in ((Role.ADVOCATE, ADVOCATE), (Role.SOCIAL_WORKER, None))
    ]


def test_at_short_notice_only_what_is_still_useful_is_planned() -> None:
    between_three_and_one = datetime(2026, 12, 3, 15, tzinfo=UTC)
    found = reminders_of(a_case(), between_three_and_one)
    assert {r.lead_working_days for r in found} == {3, 1}


def test_once_it_has_begun_there_is_nothing_to_remind_of() -> None:
    assert reminders_of(a_case(), STARTS_AT) == []


@pytest.mark.parametrize(
    "status", sorted(set(OfferStatus) - {OfferStatus.STANDING, OfferStatus.ACCEPTED})
)
def test_an_offer_that_is_not_live_silences_every_reminder(status: OfferStatus) -> None:
    there = reminders_of(a_case())
    silenced = list(fitted(a_case(status=status), at(NOW), tuple(there)))
    assert [r.reminder_ref for r in silenced] == [r.reminder_ref for r in there]
    assert {r.status for r in silenced} == {ReminderStatus.CANCELLED}


@pytest.mark.parametrize("status", sorted(set(ConferenceStatus) - {ConferenceStatus.SCHEDULED}))
def test_a_conference_that_is_not_to_come_silences_every_reminder(status: ConferenceStatus) -> None:
    there = reminders_of(a_case())
    conference = a_conference(status=status, held_at=STARTS_AT)
    silenced = list(fitted(a_case(conference), at(NOW), tuple(there)))
    assert len(silenced) == len(there) == 6


def test_another_start_replaces_every_reminder_that_was_not_said_yet() -> None:
    seven, *others = reminders_of(a_case())
    there = (said(seven, SEVEN), *others)
    moved = a_case(a_conference(starts_at=STARTS_AT + timedelta(days=14)))
    gone = list(fitted(moved, at(SEVEN), there))
    assert {r.status for r in gone} == {ReminderStatus.CANCELLED}
    assert len(gone) == 5
    assert len(list(missing(moved, at(SEVEN), there))) == 6


def test_what_was_said_is_not_said_again_after_a_pause() -> None:
    seven, *others = reminders_of(a_case())
    paused = (
        said(seven, SEVEN),
        *fitted(a_case(status=OfferStatus.PAUSED), at(SEVEN), tuple(others)),
    )
    again = list(missing(a_case(), at(SEVEN), paused))
    assert [(w.due.lead_working_days, w.recipient_role) for w in again] == [
        (7, Role.SOCIAL_WORKER),
        (3, Role.ADVOCATE),
        (3, Role.SOCIAL_WORKER),
        (1, Role.ADVOCATE),
        (1, Role.SOCIAL_WORKER),
    ]


def test_another_advocate_is_reminded_instead() -> None:
    there = reminders_of(a_case())
    changed = list(fitted(a_case(advocate_ref=ANOTHER_ADVOCATE), at(NOW), tuple(there)))
    assert [r.recipient_ref for r in changed] == [ANOTHER_ADVOCATE] * 3
    assert {r.recipient_role for r in changed} == {Role.ADVOCATE}
    assert {r.status for r in changed} == {ReminderStatus.PLANNED}


def test_without_an_advocate_nobody_is_reminded() -> None:
    assert reminders_of(a_case(advocate_ref=None)) == []


# --- said, or dropped ---


def test_a_reminder_said_late_but_before_the_next_one_is_said() -> None:
    seven = reminders_of(a_case())[0]
    late = THREE - timedelta(minutes=1)
    assert is_useful(seven, late)
    assert said(seven, late).status is ReminderStatus.CAME_DUE


def test_a_reminder_overtaken_by_the_next_one_is_dropped() -> None:
    seven = reminders_of(a_case())[0]
    assert said(seven, THREE).status is ReminderStatus.CANCELLED


def test_no_reminder_is_said_once_the_conference_has_begun() -> None:
    one = reminders_of(a_case())[-1]
    assert said(one, STARTS_AT).status is ReminderStatus.CANCELLED
