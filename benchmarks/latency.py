"""How long a conference takes from the API to the offer, the visits and the figures."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.families import meeting_body
from benchmarks.figures import milliseconds, say
from benchmarks.installation import Installation, running
from benchmarks.machine import load
from services.chassis.clock import monotonic, wait

WARM_UP: Final = 50
CLIENTS: Final = 8
TARGET_MS: Final = 300
_LOOK_S: Final = 0.010
_DEADLINE_S: Final = 60.0
_STAGES: Final = {
    "offer": "offer in the referral's outbox",
    "visits": "all its visits planned",
    "figure": "figure committed with its visits",
}
_OUTBOX: Final = """
SELECT number, value FROM outbox WHERE number > ? AND headers LIKE ? ORDER BY number
"""
_LOG: Final = """
SELECT rowid, conference_ref FROM event_log WHERE rowid > ? AND type = 'visit.planned'
ORDER BY rowid
"""


@dataclass
class Sightings:
    """When each conference was seen at each stage, by looking into the databases all the time."""

    data: Path
    seen: dict[str, dict[str, float]] = field(
        default_factory=lambda: {stage: {} for stage in _STAGES}
    )
    stopping: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Look until told to stop."""
        with (
            closing(self._open("referral")) as referral,
            closing(self._open("scheduling")) as scheduling,
            closing(self._open("reporting")) as reporting,
        ):
            ends = dict.fromkeys(_STAGES, 0)
            while not self.stopping.wait(_LOOK_S):
                self._outbox(referral, "offer", "alongside.offer.made.v1", ends)
                self._outbox(scheduling, "visits", "alongside.visit.planned.v1", ends)
                self._log(reporting, ends)

    def _open(self, service: str) -> sqlite3.Connection:
        path = self.data / f"{service}.sqlite3"
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    def _outbox(
        self, database: sqlite3.Connection, stage: str, kind: str, ends: dict[str, int]
    ) -> None:
        for number, value in database.execute(_OUTBOX, (ends[stage], f"%{kind}%")).fetchall():
            ends[stage] = number
            self.seen[stage][json.loads(value)["conference_ref"]] = monotonic()

    def _log(self, database: sqlite3.Connection, ends: dict[str, int]) -> None:
        # The log's row and the journey's are written in one transaction.
        for row, conference in database.execute(_LOG, (ends["figure"],)).fetchall():
            ends["figure"] = row
            self.seen["figure"][conference] = monotonic()


@dataclass
class Posts:
    """When each conference was posted, and how long the API took."""

    begun: dict[str, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Pace:
    """So many conferences, so many a second; one conference becomes about ten events."""

    per_second: int
    conferences: int


PACES: Final = (Pace(5, 200), Pace(50, 500))
"""About 50 events a second on the bus, and 50 a second at the API: ten times as many."""


@dataclass(frozen=True)
class Run:
    """What one pace came to: seconds by stage, and how fast it really went."""

    pace: Pace
    reached: float
    events: float
    stages: Mapping[str, Mapping[str, float]]

    @property
    def met(self) -> bool:
        """Whether the figures were there in time."""
        return self.stages[_STAGES["figure"]]["p95_ms"] <= TARGET_MS


def latency(engine: str) -> None:
    """Measure, check that no conference is missing anywhere, and say the figures."""
    before = load()
    runs: list[Run] = []
    with running(engine) as installation:
        sightings = Sightings(installation.settings.data)
        looking = threading.Thread(target=sightings.look, daemon=True)
        looking.start()
        first = WARM_UP
        _wait_for(sightings, _post(installation, range(first), PACES[-1].per_second))
        for pace in PACES:
            runs.append(_run(installation, sightings, pace, first))
            first += pace.conferences
        sightings.stopping.set()
        looking.join()
    _say(runs, engine, before)


def _run(installation: Installation, sightings: Sightings, pace: Pace, first: int) -> Run:
    said, begun = _said(installation), monotonic()
    posts = _post(installation, range(first, first + pace.conferences), pace.per_second)
    took = monotonic() - begun
    _wait_for(sightings, posts)
    taken = {name: _taken(sightings.seen[stage], posts) for stage, name in _STAGES.items()}
    return Run(
        pace,
        reached=len(posts.begun) / took,
        events=(_said(installation) - said) / took,
        stages={
            name: milliseconds(values)
            for name, values in {"POST answered": posts.took, **taken}.items()
        },
    )


def _said(installation: Installation) -> int:
    """Count the events that all services have said."""
    total = 0
    for path in installation.settings.data.glob("*.sqlite3"):
        with closing(sqlite3.connect(path)) as database:
            if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'outbox'").fetchone():
                total += database.execute("SELECT count(*) FROM outbox").fetchone()[0]
    return total


def _say(runs: Sequence[Run], engine: str, before: float) -> None:
    table: list[tuple[str, ...]] = [
        ("from just before the POST to", "p50 ms", "p95 ms", "p99 ms", "target")
    ]
    for run in runs:
        title = f"{run.reached:.1f} conferences/s, {run.events:.0f} events/s:"
        table.append((title, "", "", "", ""))
        for name, stage in run.stages.items():
            target = f"p95 <= {TARGET_MS} ms" if name == _STAGES["figure"] else ""
            table.append((name, *(f"{value:.0f}" for value in stage.values()), target))
    figures = {
        "engine": engine,
        "target_p95_ms": TARGET_MS,
        "runs": [
            {
                "conferences": run.pace.conferences,
                "asked_per_s": run.pace.per_second,
                "reached_per_s": round(run.reached, 1),
                "events_per_s": round(run.events, 1),
                "stages": run.stages,
                "met": run.met,
            }
            for run in runs
        ],
    }
    say("latency", table, figures, before)


def _post(installation: Installation, numbers: range, per_second: int) -> Posts:
    """Post conferences of one child each at the rate, by as many clients as that takes."""
    posts, begun = Posts(), monotonic()
    todo = iter([(number, begun + place / per_second) for place, number in enumerate(numbers)])
    lock = threading.Lock()
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(_client, installation, todo, lock, posts) for _ in range(CLIENTS)]
    for client in clients:
        client.result()
    return posts


def _client(
    installation: Installation,
    todo: Iterator[tuple[int, float]],
    lock: threading.Lock,
    posts: Posts,
) -> None:
    with installation.client() as client:
        while True:
            with lock:
                number, at = next(todo, (-1, 0.0))
            if number < 0:
                return
            wait(max(0.0, at - monotonic()))
            begun = monotonic()
            answer = client.post("/v1/conferences", meeting_body(number, children=1))
            posts.took.append(monotonic() - begun)
            posts.begun[answer["children"][0]["conference_ref"]] = begun


def _wait_for(sightings: Sightings, posts: Posts) -> None:
    """Wait until every conference was seen at every stage, and a second more for the last visits.

    Raises:
        RuntimeError: some were not in time.
    """
    deadline = monotonic() + _DEADLINE_S
    while any(posts.begun.keys() - seen.keys() for seen in sightings.seen.values()):
        if monotonic() > deadline:
            counts = {stage: len(seen) for stage, seen in sightings.seen.items()}
            message = f"not every conference got through in {_DEADLINE_S} s: {counts}"
            raise RuntimeError(message)
        wait(_LOOK_S)
    wait(1)


def _taken(seen: Mapping[str, float], posts: Posts) -> list[float]:
    return [seen[conference] - begun for conference, begun in posts.begun.items()]
