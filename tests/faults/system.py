"""The whole system as real processes, on a Kafka and in a folder of its own, for a campaign."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import httpx2

from services.chassis.clock import DrivenClock
from services.chassis.desk import Desk
from services.launcher.in_force import as_client
from services.launcher.recount import opened_desks
from services.launcher.run_file import RunFile, RunState
from services.launcher.settings import LauncherSettings
from services.launcher.standing import Observer
from tests.faults.link import Link
from tests.machine import JARS, ROOT
from tests.postgres import PrivatePostgres
from tests.waiting import until

BEGINS = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
START_S = 180
STOP_S = 40
LEASE_S = 20
"""Longer than any lease that nobody renews."""
POINTS = ROOT / "tests" / "faults" / "points"
_BUSY = 503


class System:
    """One installation: started, broken and looked at by a campaign.

    Args:
        folder: where data, keys and traps lie.
        engine: `faust` or `librdkafka`.
        postgres: a server that may be broken as well; None for SQLite.
        room_mb: how large the disk of data and broker is; None where there is only this machine's.
    """

    def __init__(
        self,
        folder: Path,
        engine: str,
        postgres: PrivatePostgres | None = None,
        room_mb: int | None = None,
    ) -> None:
        self.data = folder / "data"
        self.postgres = postgres
        self.link = Link(self._port_of_the_broker)
        database_url = postgres.new_database() if postgres else None
        self.traps = folder / "traps"
        self.traps.mkdir(parents=True)
        self.port = _free_port()
        self._engine = engine
        self._own = {
            "ALONGSIDE_KEYS": str(folder / "keys"),
            "ALONGSIDE_KAFKA_JARS": str(JARS),
            "ALONGSIDE_CLOCK": "driven",
            "ALONGSIDE_TEST_POINTS": str(self.traps),
            "ALONGSIDE_TEST_LINK": str(self.link.port),
            "PYTHONPATH": os.pathsep.join((str(POINTS), str(ROOT))),
            **({"ALONGSIDE_DATABASE_URL": database_url} if database_url else {}),
        }
        self._settings = LauncherSettings(
            data=self.data,
            keys=folder / "keys",
            clock="driven",
            http_port=self.port,
            database_url=database_url,  # type: ignore[arg-type]
        )
        self.data.mkdir()
        self.has_own_disk = room_mb is not None
        if self.has_own_disk:
            _mount(self.data, f"size={room_mb}m")
        self._guests: list[subprocess.Popen[bytes]] = []
        self.clock = DrivenClock(self.data / "clock.sqlite3")
        self.clock.move(BEGINS)

    def start(self) -> None:
        """Start everything, and return when it is ready."""
        options = ("--broker", "kafka", "--engine", self._engine, "--port", self.port, "--detach")
        self.alongside("up", *options)

    def stop(self) -> None:
        """End everything."""
        for guest in self._guests:
            guest.kill()
            guest.wait()
        self.alongside("stop")

    def close(self) -> None:
        """Take away what it stood on; databases and logs are kept in `kept`, to look at them."""
        self.link.close()
        if self.has_own_disk:
            kept = self.data.with_name("kept")
            shutil.copytree(self.data, kept, ignore=shutil.ignore_patterns("kafka", "filler"))
            subprocess.run(["umount", "--lazy", self.data], check=True)

    def invite(self, service: str) -> subprocess.Popen[bytes]:
        """Start one more worker of a service, beside the one that the launcher keeps."""
        settings = self.settings
        asked = {
            "ALONGSIDE_DATA": str(self.data),
            "ALONGSIDE_BROKER": "external",
            "ALONGSIDE_ENGINE": self._engine,
            "ALONGSIDE_WORKER_SLOT": "1",
            "KAFKA_BOOTSTRAP_SERVERS": str(settings.kafka_bootstrap_servers),
        }
        with (self.data / "logs" / f"{service}-guest.log").open("ab") as log:
            guest = subprocess.Popen(
                [sys.executable, "-m", f"services.{service}", "worker"],
                cwd=ROOT,
                env={**_environment(), **self._own, **asked},
                stdout=log,
                stderr=log,
            )
        self._guests.append(guest)
        return guest

    def stranger(self) -> int:
        """Start another installation on this broker, by mistake; return how it ended."""
        asked = {
            "ALONGSIDE_DATA": str(self.data.with_name("stranger")),
            "ALONGSIDE_KEYS": str(self.data.with_name("stranger-keys")),
            "ALONGSIDE_BROKER": "external",
            "KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{self.link.port}",
        }
        command = [sys.executable, "-m", "services.launcher", "up", "--port", str(_free_port())]
        ended = subprocess.run(
            command,
            cwd=ROOT,
            env={**_environment(), **asked},
            check=False,
            capture_output=True,
            timeout=START_S + STOP_S,
        )
        return ended.returncode

    def alongside(self, *arguments: object) -> str:
        """Do a command as an operator would; return what it said."""
        command = [sys.executable, "-m", "services.launcher", *map(str, arguments)]
        done = subprocess.run(
            [*command, "--data", self.data],
            cwd=ROOT,
            env={**_environment(), **self._own},
            check=False,
            capture_output=True,
            text=True,
            timeout=START_S + STOP_S,
        )
        if done.returncode not in {0, 1}:
            raise AssertionError(f"{arguments}: {done.stdout} {done.stderr}")
        return done.stdout

    @property
    def state(self) -> RunState:
        """What the launcher says of its processes."""
        found = RunFile(self.data).read()
        if found is None:
            until(lambda: RunFile(self.data).read(), "a run file", START_S)
            return self.state
        return found

    @property
    def settings(self) -> LauncherSettings:
        """The settings with which bus and databases are reached."""
        return as_client(self._settings, self.state)

    def pass_time(self, by: timedelta) -> None:
        """Move the clock; it lies on a disk that may be full."""

        def moved() -> bool:
            with suppress(sqlite3.OperationalError):
                self.clock.move(self.clock.now() + by)
                return True
            return False

        until(moved, "the clock moves", START_S)

    def pid(self, name: str) -> int | None:
        """Return the process id of a worker, `api` or `broker`; None while it is down."""
        if name == "broker":
            pid = self.state.broker["pid"]
            return int(pid) if pid else None
        return self.state.processes[name].pid

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a process, if it is there."""
        if (pid := self.pid(name)) is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def _port_of_the_broker(self) -> int | None:
        try:
            return int(json.loads((self.data / "kafka" / "ports.json").read_text())["client"])
        except (OSError, ValueError):
            return None

    @contextmanager
    def desks(self) -> Iterator[dict[str, Desk[Any]]]:
        """Open all databases."""
        with opened_desks(self.settings) as desks:
            yield desks

    def wait_until_quiet(self, deadline_s: float) -> None:
        """Wait until nothing is under way, and nothing begins anew.

        Whoever lost a lease rests until it can be taken again, and looks as if all were done.
        """
        observer = Observer(self.settings)
        busy_at = monotonic()
        said: dict[str, int] = {}

        def is_quiet() -> bool:
            nonlocal busy_at, said
            before = said
            said = {name: stand.said for name, stand in observer.standings().items()}
            if said != before or not observer.is_quiet():
                busy_at = monotonic()
            return monotonic() - busy_at > LEASE_S

        try:
            until(is_quiet, "nothing is under way", deadline_s)
        finally:
            observer.close()


