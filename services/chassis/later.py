"""Does the work for later whose time has come: timers, and events whose prerequisite arrived.

Each piece is claimed and done in one transaction; what was cancelled meanwhile is simply gone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DataError, IntegrityError

from services.chassis import dead_letters
from services.chassis.aggregates import Due
from services.chassis.batch import Crashed, Spoiled
from services.chassis.clock import monotonic
from services.chassis.database import has_a_next_step, reading
from services.chassis.dead_letters import CRASHES_ALLOWED
from services.chassis.errors import Fenced, NotYet, Refused, StoreUnavailable
from services.chassis.logs import log, warn
from services.chassis.sql import Sql
from services.chassis.storage import from_moment, moment
from services.chassis.work import Cause, Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.chassis.batch import Batch
    from services.chassis.desk import Desk
    from services.chassis.processing import Processor
    from services.chassis.subscriptions import Handler

AT_ONCE = 200
SWEEP_S = 5.0

_DUE = (
    "SELECT id, kind, due_at, entity, entity_key, version, topic, key FROM later"
    " WHERE due_at <= ? ORDER BY due_at, id LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    kind: str
    due_at: str
    entity: str | None
    entity_key: str | None
    version: int | None
    topic: str | None
    key: str | None


class Later:
    """The one loop for timers and waiting events of a service."""

    def __init__(self, desk: Desk[Any], processor: Processor) -> None:
        self._desk = desk
        self._processor = processor
        self._swept_at = 0.0

    def step(self) -> bool:
        """Do what is due; return whether there was anything.

        Raises:
            Crashed: the process must end.
        """
        try:
            self._sweep()
            rows = self._due()
            if rows:
                with self._processor.turn:
                    self._do(rows)
        except StoreUnavailable as broken:
            log("store-unavailable", service=self._desk.service.name, error=str(broken))
            return False
        return bool(rows)

    def _due(self) -> list[_Row]:
        with reading(self._desk.engine) as connection:
            rows = Sql(connection).rows(_DUE, (moment(self._desk.clock.now()), AT_ONCE))
        return [_Row(*row) for row in rows]

    def _do(self, rows: Sequence[_Row]) -> None:
        try:
            self._processor.attempt(lambda batch: self._in_one(batch, rows))
        except (IntegrityError, DataError, Fenced):
            for row in rows:
                self._alone(row)

    def _alone(self, row: _Row) -> None:
        try:
            self._processor.attempt(lambda batch: self._in_one(batch, [row], at_most=1))
        except (IntegrityError, DataError, Fenced) as error:
            if row.topic is None:
                self._processor.crashed(Crashed(row.id, error))
            else:
                refused = Refused("integrity", f"the database refused it: {type(error).__name__}")
                self._processor.attempt(
                    lambda batch: self._in_one(batch, [row], at_most=1),
                    {self._event_id(row): refused},
                )

    def _event_id(self, row: _Row) -> str:
        """Read which event waits at the head of this row's queue."""
        statement = (
            "SELECT headers FROM later WHERE topic = ? AND key = ? ORDER BY sequence LIMIT 1"
        )
        with reading(self._desk.engine) as connection:
            found = Sql(connection).rows(statement, (row.topic, row.key))
        return str(dict(json.loads(found[0][0])).get("ce_id", "")) if found else ""

    def _in_one(self, batch: Batch, rows: Sequence[_Row], at_most: int | None = None) -> int:
        for row in rows:
            if row.topic is not None and row.key is not None:
                batch.keys.load([(row.topic, row.key)])
                batch.drain((row.topic, row.key), patient=False, at_most=at_most)
            else:
                self._timer(batch, row)
        batch.flush()
        return len(rows)

    def _timer(self, batch: Batch, row: _Row) -> None:
        """Call the handler of a timer that is still there; what was replaced meanwhile is gone."""
        work, entity, key = batch.work, row.entity or "", row.entity_key or ""
        if work.timers.is_replaced(entity, key):
            return
        if work.sql.run("DELETE FROM later WHERE id = ?", (row.id,)) == 0:
            return
        name = f"{entity}.{row.kind}"
        handler = self._desk.service.subscriptions.later.get(name)
        if handler is None:
            warn("timer-without-handler", service=self._desk.service.name, kind=name)
        elif not self._has_crashed(batch, row):
            self._ring(batch, row, handler)

    def _ring(self, batch: Batch, row: _Row, handler: Handler) -> None:
        work = batch.work
        work.begin(Cause(row.id, row.id))
        try:
            _call(batch, row, handler)
        except (Refused, NotYet) as known:
            if work.marks.flushed:
                raise Spoiled(row.id, known) from None
            work.undo()
            self._not_now(work, row, known)
        except Exception as error:
            if has_a_next_step(error):
                raise
            raise Crashed(row.id, error) from error

    def _not_now(self, work: Work[Any], row: _Row, known: Refused | NotYet) -> None:
        """Let a timer wait for what it needs; one whose own thing is gone has nothing to say."""
        if isinstance(known, NotYet) and known.prerequisite != f"{row.entity}:{row.entity_key}":
            work.sql.insert("later", [_waiting(row, known.prerequisite, moment(work.now))])
        else:
            name = f"{row.entity}.{row.kind}"
            warn("timer-refused", service=self._desk.service.name, kind=name, error=str(known))

    def _has_crashed(self, batch: Batch, row: _Row) -> bool:
        found = batch.work.sql.rows(
            "SELECT times, error FROM crashes WHERE event_id = ?", (row.id,)
        )
        if not found or found[0][0] < CRASHES_ALLOWED:
            return False
        service = self._desk.service.name
        dead_letters.lay_aside_timer(batch.work, service, row.id, _due(row), found[0][1])
        return True

    def _sweep(self) -> None:
        """Let waiting events try again: on PostgreSQL a prerequisite can be committed unseen.

        SQLite has one writer, so what is written there while an event waits always wakes it.
        """
        if self._desk.engine.dialect.name == "sqlite" or monotonic() - self._swept_at < SWEEP_S:
            return
        self._swept_at = monotonic()
        wake = "UPDATE later SET due_at = ? WHERE waits_for IS NOT NULL AND due_at IS NULL"
        self._desk.run(lambda work: work.sql.run(wake, (moment(work.now),)))


def _due(row: _Row) -> Due:
    entity, key = row.entity or "", row.entity_key or ""
    return Due(row.kind, entity, key, row.version or 0, from_moment(row.due_at))


def _call(batch: Batch, row: _Row, handler: Handler) -> None:
    verdict = batch.verdict(row.id)
    if verdict is not None:
        raise verdict
    handler(batch.work, _due(row))


def _waiting(row: _Row, prerequisite: str, now: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "due_at": None,
        "waits_for": prerequisite,
        "since": now,
        "entity": row.entity,
        "entity_key": row.entity_key,
        "version": row.version,
    }
