"""A worker of one service: it takes events in, does work for later, sends what was said."""

from __future__ import annotations

import gc
import json
import os
import signal
import threading
from typing import TYPE_CHECKING, Any, Final

from services.chassis import topics
from services.chassis.buses import open_bus
from services.chassis.clock import monotonic, open_clock, wait
from services.chassis.commit_watch import CommitWatch
from services.chassis.database import open_database
from services.chassis.desk import Desk
from services.chassis.errors import BusUnavailable, Misconfigured, StoreUnavailable
from services.chassis.installation import installation_id
from services.chassis.later import Later
from services.chassis.logs import log, set_up, warn
from services.chassis.own_past import require_own_past
from services.chassis.pace import rest_after
from services.chassis.processing import Processor
from services.chassis.relay import BATCH, Relay

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from services.chassis.bus import Bus, Subscriber
    from services.chassis.service import Service

CRASH_EXIT = 70
"""The exit code that tells the launcher: start me again."""

LATER_POLL_S = 0.04
FULL_BATCH_PAUSE_S = 0.004
LONGEST_PAUSE_S = 5.0

_COLLECT = (20_000, 20, 50)


class Worker:
    """One worker of one service; `run` returns after SIGTERM or SIGINT."""

    def __init__(self, service: Service[Any]) -> None:
        settings = service.settings
        self.service = service
        self.bus: Bus = open_bus(settings)
        self.installation = installation_id(settings.data)
        engine = open_database(service.name, settings.data, settings.postgres)
        self.watch = CommitWatch(engine)
        self.desk = Desk(
            service, engine, open_clock(settings.clock, settings.data), self.watch.wake
        )
        self.processor = Processor(self.desk, self.bus, self.installation, self._after_batch)
        self.later = Later(self.desk, self.processor)
        self.relay = Relay(self.desk, self.bus, self.installation)
        self.subscriber: Subscriber = self._subscriber()
        self._stopping = threading.Event()
        self._report = _Report(settings.data, f"{service.name}-{settings.worker_slot}")

    def run(self) -> None:
        """Work until told to stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._guarded(self._wait_for_bus)
        threads = [
            threading.Thread(target=self._guarded, args=(loop,), name=loop.__name__, daemon=True)
            for loop in (self._relay_loop, self._later_loop)
        ]
        for thread in threads:
            thread.start()
        if not self._stopping.is_set():
            log("worker-started", service=self.service.name, bus=self.bus.kind, pid=os.getpid())
            self._guarded(lambda: self.subscriber.run(self.processor))
        self._stopping.set()
        self.watch.wake()
        for thread in threads:
            thread.join(timeout=3)
        self._report.remove()
        log("worker-stopped", service=self.service.name)

    def _subscriber(self) -> Subscriber:
        settings, name = self.service.settings, self.service.name
        group = f"{settings.topic_prefix}.{name}.{self.installation}"
        names = [self.desk.speaker.topic(topic) for topic in self.service.subscriptions.topics]
        return self.bus.subscriber(group, names, settings.worker_slot)

    def _wait_for_bus(self) -> None:
        """Wait for the broker, for as long as it takes, and make the topics that are missing."""
        name, prefix = self.service.name, self.service.settings.topic_prefix
        pause = 0.1
        while not self._stopping.is_set():
            try:
                topics.provision(self.bus, topics.specs(prefix), self.installation)
                require_own_past(name, prefix, self.desk.engine, self.bus)
            except (BusUnavailable, StoreUnavailable) as broken:
                log("waiting-for-bus", service=name, error=str(broken))
                wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
            else:
                return

    def _relay_loop(self) -> None:
        pause = 0.05
        while not self._stopping.is_set():
            begun = monotonic()
            try:
                sent = self.relay.step()
            except (BusUnavailable, StoreUnavailable) as broken:
                warn("relay-waits", service=self.service.name, error=str(broken))
                wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
                continue
            pause = 0.05
            if sent == 0:
                self.watch.wait()
            elif sent == BATCH:
                wait(FULL_BATCH_PAUSE_S)
            else:
                wait(rest_after(begun))
        self.relay.close()

    def _later_loop(self) -> None:
        while not self._stopping.is_set():
            version = self.desk.clock.version()
            busy = self.later.step()
            for step in self.service.steps:
                busy = step(self.desk) or busy
            if busy:
                self._report.write_busy(assigned=self.subscriber.assigned)
            else:
                self._report.write(version, assigned=self.subscriber.assigned)
                wait(LATER_POLL_S)

    def _after_batch(self, done: int) -> None:
        if done >= BATCH and self.desk.engine.dialect.name == "sqlite":
            wait(FULL_BATCH_PAUSE_S)  # lets an API's short write in between full batches

    def _guarded(self, loop: Callable[[], None]) -> None:
        """Run a loop; whatever escapes ends the process, for the launcher to start it again."""
        try:
            loop()
        except Misconfigured as error:
            warn("misconfigured", service=self.service.name, error=str(error))
            os._exit(2)
        except BaseException as error:  # noqa: BLE001
            warn("worker-crashed", service=self.service.name, error=_named(error))
            os._exit(CRASH_EXIT)

    def _stop(self, _number: int, _frame: object) -> None:
        self._stopping.set()
        self.subscriber.stop()


def _named(error: BaseException) -> str:
    """Name an error without its own words, but for what the system says, as of a full disk."""
    said = error.strerror if isinstance(error, OSError) else None
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


_BUSY: Final = -1
"""No clock has this version: who waits for rest waits on."""


class _Report:
    """What this worker last said of itself, for the launcher: a small file, replaced whole."""

    def __init__(self, data: Path, name: str) -> None:
        self._path = data / "run" / f"{name}.json"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._said: tuple[int, bool] | None = None
        self._said_at = 0.0

    def write(self, clock_version: int, *, assigned: bool) -> None:
        """Say that nothing is left to do at this version of the clock."""
        if (clock_version, assigned) == self._said and monotonic() - self._said_at < 1:
            return
        text = json.dumps(
            {"pid": os.getpid(), "clock_version": clock_version, "assigned": assigned}
        )
        draft = self._path.with_suffix(".draft")
        draft.write_text(text)
        draft.replace(self._path)
        self._said, self._said_at = (clock_version, assigned), monotonic()

    def write_busy(self, *, assigned: bool) -> None:
        """Say once a second that it works: who has much to do after a start is not down."""
        if monotonic() - self._said_at >= 1:
            self.write(_BUSY, assigned=assigned)

    def remove(self) -> None:
        """Say nothing any more."""
        self._path.unlink(missing_ok=True)


def run_worker(service: Service[Any]) -> None:
    """Be a worker process of this service."""
    set_up(service.name, service.settings.log_level)
    worker = Worker(service)
    _keep_what_was_loaded()
    worker.run()


def _keep_what_was_loaded() -> None:
    """Let the garbage collector pass over code and models, and look less often.

    A batch makes a thousand states that all go with it: looking through them finds nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT)
