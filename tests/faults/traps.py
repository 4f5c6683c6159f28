"""What a campaign plants in the processes that it breaks; each is asked for by a file.

`<service>`: let its worker die at a named point, as by kill -9; the file holds the point, and how
often the worker comes by there before it dies. `<service>.bug`: let its next handlers raise; the
file holds how many. `<service>.poison`: let the handler of its next event raise for that event
whenever it comes; the file holds the event's id. `store`: let every twentieth commit of everybody
fail.
"""

import os
import signal
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from services.chassis.batch import Batch
from services.chassis.bus import Message, Placed
from services.chassis.desk import Desk
from services.chassis.kafka_native import NativePublisher
from services.launcher import kafka_broker

BEFORE_COMMIT: Final = "before-commit"
AFTER_COMMIT: Final = "after-commit"
BEFORE_SENDING: Final = "before-sending"
HALF_SENT: Final = "half-sent"
AFTER_SENDING: Final = "after-sending"
STORE: Final = "store"
BUG: Final = ".bug"
POISON: Final = ".poison"
POINTS: Final = (BEFORE_COMMIT, AFTER_COMMIT, BEFORE_SENDING, HALF_SENT, AFTER_SENDING)
_FAILING_COMMITS: Final = 0.05


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
    """Set the traps of the worker that runs this module."""
    name = module.removeprefix("services.")
    trap = Trap(Path(folder) / name)
    event.listen(Engine, "commit", lambda _: trap.die_at(BEFORE_COMMIT))
    _trap_after_commits(trap)
    _trap_sending(trap)
    _trap_commits(Path(folder) / STORE)
    _trap_handlers(Path(folder) / f"{name}{BUG}", Path(folder) / f"{name}{POISON}")


def advertise(port: int) -> None:
    """Let the broker of this launcher tell everybody another port than it listens on."""
    own = "advertised.listeners=CLIENT://{host}:{client}"
    assert own in kafka_broker._PROPERTIES
    kafka_broker._PROPERTIES = kafka_broker._PROPERTIES.replace(  # type: ignore[misc]
        own, f"advertised.listeners=CLIENT://{{host}}:{port}"
    )
    kafka_broker.KafkaBroker.bootstrap = property(  # type: ignore[method-assign,assignment]
        lambda broker: f"127.0.0.1:{port}" if broker._settled_ports() else ""
    )


def _trap_commits(file: Path) -> None:
    luck = Random()  # noqa: S311 -- when it comes is no part of what a seed promises

    def fail_now_and_then(_: object) -> None:
        if luck.random() < _FAILING_COMMITS and file.exists():
            planted = sqlite3.OperationalError("database is locked")
            raise OperationalError("COMMIT", None, planted)

    event.listen(Engine, "commit", fail_now_and_then)


def _trap_handlers(bug: Path, poison: Path) -> None:
    call = Batch._call

    def called(self: Batch, one: Any, verdict: Any) -> None:
        with suppress(OSError):
            left = int(bug.read_text() or 0)
            if left > 0:
                bug.write_text(str(left - 1))
                raise RuntimeError("planted")  # as a bug of ours would
        if verdict is None:
            _poison(poison, one.head.id)
        call(self, one, verdict)

    Batch._call = called  # type: ignore[method-assign]


def _poison(file: Path, event_id: str) -> None:
    with suppress(OSError):
        poisoned = file.read_text() or event_id
        file.write_text(poisoned)
        if poisoned == event_id:
            raise RuntimeError("planted")


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
