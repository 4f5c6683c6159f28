"""Lets a worker of a campaign die at a named point, as by kill -9, where a file asks for it.

The file is named as the service. It holds the point, and how often the worker comes by there before
it dies.
"""

import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, event

from services.chassis.bus import Message, Placed
from services.chassis.desk import Desk
from services.chassis.kafka_native import NativePublisher

BEFORE_COMMIT: Final = "before-commit"
AFTER_COMMIT: Final = "after-commit"
BEFORE_SENDING: Final = "before-sending"
HALF_SENT: Final = "half-sent"
AFTER_SENDING: Final = "after-sending"
POINTS: Final = (BEFORE_COMMIT, AFTER_COMMIT, BEFORE_SENDING, HALF_SENT, AFTER_SENDING)


class Trap:
    """What lies in wait for one worker."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def die_at(self, point: str) -> None:
        """End this process if it is to die here, now."""
        try:
            wanted, _, passes = self._file.read_text().partition(" ")
        except OSError:
            return
        if wanted != point:
            return
        if int(passes) > 0:
            self._file.write_text(f"{point} {int(passes) - 1}")
            return
        self._file.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def install(folder: str, module: str) -> None:
    """Set the trap of the worker that runs this module."""
    trap = Trap(Path(folder) / module.removeprefix("services."))
    event.listen(Engine, "commit", lambda _: trap.die_at(BEFORE_COMMIT))
    _trap_after_commits(trap)
    _trap_sending(trap)


def _trap_after_commits(trap: Trap) -> None:
    begin = Desk.__init__

    def begun(self: Desk[Any], *given: Any, **named: Any) -> None:
        begin(self, *given, **named)
        tell = self.committed

        def committed() -> None:
            trap.die_at(AFTER_COMMIT)
            tell()

        self.committed = committed

    Desk.__init__ = begun  # type: ignore[method-assign]


def _trap_sending(trap: Trap) -> None:
    publish = NativePublisher.publish

    def published(self: NativePublisher, messages: Sequence[Message]) -> Sequence[Placed]:
        trap.die_at(BEFORE_SENDING)
        half = len(messages) // 2
        placed = [*publish(self, messages[:half])] if half else []
        trap.die_at(HALF_SENT)
        placed += publish(self, messages[half:])
        trap.die_at(AFTER_SENDING)
        return placed

    NativePublisher.publish = published  # type: ignore[method-assign]
