"""Work for later, as rows: timers that follow from a state, and events that wait for something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.chassis import ids
from services.chassis.storage import moment

if TYPE_CHECKING:
    from datetime import datetime

    from services.chassis.aggregates import Aggregate
    from services.chassis.sql import Sql
    from services.chassis.staging import Staging


class Timers:
    """Collects what one transaction plans, stops and wakes."""

    def __init__(self, sql: Sql, staging: Staging, now: datetime) -> None:
        self._sql = sql
        self._staging = staging
        self._now = moment(now)
        self._planned: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._arrived: set[str] = set()

    def replace(self, aggregate: Aggregate[Any], state: Any, version: int) -> None:
        """Plan what this state asks for, in place of what its former versions asked for."""
        entity, key = aggregate.entity, aggregate.key_of(state)
        rows = [
            {
                "id": ids.derived(entity, key, str(version), timer.kind),
                "kind": timer.kind,
                "due_at": moment(timer.due_at),
                "waits_for": None,
                "since": self._now,
                "entity": entity,
                "entity_key": key,
                "version": version,
            }
            for timer in aggregate.timers(state)
        ]
        before = self._planned.get((entity, key))
        # An aggregate that never plans anything costs nothing.
        if rows or before is not None or aggregate.has_timers:
            self._planned[entity, key] = rows
            self._staging.on_undo(lambda: self._forget((entity, key), before))

    def arrived(self, prerequisite: str) -> None:
        """This is there now: events that wait for it can go on."""
        if prerequisite not in self._arrived:
            self._arrived.add(prerequisite)
            self._staging.on_undo(lambda: self._arrived.discard(prerequisite))

    def is_replaced(self, entity: str, key: str) -> bool:
        """Whether this transaction has planned anew for that aggregate."""
        return (entity, key) in self._planned

    def flush(self) -> None:
        """Write the plans and wake who waited.

        What arrived is remembered until the transaction ends: an event that was too early may be
        written down after the flush that its prerequisite caused.
        """
        if self._planned:
            keys = [{"entity": entity, "entity_key": key} for entity, key in self._planned]
            self._sql.delete("later", keys)
            self._sql.insert("later", [row for rows in self._planned.values() for row in rows])
            self._planned.clear()
        woken = self._arrived & self._read_waited_for() if self._arrived else ()
        for prerequisite in sorted(woken):
            self._sql.run(
                "UPDATE later SET due_at = ?, waits_for = NULL WHERE waits_for = ?",
                (self._now, prerequisite),
            )

    def _read_waited_for(self) -> frozenset[str]:
        rows = self._sql.rows("SELECT DISTINCT waits_for FROM later WHERE waits_for IS NOT NULL")
        return frozenset(row[0] for row in rows)

    def _forget(self, key: tuple[str, str], before: list[dict[str, Any]] | None) -> None:
        if before is None:
            self._planned.pop(key, None)
        else:
            self._planned[key] = before
