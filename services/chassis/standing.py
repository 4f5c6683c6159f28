"""How a service stands, counted from its own tables: for status, metrics and readiness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.chassis.database import reading
from services.chassis.sql import Sql
from services.chassis.storage import from_moment, moment

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts, and ages in seconds of domain time."""

    unsent: int
    oldest_unsent_s: float
    waiting: int
    oldest_waiting_s: float
    due_late: int
    dead_letters: int
    holes: int
    said: int
    positions: dict[tuple[str, int], tuple[str, int]]


def standing(engine: Engine, now: datetime) -> Standing:
    """Count how the service with this database stands."""
    with reading(engine) as connection:
        sql = Sql(connection)
        unsent = sql.rows("SELECT count(*), min(said_at) FROM outbox WHERE log_offset IS NULL")[0]
        waiting = sql.rows("SELECT count(*), min(since) FROM later WHERE topic IS NOT NULL")[0]
        return Standing(
            unsent=unsent[0],
            oldest_unsent_s=_age(unsent[1], now),
            waiting=waiting[0],
            oldest_waiting_s=_age(waiting[1], now),
            due_late=_count(sql, "SELECT count(*) FROM later WHERE due_at <= ?", moment(now)),
            dead_letters=_count(sql, "SELECT count(*) FROM dead_letters WHERE state = ?", "open"),
            holes=_count(sql, "SELECT count(*) FROM holes"),
            said=_count(sql, "SELECT coalesce(max(number), 0) FROM outbox"),
            positions={
                (topic, number): (topic_id, next_offset)
                for topic, number, topic_id, next_offset in sql.rows(
                    "SELECT topic, partition, topic_id, next_offset FROM positions"
                )
            },
        )


def _count(sql: Sql, statement: str, *values: Any) -> int:
    return int(sql.rows(statement, values)[0][0])


def _age(since: str | None, now: datetime) -> float:
    return max(0.0, (now - from_moment(since)).total_seconds()) if since else 0.0
