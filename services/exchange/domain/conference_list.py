"""Reads a conference list: one row a child; rows of one `conference_id` are siblings.

Good rows go on whatever becomes of the others; every refused row is named by line, column and
code. A row that is missing from a file means nothing at all: it never cancels.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from services.contracts.codes import MeetingFormat, YesNo
from services.exchange.domain import intake
from services.exchange.domain.authorities import ons_code
from services.exchange.domain.cells import COLUMNS, REQUIRED, BadCell, email, read_cell
from services.exchange.domain.child import UNKNOWN_LANGUAGE, Adult, ChildGiven, Facts, Particulars
from services.exchange.domain.contact import Contact, ContactChannel, ContactSafety
from services.exchange.domain.csv_table import Line, Refusal, read_table
from services.exchange.domain.identifiers import conference_id
from services.exchange.domain.intake import Fault, MeetingGiven

_NEVER_EMPTY: Final = ("conference_id", "authority", "kind", "starts_at", "la_child_id")
_MEETING_COLUMNS: Final = (
    "kind",
    "starts_at",
    "ends_at",
    "format",
    "place",
    "requested_at",
    "strategy_discussion_on",
    "transfer_clock_on",
    "from_authority",
    "family_informed_on",
    "chair_name",
    "chair_email",
)
_IDS: Final = frozenset({"conference_id", "la_child_id"})
_CONTACT_COLUMNS: Final = (
    "contact_person",
    "contact_channel",
    "contact_value",
    "contact_safety",
    "contact_note",
)

Cells = Mapping[str, Any]
MeetingKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One row whose cells could all be read."""

    line: int
    cells: Cells

    @property
    def meeting(self) -> MeetingKey:
        """The authority and its id of the meeting, however it is written."""
        return (self.cells["authority"], conference_id(self.cells["conference_id"]))

    @property
    def said(self) -> Cells:
        """What the row says beside the ids, which capitals do not change."""
        return {name: cell for name, cell in self.cells.items() if name not in _IDS}


@dataclass(frozen=True, slots=True)
class MeetingRows:
    """One meeting of the file; `lines[i]` is the line of child `i`."""

    given: MeetingGiven
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ConferenceList:
    """A file as it was read; `named` are all (authority, conference id, child id) that it names."""

    rows: int
    meetings: tuple[MeetingRows, ...]
    refused: tuple[Refusal, ...]
    warnings: tuple[Refusal, ...]
    ignored_columns: tuple[str, ...]
    named: frozenset[tuple[str, str, str]]


def read_list(data: bytes, now: datetime) -> ConferenceList:
    """Read a file as of now."""
    table = read_table(data, COLUMNS, REQUIRED)
    refused = list(table.refused)
    rows: list[Row] = []
    for line in table.lines:
        row = _row(line)
        if isinstance(row, Row):
            rows.append(row)
        else:
            refused.extend(row)
    meetings: list[MeetingRows] = []
    for siblings in _by_meeting(rows):
        meeting, refusals = _meeting(siblings, now)
        refused.extend(refusals)
        if meeting is not None:
            meetings.append(meeting)
    return ConferenceList(
        rows=table.rows,
        meetings=tuple(meetings),
        refused=tuple(sorted(refused, key=lambda refusal: (refusal.line, refusal.column))),
        warnings=tuple(
            _warning(meeting, fault)
            for meeting in meetings
            for fault in intake.warnings(meeting.given)
        ),
        ignored_columns=tuple(name for name in table.columns if name not in COLUMNS),
        named=frozenset(_named(table.lines)),
    )


def _row(line: Line) -> Row | tuple[Refusal, ...]:
    cells: dict[str, Any] = {}
    refused: list[Refusal] = []
    for column in COLUMNS:
        try:
            cells[column] = read_cell(column, line.cells.get(column, ""))
        except BadCell as bad:
            refused.append(Refusal(line.number, column, bad.code, bad.message))
    bad_columns = {refusal.column for refusal in refused}
    refused.extend(
        Refusal(line.number, column, "missing", "This cell may not be empty.")
        for column in _NEVER_EMPTY
        if column not in bad_columns and cells[column] is None
    )
    if not refused and _half_a_contact(cells):
        message = "A contact has a person, a channel and a value."
        refused.append(Refusal(line.number, "contact_value", "half-a-contact", message))
    if not refused and (bad_address := _bad_address(cells)) is not None:
        refused.append(Refusal(line.number, "contact_value", bad_address.code, bad_address.message))
    return tuple(refused) if refused else Row(line.number, cells)


def _half_a_contact(cells: Cells) -> bool:
    given = [cells[column] is not None for column in _CONTACT_COLUMNS]
    return any(given) and not all(given[:3])


def _bad_address(cells: Cells) -> BadCell | None:
    """Say what is wrong with a contact by e-mail: one address is one reader, and no more."""
    if cells["contact_channel"] is not ContactChannel.EMAIL or cells["contact_value"] is None:
        return None
    try:
        email(cells["contact_value"])
    except BadCell as bad:
        return bad
    return None


def _by_meeting(rows: Sequence[Row]) -> Iterator[list[Row]]:
    meetings: dict[MeetingKey, list[Row]] = defaultdict(list)
    for row in rows:
        meetings[row.meeting].append(row)
    yield from meetings.values()


