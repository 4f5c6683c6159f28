"""A national day: 900 children's conferences and everything that follows, through all services."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Final

from benchmarks.families import meeting_body
from benchmarks.figures import Row, milliseconds, say
from benchmarks.installation import Installation, running
from benchmarks.machine import load, peak_memory_mb
from services.chassis.clock import monotonic, wait
from services.chassis.standing import Standing
from services.exchange.storage.queries import next_waiting
from services.launcher.desks import desk
from services.launcher.standing import Observer

CHILDREN: Final = 900
CLIENTS: Final = 4
ASK_EVERY_S: Final = 0.05
ASKED: Final = "/v1/board"
TARGET_MB: Final = 150
TARGET_MS: Final = 100
_LOOK_S: Final = 0.1
_DEADLINE_S: Final = 300.0


@dataclass
class Asking:
    """Asks the API for something over and over, and keeps how long the answers took."""

    installation: Installation
    took: list[float] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """Ask until told to stop."""
        with self.installation.client() as client:
            pause = 0.0
            while not self.stopping.wait(pause):
                begun = monotonic()
                client.get(ASKED)
                self.took.append(monotonic() - begun)
                pause = max(0.0, ASK_EVERY_S - self.took[-1])


@dataclass(frozen=True)
class Day:
    """What one day took."""

    posted_s: float
    quiet_s: float
    events: int
    posts: list[float]
    asked: list[float]
    peak_mb: dict[str, float]


def day(engine: str) -> None:
    """Measure and say the figures."""
    before = load()
    with running(engine) as installation, closing(Observer(installation.settings)) as observer:
        _wait_until_quiet(installation, observer)
        said = _said(observer.standings())
        with _asked(installation) as asking:
            begun = monotonic()
            posts = _post_all(installation)
            posted = monotonic()
            _wait_until_quiet(installation, observer)
            quiet = monotonic()
        stands = observer.standings()
        if letters := sum(stand.dead_letters for stand in stands.values()):
            message = f"{letters} events were laid aside: there is no figure"
            raise RuntimeError(message)
        peak = {name: peak_memory_mb(pid) for name, pid in installation.pids().items()}
    events = _said(stands) - said
    _say(Day(posted - begun, quiet - begun, events, posts, asking.took, peak), engine, before)


def _say(one: Day, engine: str, before: float) -> None:
    rate, asked = one.events / one.quiet_s, milliseconds(one.asked)
    workers = {name: mb for name, mb in one.peak_mb.items() if name not in {"api", "broker"}}
    rows: list[Row] = [
        ("what", "measured", "target"),
        (f"{CHILDREN} child-conferences accepted", f"{one.posted_s:.1f} s", ""),
        ("until all was quiet", f"{one.quiet_s:.1f} s", ""),
        ("events said by all services", f"{one.events} ({rate:.0f}/s)", ""),
        (f"GET {ASKED} meanwhile, p95", f"{asked['p95_ms']:.0f} ms", f"<= {TARGET_MS} ms"),
        ("POST meanwhile, p95", f"{milliseconds(one.posts)['p95_ms']:.0f} ms", ""),
        *(
            (
                f"peak memory, {name}",
                f"{mb:.0f} MB",
                f"<= {TARGET_MB} MB" if name in workers else "",
            )
            for name, mb in one.peak_mb.items()
        ),
    ]
    figures = {
        "engine": engine,
        "child_conferences": CHILDREN,
        "accepted_s": round(one.posted_s, 2),
        "quiet_s": round(one.quiet_s, 2),
        "events": one.events,
        "events_per_s": round(rate, 1),
        "get": asked,
        "post": milliseconds(one.posts),
        "peak_mb": one.peak_mb,
        "met": {
            "api": asked["p95_ms"] <= TARGET_MS,
            "memory": max(workers.values()) <= TARGET_MB,
        },
    }
    say("day", rows, figures, before)


def _meetings() -> Iterator[tuple[int, int]]:
    """Yield meetings by number and children: one, two, three, and again."""
    left, number = CHILDREN, 0
    while left > 0:
        children = min(1 + number % 3, left)
        yield number, children
        left, number = left - children, number + 1


def _post_all(installation: Installation) -> list[float]:
    """Post all meetings as fast as the API takes them; return how long each took."""
    todo, lock, took = iter(list(_meetings())), threading.Lock(), list[float]()

    def client_() -> None:
        with installation.client() as client:
            while True:
                with lock:
                    number, children = next(todo, (-1, 0))
                if number < 0:
                    return
                begun = monotonic()
                client.post("/v1/conferences", meeting_body(number, children))
                took.append(monotonic() - begun)

    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(client_) for _ in range(CLIENTS)]
    for client in clients:
        client.result()
    return took


@contextmanager
def _asked(installation: Installation) -> Iterator[Asking]:
    asking = Asking(installation)
    thread = threading.Thread(target=asking.ask, daemon=True)
    thread.start()
    try:
        yield asking
    finally:
        asking.stopping.set()
        thread.join()


def _wait_until_quiet(installation: Installation, observer: Observer) -> None:
    """Wait until nothing is under way; a message that leaves in between says so on the bus."""
    deadline = monotonic() + _DEADLINE_S
    while not _is_quiet(installation, observer):
        if monotonic() > deadline:
            message = f"it was not quiet in {_DEADLINE_S} s"
            raise RuntimeError(message)
        wait(_LOOK_S)


def _is_quiet(installation: Installation, observer: Observer) -> bool:
    return observer.is_quiet() and _nothing_may_leave(installation) and observer.is_quiet()


def _nothing_may_leave(installation: Installation) -> bool:
    """Whether no message waits for anything but its hour: at night people are not written to."""
    with desk("exchange", installation.settings) as exchange:
        return exchange.read(next_waiting) is None


def _said(stands: dict[str, Standing]) -> int:
    return sum(stand.said for stand in stands.values())
