"""What reporting keeps, and the questions that are asked of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, Select, and_, delete, func, or_, select

from services.chassis.aggregates import Aggregate
from services.chassis.storage import moment
from services.chassis.work import Work
from services.reporting.domain.counting import CountedJourney
from services.reporting.domain.funnel import Outcome
from services.reporting.domain.participation import ReviewCode
from services.reporting.domain.periods import Period
from services.reporting.domain.release import NO_OFFER, NOT_HELD, Release
from services.reporting.domain.suppression import Pair
from services.reporting.domain.timeliness import Step
from services.reporting.storage.tables import CONTENT_ALARMS, EVENT_LOG, JOURNEYS, RELEASES

COUNTED: Final = Aggregate("journey", JOURNEYS, CountedJourney, "conference_ref")
RELEASED: Final = Aggregate("release", RELEASES, Release, "day")

CHUNK: Final = 500
"""How many conferences are recounted, or events checked, with one SELECT."""

_STEPS: Final = {
    Step.TOLD: (JOURNEYS.c.told_on, JOURNEYS.c.told_in_time),
    Step.ALLOCATED: (JOURNEYS.c.allocated_on, JOURNEYS.c.allocated_in_time),
    Step.FIRST_CONTACT: (JOURNEYS.c.met_on, JOURNEYS.c.met_in_time),
    Step.VISIT_BEFORE: (JOURNEYS.c.visited_on, JOURNEYS.c.visited_in_time),
}


@dataclass(frozen=True, slots=True)
class Of:
    """Whose figures, and of which days; None means all."""

    authority: str | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """An event as the log holds it."""

    event_id: str
    type: str
    service: str
    sequence: int
    happened_at: datetime
    child_ref: str | None
    conference_ref: str | None
    causation_id: str | None
    data: str
    digest: str


# --- the log --------------------------------------------------------------------------------


def log(work: Work[Any], row: Mapping[str, Any]) -> None:
    """Add an event to the log."""
    work.append(EVENT_LOG, dict(row))


def digest_of(work: Work[Any], event_id: str) -> str | None:
    """Return the digest of an event that was logged."""
    found = work.sql.rows("SELECT digest FROM event_log WHERE event_id = ?", (event_id,))
    return str(found[0][0]) if found else None


def raise_alarm(work: Work[Any], row: Mapping[str, Any]) -> None:
    """Keep that an event came again with other content; once for each content."""
    key = (row["event_id"], row["other_digest"])
    seen = "SELECT 1 FROM content_alarms WHERE event_id = ? AND other_digest = ?"
    if not work.sql.rows(seen, key):
        work.append(CONTENT_ALARMS, dict(row))


def how_far(work: Work[Any]) -> int:
    """Return a number that rises with every event that was handled: cheap, for those who wait."""
    return int(_rows(work, select(func.coalesce(func.sum(_next_offset()), 0)))[0][0])


def logged_about(work: Work[Any], conference_ref: UUID, child_ref: UUID) -> list[Logged]:
    """Return the events of a child's conference, and those about the child and no conference."""
    about_child = and_(
        EVENT_LOG.c.child_ref == str(child_ref), EVENT_LOG.c.conference_ref.is_(None)
    )
    wanted = or_(EVENT_LOG.c.conference_ref == str(conference_ref), about_child)
    return _logged(work, _log().where(wanted))


def logged_of(work: Work[Any], conference_refs: Sequence[str]) -> list[Logged]:
    """Return the events of these conferences."""
    return _logged(work, _log().where(EVENT_LOG.c.conference_ref.in_(conference_refs)))


def logged_after(work: Work[Any], event_id: str) -> list[Logged]:
    """Return the next events by id."""
    following = _log().where(EVENT_LOG.c.event_id > event_id)
    return _logged(work, following.order_by(EVENT_LOG.c.event_id).limit(CHUNK))


def logged_ids(work: Work[Any]) -> Iterator[str]:
    """Yield the id of every event in the log, in order."""
    last = ""
    column = EVENT_LOG.c.event_id
    while rows := _rows(work, select(column).where(column > last).order_by(column).limit(CHUNK)):
        yield from (row[0] for row in rows)
        last = rows[-1][0]


def count_events(work: Work[Any], of: Of) -> dict[str, int]:
    """Count the events by type; an authority's are those that name it."""
    statement = select(EVENT_LOG.c.type, func.count()).group_by(EVENT_LOG.c.type)
    wanted = _within(EVENT_LOG.c.authority, EVENT_LOG.c.happened_on, of)
    return {row[0]: row[1] for row in _rows(work, statement.where(*wanted).order_by("type"))}


def count_alarms(work: Work[Any]) -> int:
    """Count the events that came again with other content."""
    return int(_rows(work, select(func.count()).select_from(CONTENT_ALARMS))[0][0])


