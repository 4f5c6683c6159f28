"""What runs now, as files beside the data: a lock for one launcher, and what it last said."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from services.chassis.errors import Misconfigured


@dataclass(frozen=True)
class ProcessState:
    """One process the launcher keeps alive."""

    pid: int | None
    restarts: int


@dataclass(frozen=True)
class RunState:
    """An installation that runs."""

    pid: int
    http: str
    engine: str
    clock: str
    broker: dict[str, str | int | None]
    processes: dict[str, ProcessState] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    """What is in force, each value with where it comes from; secrets are hidden."""


class RunFile:
    """The files in `data/run`."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "run"
        self._lock: IO[str] | None = None

    def claim(self) -> None:
        """Be the one launcher of these data, for as long as this process lives.

        Raises:
            Misconfigured: another one runs.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = (self.folder / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            running = self.read()
            who = f" (pid {running.pid}, pages at {running.http})" if running else ""
            message = (
                f"Alongside already runs on {self.folder.parent}{who}: "
                f"`alongside stop --data {self.folder.parent}` ends it"
            )
            raise Misconfigured(message) from None
        self._lock = lock

    def release(self) -> None:
        """Let another launcher take over."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def is_claimed(self) -> bool:
        """Whether a launcher runs on these data."""
        path = self.folder / "lock"
        if not path.exists():
            return False
        with path.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def write(self, state: RunState) -> None:
        """Say how things stand."""
        draft = self.folder / f"launcher.{os.getpid()}"
        try:
            draft.write_text(json.dumps(asdict(state)))
        except OSError as error:
            # A disk that is full does not say what could not be written.
            raise OSError(error.errno, error.strerror, str(draft)) from None
        draft.replace(self.folder / "launcher.json")

    def read(self) -> RunState | None:
        """Return what the launcher last said; None where nothing ever ran."""
        path = self.folder / "launcher.json"
        if not path.exists():
            return None
        told = json.loads(path.read_text())
        processes = {name: ProcessState(**state) for name, state in told.pop("processes").items()}
        return RunState(**told, processes=processes)

    def report(self, worker: str) -> dict[str, int | bool] | None:
        """Return what a worker last said of itself."""
        path = self.folder / f"{worker}.json"
        try:
            told: dict[str, int | bool] = json.loads(path.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return told

    def clear(self) -> None:
        """Nothing runs any more; what another launcher says of itself is left alone."""
        if self._lock is None:
            return
        for path in self.folder.glob("*.json"):
            path.unlink(missing_ok=True)
