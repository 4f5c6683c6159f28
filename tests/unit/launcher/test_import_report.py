"""What is the same for many rows of a file is said once, with how many and where it begins."""

from services.launcher.commands.conferences import as_folded, still_to_come


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
