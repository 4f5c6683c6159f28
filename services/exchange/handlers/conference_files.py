"""Takes conference lists in: one transaction a meeting, so that good rows go in regardless."""

from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from services.chassis.desk import Desk
from services.chassis.errors import NotYet, Refused
from services.exchange.domain.conference import Conference
from services.exchange.domain.conference_list import ConferenceList, MeetingRows, read_list
from services.exchange.domain.csv_table import Refusal
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.intake import Outcome, Taken, take_in
from services.exchange.settings import Exchange
from services.exchange.storage import queries, sealed
from services.exchange.storage.repositories import CHILDREN, MEETINGS


@dataclass(frozen=True, slots=True)
class Absent:
    """A conference still to come that the file does not name: nothing was done about it."""

    meeting_ref: UUID
    conference_ref: UUID


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file, row by row; `rows` is the sum of the four counts."""

    rows: int
    created: int
    changed: int
    unchanged: int
    refused: tuple[Refusal, ...]
    warnings: tuple[Refusal, ...]
    absent: tuple[Absent, ...]
    ignored_columns: tuple[str, ...]


class _Undone(Exception):
    """Ends the transaction of a trial run with what it would have done."""

    def __init__(self, taken: Taken) -> None:
        super().__init__()
        self.taken = taken


def import_conferences(desk: Desk[Exchange], data: bytes, *, dry_run: bool) -> ImportReport:
    """Take a file in, or say what would become of it; the same file again changes nothing."""
    read = read_list(data, desk.clock.now())
    outcomes: list[Outcome] = []
    refused = list(read.refused)
    for rows in read.meetings:
        taken = _take_in(desk, rows, dry_run=dry_run)
        if isinstance(taken, Taken):
            outcomes.extend(child.outcome for child in taken.children)
        else:
            refused.extend(taken)
    return _report(read, outcomes, refused, desk.read(lambda work: _absent(work, read)))


def _take_in(desk: Desk[Exchange], rows: MeetingRows, *, dry_run: bool) -> Taken | list[Refusal]:
    try:
        if dry_run:
            desk.run(lambda work: _try(work, rows))
        return desk.run(lambda work: take_in(work, rows.given))
    except _Undone as undone:
        return undone.taken
    except (Refused, NotYet) as error:
        code, sentence = (
            (error.code, error.detail)
            if isinstance(error, Refused)
            else ("not-yet-known", "What this row needs is not known here yet.")
        )
        return [Refusal(line, "starts_at", code, sentence) for line in rows.lines]


def _try(work: ExchangeWork, rows: MeetingRows) -> NoReturn:
    raise _Undone(take_in(work, rows.given))


def _absent(work: ExchangeWork, read: ConferenceList) -> tuple[Absent, ...]:
    """Return what is still to come in the authorities of the file and is not named by it."""
    keys = work.context.keys
    named = {
        (
            sealed.blind_conference_id(keys, authority, conference_id),
            sealed.blind_la_child_id(keys, authority, la_child_id),
        )
        for authority, conference_id, la_child_id in read.named
    }
    authorities = {authority for authority, _, _ in read.named}
    return tuple(
        Absent(conference.meeting_ref, conference.conference_ref)
        for conference in queries.live_conferences_from(work, authorities, work.now)
        if _indexes(work, conference) not in named
    )


def _indexes(work: ExchangeWork, conference: Conference) -> tuple[str, str]:
    meeting = work.get(MEETINGS, conference.meeting_ref)
    child = work.get(CHILDREN, conference.child_ref)
    return meeting.conference_index, child.la_child_id_index


def _report(
    read: ConferenceList,
    outcomes: list[Outcome],
    refused: list[Refusal],
    absent: tuple[Absent, ...],
) -> ImportReport:
    return ImportReport(
        rows=read.rows,
        created=outcomes.count(Outcome.CREATED),
        changed=outcomes.count(Outcome.CHANGED),
        unchanged=outcomes.count(Outcome.UNCHANGED),
        refused=tuple(sorted(refused, key=lambda refusal: (refusal.line, refusal.column))),
        warnings=read.warnings,
        absent=absent,
        ignored_columns=read.ignored_columns,
    )