@dataclass
class Answer:
    """One request that was answered for good, and how."""

    path: str
    body: Any
    key: str
    status: int
    text: str


@dataclass
class Client:
    """Somebody who asks again until the answer comes: the same request, with the same key."""

    port: int
    patience_s: float = 300.0
    answers: list[Answer] = field(default_factory=list)
    unknown: int = 0

    def __post_init__(self) -> None:
        self._client = httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)

    def post(self, path: str, json: Any, headers: dict[str, str]) -> Any:
        answer = self._asked("POST", path, json=json, headers=headers)
        kept = Answer(path, json, headers["Idempotency-Key"], answer.status_code, answer.text)
        self.answers.append(kept)
        return answer

    def get(self, path: str, params: dict[str, str] | None = None) -> Any:
        return self._asked("GET", path, params=params)

    def close(self) -> None:
        self._client.close()

    def _asked(self, method: str, path: str, **given: Any) -> Any:
        deadline = monotonic() + self.patience_s
        found: list[Any] = []

        def ask() -> bool:
            try:
                answer = self._client.request(method, path, **given)
            except httpx2.TransportError:
                self.unknown += 1
                return False
            if answer.status_code == _BUSY:
                return False
            found.append(answer)
            return True

        until(ask, f"an answer to {method} {path}", deadline - monotonic())
        return found[0]


@dataclass
class Place:
    """Where people act: the API of a system, and its clock."""

    client: Client
    clock: DrivenClock

    @property
    def now(self) -> datetime:
        """The time there."""
        return self.clock.now()


def can_have_a_disk() -> bool:
    """Whether this machine lets us make a small disk in memory, to fill it."""
    with TemporaryDirectory() as folder:
        try:
            _mount(Path(folder), "size=1m")
        except (OSError, subprocess.CalledProcessError):
            return False
        subprocess.run(["umount", folder], check=True)
    return True


def _mount(folder: Path, option: str) -> None:
    command = ["mount", "-t", "tmpfs", "-o", option, "alongside-faults", str(folder)]
    subprocess.run(command, check=True, capture_output=True)


def _environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ALONGSIDE_", "KAFKA_", "PYTHONPATH"))
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
