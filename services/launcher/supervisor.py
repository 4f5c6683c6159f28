"""Keeps the broker, a worker for each service and the HTTP process alive, and ends them all."""

import os
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.chassis.buses import open_bus
from services.chassis.clock import monotonic
from services.chassis.errors import BusUnavailable, Misconfigured
from services.chassis.installation import installation_id
from services.chassis.migrations import migrate
from services.chassis.own_past import require_known_own_past
from services.chassis.service import Service
from services.launcher.bound_process import BoundProcess
from services.launcher.broker_choice import BrokerChoice
from services.launcher.in_force import in_force
from services.launcher.kafka_broker import KafkaBroker
from services.launcher.restore import require_finished
from services.launcher.room import FULL_BELOW, GOES_ON, full_disk
from services.launcher.run_file import ProcessState, RunFile, RunState
from services.launcher.settings import LauncherSettings
from services.launcher.system import NAMES, build_all

TICK_S = 0.05
FIRST_PAUSE_S = 0.3
LONGEST_PAUSE_S = 10.0
CALM_S = 30.0
"""A process that ran this long has recovered: its next crash is restarted at once again."""

STOP_PATIENCE_S = 5.0
BROKER_PATIENCE_S = 1.0
LOOK_AT_DISK_S = 1.0
MISCONFIGURED_EXIT = 2
LOG_BYTES = 20_000_000
FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}
"""Keeps glibc from an arena for each of a worker's 30 threads, most of them librdkafka's: 3 to 7 MB
less in each worker, at rest and on a busy day."""


@dataclass
class Kept:
    """One process to keep alive."""

    name: str
    command: tuple[str, ...]
    process: BoundProcess | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    restarts: int = 0