# --- journeys -------------------------------------------------------------------------------


def count_journeys(work: Work[Any], of: Of) -> Counter[tuple[str, str | None, str | None]]:
    """Count the journeys by authority, outcome and participation; "" is no authority yet."""
    columns = (JOURNEYS.c.authority, JOURNEYS.c.outcome, JOURNEYS.c.took_part)
    wanted = _within(JOURNEYS.c.authority, JOURNEYS.c.counted_on, of)
    rows = _rows(work, select(*columns, func.count()).where(*wanted).group_by(*columns))
    return Counter({(row[0] or "", row[1], row[2]): row[3] for row in rows})


def count_review_codes(work: Work[Any], of: Of) -> dict[ReviewCode, int]:
    """Count the journeys by the code of the national return."""
    column = JOURNEYS.c.review_code
    wanted = _within(JOURNEYS.c.authority, JOURNEYS.c.counted_on, of)
    rows = _rows(
        work, select(column, func.count()).where(column.is_not(None), *wanted).group_by(column)
    )
    return {ReviewCode(row[0]): row[1] for row in rows}


def count_waited(
    work: Work[Any], step: Step, of: Of
) -> list[tuple[str, date, date | None, bool, bool, int]]:
    """Count the referred children by authority, day of offer, day of the step, over and in time."""
    on, in_time = _STEPS[step]
    columns = (JOURNEYS.c.authority, JOURNEYS.c.counted_on, on, JOURNEYS.c.over, in_time)
    wanted = _within(JOURNEYS.c.authority, JOURNEYS.c.counted_on, of)
    referred = JOURNEYS.c.outcome.is_not(None)
    rows = _rows(work, select(*columns, func.count()).where(referred, *wanted).group_by(*columns))
    return [
        (
            a,
            date.fromisoformat(made),
            date.fromisoformat(done) if done else None,
            bool(o),
            bool(i),
            n,
        )
        for a, made, done, o, i, n in rows
    ]


def count_late(work: Work[Any], authority: str | None, now: datetime) -> tuple[dict[str, int], int]:
    """Count what is late by its kind, and the cases: one case may be late in several ways."""
    kinds = _late(now)
    counts = [func.count().filter(kind) for kind in (*kinds.values(), or_(*kinds.values()))]
    *by_kind, cases = _rows(work, select(*counts).where(*_watched(authority)))[0]
    return dict(zip(kinds, by_kind, strict=True)), cases


def late_cases(
    work: Work[Any], authority: str | None, now: datetime, size: int
) -> list[CountedJourney]:
    """Return what is late, by the start of the conference."""
    wanted = (*_watched(authority), or_(*_late(now).values()))
    in_order = (JOURNEYS.c.starts_at, JOURNEYS.c.conference_ref)
    return _journeys(work, select(JOURNEYS).where(*wanted).order_by(*in_order).limit(size))


def starting_on(
    work: Work[Any], authority: str | None, day: date, size: int
) -> list[CountedJourney]:
    """Return the conferences of a day, by their start."""
    wanted = [JOURNEYS.c.starts_on == day.isoformat(), *_by_authority(authority)]
    statement = select(JOURNEYS).where(*wanted).order_by(JOURNEYS.c.starts_at)
    return _journeys(work, statement.limit(size))


def visited_on(
    work: Work[Any], authority: str | None, day: date, size: int
) -> list[CountedJourney]:
    """Return the journeys whose next visit is agreed for, or due on, that day."""
    wanted = [JOURNEYS.c.next_visit_on == day.isoformat(), *_by_authority(authority)]
    statement = select(JOURNEYS).where(*wanted).order_by(JOURNEYS.c.starts_at)
    return _journeys(work, statement.limit(size))


def count_made_on(work: Work[Any], authority: str | None, day: date) -> int:
    """Count the offers made on a day."""
    wanted = [JOURNEYS.c.counted_on == day.isoformat(), *_by_authority(authority)]
    referred = JOURNEYS.c.outcome.is_not(None)
    return int(_rows(work, select(func.count()).where(referred, *wanted))[0][0])


def with_outcome(work: Work[Any], outcome: Outcome, of: Of) -> list[CountedJourney]:
    """Return the journeys with that outcome, by the day of their offer."""
    wanted = _within(JOURNEYS.c.authority, JOURNEYS.c.counted_on, of)
    statement = select(JOURNEYS).where(JOURNEYS.c.outcome == outcome.value, *wanted)
    return _journeys(work, statement.order_by(JOURNEYS.c.counted_on, JOURNEYS.c.conference_ref))


