"""Events laid aside for a person, in the transaction that goes past them; counts crashes.

A dead letter holds where the event lies in the log, never what is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.chassis import ids
from services.chassis.database import writing
from services.chassis.errors import Refused
from services.chassis.positions import mark_of
from services.chassis.sql import Sql
from services.chassis.storage import moment
from services.chassis.work import Cause, Work
from services.contracts.chassis_events import DeadLetterCrashed, DeadLetterRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine

    from services.chassis.aggregates import Due
    from services.chassis.bus import Record

CRASHES_ALLOWED = 3
CRASHED = "crashed"
LATER = "later"
"""Where a timer lies, in place of a topic."""
UNKNOWN = "unknown"

_LONGEST = 64
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


@dataclass(frozen=True, slots=True)
class _Letter:
    """What was laid aside, and where it lies; a timer lies nowhere."""

    event_id: str
    event_type: str
    subject: str
    topic: str
    topic_id: str
    partition: int
    log_offset: int
    mark: str = ""


def lay_aside(work: Work[Any], service: str, record: Record, refused: Refused) -> None:
    """Write a dead letter, and say that there is one; what is read once more has its letter."""
    event_id, event_type, subject = _named(record)
    letter = _Letter(
        event_id=event_id,
        event_type=event_type,
        subject=subject,
        topic=record.topic,
        topic_id=record.topic_id,
        partition=record.partition,
        log_offset=record.offset,
        mark=mark_of(record),
    )
    _write(work, service, letter, refused)


def lay_aside_timer(work: Work[Any], service: str, timer_id: str, due: Due, error: str) -> None:
    """Write a dead letter for work for later that crashed too often: what it is, and of which."""
    work.begin(Cause.command(timer_id))
    kind = f"{due.entity}.{due.kind}"
    letter = _Letter(timer_id, kind, due.key, LATER, timer_id, 0, due.version)
    _write(work, service, letter, Refused(CRASHED, f"{kind}, {error}"))


def _write(work: Work[Any], service: str, letter: _Letter, refused: Refused) -> None:
    place = (letter.topic_id, str(letter.partition), str(letter.log_offset), letter.mark)
    identifier = ids.derived(service, "dead-letter", *place)
    if work.sql.rows("SELECT 1 FROM dead_letters WHERE id = ?", (identifier,)):
        return
    row = {
        "id": identifier,
        "event_id": letter.event_id,
        "event_type": letter.event_type,
        "subject": letter.subject,
        "topic": letter.topic,
        "partition": letter.partition,
        "log_offset": letter.log_offset,
        "code": refused.code,
        "detail": refused.detail,
        "state": "open",
        "since": moment(work.now),
        "version": 1,
    }
    work.staging.append("dead_letters", row)
    crashed = refused.code == CRASHED
    said = DeadLetterCrashed if crashed else DeadLetterRefused
    name = "dead-letter.crashed" if crashed else "dead-letter.refused"
    work.emit(name, said(**said_of(service, row), code=refused.code, open=True), identifier)


def said_of(service: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be said of a letter; a timer is neither an event nor keyed by a child."""
    is_timer = row["topic"] == LATER
    return {
        "dead_letter_ref": UUID(row["id"]),
        "version": row["version"],
        "service": service,
        "event_id": row["event_id"],
        "event_type": UNKNOWN if is_timer else row["event_type"],
        "child_ref": None if is_timer else _uuid(row["subject"]),
    }


def count_crash(engine: Engine, event_id: str, error: str) -> int:
    """Count that an event ended the process, in a transaction of its own; return the count."""
    with writing(engine) as connection:
        sql = Sql(connection)
        found = sql.rows("SELECT times FROM crashes WHERE event_id = ?", (event_id,))
        times = (found[0][0] if found else 0) + 1
        sql.upsert(
            "crashes", ("event_id",), [{"event_id": event_id, "times": times, "error": error}]
        )
    return times


def _named(record: Record) -> tuple[str, str, str]:
    headers = dict(record.headers)
    texts = (headers.get(name, b"").decode("ascii", "replace") for name in ("ce_id", "ce_type"))
    event_id, event_type = (text if _is_plain(text) else "unknown" for text in texts)
    if not event_type.startswith("alongside."):
        event_type = "unknown"
    subject = (record.key or b"").decode("ascii", "replace")
    return event_id, event_type, subject if _is_plain(subject) else "unknown"


def _is_plain(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and set(text) <= _PLAIN


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
