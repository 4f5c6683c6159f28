"""Runs a real single-node Apache Kafka for one machine, so that nobody has to install one."""

from __future__ import annotations

import base64
import contextlib
import json
import secrets
import shutil
import socket
import subprocess
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from services.chassis.errors import Misconfigured
from services.launcher.bound_process import BoundProcess
from services.launcher.java import find_java
from services.launcher.kafka_home import KAFKA_VERSION, KafkaHome

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOST: Final = "127.0.0.1"
_READY: Final = "Kafka Server started"
_START_DEADLINE_S: Final = 60
_STOP_PATIENCE_S: Final = 15
_ARCHIVE_PATIENCE_S: Final = 300
_TRIES: Final = 3
"""How often a broker must end over its records before they count as unusable."""

_LOWEST_PORT: Final = 20_000
_EPHEMERAL_RANGE: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USUAL_EPHEMERAL: Final = 32_768

_PROPERTIES: Final = """\
process.roles=broker,controller
node.id=1
controller.listener.names=CONTROLLER
inter.broker.listener.name=CLIENT
listeners=CLIENT://{host}:{client},CONTROLLER://{host}:{controller}
advertised.listeners=CLIENT://{host}:{client}
listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.quorum.bootstrap.servers={host}:{controller}
log.dirs={records}
auto.create.topics.enable=false
# One node: the defaults (3 copies, 50 partitions) would never come up, or slowly.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
group.consumer.session.timeout.ms=6000
group.consumer.min.session.timeout.ms=1000
group.consumer.min.heartbeat.interval.ms=1000
group.consumer.heartbeat.interval.ms=1000
# After kill -9 the broker waits until its own old registration has expired (default 9 s).
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
# Default 128 MB of a heap of 512 MB.
log.cleaner.dedupe.buffer.size=16777216
"""

_LOG4J: Final = """\
<Configuration status="ERROR" shutdownHook="disable">
  <Appenders>
    <RollingFile name="file" fileName="{logs}/broker.log" filePattern="{logs}/broker.log.%i">
      <PatternLayout pattern="%d{{ISO8601}} %p %c{{1}} %m%n"/>
      <SizeBasedTriggeringPolicy size="5 MB"/>
      <DefaultRolloverStrategy max="3"/>
    </RollingFile>
    <Console name="console" target="SYSTEM_OUT"><PatternLayout pattern="%p %c{{1}} %m%n"/></Console>
  </Appenders>
  <Loggers>
    <Logger name="kafka.server.KafkaRaftServer" level="INFO"/>
    <Root level="WARN">
      <AppenderRef ref="file"/>
      <AppenderRef ref="console"/>
    </Root>
  </Loggers>
</Configuration>
"""

# What the broker says, and the one sentence for a person.
_KNOWN_FAILURES: Final = (
    ("No space left on device", "the disk of {folder} is full"),
    ("Disk quota exceeded", "the disk of {folder} is full: its quota is used up"),
    ("Read-only file system", "{folder} lies on a disk that cannot be written"),
    ("Permission denied", "files in {folder} belong to another user"),
    ("AccessDenied", "files in {folder} belong to another user"),
    ("Input/output error", "the disk of {folder} is failing"),
    ("Too many open files", "this machine lets a process open too few files"),
    ("Address already in use", "port {client} or {controller} is taken by another program"),
    ("Failed to acquire lock", "another broker already uses {folder}"),
    ("UnsupportedClassVersionError", "the Java found is too old for Apache Kafka"),
    ("Could not reserve enough space", "there is not enough memory for Apache Kafka (512 MB)"),
)


class _RecordsUnusable(Misconfigured):
    """It ended at once, and what it said last is about its records, and nothing else we know."""


@dataclass(frozen=True, slots=True)
class _Ports:
    client: int
    controller: int


