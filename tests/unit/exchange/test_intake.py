"""What cannot be right about a meeting is named by field and rule, for API and file alike."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from services.contracts.codes import ConferenceKind, ConferenceStatus, MeetingFormat, Need, YesNo
from services.exchange.domain import intake
from services.exchange.domain.child import (
    Adult,
    ChildGiven,
    Facts,
    Particulars,
    age_on,
    whoever_is_meant,
)
from services.exchange.domain.contact import Contact, ContactChannel, ContactPerson
from services.exchange.domain.intake import MeetingGiven
from services.exchange.domain.meeting import MeetingPrivate
from tests.unit.exchange.test_lifecycle import MEETING, NOW

CHILD = ChildGiven(Particulars("A1", date_of_birth=date(2016, 1, 1)))
GIVEN = MeetingGiven(
    conference_id="C1",
    authority="E09000020",
    kind=ConferenceKind.INITIAL,
    starts_at=datetime(2026, 12, 10, 14, 0, tzinfo=UTC),
    children=(CHILD,),
)

LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(-timedelta(hours=12)))


def child_with(**particulars: object) -> ChildGiven:
    return replace(CHILD, particulars=replace(CHILD.particulars, **particulars))  # type: ignore[arg-type]


def codes(given: MeetingGiven) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in intake.faults(given, NOW)]


def test_what_is_right_has_no_fault() -> None:
    assert codes(GIVEN) == []


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"ends_at": GIVEN.starts_at}, "ends_at", "ends-before-start"),
        ({"requested_at": GIVEN.starts_at + timedelta(1)}, "requested_at", "after-conference"),
        (
            {"strategy_discussion_on": date(2026, 12, 11)},
            "strategy_discussion_on",
            "after-conference",
        ),
        ({"family_informed_on": date(2026, 11, 24)}, "family_informed_on", "in-future"),
        ({"from_authority": "E09000020"}, "from_authority", "same-authority"),
        ({"starts_at": datetime(2029, 1, 1, tzinfo=UTC)}, "starts_at", "too-far-ahead"),
        ({"starts_at": LAST_MOMENT}, "starts_at", "too-far-ahead"),
        ({"transfer_clock_on": date(9999, 12, 31)}, "transfer_clock_on", "year-out-of-range"),
    ],
)
def test_a_meeting_that_cannot_be_is_named(
    change: dict[str, object], field: str, code: str
) -> None:
    assert codes(replace(GIVEN, **change)) == [(field, code)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("particulars", "field", "code"),
    [
        ({"date_of_birth": None}, "date_of_birth", "missing"),
        ({"date_of_birth": date(2026, 12, 11)}, "date_of_birth", "born-after-conference"),
        ({"date_of_birth": date(2026, 12, 1)}, "date_of_birth", "in-future"),
        ({"date_of_birth": date(2008, 12, 10)}, "date_of_birth", "not-a-child"),
        (
            {"date_of_birth": None, "expected_birth_on": date(2028, 1, 1)},
            "expected_birth_on",
            "not-near",
        ),
        ({"la_child_id": "A 1"}, "la_child_id", "form"),
        ({"upn": "A950000178302"}, "upn", "check-digit"),
        ({"nhs_number": "9434765918"}, "nhs_number", "check-digit"),
        (
            {
                "contacts": (
                    Contact(
                        ContactPerson.CHILD, ContactChannel.TEXT, "0", confirmed_by="A. Worker"
                    ),
                )
            },
            "contacts",
            "half-confirmed",
        ),
    ],
)
def test_a_child_that_cannot_be_is_named_with_its_place(
    particulars: dict[str, object], field: str, code: str
) -> None:
    given = replace(GIVEN, children=(CHILD, child_with(**{"la_child_id": "A2", **particulars})))
    found = intake.faults(given, NOW)
    assert [(fault.field, fault.code, fault.child) for fault in found] == [(field, code, 1)]


def test_the_same_child_twice_is_named_where_it_comes_again() -> None:
    given = replace(
        GIVEN, children=(CHILD, child_with(la_child_id="B2"), child_with(la_child_id="a1"))
    )
    found = [(fault.field, fault.code, fault.child) for fault in intake.faults(given, NOW)]
    assert found == [("la_child_id", "child-twice", 2)]


def test_the_day_before_the_eighteenth_birthday_is_a_childs() -> None:
    given = replace(GIVEN, children=(child_with(date_of_birth=date(2008, 12, 11)),))
    assert codes(given) == []


def test_an_unborn_child_has_an_expected_day() -> None:
    unborn = child_with(date_of_birth=None, expected_birth_on=date(2027, 2, 1))
    assert codes(replace(GIVEN, children=(unborn,))) == []


def test_no_fault_ever_repeats_what_was_sent() -> None:
    bad = child_with(la_child_id="CANARY-ID", upn="CANARY-UPN", nhs_number="CANARY-NHS")
    texts = [fault.message for fault in intake.faults(replace(GIVEN, children=(bad,)), NOW)]
    assert texts
    assert not [text for text in texts if "CANARY" in text]


@pytest.mark.parametrize(("hours", "late"), [(23, False), (24, False), (25, True)])
def test_over_a_day_in_the_past_is_late(hours: int, *, late: bool) -> None:
    given = replace(GIVEN, starts_at=NOW - timedelta(hours=hours))
    denied = intake.late(given, NOW)
    assert (denied is not None) is late
    if denied is not None:
        assert "late_entry" in denied.sentence


@pytest.mark.parametrize(("day", "count"), [(11, 0), (12, 1), (13, 1), (14, 0)])
def test_a_weekend_is_a_warning(day: int, count: int) -> None:
    given = replace(GIVEN, starts_at=datetime(2026, 12, day, 14, 0, tzinfo=UTC))
    assert len(list(intake.warnings(given))) == count


def test_what_is_left_blank_keeps_what_is_known() -> None:
    known = replace(MEETING, requested_at=NOW, format=MeetingFormat.HYBRID)
    assert intake.taken_over(known, GIVEN) == known


def test_the_same_time_is_no_new_time_and_a_blank_end_keeps_the_known_one() -> None:
    ends_at = MEETING.starts_at + timedelta(hours=1)
    known = replace(MEETING, ends_at=ends_at)
    assert intake.new_time(known, GIVEN) is None
    later = replace(GIVEN, ends_at=ends_at + timedelta(hours=1))
    assert intake.new_time(known, later) == (MEETING.starts_at, later.ends_at)
    moved = replace(GIVEN, starts_at=NOW + timedelta(days=2))
    assert intake.new_time(known, moved) == (moved.starts_at, None)


def test_a_list_that_has_the_time_before_it_was_put_off_says_nothing_new() -> None:
    put_off = replace(MEETING, status=ConferenceStatus.ADJOURNED)
    ends_at = MEETING.starts_at + timedelta(hours=1)
    assert intake.new_time(put_off, replace(GIVEN, ends_at=ends_at)) is None
    goes_on = replace(GIVEN, starts_at=MEETING.starts_at + timedelta(days=7))
    assert intake.new_time(put_off, goes_on) == (goes_on.starts_at, None)


def test_identifiers_are_kept_in_one_form() -> None:
    tidied = intake.tidy(child_with(upn="a950000178301", nhs_number="943 476 5919"))
    assert tidied.particulars.upn == "A950000178301"
    assert tidied.particulars.nhs_number == "9434765919"


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2021, 2, 28), 4), (date(2021, 3, 1), 5), (date(2024, 2, 28), 7), (date(2024, 2, 29), 8)],
)
def test_someone_born_on_a_leap_day_turns_older_on_the_first_of_march(day: date, age: int) -> None:
    assert age_on(day, date(2016, 2, 29)) == age


def test_unknown_never_overwrites_what_is_known() -> None:
    known = Facts("pl", (Need.INTERPRETER,), (), YesNo.YES, YesNo.NO, YesNo.UNKNOWN)
    assert known.updated(Facts()) == known
    assert known.updated(Facts(looked_after=YesNo.NO)).looked_after is YesNo.NO


def test_a_name_without_an_address_keeps_the_address_of_the_same_person_only() -> None:
    known = Adult("Sam Sample", "sam@example.org")
    assert whoever_is_meant(Adult("sam sample"), known) == Adult("sam sample", "sam@example.org")
    assert whoever_is_meant(Adult("", "new@example.org"), known) == Adult(
        "Sam Sample", "new@example.org"
    )
    assert whoever_is_meant(Adult("Alex Sample"), known) == Adult("Alex Sample")
    given = Particulars("A1", social_worker=Adult("Sam Sample"))
    assert Particulars("A1", social_worker=known).updated(given).social_worker == known
    private = MeetingPrivate("C1", chair=known)
    assert private.updated(MeetingPrivate("C1", chair=Adult("Sam Sample"))).chair == known


def test_a_blank_particular_never_overwrites_what_is_known() -> None:
    known = Particulars(
        "A1", "Zoe", "Testchild", date(2016, 1, 1), None, "A950000178301", "9434765919"
    )
    assert known.updated(Particulars("A1")) == known