@dataclass
class Supervisor:
    """Starts and restarts the processes of one installation.

    Args:
        environment: what the processes get, besides the settings.
    """

    settings: LauncherSettings
    broker: BrokerChoice
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Plan the processes."""
        self.run_file = RunFile(self.settings.data)
        python = sys.executable
        self._kept = [Kept(name, (python, "-m", f"services.{name}", "worker")) for name in NAMES]
        self._kept.append(Kept("api", (python, "-m", "services.launcher.api_process")))
        self._stopping = threading.Event()
        self._broker_thread = threading.Thread(target=self._keep_broker, daemon=True)
        self._broker_restarts = 0
        self._broker_trouble: str | None = None
        self._unsaid = False
        self._saying = threading.Lock()
        self._full: str | None = None
        self._look_at_disk_at = 0.0
        self._shown: dict[str, Any] = {}

    def start(self) -> None:
        """Start everything.

        Raises:
            Misconfigured: another one runs, a port is taken, the disk is full, Java too old.
        """
        self.run_file.claim()
        self.run_file.clear()
        require_finished(self.settings.data)
        _require_room(self.settings.data)
        _require_free_port(self.settings.http_host, self.settings.http_port)
        installation_id(self.settings.data)
        self.settings.data.chmod(0o700)
        # Before any process: what is wrong with keys, policies or tables is said once, and here.
        services = build_all(self.settings)
        for service in services:
            migrate(service)
        if self.broker.own is not None:
            self.broker.own.start()
            _say_what_was_set_aside(self.broker.own)
            self._broker_thread.start()
        self._require_own_past(services)
        self._shown = in_force(self.settings, self.broker)
        for kept in self._kept:
            self._start(kept)
        self._say()

    def _require_own_past(self, services: Sequence[Service[Any]]) -> None:
        """See that no database is older than what was said, before an API accepts anything."""
        at_bus = {
            "broker": "embedded" if self.broker.kind == "embedded" else "external",
            "kafka_bootstrap_servers": self.broker.bootstrap,
        }
        bus = open_bus(self.settings.model_copy(update=at_bus))
        for service in services:
            require_known_own_past(service, bus)

    def tick(self) -> None:
        """Restart what has ended.

        Raises:
            Misconfigured: a process says that a person must change something.
        """
        self._look_at_disk()
        changed = False
        for kept in self._kept:
            if kept.process is not None and not kept.process.alive:
                self._ended(kept)
                changed = True
            if kept.process is None and monotonic() >= kept.restart_at:
                kept.restarts += 1
                self._start(kept)
                changed = True
        if changed or self._unsaid:
            self._say_if_possible()

    def wait(self) -> bool:
        """Rest for a tick; return whether the end was asked for."""
        return self._stopping.wait(TICK_S)

    def ask_to_stop(self) -> None:
        """Ask for the end; may be called from a signal."""
        self._stopping.set()

    def stop(self) -> None:
        """End everything in order, and leave nothing behind."""
        self._stopping.set()
        running = [kept.process for kept in self._kept if kept.process is not None]
        threads = [
            threading.Thread(target=process.stop, args=(STOP_PATIENCE_S,)) for process in running
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.broker.own is not None:
            self._end_broker(self.broker.own)
        self.run_file.clear()
        self.run_file.release()

    def pid(self, name: str) -> int | None:
        """Return the pid of a process; None while it is down."""
        kept = next(kept for kept in self._kept if kept.name == name)
        return kept.process.pid if kept.process else None

    def _start(self, kept: Kept) -> None:
        log = ProcessLog(self.settings.data / "logs" / f"{kept.name}.log")
        settings = _variables(self.settings, self.broker)
        environment = {**FEW_ARENAS, **os.environ, **settings, **self.environment}
        kept.process = BoundProcess(kept.command, log.write, log.close, environment)
        kept.process.start()
        kept.started_at = monotonic()

    def _ended(self, kept: Kept) -> None:
        process = kept.process
        if process is None:
            return
        if process.exit_code == MISCONFIGURED_EXIT:
            said = process.last_lines[-1] if process.last_lines else "it did not say why"
            message = f"{kept.name} cannot run: {said}"
            raise Misconfigured(message)
        if monotonic() - kept.started_at > CALM_S:
            kept.pause_s = FIRST_PAUSE_S
        if full := full_disk(self.settings.data):
            _complain(f"{kept.name} ended: {full}; it is started again.")
        kept.restart_at = monotonic() + kept.pause_s
        kept.pause_s = min(kept.pause_s * 2, LONGEST_PAUSE_S)
        kept.process = None

    def _keep_broker(self) -> None:
        """Restart our own broker whenever it has ended, for as long as it takes."""
        broker, pause_s = self.broker.own, FIRST_PAUSE_S
        while broker is not None and not self._stopping.wait(TICK_S):
            if broker.alive:
                continue
            self._broker_stands(self._broker_trouble or "it ended and is being started again")
            try:
                broker.start()
            except (Misconfigured, BusUnavailable, OSError) as error:
                _complain(f"The broker does not start, trying again: {error}")
                self._broker_stands(str(error))
                self._stopping.wait(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            else:
                pause_s = FIRST_PAUSE_S
                self._broker_restarts += 1
                _say_what_was_set_aside(broker)
                self._broker_stands(None)

    def _broker_stands(self, trouble: str | None) -> None:
        self._broker_trouble = trouble
        self._say_if_possible()

    def _end_broker(self, broker: KafkaBroker) -> None:
        """End our own broker; one that is only starting would let us wait for a minute."""
        if self._broker_thread.ident is not None:
            self._broker_thread.join(BROKER_PATIENCE_S)
            while self._broker_thread.is_alive():
                broker.kill()
                self._broker_thread.join(BROKER_PATIENCE_S)
        broker.stop()

    def _look_at_disk(self) -> None:
        """Say once that the disk is full, and once that there is room again."""
        if monotonic() < self._look_at_disk_at:
            return
        self._look_at_disk_at = monotonic() + LOOK_AT_DISK_S
        before, self._full = self._full, full_disk(self.settings.data)
        if self._full is not None and before is None:
            _complain(f"Attention: {self._full}: {GOES_ON}.")
        if self._full is None and before is not None:
            _complain("There is room on the disk again; it goes on.")

    def _say_if_possible(self) -> None:
        """Say how things stand; where the disk is full, at the next tick again."""
        with self._saying:
            try:
                self._say()
            except OSError as error:
                if not self._unsaid:
                    _complain(f"{error.filename}: {error.strerror}; trying again")
                self._unsaid = True
            else:
                self._unsaid = False

    def _say(self) -> None:
        own = self.broker.own
        state = RunState(
            pid=os.getpid(),
            http=f"http://{self.settings.http_host}:{self.settings.http_port}",
            engine=self.settings.engine,
            clock=self.settings.clock,
            broker={
                "kind": self.broker.kind,
                "version": own.version if own else None,
                "pid": own.pid if own else None,
                "restarts": self._broker_restarts,
                "bootstrap": self.broker.bootstrap,
                "sentence": self.broker.sentence,
                "trouble": self._broker_trouble,
            },
            processes={
                kept.name: ProcessState(kept.process.pid if kept.process else None, kept.restarts)
                for kept in self._kept
            },
            settings=self._shown,
        )
        self.run_file.write(state)


def _say_what_was_set_aside(broker: KafkaBroker) -> None:
    if broker.set_aside is not None:
        _complain(
            f"The broker's records could not be used: they lie in {broker.set_aside} now, and all"
            " that was said is being said again. Nothing is lost; delete them when all is well."
        )


def _complain(sentence: str) -> None:
    # What stays writes its complaints to a file, on the disk that may be full.
    with suppress(OSError):
        sys.stderr.write(f"{sentence}\n")


class ProcessLog:
    """A process's log file: one older file is kept, so that an outage never fills the disk."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file = path.open("a")

    def write(self, line: str) -> None:
        # On a full disk a line is left out; the process that said it goes on.
        with suppress(OSError):
            self._file.write(line)
            self._file.flush()
            if self._file.tell() > LOG_BYTES:
                self._renew()

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()

    def _renew(self) -> None:
        self._path.replace(self._path.with_suffix(".log.1"))
        new = self._path.open("a")
        self._file.close()
        self._file = new


