"""The SELECTs that are more than a look-up by key, each with a name."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Select, and_, func, or_, select, update

from services.chassis.storage import from_moment, moment
from services.chassis.work import Work
from services.exchange.domain.agreement import Agency, Agreement, AgreementStatus
from services.exchange.domain.conference import Conference
from services.exchange.domain.cut import Entry, Feed
from services.exchange.domain.hold import MESSAGES_HELD
from services.exchange.domain.lifecycle import LIVE
from services.exchange.domain.matching import Suggestion
from services.exchange.domain.meeting import Meeting
from services.exchange.domain.message import Message, MessageStatus
from services.exchange.domain.person import Person
from services.exchange.storage import tables
from services.exchange.storage.repositories import (
    AGENCIES,
    AGREEMENTS,
    CONFERENCES,
    FEEDS,
    HOLDS,
    MEETINGS,
    MESSAGES,
    PEOPLE,
    SUGGESTIONS,
)

_ENTRY = TypeAdapter(Entry)
_ENTRY_COLUMNS = tuple(column.name for column in tables.FEED_ENTRIES.columns)


def upcoming(work: Work[Any], after: str | None, size: int) -> list[Meeting]:
    """Return the meetings that are not over, the next one first; `after` is a `place_of` one."""
    table = tables.MEETINGS
    starts_at, _, ref = (after or f"{moment(work.now)} ").partition(" ")
    here = and_(table.c.starts_at == starts_at, table.c.meeting_ref > ref)
    statement = select(table).where(or_(table.c.starts_at > starts_at, here))
    return work.load(
        MEETINGS, statement.order_by(table.c.starts_at, table.c.meeting_ref).limit(size)
    )


def past(work: Work[Any], after: str | None, size: int) -> list[Meeting]:
    """Return the meetings whose time has come, the last one first; `after` is a `place_of` one."""
    table = tables.MEETINGS
    starts_at, _, ref = (after or f"{moment(work.now)} ").partition(" ")
    here = and_(table.c.starts_at == starts_at, table.c.meeting_ref < ref)
    statement = select(table).where(or_(table.c.starts_at < starts_at, here))
    newest_first = (table.c.starts_at.desc(), table.c.meeting_ref.desc())
    return work.load(MEETINGS, statement.order_by(*newest_first).limit(size))


def place_of(meeting: Meeting) -> str:
    """Return where a list of meetings goes on behind this one."""
    return f"{moment(meeting.starts_at)} {meeting.meeting_ref}"


def live_conferences_from(
    work: Work[Any], authorities: Collection[str], instant: datetime
) -> list[Conference]:
    """Return the conferences of these authorities that are still to come."""
    table = tables.CONFERENCES
    statement = (
        select(table)
        .where(table.c.authority.in_(sorted(authorities)))
        .where(table.c.status.in_(sorted(status.value for status in LIVE)))
        .where(table.c.starts_at >= moment(instant))
        .order_by(table.c.starts_at, table.c.conference_ref)
    )
    return work.load(CONFERENCES, statement)


def suggestions_after(work: Work[Any], after: str | None, size: int) -> list[Suggestion]:
    """Return suggestions in order of their reference."""
    table = tables.SUGGESTIONS
    statement = select(table).order_by(table.c.suggestion_ref).limit(size)
    if after is not None:
        statement = statement.where(table.c.suggestion_ref > after)
    return work.load(SUGGESTIONS, statement)


def next_waiting(work: Work[Any]) -> UUID | None:
    """Return the message that has waited longest and may leave by now; none while all are held."""
    table = tables.MESSAGES
    held = select(tables.HOLDS.c.name).where(tables.HOLDS.c.since.is_not(None))
    statement = (
        select(table.c.message_ref)
        .where(table.c.status == MessageStatus.WAITING.value)
        .where(table.c.not_before <= moment(work.now))
        .where(~held.exists())
        .order_by(table.c.not_before, table.c.message_ref)
        .limit(1)
    )
    rows = work.query(statement)
    return UUID(rows[0][0]) if rows else None


def held_since(work: Work[Any]) -> datetime | None:
    """Return since when nothing leaves to people, after a restore; None where messages leave."""
    held = work.find(HOLDS, MESSAGES_HELD)
    return held.since if held else None


def waiting(work: Work[Any]) -> list[Message]:
    """Return the messages that wait, those that came about first before the others."""
    table = tables.MESSAGES
    statement = select(table).where(table.c.status == MessageStatus.WAITING.value)
    return work.load(MESSAGES, statement.order_by(table.c.happened_at, table.c.message_ref))


def attempted(work: Work[Any]) -> list[Message]:
    """Return the messages whose attempt was written down and whose end was not."""
    table = tables.MESSAGES
    statement = select(table).where(table.c.status == MessageStatus.ATTEMPTING.value)
    return work.load(MESSAGES, statement)


def messages_after(work: Work[Any], after: str | None, size: int) -> list[Message]:
    """Return messages in order of their reference."""
    table = tables.MESSAGES
    statement = select(table).order_by(table.c.message_ref).limit(size)
    if after is not None:
        statement = statement.where(table.c.message_ref > after)
    return work.load(MESSAGES, statement)


def message_counts(work: Work[Any]) -> dict[MessageStatus, tuple[int, datetime]]:
    """Return how many messages have each status, and when the oldest of them came about.

    What waits for something other than its hour is counted with what is held back.
    """
    column = tables.MESSAGES.c
    for_its_hour = or_(column.status != MessageStatus.WAITING.value, column.reason.is_(None))
    counted: Select[Any] = select(column.status, func.count(), func.min(column.happened_at)).where(
        for_its_hour
    )
    rows = [list(row) for row in work.query(counted.group_by(column.status))]
    return {MessageStatus(status): (count, from_moment(since)) for status, count, since in rows}


def entries_after(work: Work[Any], agency_ref: str, after: int, size: int) -> list[Entry]:
    """Return an agency's entries behind a number, in order."""
    return _entries(work, _behind(agency_ref, after, size))


