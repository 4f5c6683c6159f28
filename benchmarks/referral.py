"""The real referral worker on real Kafka, beside a plain loop that makes the same decisions."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.families import advocates, scheduled
from benchmarks.figures import say
from benchmarks.installation import Fetches, environment, jars
from benchmarks.machine import load
from benchmarks.plain_loop import Job
from services.chassis import ids, topics
from services.chassis.bus import Partition
from services.chassis.clock import SystemClock, monotonic, wait
from services.chassis.database import open_database
from services.chassis.desk import Desk
from services.chassis.installation import installation_id
from services.chassis.kafka_bus import KafkaBus
from services.chassis.migrations import migrate
from services.launcher.bound_process import BoundProcess
from services.launcher.kafka_broker import KafkaBroker
from services.referral.app import build
from services.referral.handlers.advocates import register
from services.referral.settings import ReferralSettings

ROUNDS: Final = 3
TARGET: Final = 0.35
_DEADLINE_S: Final = 240.0
_LOOK_S: Final = 0.01
_SAID: Final = ("alongside.offer.made.v1", "alongside.allocation.allocated.v1")


class Wrong(Exception):
    """The outcome is not what it must be: no figure is given."""


@dataclass(frozen=True)
class Place:
    """Where one run works: a folder of its own, topics of its own."""

    settings: ReferralSettings
    bus: KafkaBus

    @property
    def database(self) -> Path:
        return self.settings.data / "referral.sqlite3"

    def topic(self, name: str) -> str:
        return f"{self.settings.topic_prefix}.{name}"

    def schedule(self, events: int) -> list[str]:
        """Put so many scheduled conferences into the topic; return the ids of the events."""
        made = [scheduled(self.topic("exchange.v1"), number) for number in range(events)]
        with closing(self.bus.publisher()) as publisher:
            publisher.publish([message for _, message in made])
        return [identifier for identifier, _ in made]


@dataclass(frozen=True)
class Round:
    """Events per second of one round; `behind` is the worker's after it was away."""

    plain: float
    live: float
    behind: float


def referral(engine: Fetches, events: int) -> None:
    """Measure, check that every event had its effect once, and say the figures."""
    before = load()
    with TemporaryDirectory(prefix="alongside-bench-") as folder, _broker(Path(folder)) as address:
        rounds = [
            _round(Path(folder) / str(number), address, engine, events) for number in range(ROUNDS)
        ]
    plain, live, behind = (
        median(getattr(one, name) for one in rounds) for name in ("plain", "live", "behind")
    )
    table = [
        ("engine", "events/s (median)", "rounds", "of plain", "target"),
        _row("plain loop", plain, plain, [one.plain for one in rounds]),
        (*_row("worker, live", live, plain, [one.live for one in rounds])[:-1], f">= {TARGET}"),
        _row("worker, behind", behind, plain, [one.behind for one in rounds]),
    ]
    figures = {
        "engine": engine,
        "events": events,
        "rounds": [asdict(one) for one in rounds],
        "ratio_live": round(live / plain, 3),
        "ratio_behind": round(behind / plain, 3),
        "target": TARGET,
        "met": live / plain >= TARGET,
    }
    say("referral", table, figures, before)


def _row(name: str, rate: float, plain: float, rounds: Sequence[float]) -> tuple[str, ...]:
    each = " ".join(f"{one:.0f}" for one in rounds)
    return (name, f"{rate:.0f}", each, f"{rate / plain:.3f}", "")


def _round(folder: Path, address: str, engine: Fetches, events: int) -> Round:
    plain = _plain(_place(folder / "plain", address, engine), events)
    behind, live = _worker(_place(folder / "worker", address, engine), events)
    return Round(round(plain, 1), round(live, 1), round(behind, 1))


@contextmanager
def _broker(folder: Path) -> Iterator[str]:
    broker = KafkaBroker(folder / "kafka", jars())
    broker.start()
    try:
        yield broker.bootstrap
    finally:
        broker.stop()


def _place(data: Path, address: str, fetches: Fetches) -> Place:
    """Make a database with its advocates, and topics."""
    settings = ReferralSettings(
        data=data,
        broker="external",
        kafka_bootstrap_servers=address,
        engine=fetches,
        topic_prefix=f"bench-{ids.random_ref().hex[:12]}",
    )
    service = build(settings)
    migrate(service)
    engine = open_database(service.name, data, None)
    desk = Desk(service, engine, SystemClock())
    for advocate in advocates(capacity=1_000_000):
        desk.run(partial(register, advocate=advocate))
    engine.dispose()
    place = Place(settings, KafkaBus(address))
    topics.provision(place.bus, topics.specs(settings.topic_prefix), installation_id(data))
    return place


def _plain(place: Place, events: int) -> float:
    """Let the plain loop work off what lies in the topic; return its events per second."""
    made = place.schedule(events)
    job = Job(
        bootstrap=place.settings.kafka_bootstrap_servers or "",
        database=str(place.database),
        group=f"{place.settings.topic_prefix}-plain",
        source=place.topic("exchange.v1"),
        target=place.topic("referral.v1"),
        events=events,
    )
    order = place.settings.data / "job.json"
    order.write_text(json.dumps(asdict(job)))
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.plain_loop", str(order)],
        stdout=subprocess.PIPE,
        check=True,
        timeout=_DEADLINE_S,
    )
    _check(place, made)
    return events / float(json.loads(answer.stdout)["seconds"])


