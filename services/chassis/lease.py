"""Who may do what only one process may do at a time: a row with a fencing token.

The holder raises `beat`; whoever sees no new beat for `LEASE_S` of its own monotonic time takes
over. No wall clock is compared, so a jump of the clock changes nothing.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from services.chassis.clock import monotonic
from services.chassis.database import writing
from services.chassis.errors import Fenced
from services.chassis.sql import Sql

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

LEASE_S = 15.0
RENEW_S = 3.0
_NOBODY = ""


class Lease:
    """One process's claim to a named lease of a database."""

    def __init__(self, engine: Engine, name: str, duration_s: float = LEASE_S) -> None:
        self._engine = engine
        self._name = name
        self._duration_s = duration_s
        self._holder = holder_name()
        self._token: int | None = None
        self._renewed_at = 0.0
        self._seen: tuple[int, int] = (-1, -1)
        self._seen_at = 0.0

    @property
    def held(self) -> bool:
        """Whether this process took it and has not been fenced since."""
        return self._token is not None

    def take(self) -> bool:
        """Take or keep the lease; return whether it is ours."""
        if self.held and monotonic() - self._renewed_at < RENEW_S:
            return True
        with writing(self._engine) as connection:
            sql = Sql(connection)
            holder, token, beat = self._locked(sql)
            if not self._is_free(holder, token, beat):
                self._token = None
                return False
            if not (self.held and holder == self._holder and token == self._token):
                token += 1
            row = {"name": self._name, "holder": self._holder, "token": token, "beat": beat + 1}
            sql.upsert("leases", ("name",), [row])
        self._token, self._renewed_at = token, monotonic()
        return True

    def fence(self, connection: Connection) -> None:
        """Hold the lease's row in this transaction.

        Raises:
            Fenced: somebody else took the lease meanwhile; roll back.
        """
        statement = "UPDATE leases SET beat = beat + 1 WHERE name = ? AND token = ?"
        if self._token is None or Sql(connection).run(statement, (self._name, self._token)) != 1:
            self._token = None
            message = f"the lease {self._name} is no longer ours"
            raise Fenced(message)
        self._renewed_at = monotonic()

    def _locked(self, sql: Sql) -> tuple[str, int, int]:
        """Lock the lease's row and return holder, token and beat; made here if there is none.

        A row that is not there cannot be locked: two processes would both take the lease.
        """
        mark = " FOR UPDATE" if sql.is_postgres else ""
        statement = f"SELECT holder, token, beat FROM leases WHERE name = ?{mark}"
        rows = sql.rows(statement, (self._name,))
        if not rows:
            sql.run(
                "INSERT INTO leases (name, holder, token, beat) VALUES (?, ?, 0, 0)"
                " ON CONFLICT (name) DO NOTHING",
                (self._name, _NOBODY),
            )
            rows = sql.rows(statement, (self._name,))
        holder, token, beat = rows[0]
        return holder, token, beat

    def _is_free(self, holder: str, token: int, beat: int) -> bool:
        # A process has one holder of a lease: what it held before is its own to take again.
        if holder in {self._holder, _NOBODY} or _is_gone(holder):
            return True
        if (token, beat) != self._seen:
            self._seen, self._seen_at = (token, beat), monotonic()
        return monotonic() - self._seen_at > self._duration_s


def holder_name() -> str:
    """Name this process so that another on the same machine can tell whether it still lives."""
    return f"{_machine()}/{os.getpid()}/{_started(os.getpid())}"


def _is_gone(holder: str) -> bool:
    machine, pid, started = holder.rsplit("/", 2)
    return machine == _machine() and _started(int(pid)) != started


def _machine() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        boot = ""
    return f"{socket.gethostname()}/{boot}/{Path('/proc/self/ns/pid').readlink()}"


def _started(pid: int) -> str:
    """Return when a process began, in the kernel's own count; empty if there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
