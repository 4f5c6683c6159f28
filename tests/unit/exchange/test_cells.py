"""Each column has its form; what could run, cannot be printed or is ambiguous is never taken."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import ConferenceKind, Disability, MeetingFormat, Need, YesNo
from services.exchange.domain.cells import COLUMNS, LONGEST, BadCell, read_cell

CANARY = "CANARY"


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("conference_id", "C-1/26", "C-1/26"),
        ("authority", "207", "E09000020"),
        ("kind", "transfer_in", ConferenceKind.TRANSFER_IN),
        ("kind", "Pre_Birth", ConferenceKind.PRE_BIRTH),
        ("format", "in_person", MeetingFormat.IN_PERSON),
        ("strategy_discussion_on", "2026-11-30", date(2026, 11, 30)),
        ("strategy_discussion_on", "30/11/2026", date(2026, 11, 30)),
        ("starts_at", "2026-12-10T14:00:00Z", datetime(2026, 12, 10, 14, 0, tzinfo=UTC)),
        ("starts_at", "2026-12-10T14:00:00+02:00", datetime(2026, 12, 10, 12, 0, tzinfo=UTC)),
        ("starts_at", "2026-07-10 14:00", datetime(2026, 7, 10, 13, 0, tzinfo=UTC)),
        ("starts_at", "10/12/2026 14:00", datetime(2026, 12, 10, 14, 0, tzinfo=UTC)),
        ("starts_at", "2026-12-10T14:00", datetime(2026, 12, 10, 14, 0, tzinfo=UTC)),
        ("requested_at", "2026-07-10", datetime(2026, 7, 9, 23, 0, tzinfo=UTC)),
        ("looked_after", "YES", YesNo.YES),
        ("communication_needs", "easy_read; bsl;easy-read", (Need.EASY_READ, Need.BSL)),
        ("disabilities", "AUT;LD", (Disability.AUTISM, Disability.LEARNING)),
        ("language", "PL", "pl"),
        ("chair_email", "chair@example.org", "chair@example.org"),
        ("contact_value", "+44 7700 900123", "+44 7700 900123"),
        ("place", "", None),
    ],
)
def test_a_cell_is_read_in_its_columns_form(column: str, text: str, value: object) -> None:
    assert read_cell(column, text) == value


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("authority", "E07000026", "authority-unknown"),
        ("kind", "annual", "unknown-code"),
        ("starts_at", "2026-12-10", "time-form"),
        ("starts_at", "10/12/2026", "time-form"),
        ("starts_at", "tomorrow at two", "time-form"),
        ("starts_at", "31/11/2026 14:00", "date-form"),
        ("starts_at", "2026-03-29 01:30", "time-ambiguous"),
        ("starts_at", "2026-10-25 01:30", "time-ambiguous"),
        ("date_of_birth", "2016-13-01", "date-form"),
        ("date_of_birth", "01/02/16", "date-form"),
        ("language", "English", "language-code"),
        ("communication_needs", "esy-read", "unknown-code"),
        ("disabilities", "XYZ", "unknown-code"),
        ("looked_after", "maybe", "unknown-code"),
        ("chair_email", "chair at example.org", "email-form"),
        ("chair_email", "chair@example", "email-form"),
        ("chair_email", "=?utf-8?q?x=40evil.example?=@a.bc", "formula"),
        ("chair_email", "a=?utf-8?q?x=40evil.example?=@a.bc", "email-form"),
        ("starts_at", "9999-12-31T23:59:59-12:00", "year-out-of-range"),
        ("starts_at", "31/12/9999 10:00", "year-out-of-range"),
        ("starts_at", "0001-01-01T00:00:00+14:00", "year-out-of-range"),
        ("requested_at", "9999-12-31", "year-out-of-range"),
        ("transfer_clock_on", "1989-12-31", "year-out-of-range"),
        ("given_name", "=HYPERLINK(0)", "formula"),
        ("given_name", "+1", "formula"),
        ("given_name", "-1", "formula"),
        ("given_name", "@SUM(A1)", "formula"),
        ("contact_value", "+cmd|' /C calc'!A0", "formula"),
        ("given_name", "Zo\x00e", "control-character"),
        ("given_name", "Zo\te", "control-character"),
        ("contact_note", "a" * (LONGEST + 1), "too-long"),
    ],
)
def test_a_bad_cell_is_refused_by_code(column: str, text: str, code: str) -> None:
    with pytest.raises(BadCell) as bad:
        read_cell(column, text)
    assert bad.value.code == code


@given(st.sampled_from(sorted(COLUMNS)), st.text(max_size=40))
def test_a_cell_is_read_or_refused_without_repeating_it(column: str, text: str) -> None:
    said = ""
    try:
        read_cell(column, f"{CANARY}{text}")
    except BadCell as bad:
        said = f"{bad.code} {bad.message} {bad!r}"
    assert CANARY not in said
