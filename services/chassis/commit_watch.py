"""Wakes the relay when something was committed, by this process or by another."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from services.chassis.clock import monotonic

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

LOOK_S = 0.004
"""How often SQLite is asked whether anybody committed (a few microseconds each)."""

LONGEST_S = 1.0
SLOW_POLL_S = 0.05
"""The truth on PostgreSQL: what the wake-up misses is found after this time."""


class CommitWatch:
    """Waits for commits on one database; `wait` belongs to one thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._woken = threading.Event()
        self._connection: Connection | None = None
        self._version = -1

    def wake(self) -> None:
        """This process committed."""
        self._woken.set()

    def wait(self) -> None:
        """Return when anybody committed since the last call, after a second at the latest."""
        if self._engine.dialect.name == "sqlite":
            self._wait_sqlite()
        else:
            self._woken.wait(SLOW_POLL_S)
        self._woken.clear()

    def _wait_sqlite(self) -> None:
        until = monotonic() + LONGEST_S
        while not self._committed_elsewhere() and monotonic() < until:
            if self._woken.wait(LOOK_S):
                return

    def _committed_elsewhere(self) -> bool:
        # The pragma tells about others' commits only on one and the same connection.
        if self._connection is None:
            self._connection = self._engine.connect()
        raw: Any = self._connection.connection.driver_connection
        version = raw.execute("PRAGMA data_version").fetchone()[0]
        changed = bool(version != self._version)
        self._version = version
        return changed