def _meeting(rows: list[Row], now: datetime) -> tuple[MeetingRows | None, list[Refusal]]:
    """Put siblings together; what they must share they may not contradict."""
    if contradictions := list(_contradictions(rows)):
        return None, contradictions
    rows, refused = _once_each(rows)
    if not rows:
        return None, refused
    shared = {
        column: next((row.cells[column] for row in rows if row.cells[column] is not None), None)
        for column in _MEETING_COLUMNS
    }
    given = _given({**rows[0].cells, **shared}, rows)
    faults = intake.faults(given, now)
    if any(fault.child is None for fault in faults):
        return None, [*refused, *_refusals(faults, rows)]
    return _good_children(given, rows, faults, refused)


def _refusals(faults: Sequence[Fault], rows: Sequence[Row]) -> Iterator[Refusal]:
    """Refuse a child's row for what is wrong with the child, and every row for the meeting."""
    for fault in faults:
        about = rows if fault.child is None else [rows[fault.child]]
        yield from (_refusal(row.line, fault) for row in about)


def _good_children(
    given: MeetingGiven, rows: list[Row], faults: Sequence[Fault], refused: list[Refusal]
) -> tuple[MeetingRows | None, list[Refusal]]:
    bad = {fault.child for fault in faults}
    good = [index for index in range(len(rows)) if index not in bad]
    refused = [*refused, *_refusals(faults, rows)]
    if not good:
        return None, refused
    kept = replace(given, children=tuple(given.children[index] for index in good))
    return MeetingRows(kept, tuple(rows[index].line for index in good)), refused


def _contradictions(rows: list[Row]) -> Iterator[Refusal]:
    for column in _MEETING_COLUMNS:
        if len({row.cells[column] for row in rows if row.cells[column] is not None}) > 1:
            two_times = column == "starts_at"
            code = "two-times" if two_times else "contradiction"
            message = "Rows of one conference disagree here: all of them are refused."
            yield from (Refusal(row.line, column, code, message) for row in rows)


def _once_each(rows: list[Row]) -> tuple[list[Row], list[Refusal]]:
    """Keep each child once: the same row again is left out, two different ones are both refused."""
    by_child: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_child[row.cells["la_child_id"].upper()].append(row)
    kept: list[Row] = []
    refused: list[Refusal] = []
    for same in by_child.values():
        if any(row.said != same[0].said for row in same):
            message = "Two rows about one child disagree: both are refused."
            refused += [Refusal(row.line, "la_child_id", "child-twice", message) for row in same]
        else:
            kept.append(same[0])
            message = "The same row is there already."
            refused += [Refusal(row.line, "la_child_id", "row-twice", message) for row in same[1:]]
    return kept, refused


def _given(cells: Cells, rows: list[Row]) -> MeetingGiven:
    return MeetingGiven(
        conference_id=cells["conference_id"],
        authority=cells["authority"],
        kind=cells["kind"],
        starts_at=cells["starts_at"],
        children=tuple(_child(row.cells) for row in rows),
        ends_at=cells["ends_at"],
        format=cells["format"] or MeetingFormat.UNKNOWN,
        place=cells["place"] or "",
        requested_at=cells["requested_at"],
        strategy_discussion_on=cells["strategy_discussion_on"],
        transfer_clock_on=cells["transfer_clock_on"],
        from_authority=cells["from_authority"],
        family_informed_on=cells["family_informed_on"],
        chair=_adult(cells["chair_name"], cells["chair_email"]),
    )


def _child(cells: Cells) -> ChildGiven:
    return ChildGiven(
        Particulars(
            la_child_id=cells["la_child_id"],
            given_name=cells["given_name"] or "",
            family_name=cells["family_name"] or "",
            date_of_birth=cells["date_of_birth"],
            expected_birth_on=cells["expected_birth_on"],
            upn=cells["upn"],
            nhs_number=cells["nhs_number"],
            social_worker=_adult(cells["social_worker_name"], cells["social_worker_email"]),
            contacts=_contacts(cells),
        ),
        Facts(
            language=cells["language"] or UNKNOWN_LANGUAGE,
            needs=cells["communication_needs"] or (),
            disabilities=cells["disabilities"] or (),
            looked_after=cells["looked_after"] or YesNo.UNKNOWN,
            in_custody=cells["in_custody"] or YesNo.UNKNOWN,
            out_of_area=cells["placed_out_of_area"] or YesNo.UNKNOWN,
        ),
    )


def _contacts(cells: Cells) -> tuple[Contact, ...]:
    if cells["contact_value"] is None:
        return ()
    return (
        Contact(
            person=cells["contact_person"],
            channel=cells["contact_channel"],
            value=cells["contact_value"],
            safety=cells["contact_safety"] or ContactSafety.UNKNOWN,
            note=cells["contact_note"] or "",
        ),
    )


def _adult(name: str | None, email: str | None) -> Adult | None:
    return Adult(name or "", email) if name or email else None


def _named(lines: Sequence[Line]) -> Iterator[tuple[str, str, str]]:
    """Yield what the file names, refused rows too: they are no reason to call a child absent."""
    for line in lines:
        authority = ons_code(line.cells["authority"])
        if authority is not None:
            yield authority, line.cells["conference_id"], line.cells["la_child_id"].upper()


def _refusal(line: int, fault: Fault) -> Refusal:
    return Refusal(line, fault.field, fault.code, fault.message)


def _warning(meeting: MeetingRows, fault: Fault) -> Refusal:
    return _refusal(meeting.lines[fault.child or 0], fault)
