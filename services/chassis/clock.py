"""The only door to time: domain time (system or driven) and monotonic time."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Clock(Protocol):
    """Domain time; leases, time-outs, back-off and ages use `monotonic` instead."""

    @property
    def kind(self) -> str:
        """`system` or `driven`."""

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""

    def version(self) -> int:
        """Return a number that rises with each move of a driven clock; 0 for the system's."""


def monotonic() -> float:
    """Return seconds that only rise, whatever anybody does to the wall clock."""
    return time.monotonic()


def wait(seconds: float) -> None:
    """Let the thread rest: for back-off and polling in the chassis only."""
    time.sleep(seconds)


class SystemClock:
    """The machine's own time."""

    kind = "system"

    def now(self) -> datetime:
        return datetime.now(UTC)

    def version(self) -> int:
        return 0


class DrivenClock:
    """One versioned row in a file that every process follows: for the demo and tests only.

    Args:
        path: the SQLite file; made by whoever drives the clock.
    """

    kind = "driven"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen_at = -1.0
        self._row = (0, datetime.min.replace(tzinfo=UTC))

    def now(self) -> datetime:
        return self._read()[1]

    def version(self) -> int:
        return self._read()[0]

    def _read(self) -> tuple[int, datetime]:
        # The file is looked at 200 times a second at most: handlers ask far more often.
        if monotonic() - self._seen_at > 0.005:  # noqa: PLR2004
            with self._open() as connection:
                version, now = connection.execute("SELECT version, now FROM clock").fetchone()
            self._row = (version, datetime.fromisoformat(now))
            self._seen_at = monotonic()
        return self._row

    def move(self, to: datetime) -> int:
        """Set the time; it never goes back. Returns the new version."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("CREATE TABLE IF NOT EXISTS clock (version INTEGER, now TEXT)")
            row = connection.execute("SELECT version, now FROM clock").fetchone()
            if row is None:
                connection.execute("INSERT INTO clock VALUES (1, ?)", (to.isoformat(),))
            elif datetime.fromisoformat(row[1]) > to:
                connection.execute("ROLLBACK")
                message = f"a driven clock never goes back: it is {row[1]}"
                raise ValueError(message)
            else:
                connection.execute(
                    "UPDATE clock SET version = ?, now = ?", (row[0] + 1, to.isoformat())
                )
            connection.execute("COMMIT")
        self._seen_at = -1.0
        return self.version()

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()


def open_clock(kind: str, data: Path) -> Clock:
    """Open the clock that this installation goes by."""
    return DrivenClock(data / "clock.sqlite3") if kind == "driven" else SystemClock()