def _variables(settings: LauncherSettings, broker: BrokerChoice) -> dict[str, str]:
    """Say the settings to a process the way it reads them."""
    variables = {
        "ALONGSIDE_DATA": str(settings.data.absolute()),
        "ALONGSIDE_BROKER": "embedded" if broker.kind == "embedded" else "external",
        "ALONGSIDE_TOPIC_PREFIX": settings.topic_prefix,
        "ALONGSIDE_ENGINE": settings.engine,
        "ALONGSIDE_POLICIES": str(settings.policies.absolute()),
        "ALONGSIDE_HTTP_HOST": settings.http_host,
        "ALONGSIDE_HTTP_PORT": str(settings.http_port),
        "ALONGSIDE_CLOCK": settings.clock,
        "ALONGSIDE_LOG_LEVEL": settings.log_level,
        "PYTHONUNBUFFERED": "1",
    }
    if broker.bootstrap:
        variables["KAFKA_BOOTSTRAP_SERVERS"] = broker.bootstrap
    if settings.keys:
        variables["ALONGSIDE_KEYS"] = str(settings.keys.absolute())
    if settings.postgres:
        variables["ALONGSIDE_DATABASE_URL"] = settings.postgres
    return variables


def _require_room(data: Path) -> None:
    if full := full_disk(data):
        raise Misconfigured(f"{full}: make room, then start again")
    probe = data / "run" / "probe"
    try:
        probe.write_bytes(b"\0" * FULL_BELOW)
        probe.unlink()
    except OSError as error:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
        message = f"{data.absolute()} cannot be written: {error.strerror}"
        raise Misconfigured(message) from None


def _require_free_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            message = f"port {port} of {host} is taken by another program: choose one with --port"
            raise Misconfigured(message) from None
