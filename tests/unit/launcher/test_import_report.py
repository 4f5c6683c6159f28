"""What is the same for many rows of a file is said once, with how many and where it begins."""

from datetime import UTC, datetime, timedelta

from services.launcher.commands.conferences import (
    MOST_ABSENT,
    as_folded,
    as_meetings,
    still_to_come,
)

STARTS = datetime(2027, 6, 1, 13, 0, tzinfo=UTC)


def warning(line: int, code: str) -> dict[str, object]:
    return {"line": line, "column": "starts_at", "code": code, "message": f"It is {code}."}


def test_equal_warnings_are_one_line_with_their_number_and_the_first_lines() -> None:
    weekends = [warning(line, "weekend") for line in range(2, 202)]
    folded = as_folded([*weekends, warning(300, "late")])
    assert folded == [
        (200, "2, 3, 4, 5, 6, …", "starts_at", "weekend", "It is weekend."),
        (1, "300", "starts_at", "late", "It is late."),
    ]


def test_as_many_lines_as_are_shown_have_no_more_behind_them() -> None:
    (folded,) = as_folded([warning(line, "weekend") for line in range(5)])
    assert folded[:2] == (5, "0, 1, 2, 3, 4")


def test_one_conference_is_not_told_as_several() -> None:
    assert still_to_come(1) == "1 conference still to come is"
    assert still_to_come(2) == "2 conferences still to come are"


def absent(meeting: str, starts_at: datetime = STARTS) -> dict[str, object]:
    return {
        "meeting_ref": meeting,
        "conference_ref": "unused",
        "authority": "E09000020",
        "kind": "review",
        "starts_at": starts_at,
    }


def test_what_a_file_does_not_name_is_named_once_a_meeting_the_next_one_first() -> None:
    earlier = absent("m2", STARTS - timedelta(days=1))
    named, left_out = as_meetings([absent("m1"), earlier, absent("m1")])
    assert named == [
        ("2027-05-31 14:00", "E09000020", "review", 1, "/conferences/m2"),
        ("2027-06-01 14:00", "E09000020", "review", 2, "/conferences/m1"),
    ]
    assert left_out == 0


def test_of_a_file_that_leaves_out_nearly_all_the_first_are_named_and_the_rest_counted() -> None:
    named, left_out = as_meetings([absent(f"m{number}") for number in range(MOST_ABSENT + 3)])
    assert (len(named), left_out) == (MOST_ABSENT, 3)
