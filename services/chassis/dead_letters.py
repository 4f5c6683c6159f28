"""Events laid aside for a person, in the transaction that goes past them; counts crashes.

A dead letter holds where the event lies in the log, never what is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.chassis import ids
from services.chassis.database import writing
from services.chassis.sql import Sql
from services.chassis.storage import moment
from services.contracts.chassis_events import DeadLetterCrashed, DeadLetterRefused

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from services.chassis.bus import Record
    from services.chassis.errors import Refused
    from services.chassis.work import Work

CRASHES_ALLOWED = 3
CRASHED = "crashed"

_LONGEST = 64
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def lay_aside(work: Work[Any], service: str, record: Record, refused: Refused) -> None:
    """Write a dead letter, and say that there is one."""
    event_id, event_type, subject = _named(record)
    place = f"{record.topic_id}/{record.partition}/{record.offset}"
    letter = ids.derived(service, "dead-letter", place)
    work.staging.append(
        "dead_letters",
        {
            "id": letter,
            "event_id": event_id,
            "event_type": event_type,
            "subject": subject,
            "topic": record.topic,
            "partition": record.partition,
            "log_offset": record.offset,
            "code": refused.code,
            "detail": refused.detail,
            "value": None,
            "state": "open",
            "since": moment(work.now),
            "version": 1,
        },
    )
    crashed = refused.code == CRASHED
    model = DeadLetterCrashed if crashed else DeadLetterRefused
    said = model(
        dead_letter_ref=UUID(letter),
        version=1,
        service=service,
        event_id=event_id,
        event_type=event_type,
        child_ref=_uuid(subject),
        code=refused.code,
        open=True,
    )
    work.emit("dead-letter.crashed" if crashed else "dead-letter.refused", said, letter)


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
