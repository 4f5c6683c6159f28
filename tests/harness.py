"""A whole installation in one thread: real SQLite files, the embedded bus, a driven clock.

Nothing runs by itself: `settle` lets every service take its steps until all is quiet.
"""

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from fastapi.testclient import TestClient

from services.chassis import ids, topics
from services.chassis.api import make_app
from services.chassis.batch import Crashed
from services.chassis.bus import Message, Partition
from services.chassis.clock import DrivenClock
from services.chassis.database import open_database
from services.chassis.desk import Desk
from services.chassis.embedded_bus import EmbeddedBus, EmbeddedSubscriber
from services.chassis.envelope import (
    GENESIS,
    Happened,
    Head,
    data_from,
    happened,
    head_from,
    headers_of,
)
from services.chassis.errors import Refused
from services.chassis.installation import installation_id
from services.chassis.later import Later
from services.chassis.processing import Processor
from services.chassis.relay import Relay
from services.chassis.standing import Standing, standing
from services.chassis.work import Cause
from services.contracts.catalogue import EVENTS, by_ce_type
from tests.machine import memory_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import BaseModel
    from sqlalchemy import MetaData

    from services.chassis.service import Service
    from services.chassis.work import Work

ALL = ("exchange", "referral", "scheduling", "feedback", "reporting")
PREFIX = "alongside"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STEPS_ALLOWED = 5_000


OPEN: list[World] = []
"""The worlds of the test that runs."""


class Runner:
    """One service's worker, stepped by hand."""

    def __init__(
        self, service: Service[Any], bus: EmbeddedBus, installation: str, clock: DrivenClock
    ) -> None:
        self.service = service
        self._bus = bus
        self._installation = installation
        engine = open_database(service.name, service.settings.data, service.settings.postgres)
        self.desk: Desk[Any] = Desk(service, engine, clock)
        self.crashes = 0
        self.start()

    def start(self) -> None:
        """Start a worker, as after a crash: nothing is in memory."""
        self.processor = Processor(self.desk, self._bus, self._installation)
        self.later = Later(self.desk, self.processor)
        self.relay = Relay(self.desk, self._bus, self._installation)
        names = [self.desk.speaker.topic(name) for name in self.service.subscriptions.topics]
        self.subscriber: EmbeddedSubscriber = self._bus.subscriber("harness", names)

    def step(self) -> bool:
        """Take one step of everything; return whether there was anything to do."""
        try:
            busy = self.subscriber.step(self.processor)
            busy = self.later.step() or busy
            for step in self.service.steps:
                busy = step(self.desk) or busy
        except Crashed:
            self.crashes += 1
            self.start()
            return True
        return self.relay.step() > 0 or busy

    @property
    def standing(self) -> Standing:
        """How the service stands."""
        return standing(self.desk.engine, self.desk.clock.now())