class KafkaBroker:
    """One broker on loopback with its data in `data_dir`, started from the jars in `jars_dir`.

    Not shared between threads. It dies with this process, even after kill -9 (on Linux).
    """

    version: Final = KAFKA_VERSION

    def __init__(self, data_dir: Path, jars_dir: Path, port: int | None = None) -> None:
        self._folder = data_dir.absolute()
        self._home = KafkaHome(jars_dir.absolute())
        self._port = port
        self._ports: _Ports | None = None
        self._process: BoundProcess | None = None
        self.set_aside: Path | None = None
        """Where the last start moved records that could not be used; None if it did not."""

    @property
    def bootstrap(self) -> str:
        """The address clients connect to; the same after every restart."""
        return f"{_HOST}:{self._settled_ports().client}"

    @property
    def has_address(self) -> bool:
        """Whether it has settled on its address; asking for the address settles it."""
        return self._ports is not None or self._remembered_ports() is not None

    @property
    def pid(self) -> int | None:
        """The process id of the Java process; None before the first start."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.alive

    def start(self) -> None:
        """Start, format the data folder first if it is new, and wait until clients are served.

        Records that cannot be used are moved aside, never deleted, and a new log takes their place:
        who said them says them again.

        Raises:
            Misconfigured: one sentence says what a person must change.
        """
        if self.alive:
            return
        java = find_java()
        self._home.require_complete()
        ports = self._settled_ports()
        _require_free(ports)
        self._write_settings(ports)
        self.set_aside = None
        if self._lacks_what_it_knew():
            self._move_records_aside()
        self._format_once(java)
        try:
            self._launch_again_and_again(java)
        except _RecordsUnusable:
            self._move_records_aside()
            self._format_once(java)
            self._launch(java, self._archive_option())

    def stop(self) -> None:
        """Stop in order (SIGTERM); kill what has not stopped after 15 s."""
        if self._process is not None:
            self._process.stop(_STOP_PATIENCE_S)

    def kill(self) -> None:
        """Stop at once (SIGKILL), as a power cut of the process would."""
        if self._process is not None:
            self._process.kill()

    def wipe(self) -> None:
        """Delete all records of the stopped broker; its ports stay, its next start formats anew."""
        if self.alive:
            msg = "a running broker cannot be wiped: stop it first"
            raise RuntimeError(msg)
        self._formatted.unlink(missing_ok=True)
        shutil.rmtree(self._records, ignore_errors=True)

    def train_archive(self) -> None:
        """Run once, to write down which classes a start needs; see `KafkaHome.archive`."""
        java = find_java()
        self._write_settings(self._settled_ports())
        self._format_once(java)
        process = self._launch(java, (f"-XX:ArchiveClassesAtExit={self._home.archive}",))
        # It writes the archive when it ends: seconds on a quiet machine, more on a busy one.
        process.stop(_ARCHIVE_PATIENCE_S)

    @property
    def _records(self) -> Path:
        return self._folder / "records"

    @property
    def _formatted(self) -> Path:
        return self._folder / "formatted"

    @property
    def _properties(self) -> Path:
        return self._folder / "server.properties"

    @property
    def _log_option(self) -> str:
        return f"-Dlog4j2.configurationFile={self._folder / 'log4j2.xml'}"

    def _archive_option(self) -> Sequence[str]:
        archive = self._home.archive
        return (f"-XX:SharedArchiveFile={archive}",) if archive.is_file() else ()

    def _settled_ports(self) -> _Ports:
        if self._ports is None:
            self._ports = self._remembered_ports() or self._new_ports()
        return self._ports

    def _remembered_ports(self) -> _Ports | None:
        file = self._folder / "ports.json"
        if not file.is_file():
            return None
        try:
            remembered = _Ports(**json.loads(file.read_text("utf-8")))
        except (ValueError, TypeError):
            # A power cut may leave an empty file: other ports do as well.
            return None
        return _Ports(self._port or remembered.client, remembered.controller)

    def _new_ports(self) -> _Ports:
        client = self._port or _free_port()
        ports = _Ports(client, _free_port(other_than=client))
        self._write("ports.json", json.dumps(asdict(ports)))
        return ports

    def _write_settings(self, ports: _Ports) -> None:
        logs = self._folder / "logs"
        properties = _PROPERTIES.format(host=_HOST, records=self._records, **asdict(ports))
        self._write(self._properties.name, properties)
        self._write("log4j2.xml", _LOG4J.format(logs=logs))

    def _write(self, name: str, text: str) -> None:
        half = self._folder / f"{name}.half"
        try:
            (self._folder / "logs").mkdir(parents=True, exist_ok=True)
            half.write_text(text, "utf-8")
            half.replace(self._folder / name)
        except OSError as error:
            msg = f"the broker's settings cannot be written to {self._folder}: {error.strerror}"
            raise Misconfigured(msg) from error

    def _lacks_what_it_knew(self) -> bool:
        """Whether the records were served once, and the part without which none is found is gone.

        Kafka knows its topics, and that it is its own controller, from the metadata log and its
        checkpoints; with neither it starts and waits for ever for a controller.
        """
        if not self._formatted.is_file() or not self._records.is_dir():
            return False
        if not any(self._records.iterdir()):
            return False
        metadata = self._records / "__cluster_metadata-0"
        log = (file for file in metadata.glob("*.log") if file.stat().st_size)
        knows = any(metadata.glob("*.checkpoint")) or any(log)
        return not (knows and (self._records / "meta.properties").is_file())

    def _move_records_aside(self) -> None:
        """Move the records to a folder beside, and forget that anything was formatted.

        Raises:
            Misconfigured: they cannot be moved.
        """
        number = sum(1 for _ in self._folder.glob("records-set-aside-*")) + 1
        aside = self._folder / f"records-set-aside-{number}"
        try:
            self._records.rename(aside)
            self._formatted.unlink(missing_ok=True)
        except OSError as error:
            msg = f"the broker's records cannot be moved to {aside}: {error.strerror}"
            raise Misconfigured(msg) from error
        self.set_aside = aside

    def _format_once(self, java: str) -> None:
        # The marker is written before the first start: without it nothing here was ever served.
        if self._formatted.is_file() and (self._records / "meta.properties").is_file():
            return
        shutil.rmtree(self._records, ignore_errors=True)
        options = (self._log_option, *self._archive_option())
        main = ("kafka.tools.StorageTool", "format", "--standalone", "-t", _new_cluster_id())
        answer = subprocess.run(
            [*self._home.command(java, options, main), "-c", str(self._properties)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if answer.returncode != 0:
            raise self._misconfigured(answer.stdout.splitlines())
        self._write(self._formatted.name, "")

    def _launch_again_and_again(self, java: str) -> None:
        """Launch, and believe only after some tries that it is the records that hinder it."""
        for _ in range(_TRIES - 1):
            with contextlib.suppress(_RecordsUnusable):
                self._launch(java, self._archive_option())
                return
        self._launch(java, self._archive_option())

    def _launch(self, java: str, options: Sequence[str]) -> BoundProcess:
        ready = threading.Event()
        crash_file = f"-XX:ErrorFile={self._folder / 'logs' / 'java-crash.log'}"
        self._process = process = BoundProcess(
            self._home.command(
                java,
                (*options, crash_file, self._log_option),
                ("kafka.Kafka", str(self._properties)),
            ),
            on_line=lambda line: ready.set() if _READY in line else None,
            on_end=ready.set,
        )
        process.start()
        in_time = ready.wait(_START_DEADLINE_S)
        if in_time and process.alive:
            return process
        ended_itself = (process.exit_code or 0) > 0
        process.kill()
        raise self._misconfigured(process.last_lines, ended_itself=ended_itself)

    def _misconfigured(self, said: Sequence[str], *, ended_itself: bool = False) -> Misconfigured:
        text = "\n".join(said)
        with contextlib.suppress(OSError):
            (self._folder / "logs" / "failure.log").write_text(text, "utf-8")
        known = next((sentence for sign, sentence in _KNOWN_FAILURES if sign in text), None)
        reason = known or "{folder}/logs/failure.log says why"
        because = reason.format(folder=self._folder, **asdict(self._settled_ports()))
        sentence = f"Apache Kafka did not start: {because}"
        if known is None and ended_itself and str(self._records) in text:
            return _RecordsUnusable(sentence)
        return Misconfigured(sentence)


def _new_cluster_id() -> str:
    # A leading "-" would be read as an option.
    while True:
        cluster_id = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode("ascii").rstrip("=")
        if not cluster_id.startswith("-"):
            return cluster_id


def _free_port(other_than: int = 0) -> int:
    # Below the range outgoing connections are given: a client that keeps knocking at the port of
    # a stopped broker can otherwise be given that very port and connect to itself, for ever.
    ports = range(_LOWEST_PORT, max(_first_ephemeral_port(), _LOWEST_PORT + 1_000))
    while True:
        port = secrets.choice(ports)
        if port != other_than and _is_free(port):
            return port


def _first_ephemeral_port() -> int:
    if not _EPHEMERAL_RANGE.is_file():
        return _USUAL_EPHEMERAL
    return int(_EPHEMERAL_RANGE.read_text("ascii").split()[0])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the broker does, so that connections that are only closing do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            return False
        return True


def _require_free(ports: _Ports) -> None:
    for port in (ports.client, ports.controller):
        if not _is_free(port):
            msg = f"Apache Kafka cannot start: port {port} of {_HOST} is taken by another program"
            raise Misconfigured(msg)
