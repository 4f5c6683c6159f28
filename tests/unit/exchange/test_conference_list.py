"""Good rows go on whatever becomes of the others; every refused row is named by line and column."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.exchange.domain.conference_list import ConferenceList, read_list
from services.exchange.domain.csv_table import MAX_BYTES

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HEADER = "conference_id,authority,kind,starts_at,la_child_id,date_of_birth,given_name,place,upn"
GOOD = "C1,207,initial,2026-12-10 14:00,A1,2016-01-01,Zoe,Town Hall,"


def read(*rows: str, header: str = HEADER) -> ConferenceList:
    return read_list("\r\n".join((header, *rows, "")).encode(), NOW)


def refusals(found: ConferenceList) -> list[tuple[int, str, str]]:
    return [(refusal.line, refusal.column, refusal.code) for refusal in found.refused]


def children(found: ConferenceList) -> list[str]:
    return [c.particulars.la_child_id for m in found.meetings for c in m.given.children]


def test_siblings_are_one_meeting() -> None:
    found = read(GOOD, GOOD.replace("A1", "A2").replace("Zoe", "Yan"), GOOD.replace("C1", "C2"))
    assert [len(meeting.given.children) for meeting in found.meetings] == [2, 1]
    assert [meeting.lines for meeting in found.meetings] == [(2, 3), (4,)]
    assert (found.rows, found.refused) == (3, ())


def test_an_id_in_other_capitals_is_the_same_conference_and_the_same_child() -> None:
    found = read(GOOD, GOOD.replace("C1", "c1").replace("A1", "A2"), GOOD.replace("C1", "c1"))
    assert [meeting.lines for meeting in found.meetings] == [(2, 3)]
    assert refusals(found) == [(4, "la_child_id", "row-twice")]
    later = GOOD.replace("C1", "c1").replace("A1", "A2").replace("14:00", "15:00")
    assert {refusal.code for refusal in read(GOOD, later).refused} == {"two-times"}


def test_a_blank_meeting_cell_is_filled_by_a_siblings() -> None:
    found = read(GOOD.replace("Town Hall", ""), GOOD.replace("A1", "A2"))
    assert [meeting.given.place for meeting in found.meetings] == ["Town Hall"]


def test_two_times_for_one_conference_refuse_both_rows() -> None:
    other = GOOD.replace("A1", "A2").replace("14:00", "15:00")
    found = read(GOOD, other, GOOD.replace("C1", "C2"))
    assert refusals(found) == [(2, "starts_at", "two-times"), (3, "starts_at", "two-times")]
    assert children(found) == ["A1"]


def test_the_same_time_written_in_two_ways_is_one_time() -> None:
    found = read(GOOD, GOOD.replace("A1", "A2").replace("2026-12-10 14:00", "10/12/2026 14:00"))
    assert found.refused == ()


def test_siblings_that_contradict_each_other_are_refused() -> None:
    found = read(GOOD, GOOD.replace("A1", "A2").replace("Town Hall", "Library"))
    assert refusals(found) == [(2, "place", "contradiction"), (3, "place", "contradiction")]


def test_a_cell_of_any_length_is_refused_alone_and_the_rest_is_read() -> None:
    long = GOOD.replace("A1", "A2").replace("Town Hall", "x" * 140_000)
    ignored = f"{HEADER},notes"
    rows = (
        f"{long},",
        f"{GOOD.replace('C1', 'C2')},",
        f"{GOOD.replace('C1', 'C3')},{'y' * 140_000}",
    )
    found = read(*rows, header=ignored)
    assert refusals(found) == [(2, "place", "too-long")]
    assert [meeting.given.conference_id for meeting in found.meetings] == ["C2", "C3"]


def test_the_same_row_twice_goes_in_once() -> None:
    found = read(GOOD, GOOD)
    assert refusals(found) == [(3, "la_child_id", "row-twice")]
    assert children(found) == ["A1"]


def test_two_different_rows_about_one_child_are_both_refused() -> None:
    found = read(GOOD, GOOD.replace("Zoe", "Zac"))
    assert refusals(found) == [(2, "la_child_id", "child-twice"), (3, "la_child_id", "child-twice")]
    assert found.meetings == ()


def test_a_bad_child_does_not_keep_its_siblings_out() -> None:
    born_later = GOOD.replace("A1", "A2").replace("2016-01-01", "2026-12-11")
    found = read(GOOD, born_later)
    assert refusals(found) == [(3, "date_of_birth", "born-after-conference")]
    assert children(found) == ["A1"]


def test_a_bad_meeting_is_named_on_each_of_its_rows() -> None:
    header = f"{HEADER},ends_at"
    found = read(f"{GOOD},2026-12-10 13:00", f"{GOOD.replace('A1', 'A2')},", header=header)
    assert refusals(found) == [
        (2, "ends_at", "ends-before-start"),
        (3, "ends_at", "ends-before-start"),
    ]


def test_what_is_wrong_with_a_meeting_and_with_a_child_is_named_at_once() -> None:
    header = f"{HEADER},family_informed_on"
    too_old = GOOD.replace("A1", "A2").replace("2016-01-01", "1980-01-01")
    found = read(f"{GOOD},2026-12-01", f"{too_old},2026-12-01", header=header)
    assert refusals(found) == [
        (2, "family_informed_on", "in-future"),
        (3, "date_of_birth", "not-a-child"),
        (3, "family_informed_on", "in-future"),
    ]


def test_every_bad_cell_of_a_row_is_named() -> None:
    found = read("C1,nowhere,annual,,A1,,=1+1,,")
    assert refusals(found) == [
        (2, "authority", "authority-unknown"),
        (2, "given_name", "formula"),
        (2, "kind", "unknown-code"),
        (2, "starts_at", "missing"),
    ]


def test_a_missing_birth_date_is_named() -> None:
    found = read(GOOD.replace("2016-01-01", ""))
    assert refusals(found) == [(2, "date_of_birth", "missing")]


@pytest.mark.parametrize(
    ("row", "code"), [(f"{GOOD},more", "too-many-cells"), ("C1,207", "too-few-cells")]
)
def test_a_row_of_another_length_is_refused_alone(row: str, code: str) -> None:
    found = read(GOOD, row)
    assert refusals(found) == [(3, "", code)]
    assert (found.rows, children(found)) == (2, ["A1"])


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    found = read(GOOD.replace("Town Hall", '"Town\r\nHall"'), "", "C1,207")
    assert refusals(found) == [(2, "place", "control-character"), (5, "", "too-few-cells")]


def test_unknown_columns_are_listed_and_ignored() -> None:
    found = read(f"{GOOD},x,y", header=f"{HEADER},Ethnicity,notes")
    assert found.ignored_columns == ("ethnicity", "notes")
    assert children(found) == ["A1"]


def test_columns_may_come_in_any_order_and_case() -> None:
    found = read(
        "2016-01-01,A1,2026-12-10 14:00,initial,207,C1",
        header="Date_of_Birth, la_child_id,starts_at,KIND,authority,conference_id",
    )
    assert children(found) == ["A1"]


def test_a_file_without_its_header_is_refused_and_its_first_line_is_not_repeated() -> None:
    found = read(header=GOOD)
    assert {code for _, _, code in refusals(found)} == {"column-missing"}
    assert found.ignored_columns == ()
    assert "Zoe" not in repr(found)


def test_a_column_that_is_there_twice_is_refused() -> None:
    found = read(header=f"{HEADER},upn")
    assert refusals(found) == [(1, "upn", "column-twice")]


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    found = read_list(b"\xef\xbb\xbf" + f"{HEADER}\n{GOOD}\n".encode(), NOW)
    assert children(found) == ["A1"]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_another_encoding_is_named_with_its_line(encoding: str) -> None:
    text = f"{HEADER}\n{GOOD}\n{GOOD.replace('Zoe', 'Zoë')}\n"
    ((line, column, code),) = refusals(read_list(text.encode(encoding), NOW))
    assert (column, code) == ("", "not-utf-8")
    assert line == (3 if encoding == "cp1252" else 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no-header"),
        (b" " * (MAX_BYTES + 1), "file-too-large"),
        (f'{HEADER}\n{GOOD}\nC2,"broken'.encode(), "broken-quotes"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, code: str) -> None:
    assert code in [found for _, _, found in refusals(read_list(data, NOW))]


def test_nul_bytes_are_refused_where_they_are() -> None:
    found = read(GOOD.replace("Zoe", "Z\x00e"), GOOD.replace("A1", "A2"))
    assert refusals(found) == [(2, "given_name", "control-character")]
    assert children(found) == ["A2"]


@pytest.mark.parametrize(
    "value",
    ["not an address", '"a@example.org, b@example.org"', "zoë@example.org", "07700 900123"],
)
def test_a_contact_by_email_that_is_not_one_address_is_refused(value: str) -> None:
    header = f"{HEADER},contact_person,contact_channel,contact_value,contact_safety,contact_note"
    found = read(f"{GOOD},parent,email,{value},safe,", header=header)
    assert refusals(found) == [(2, "contact_value", "email-form")]
    assert value not in str(refusals(found))


def test_half_a_contact_is_refused() -> None:
    header = f"{HEADER},contact_person,contact_channel,contact_value,contact_safety,contact_note"
    whole = f"{GOOD},parent,email,parent@example.org,safe,"
    half = f"{GOOD.replace('A1', 'A2')},parent,,,safe,"
    found = read(whole, half, header=header)
    assert refusals(found) == [(3, "contact_value", "half-a-contact")]
    (contact,) = found.meetings[0].given.children[0].particulars.contacts
    assert (contact.value, contact.confirmed_on) == ("parent@example.org", None)


def test_a_weekend_is_a_warning_on_its_line() -> None:
    found = read(GOOD.replace("2026-12-10", "2026-12-12"))
    assert [(w.line, w.column, w.code) for w in found.warnings] == [(2, "starts_at", "weekend")]
    assert children(found) == ["A1"]


def test_refused_rows_are_named_too_so_that_nobody_is_called_absent() -> None:
    found = read(GOOD, "C9,207,annual,2026-12-10 14:00,a9,2016-01-01,,,")
    assert found.named == {("E09000020", "C1", "A1"), ("E09000020", "C9", "A9")}


CELL = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.lists(st.lists(CELL, min_size=9, max_size=9), max_size=6))
def test_every_row_is_taken_in_or_refused_and_none_is_lost(rows: Sequence[Sequence[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    found = read_list("\n".join((HEADER, *quoted)).encode(), NOW)
    refused = {line for line, _, _ in refusals(found)}
    assert found.rows == len(children(found)) + len(refused)
