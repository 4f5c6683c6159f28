"""The running installation as a stage: waits for all its processes, then moves their clock."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from threading import Event
from typing import Any, Final

from services.chassis.clock import DrivenClock, monotonic
from services.chassis.desk import Desk
from services.chassis.errors import AlongsideError, StoreUnavailable
from services.launcher.quarter.player import Stuck
from services.launcher.settings import LauncherSettings
from services.launcher.standing import Observer

PATIENCE_S: Final = 60.0
"""How long nothing may change while all is not quiet yet; a broker's restart takes less."""

_POLL_S: Final = 0.02
_MESSAGES: Final = "SELECT count(*) FROM messages WHERE status IN ('waiting', 'attempting')"


class Interrupted(AlongsideError):
    """Somebody asked for the end."""


class LiveStage:
    """Plays on processes; `stopping` is set when somebody asks for the end.

    Args:
        desks: for looking only.
    """

    def __init__(
        self, settings: LauncherSettings, desks: Mapping[str, Desk[Any]], stopping: Event
    ) -> None:
        self._clock = DrivenClock(settings.data / "clock.sqlite3")
        self._observer = Observer(settings)
        self._desks = desks
        self._stopping = stopping

    def close(self) -> None:
        """Let go of connections."""
        self._observer.close()

    def settle(self) -> None:
        deadline, seen = monotonic() + PATIENCE_S, ""
        while self._goes_on() and not self._is_quiet():
            if monotonic() > deadline:
                before, seen = seen, self._what_moves()
                if seen == before:
                    raise Stuck(f"nothing goes on any more: {seen}")
                deadline = monotonic() + PATIENCE_S
            self._stopping.wait(_POLL_S)

    def move(self, to: datetime) -> None:
        self._clock.move(to)
        # Clocks are looked at 200 times a second at most: nobody here goes by the old time now.
        self._stopping.wait(_POLL_S)

    def rest(self) -> None:
        self._stopping.wait(_POLL_S)
        self._goes_on()

    def _goes_on(self) -> bool:
        if self._stopping.is_set():
            raise Interrupted("the end was asked for")
        return True

    def _is_quiet(self) -> bool:
        """Look twice: a message that leaves in between says so on the bus."""
        try:
            return (
                self._observer.is_quiet()
                and self._messages_under_way() == 0
                and self._observer.is_quiet()
            )
        except StoreUnavailable:
            return False

    def _messages_under_way(self) -> int:
        rows = self._desks["exchange"].read(lambda work: work.sql.rows(_MESSAGES))
        return int(rows[0][0])

    def _what_moves(self) -> str:
        """Say in one sentence who is not quiet and why."""
        try:
            found = [*self._restless(), *self._messages()]
        except StoreUnavailable as broken:
            return f"the databases do not answer: {broken}"
        return "; ".join(found) or "nothing is under way, but it never stays so"

    def _messages(self) -> Iterator[str]:
        if under_way := self._messages_under_way():
            yield f"exchange has {under_way} messages under way"

    def _restless(self) -> Iterator[str]:
        ends, version = self._observer.ends(), self._clock.version()
        if not ends:
            yield "the broker does not answer"
        for name, stands in self._observer.standings().items():
            report = self._observer.run_file.report(f"{name}-0")
            if report is None or not report["assigned"]:
                yield f"{name} is not up"
            elif report["clock_version"] != version:
                yield f"{name} has not come to rest since the clock moved"
            lag = self._observer.lag(name, stands, ends)
            counts = {"unsent": stands.unsent, "due": stands.due_late, "unread": lag}
            if any(counts.values()):
                yield f"{name} has " + ", ".join(f"{n} {what}" for what, n in counts.items() if n)
