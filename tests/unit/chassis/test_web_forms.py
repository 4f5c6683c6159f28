"""What people type into a form is read as they mean it, or named as what is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from services.chassis.web.forms import FieldError, Mistake, Reader, Submitted, at_local, read_form
from services.contracts.codes import MeetingFormat, Need, VisitReason
from services.contracts.local_time import spoken_hour

NO_TIME = "The time is missing"


def form(**fields: str) -> Submitted:
    return Submitted({name.replace("_", "-"): [value] for name, value in fields.items()})


def test_a_date_is_read_from_its_three_boxes() -> None:
    assert form(on_day="3", on_month="12", on_year="2026").date("on") == date(2026, 12, 3)


def test_an_empty_date_is_none_and_no_mistake() -> None:
    assert form(on_day="", on_month="", on_year="").date("on") is None


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (("", "12", "2026"), "must include a day"),
        (("3", "", ""), "must include a month and year"),
        (("31", "2", "2026"), "must be a real date"),
        (("x", "2", "2026"), "must be a real date"),
        (("1", "2", "99999"), "must be a real date"),
    ],
)
def test_a_broken_date_says_which_part(parts: tuple[str, str, str], sentence: str) -> None:
    broken = form(on_day=parts[0], on_month=parts[1], on_year=parts[2])

    with pytest.raises(FieldError, match=sentence):
        broken.date("on")


@pytest.mark.parametrize(
    ("typed", "utc_hour", "minute"),
    [
        ("10am", 10, 0),
        ("10 AM", 10, 0),
        ("2:30pm", 14, 30),
        ("2.30 pm", 14, 30),
        ("14:00", 14, 0),
        ("9", 9, 0),
        ("12pm", 12, 0),
        ("12am", 0, 0),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, utc_hour: int, minute: int) -> None:
    read = at_local(date(2026, 12, 3), typed)

    assert read.astimezone(UTC) == datetime(2026, 12, 3, utc_hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "25:00", "13pm", "0am", "half past nine", "9:60", "9:3"])
def test_what_is_no_time_is_named(typed: str) -> None:
    with pytest.raises(FieldError, match="must be written like"):
        at_local(date(2026, 12, 3), typed)


def test_in_summer_ten_oclock_is_nine_in_utc() -> None:
    assert at_local(date(2026, 7, 1), "10am").astimezone(UTC).hour == 9


@given(st.times().map(lambda t: t.replace(second=0, microsecond=0)))
def test_every_time_of_day_we_write_is_read_back(at: object) -> None:
    written = datetime.combine(date(2026, 12, 3), at, tzinfo=UTC)  # type: ignore[arg-type]
    text = spoken_hour(written)
    if text not in {"midday", "midnight"}:
        assert at_local(date(2026, 12, 3), text) == written


@pytest.mark.parametrize(
    ("typed", "mistakes"),
    [
        ({"at-time": "10am"}, {"at-day": "The day of the visit is missing"}),
        (
            {"at-day": "3", "at-month": "12", "at-year": "2026"},
            {"at-time": NO_TIME},
        ),
        (
            {"at-day": "3", "at-month": "12", "at-year": "26"},
            {
                "at-day": "The day of the visit must have a year of four digits",
                "at-time": NO_TIME,
            },
        ),
        (
            {},
            {
                "at-day": "The day of the visit is missing",
                "at-time": NO_TIME,
            },
        ),
    ],
)
def test_what_is_missing_of_a_moment_is_said_of_its_own_box(
    typed: dict[str, str], mistakes: dict[str, str]
) -> None:
    reader = Reader(Submitted({name: [value] for name, value in typed.items()}))
    assert reader.moment("at", "The day of the visit") is None
    assert {one.field: one.message for one in reader.mistakes} == mistakes


def test_blanks_around_go_and_line_ends_become_one_sign() -> None:
    read = read_form(FormData([("words", "  one\r\ntwo \n"), ("tick", "a"), ("tick", "")]))

    assert read["words"] == "one\ntwo"
    assert read.every("tick") == ["a"]
    assert read["not sent"] == ""


def test_nothing_chosen_is_a_mistake_even_where_a_list_may_grow() -> None:
    reader = Reader(form(reason="", again="no-such-reason"))

    assert reader.choice("reason", VisitReason, "Choose a reason") is None
    assert reader.choice("again", VisitReason, "Choose again") is None
    assert reader.mistakes == [
        Mistake("reason", "Choose a reason"),
        Mistake("again", "Choose again"),
    ]


def test_the_ticked_codes_are_read_and_strange_ones_left_out() -> None:
    reader = Reader(Submitted({"needs": ["bsl", "no-such-need", "bsl", "makaton"]}))

    assert reader.chosen("needs", Need) == (Need.BSL, Need.MAKATON)
    assert reader.either("format", MeetingFormat.UNKNOWN) is MeetingFormat.UNKNOWN


def test_all_that_is_wrong_with_a_form_is_said_at_once() -> None:
    reader = Reader(form(at_day="31", at_month="2", at_year="2026", until_day="1"))

    assert reader.moment("at", "The day") is None
    assert reader.moment("missing", "The other day") is None
    assert reader.date("until", "The last day") is None
    assert reader.text("name", "Enter a name") == ""
    assert reader.mistakes == [
        Mistake("at-day", "The day must be a real date"),
        Mistake("at-time", NO_TIME),
        Mistake("missing-day", "The other day is missing"),
        Mistake("missing-time", NO_TIME),
        Mistake("until-day", "The last day must include a month and year"),
        Mistake("name", "Enter a name"),
    ]