def _worker(place: Place, events: int) -> tuple[float, float]:
    """Return the worker's events per second behind, and live.

    Behind: the events lie in the topic before it starts, so it catches up from the log. Live: it is
    held (SIGSTOP) while as many more are put into the topic, so that Faust has to deliver them all.
    """
    made = place.schedule(events)
    variables = {**environment(), **_variables(place.settings)}
    command = [sys.executable, "-m", "services.referral", "worker"]
    log = (place.settings.data / "worker.log").open("w")
    process = BoundProcess(command, lambda line: _note(log.write(line)), log.close, variables)
    process.start()
    try:
        behind = _rate_behind(place, events)
        _wait_for_rest(place)
        held = _hold(process)
        made += place.schedule(events)
        begun = monotonic()
        os.kill(held, signal.SIGCONT)
        live = events / (_when_done(place, 2 * events) - begun)
    finally:
        process.stop(10)
    _check(place, made)
    return behind, live


def _note(_count: int) -> None:
    """Take a line of the worker's log, which is kept in a file."""


def _hold(process: BoundProcess) -> int:
    if process.pid is None:
        raise Wrong("the worker has ended")
    os.kill(process.pid, signal.SIGSTOP)
    return process.pid


def _variables(settings: ReferralSettings) -> dict[str, str]:
    return {
        "ALONGSIDE_DATA": str(settings.data),
        "ALONGSIDE_BROKER": "external",
        "ALONGSIDE_ENGINE": settings.engine,
        "KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers or "",
        "ALONGSIDE_TOPIC_PREFIX": settings.topic_prefix,
    }


def _rate_behind(place: Place, events: int) -> float:
    """Return the events per second from the first move of a position that was seen."""
    at, done = _first_move(place)
    until = _when_done(place, events)
    return (events - done) / (until - at)


def _first_move(place: Place) -> tuple[float, int]:
    deadline = monotonic() + _DEADLINE_S
    with _looking(place) as database:
        while monotonic() < deadline:
            if (done := _done(place, database)) > 0:
                return monotonic(), done
            wait(_LOOK_S)
    raise Wrong("the worker did not begin in time")


def _when_done(place: Place, events: int) -> float:
    """Wait until so many events are done and all that was said is acknowledged by the broker."""
    deadline = monotonic() + _DEADLINE_S
    with _looking(place) as database:
        while monotonic() < deadline:
            if _done(place, database) >= events and _unsent(database) == 0:
                return monotonic()
            wait(_LOOK_S)
    raise Wrong("the worker was not done in time")


def _wait_for_rest(place: Place) -> None:
    report = place.settings.data / "run" / "referral-0.json"
    deadline = monotonic() + _DEADLINE_S
    while monotonic() < deadline:
        if report.exists() and json.loads(report.read_text())["assigned"]:
            wait(2)
            return
        wait(_LOOK_S)
    raise Wrong("the worker got no partitions in time")


@contextmanager
def _looking(place: Place) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(place.database, isolation_level=None)) as database:
        yield database


def _done(place: Place, database: sqlite3.Connection) -> int:
    """Count the events done: genesis records aside, one in each partition."""
    statement = "SELECT coalesce(sum(next_offset - 1), 0) FROM positions WHERE topic = ?"
    return int(database.execute(statement, (place.topic("exchange.v1"),)).fetchone()[0])


def _unsent(database: sqlite3.Connection) -> int:
    statement = "SELECT count(*) FROM outbox WHERE log_offset IS NULL"
    return int(database.execute(statement).fetchone()[0])


def _check(place: Place, made: Sequence[str]) -> None:
    """Compare what lies in topic and tables with what must: each event had its effect once.

    Raises:
        Wrong: something is missing, or there twice.
    """
    expected = Counter({(cause, kind): 1 for cause in made for kind in _SAID})
    if _said(place) != expected:
        raise Wrong("an event's offer or allocation is missing on the bus, or there twice")
    with _looking(place) as database:
        for table in ("conferences", "offers", "allocations"):
            count = f"SELECT count(*) FROM {table}"  # noqa: S608 -- the names above
            if database.execute(count).fetchone()[0] != len(made):
                raise Wrong(f"{table} does not have one row for each event")
        if database.execute("SELECT sum(children) FROM caseloads").fetchone()[0] != len(made):
            raise Wrong("the advocates do not have one child for each event")


def _said(place: Place) -> Counter[tuple[str, str]]:
    """Count by cause and type what lies in the referral's topic about the conferences."""
    with closing(place.bus.admin()) as admin:
        state = admin.describe([place.topic("referral.v1")])[place.topic("referral.v1")]
    said: Counter[tuple[str, str]] = Counter()
    with closing(place.bus.reader()) as reader:
        for number, end in state.ends.items():
            partition = Partition(state.topic, state.topic_id, number)
            for chunk in reader.read(partition, 0, end):
                for record in chunk:
                    headers = dict(record.headers)
                    kind = headers.get("ce_type", b"").decode()
                    if kind not in {"alongside.genesis", "alongside.advocate.registered.v1"}:
                        said[headers["ce_causationid"].decode(), kind] += 1
    return said
