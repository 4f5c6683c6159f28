"""A system of its own for the quarter: fresh data, a driven clock, and nothing left at the end."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Final

from services.chassis import ids, topics
from services.chassis.buses import open_bus
from services.chassis.clock import DrivenClock
from services.chassis.errors import BusUnavailable, Misconfigured
from services.chassis.vault import default_key_file
from services.launcher.broker_choice import choose_broker
from services.launcher.in_force import as_client
from services.launcher.quarter.acts import OFFICE_CLOSES, at
from services.launcher.quarter.families import FIRST_DAY
from services.launcher.quarter.live import Interrupted
from services.launcher.run_file import RunFile
from services.launcher.settings import LauncherSettings
from services.launcher.supervisor import Supervisor

_MARK: Final = "demo"
_TAKEN_OVER: Final = frozenset(
    {"BROKER", "ENGINE", "HTTP_HOST", "HTTP_PORT", "KAFKA_JARS", "LOG_LEVEL"}
    | {"KAFKA_BOOTSTRAP_SERVERS", "KAFKA_REPLICATION"}
)
"""What of the environment holds for a demo too: it takes no database, no mail, no other rules."""


@dataclass
class System:
    """What runs: its settings as a client needs them, and how to say it in one line."""

    settings: LauncherSettings
    broker: str
    address: str


@dataclass
class Watch:
    """Restarts what has ended while the quarter is played; keeps what a person must change."""

    supervisor: Supervisor
    stopping: Event
    failure: list[Misconfigured] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin to watch."""
        self._thread = Thread(target=self._look, name="watch", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Watch no longer: nothing is restarted from here on."""
        self.supervisor.ask_to_stop()
        self._thread.join()

    def _look(self) -> None:
        while not self.supervisor.wait():
            try:
                self.supervisor.tick()
            except Misconfigured as failure:
                self.failure.append(failure)
                self.stopping.set()
                return


def forget_environment() -> None:
    """Take from the environment only what a demo may have, for this process and its children."""
    for name in [name for name in os.environ if name.startswith("ALONGSIDE_")]:
        if name.removeprefix("ALONGSIDE_") not in _TAKEN_OVER:
            del os.environ[name]


@contextmanager
def running(settings: LauncherSettings, stopping: Event) -> Iterator[System]:
    """Run the whole system on fresh data until the block ends.

    Raises:
        Misconfigured: a person must change something first.
        Interrupted: the end was asked for, as `stopping` says.
    """
    _empty(settings.data)
    DrivenClock(settings.data / "clock.sqlite3").move(at(FIRST_DAY, OFFICE_CLOSES))
    broker = choose_broker(settings)
    lent = broker.kind == "kafka" and broker.own is None
    if lent:
        # A broker that is not ours may hold a real installation's topics, or another demo's.
        prefix = f"alongside-demo-{ids.random_ref().hex[:8]}"
        settings = settings.model_copy(update={"topic_prefix": prefix})
    supervisor = Supervisor(settings, broker)
    try:
        supervisor.start()
        with _watched(supervisor, stopping):
            client = as_client(settings, RunFile(settings.data).read())
            address = f"http://{settings.http_host}:{settings.http_port}"
            yield System(client, broker.sentence, address)
    finally:
        supervisor.stop()
        if lent:
            _delete_topics(settings)


@contextmanager
def _watched(supervisor: Supervisor, stopping: Event) -> Iterator[None]:
    """Restart what ends while the block runs; what a person must change ends the block."""
    watch = Watch(supervisor, stopping)
    try:
        yield
    except Interrupted:
        if watch.failure:
            raise watch.failure[0] from None
        raise
    finally:
        watch.end()


def _empty(data: Path) -> None:
    """Make the folder anew; what is there must be a demo, and must not run.

    Raises:
        Misconfigured: it is something else, or it runs.
    """
    if data.is_dir() and any(data.iterdir()):
        if not (data / _MARK).exists():
            raise Misconfigured(f"{data} holds something that is no demo: choose another --data")
        if RunFile(data).is_claimed():
            raise Misconfigured(f"a demo runs on {data} already: Ctrl-C in its terminal ends it")
        # The keys lie elsewhere and would open nothing any more.
        shutil.rmtree(default_key_file("exchange", data).parent, ignore_errors=True)
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)
    (data / _MARK).touch()


def _delete_topics(settings: LauncherSettings) -> None:
    with suppress(BusUnavailable):
        admin = open_bus(settings).admin()
        for spec in topics.specs(settings.topic_prefix):
            admin.delete(spec.name)
        admin.close()