def owed_after(work: Work[Any], agency_ref: str, after: int, size: int) -> list[Entry]:
    """Return those that take back something the agency was sent."""
    owed = tables.FEED_ENTRIES.c.owed.is_not(None)
    return _entries(work, _behind(agency_ref, after, size).where(owed))


def live_agreements(work: Work[Any]) -> list[Agreement]:
    """Return the agreements that have not ended."""
    return work.select(AGREEMENTS, status=AgreementStatus.LIVE)


def people_after(work: Work[Any], after: str | None, size: int) -> list[Person]:
    """Return professionals in order of their reference."""
    table = tables.PEOPLE
    statement = select(table).order_by(table.c.person_ref).limit(size)
    if after is not None:
        statement = statement.where(table.c.person_ref > after)
    return work.load(PEOPLE, statement)


def all_agencies(work: Work[Any]) -> list[Agency]:
    """Return every agency, in order of its reference."""
    return work.load(AGENCIES, select(tables.AGENCIES).order_by(tables.AGENCIES.c.agency_ref))


def last_entries(work: Work[Any], agency_ref: str, size: int) -> list[Entry]:
    """Return the last entries of an agency's feed, the newest first."""
    table = tables.FEED_ENTRIES
    statement = (
        select(table)
        .where(table.c.agency_ref == agency_ref)
        .order_by(table.c.number.desc())
        .limit(size)
    )
    return _entries(work, statement)


def withheld_counts(work: Work[Any]) -> dict[str, int]:
    """Return how many messages were held back, by reason."""
    column = tables.MESSAGES.c
    counted: Select[Any] = select(column.reason, func.count()).where(column.reason.is_not(None))
    rows = [list(row) for row in work.query(counted.group_by(column.reason))]
    return dict(rows)


def feed_lengths(work: Work[Any]) -> dict[str, int]:
    """Return how many entries each agency's feed has."""
    column = tables.FEED_ENTRIES.c
    counted: Select[Any] = select(column.agency_ref, func.count()).group_by(column.agency_ref)
    rows = [list(row) for row in work.query(counted)]
    return dict(rows)


def highest_number(work: Work[Any]) -> int:
    """Return the highest number in any agency's feed."""
    highest = func.coalesce(func.max(tables.FEEDS.c.last_number), 0)
    return int(work.query(select(highest))[0][0])


def count_on_from(work: Work[Any], number: int) -> None:
    """Let every feed, those that have no entry yet too, and every subject go on from a number."""
    feeds, subjects = tables.FEEDS, tables.FEED_SUBJECTS
    begun = {row[0] for row in work.query(select(feeds.c.agency_ref))}
    work.execute(update(feeds).values(last_number=number))
    work.execute(update(subjects).values(last_sequence=number))
    for agency in all_agencies(work):
        if agency.agency_ref not in begun:
            work.save(FEEDS, Feed(agency.agency_ref, last_number=number))


def disclosure_counts(work: Work[Any]) -> dict[str, int]:
    """Return how often a name or an identifier left the vault, by what it was."""
    column = tables.LEDGER.c
    counted: Select[Any] = select(column.what, func.count()).group_by(column.what)
    rows = [list(row) for row in work.query(counted)]
    return dict(rows)


def _behind(agency_ref: str, after: int, size: int) -> Select[Any]:
    table = tables.FEED_ENTRIES
    return (
        select(table)
        .where(table.c.agency_ref == agency_ref)
        .where(table.c.number > after)
        .order_by(table.c.number)
        .limit(size)
    )


def _entries(work: Work[Any], statement: Select[Any]) -> list[Entry]:
    rows = (dict(zip(_ENTRY_COLUMNS, row, strict=True)) for row in work.query(statement))
    return [_ENTRY.validate_python({**row, **_json(row)}) for row in rows]


def _json(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: json.loads(row[name]) for name in ("data", "owed") if row[name] is not None}
