"""How long a conference takes from the API to the offer, the visits and the figures."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
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

PER_SECOND: Final = 50
SECONDS: Final = 10
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


def latency(engine: str) -> None:
    """Measure, check that no conference is missing anywhere, and say the figures."""
    before = load()
    with running(engine) as installation:
        sightings = Sightings(installation.settings.data)
        looking = threading.Thread(target=sightings.look, daemon=True)
        looking.start()
        _post(installation, range(WARM_UP))
        begun = monotonic()
        posts = _post(installation, range(WARM_UP, WARM_UP + PER_SECOND * SECONDS))
        rate = len(posts.begun) / (monotonic() - begun)
        _wait_for(sightings, posts)
        sightings.stopping.set()
        looking.join()
    taken = {stage: _taken(sightings.seen[stage], posts) for stage in _STAGES}
    _say({"POST answered": milliseconds(posts.took), **_named(taken)}, rate, engine, before)


def _named(taken: Mapping[str, list[float]]) -> dict[str, dict[str, float]]:
    return {_STAGES[stage]: milliseconds(values) for stage, values in taken.items()}


def _say(stages: dict[str, dict[str, float]], rate: float, engine: str, before: float) -> None:
    last = stages[_STAGES["figure"]]["p95_ms"]
    rows = [
        (name, *(f"{value:.0f}" for value in stage.values()), "") for name, stage in stages.items()
    ]
    rows[-1] = (*rows[-1][:-1], f"p95 <= {TARGET_MS} ms")
    table = [("from just before the POST to", "p50 ms", "p95 ms", "p99 ms", "target"), *rows]
    figures = {
        "engine": engine,
        "conferences": PER_SECOND * SECONDS,
        "asked_per_s": PER_SECOND,
        "reached_per_s": round(rate, 1),
        "stages": stages,
        "target_p95_ms": TARGET_MS,
        "met": last <= TARGET_MS,
    }
    say("latency", table, figures, before)


def _post(installation: Installation, numbers: range) -> Posts:
    """Post conferences of one child each at the rate, by as many clients as that takes."""
    posts, begun = Posts(), monotonic()
    todo = iter([(number, begun + place / PER_SECOND) for place, number in enumerate(numbers)])
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