class World:
    """Some or all services, together."""

    def __init__(
        self,
        folder: Path,
        services: Sequence[str] = ALL,
        now: datetime = START,
        database_url: str | None = None,
        *,
        built: Sequence[Service[Any]] = (),
        bus: EmbeddedBus | None = None,
    ) -> None:
        self.data = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.clock = DrivenClock(folder / "clock.sqlite3")
        self.clock.move(now)
        self.bus = bus or EmbeddedBus(folder / "bus.sqlite3")
        self.installation = installation_id(folder)
        topics.provision(self.bus, topics.specs(PREFIX), self.installation)
        made = list(built) or [build_service(name, folder, database_url) for name in services]
        for service in made:
            _create_tables(service)
        self.runners = {s.name: Runner(s, self.bus, self.installation, self.clock) for s in made}
        self._foreign: dict[tuple[str, str], int] = {}
        OPEN.append(self)

    def close(self) -> None:
        """Let go of files and connections; `tests/conftest.py` does it after each test."""
        for runner in self.runners.values():
            runner.relay.close()
            runner.desk.engine.dispose()
        OPEN.remove(self)

    def another(self, service: str) -> Runner:
        """Start one more worker of a service, beside the one that settles."""
        made = self.runners[service].service
        return Runner(made, self.bus, self.installation, self.clock)

    @property
    def now(self) -> datetime:
        """The driven clock's time."""
        return self.clock.now()

    @cached_property
    def client(self) -> TestClient:
        """A client of all the services' routers."""
        return TestClient(
            make_app([r.desk for r in self.runners.values()]), base_url="http://127.0.0.1"
        )

    def desk(self, service: str) -> Desk[Any]:
        """Return a service's desk."""
        return self.runners[service].desk

    def settle(self) -> None:
        """Let everybody step until nobody has anything to do."""
        for _ in range(STEPS_ALLOWED):
            steps = [runner.step() for runner in self.runners.values()]
            if not any(steps):
                return
        message = "the services do not come to rest"
        raise AssertionError(message)

    def advance(self, to: datetime) -> None:
        """Move the clock and let everything happen that is due."""
        self.settle()
        self.clock.move(to)
        self.settle()

    def command(self, service: str, act: Callable[[Work[Any]], Any], key: str | None = None) -> Any:
        """Do a command on a service, then let everything happen that follows."""
        result = self.desk(service).run(act, Cause.command(key or ids.command_id()))
        self.settle()
        return result

    def publish(self, name: str, data: BaseModel | dict[str, Any], **head: Any) -> str:
        """Say an event as the service that owns it and is not here; return the event's id."""
        kind = EVENTS[name]
        model = kind.model.model_validate(data if isinstance(data, dict) else data.model_dump())
        subject = str(getattr(model, kind.key))
        topic = f"{PREFIX}.{kind.topic}"
        sequence = head.pop("sequence", self._foreign.get((topic, subject), 0) + 1)
        self._foreign[topic, subject] = max(sequence, self._foreign.get((topic, subject), 0))
        written = Head(
            id=head.pop("id", ids.derived("foreign", topic, subject, str(sequence))),
            type=kind.ce_type,
            source=f"/services/{kind.service}",
            subject=subject,
            time=head.pop("time", self.now),
            sequence=sequence,
            correlation_id=head.pop("correlation_id", "foreign"),
            causation_id=None,
        )
        self.publish_raw(
            topic, subject.encode(), headers_of(written), model.model_dump_json().encode()
        )
        return written.id

    def publish_raw(self, topic: str, key: bytes | None, headers: Any, value: bytes) -> None:
        """Put any bytes on a topic, and let everybody see what they make of it."""
        publisher = self.bus.publisher()
        publisher.publish([Message(topic, key, headers, value)])
        publisher.close()
        self.settle()

    def events(self, name: str | None = None) -> list[Happened[Any]]:
        """Return what is on the bus, in the order it was said per partition; all types or one."""
        return [event for event in self._read_all() if name in (None, event.type)]

    def _read_all(self) -> list[Happened[Any]]:
        admin, reader = self.bus.admin(), self.bus.reader()
        found: list[Happened[Any]] = []
        for state in admin.describe([spec.name for spec in topics.specs(PREFIX)]).values():
            for number, end in state.ends.items():
                for chunk in reader.read(Partition(state.topic, state.topic_id, number), 0, end):
                    found.extend(event for record in chunk if (event := _event(record)) is not None)
        admin.close()
        reader.close()
        return found


def _create_tables(service: Service[Any]) -> None:
    """Give a service its empty database; an existing one is kept."""
    settings = service.settings
    if settings.postgres is not None:
        engine = open_database(service.name, settings.data, settings.postgres)
        service.metadata.create_all(engine)
        engine.dispose()
        return
    file = settings.data / f"{service.name}.sqlite3"
    if not file.exists():
        file.write_bytes(_empty_file(service.metadata))


@cache
def _empty_file(metadata: MetaData) -> bytes:
    with TemporaryDirectory(dir=memory_folder()) as folder:
        engine = open_database("empty", Path(folder), None)
        metadata.create_all(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return (Path(folder) / "empty.sqlite3").read_bytes()


def _event(record: Any) -> Happened[Any] | None:
    if dict(record.headers).get("ce_type") == GENESIS.encode():
        return None
    try:
        head = head_from(record.headers)
        kind = by_ce_type(head.type)
        return happened(kind, head, data_from(kind, record.value)) if kind else None
    except Refused:
        return None


def build_service(name: str, data: Path, database_url: str | None = None) -> Service[Any]:
    """Compose a service for a test, from settings alone: nothing of the environment counts."""
    app = importlib.import_module(f"services.{name}.app")
    settings_module = importlib.import_module(f"services.{name}.settings")
    settings_class = getattr(settings_module, f"{name.capitalize()}Settings")
    keys = data.parent / f"{data.name}-keys"
    given = {"data": data, "keys": keys, "broker": "embedded", "clock": "driven"}
    given["database_url"] = database_url
    settings = settings_class(**{k: v for k, v in given.items() if v is not None})
    service: Service[Any] = app.build(settings)
    return service
