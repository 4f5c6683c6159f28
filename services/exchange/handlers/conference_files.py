"""Takes conference lists in: one transaction a meeting, so that good rows go in regardless.

Whatever befalls one meeting, the report says of every row what became of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NoReturn
from uuid import UUID

from services.chassis.desk import Desk
from services.chassis.errors import Fenced, NotYet, Refused, StoreUnavailable
from services.chassis.logs import warn
from services.contracts.codes import ConferenceKind
from services.exchange.domain.conference import Conference
from services.exchange.domain.conference_list import ConferenceList, MeetingRows, read_list
from services.exchange.domain.csv_table import Refusal
from services.exchange.domain.intake import Fault
from services.exchange.domain.meeting import CANCELLED_HERE
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.intake import Outcome, Taken, take_in
from services.exchange.handlers.lacking import family_not_informed
from services.exchange.settings import Exchange
from services.exchange.storage import queries, sealed
from services.exchange.storage.repositories import CHILDREN, MEETINGS


@dataclass(frozen=True, slots=True)
class Absent:
    """A conference still to come that the file does not name: nothing was done about it."""

    meeting_ref: UUID
    conference_ref: UUID
    authority: str
    kind: ConferenceKind
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file, row by row; `rows` is the sum of the four counts.

    `refused` names every fault, and a row may have several.
    """

    rows: int
    created: int
    changed: int
    unchanged: int
    refused_rows: int
    refused: tuple[Refusal, ...]
    warnings: tuple[Refusal, ...]
    absent: tuple[Absent, ...]
    ignored_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Done:
    """A meeting that was taken in, and what should be looked at."""

    taken: Taken
    warnings: tuple[Fault, ...]


class _Undone(Exception):
    """Ends the transaction of a trial run with what it would have done."""

    def __init__(self, done: _Done) -> None:
        super().__init__()
        self.done = done


@dataclass(slots=True)
class _Tally:
    """What became of the rows so far; once the database is away no further one is tried."""

    outcomes: list[Outcome]
    refused: list[Refusal]
    warnings: list[Refusal]
    store_is_away: bool = False

    def take(self, rows: MeetingRows, done: _Done) -> None:
        for line, child in zip(rows.lines, done.taken.children, strict=True):
            if child.outcome is Outcome.CANCELLED_HERE:
                against = CANCELLED_HERE
                self.refused.append(Refusal(line, "conference_id", against.code, against.sentence))
            else:
                self.outcomes.append(child.outcome)
        for fault in done.warnings:
            line = rows.lines[fault.child or 0]
            self.warnings.append(Refusal(line, fault.field, fault.code, fault.message))

    def refuse(self, rows: MeetingRows, column: str, code: str, message: str) -> None:
        self.refused.extend(Refusal(line, column, code, message) for line in rows.lines)


def import_conferences(desk: Desk[Exchange], data: bytes, *, dry_run: bool) -> ImportReport:
    """Take a file in, or say what would become of it; the same file again changes nothing.

    Raises:
        StoreUnavailable: the database did not answer before anything was done.
    """
    read = read_list(data, desk.clock.now())
    absent = desk.read(lambda work: _absent(work, read))
    tally = _Tally([], list(read.refused), list(read.warnings))
    for rows in read.meetings:
        _take_in(desk, rows, tally, dry_run=dry_run)
    return _report(read, tally, absent)


def _take_in(desk: Desk[Exchange], rows: MeetingRows, tally: _Tally, *, dry_run: bool) -> None:
    if tally.store_is_away:
        tally.refuse(rows, *_STORE_IS_AWAY)
        return
    try:
        tally.take(rows, _taken(desk, rows, dry_run=dry_run))
    except Refused as error:
        column = _COLUMNS.get(error.code, "starts_at")
        tally.refuse(rows, column, error.code, error.detail)
    except NotYet:
        sentence = "What this row needs is not known here yet."
        tally.refuse(rows, "starts_at", "not-yet-known", sentence)
    except Fenced:
        sentence = "Somebody else changed this at the same moment: hand it in again."
        tally.refuse(rows, "", "changed-meanwhile", sentence)
    except StoreUnavailable:
        tally.store_is_away = True
        tally.refuse(rows, *_STORE_IS_AWAY)
    except Exception as bug:  # noqa: BLE001 - the rows before it are in: the report must come
        warn("import-bug", error=type(bug).__name__)
        sentence = "Something went wrong here with this row; it was recorded."
        tally.refuse(rows, "", "internal", sentence)


_COLUMNS: Final = {
    "policy-unknown": "authority",
    "cancelled-here": "conference_id",
    "not-a-child": "date_of_birth",
}
"""Where a refusal lies that is not about the time."""

MAY_PASS: Final = frozenset({"changed-meanwhile", "internal", "not-yet-known", "store-unavailable"})
"""Refusals that the same row need not meet again."""

_STORE_IS_AWAY: Final = (
    "",
    "store-unavailable",
    "The database did not answer: hand the file in again, what went in stays unchanged.",
)


def _taken(desk: Desk[Exchange], rows: MeetingRows, *, dry_run: bool) -> _Done:
    if not dry_run:
        return desk.run(lambda work: _done(work, rows))
    try:
        desk.run(lambda work: _try(work, rows))
    except _Undone as undone:
        return undone.done
    raise AssertionError


def _try(work: ExchangeWork, rows: MeetingRows) -> NoReturn:
    raise _Undone(_done(work, rows))


def _done(work: ExchangeWork, rows: MeetingRows) -> _Done:
    taken = take_in(work, rows.given)
    meeting = work.get(MEETINGS, taken.meeting_ref)
    return _Done(taken, (*taken.warnings(), *family_not_informed(work, meeting)))


def _absent(work: ExchangeWork, read: ConferenceList) -> tuple[Absent, ...]:
    """Return what is still to come in the authorities of the file and is not named by it."""
    keys = work.context.keys
    named = {
        (index, sealed.blind_la_child_id(keys, authority, la_child_id))
        for authority, conference_id, la_child_id in read.named
        for index in sealed.conference_indexes(keys, authority, conference_id)
    }
    authorities = {authority for authority, _, _ in read.named}
    return tuple(
        Absent(
            conference.meeting_ref,
            conference.conference_ref,
            conference.authority,
            conference.kind,
            conference.starts_at,
        )
        for conference in queries.live_conferences_from(work, authorities, work.now)
        if _indexes(work, conference) not in named
    )


def _indexes(work: ExchangeWork, conference: Conference) -> tuple[str, str]:
    meeting = work.get(MEETINGS, conference.meeting_ref)
    child = work.get(CHILDREN, conference.child_ref)
    return meeting.conference_index, child.la_child_id_index


def _report(read: ConferenceList, tally: _Tally, absent: tuple[Absent, ...]) -> ImportReport:
    count = tally.outcomes.count
    return ImportReport(
        rows=read.rows,
        created=count(Outcome.CREATED),
        changed=count(Outcome.CHANGED) + count(Outcome.REINSTATED),
        unchanged=count(Outcome.UNCHANGED),
        # A file that could not be read at all has a fault, but no row.
        refused_rows=len({refusal.line for refusal in tally.refused}) if read.rows else 0,
        refused=tuple(sorted(tally.refused, key=_place)),
        warnings=tuple(sorted(tally.warnings, key=_place)),
        absent=absent,
        ignored_columns=read.ignored_columns,
    )


def _place(refusal: Refusal) -> tuple[int, str]:
    return refusal.line, refusal.column