def recorded(work: Work[Any], conference_refs: Sequence[str]) -> dict[str, CountedJourney]:
    """Return these journeys as the table has them."""
    statement = select(JOURNEYS).where(JOURNEYS.c.conference_ref.in_(conference_refs))
    return {str(each.conference_ref): each for each in _journeys(work, statement)}


def locked(work: Work[Any], conference_refs: Sequence[str]) -> dict[str, CountedJourney]:
    """Return these journeys; until the end of the transaction nobody else writes them."""
    work.staging.prefetch(COUNTED, COUNTED.key, conference_refs)
    found = {ref: work.find(COUNTED, ref) for ref in conference_refs}
    return {ref: journey for ref, journey in found.items() if journey is not None}


def remove(work: Work[Any], conference_refs: Sequence[str]) -> None:
    """Remove the rows of these journeys."""
    work.execute(delete(JOURNEYS).where(JOURNEYS.c.conference_ref.in_(conference_refs)))


def conferences_after(work: Work[Any], conference_ref: str) -> list[str]:
    """Return the next conferences that the log or the journeys know of."""
    chunks = [
        select(column.label("ref"))
        .distinct()
        .where(column > conference_ref)
        .order_by("ref")
        .limit(CHUNK)
        for column in (EVENT_LOG.c.conference_ref, JOURNEYS.c.conference_ref)
    ]
    found = {row[0] for chunk in chunks for row in _rows(work, chunk)}
    return sorted(found)[:CHUNK]


def pairs_by_authority(
    counts: Mapping[tuple[str, str | None, str | None], int],
) -> dict[str, dict[Pair, int]]:
    """Lay out counted journeys by authority, and by what became of the offer and of taking part."""
    found: dict[str, dict[Pair, int]] = {}
    for (authority, outcome, took_part), count in counts.items():
        if authority:
            found.setdefault(authority, {})[outcome or NO_OFFER, took_part or NOT_HELD] = count
    return found


def releases_before(work: Work[Any], day: date) -> list[Release]:
    """Return all that was ever shown to commissioners before a day, in order."""
    wanted = select(RELEASES).where(RELEASES.c.day < day.isoformat()).order_by(RELEASES.c.day)
    return [
        RELEASED.from_row(dict(zip(RELEASED.columns, row, strict=True)))
        for row in _rows(work, wanted)
    ]


# --- how it is asked ------------------------------------------------------------------------


def _within(
    authority: ColumnElement[Any], day: ColumnElement[Any], of: Of
) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if of.authority is not None:
        wanted.append(authority == of.authority)
    if of.period is not None:
        wanted.append(day.between(of.period.first.isoformat(), of.period.last.isoformat()))
    return wanted


def _by_authority(authority: str | None) -> list[ColumnElement[bool]]:
    return [] if authority is None else [JOURNEYS.c.authority == authority]


def _late(now: datetime) -> dict[str, ColumnElement[bool]]:
    """Say what is late; conferences that have `begun` count apart from those still ahead."""
    ahead = or_(JOURNEYS.c.starts_at.is_(None), JOURNEYS.c.starts_at > moment(now))
    begun = JOURNEYS.c.starts_at <= moment(now)
    return {
        "not-told-before-conference": and_(JOURNEYS.c.untold, begun),
        "escalated": and_(JOURNEYS.c.rung > 0, ahead),
        "telling-overdue": and_(JOURNEYS.c.telling_overdue, ahead),
        "unmet": JOURNEYS.c.unmet,
        "visit-overdue": JOURNEYS.c.visits_overdue > 0,
        "not-agreed": JOURNEYS.c.not_agreed,
    }


def _watched(authority: str | None) -> list[ColumnElement[bool]]:
    return [JOURNEYS.c.watched, *_by_authority(authority)]


def _next_offset() -> ColumnElement[Any]:
    return EVENT_LOG.metadata.tables["positions"].c.next_offset


def _log() -> Select[Any]:
    log = EVENT_LOG.c
    return select(
        log.event_id,
        log.type,
        log.service,
        log.sequence,
        log.happened_at,
        log.child_ref,
        log.conference_ref,
        log.causation_id,
        log.data,
        log.digest,
    )


def _rows(work: Work[Any], statement: Executable) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in work.query(statement)]


def _logged(work: Work[Any], statement: Select[Any]) -> list[Logged]:
    return [_as_logged(row) for row in _rows(work, statement)]


def _as_logged(row: tuple[Any, ...]) -> Logged:
    event_id, event_type, service, sequence, happened_at, *others = row
    at = datetime.fromisoformat(happened_at)
    return Logged(event_id, event_type, service, sequence, at, *others)


def _journeys(work: Work[Any], statement: Select[Any]) -> list[CountedJourney]:
    return [
        COUNTED.from_row(dict(zip(COUNTED.columns, row, strict=True)))
        for row in _rows(work, statement)
    ]
