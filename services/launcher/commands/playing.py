"""What `alongside demo` does: it plays the first real quarter and shows what came of it."""

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from threading import Event
from typing import Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from services.chassis.buses import open_bus
from services.chassis.clock import monotonic
from services.launcher.commands.running import load_settings
from services.launcher.commands.saying import (
    FINDING,
    as_json,
    err,
    one_sentence,
    out,
)
from services.launcher.quarter.http_api import HttpApi
from services.launcher.quarter.installation import (
    System,
    forget_environment,
    running,
)
from services.launcher.quarter.live import Interrupted, LiveStage
from services.launcher.quarter.player import Player, Stuck
from services.launcher.quarter.report import figures_table, lines, siblings, today_table
from services.launcher.quarter.reproduced import Reproduced, reproduced
from services.launcher.quarter.script import Day, quarter
from services.launcher.recount import LOGGING, Effects, effects_of, opened_desks
from services.launcher.run_file import RunFile
from services.launcher.settings import LauncherSettings

_LINE_EVERY: Final = 10


@dataclass(frozen=True, slots=True)
class Played:
    """What the quarter came to."""

    found: Reproduced
    effects: Effects
    broker: dict[str, str]

    @property
    def is_as_printed(self) -> bool:
        """Whether every figure agrees, and nothing was lost, laid aside or doubled."""
        agree = all(line.agrees for line in lines(self.found))
        found = self.effects.lost or self.effects.laid_aside or self.effects.duplicated
        return agree and not found


def play(options: dict[str, Any], *, once: bool, json: bool) -> None:
    """Play it on a system of its own; leave it up for as long as somebody looks.

    Args:
        options: settings that were given with the command.
        once: whether to end after the figures.
        json: whether to print them as one JSON object.
    """
    started = monotonic()
    forget_environment()
    stopping = _told_to_stop()
    with one_sentence(), _explained():
        settings = load_settings(**options, clock="driven")
        with running(settings, stopping) as system:
            played = _play(system, stopping)
            seconds = round(monotonic() - started, 1)
            _show(played, err if json else out)
            if json:
                as_json(_as_object(played, settings.engine, seconds))
            err.print(f"Played in {seconds} s.", highlight=False)
            if not once and sys.stdin.isatty():
                _stay(system, played.found, stopping)
    err.print("Stopped; nothing is left running.")
    if not played.is_as_printed:
        raise typer.Exit(FINDING)


def _play(system: System, stopping: Event) -> Played:
    days = quarter()
    err.print(system.broker, highlight=False, soft_wrap=True)
    err.print(f"Pages and APIs: {system.address}/board", highlight=False)
    settings = system.settings
    with (
        opened_desks(settings) as desks,
        HttpApi(system.address) as api,
        closing(LiveStage(settings, desks, stopping)) as stage,
        _progress(days) as progress,
    ):
        Player(api, stage, progress).play(days)
        found = desks[LOGGING].read(reproduced)
        return Played(found, effects_of(desks, open_bus(settings)), _broker(settings))


def _show(played: Played, console: Console) -> None:
    """Print the comparison, what was recounted, and, apart, what today's rules would have done."""
    effects = played.effects
    console.print(figures_table(lines(played.found)))
    console.print(
        f"{effects.said} events on {_words_of(played.broker)}: {len(effects.lost)} lost, "
        f"{len(effects.duplicated)} with an effect twice.",
        highlight=False,
    )
    for letter in effects.laid_aside:
        console.print(f"LAID ASIDE: {letter}", highlight=False, soft_wrap=True)
    for finding in (*effects.lost, *effects.duplicated):
        console.print(f"FOUND: {finding}", highlight=False, soft_wrap=True)
    console.print()
    console.print(today_table(siblings(played.found.untold)))


def _as_object(played: Played, engine: str, seconds: float) -> dict[str, Any]:
    """Return the one object of `--json`."""
    return {
        "broker": played.broker,
        "engine": engine,
        "funnel": asdict(played.found.funnel),
        "participation": asdict(played.found.participation),
        "events": dict(played.found.events),
        "lost": len(played.effects.lost),
        "duplicated": len(played.effects.duplicated),
        "seconds": seconds,
    }


def _stay(system: System, found: Reproduced, stopping: Event) -> None:
    """Leave the pages up for as long as somebody looks at them."""
    pages = {"the team's board": "/board", "the commissioner's board": "/board/commissioner"}
    if found.story is not None:
        pages["one child's story"] = f"/stories/{found.story}"
    for name, path in pages.items():
        err.print(f"{name}: {system.address}{path}", highlight=False, soft_wrap=True)
    err.print("Ctrl-C ends it.")
    stopping.wait()


def _broker(settings: LauncherSettings) -> dict[str, str]:
    admin = open_bus(settings).admin()
    try:
        told = RunFile(settings.data).read()
        version = told.broker["version"] if told else None
        return {"kind": open_bus(settings).kind, "version": str(version or admin.version())}
    finally:
        admin.close()


def _words_of(broker: dict[str, str]) -> str:
    kafka = broker["kind"] == "kafka"
    return f"Apache Kafka {broker['version']}" if kafka else "the embedded bus"


def _told_to_stop() -> Event:
    """Return what is set when the process is told to end: Ctrl-C, kill, a closed terminal."""
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


@contextmanager
def _explained() -> Iterator[None]:
    """Turn an end before the end into one sentence and exit 1."""
    try:
        yield
    except Stuck as stuck:
        err.print(f"alongside: the quarter cannot go on: {stuck}", highlight=False, soft_wrap=True)
        raise typer.Exit(FINDING) from None
    except Interrupted:
        err.print("Stopped before the end; nothing is left running.")
        raise typer.Exit(FINDING) from None


@contextmanager
def _progress(days: Sequence[Day]) -> Iterator[Callable[[Day], None]]:
    """Show how far it is."""
    first, last = days[0].on, days[-1].on
    err.print(f"Playing {first:%-d %B} to {last:%-d %B %Y}, {len(days)} working days.")
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(f"{first:%-d %b}", total=len(days))
        shown = _Lines(len(days)) if not err.is_terminal else None

        def advance(day: Day) -> None:
            bar.update(task, advance=1, description=f"{day.on:%-d %b}")
            if shown is not None:
                shown.advance(day)

        yield advance


@dataclass(slots=True)
class _Lines:
    """Says in a line now and then how far it is, where no bar can be drawn."""

    of: int
    played: int = 0

    def advance(self, day: Day) -> None:
        """Take note of a day."""
        self.played += 1
        if self.played % _LINE_EVERY == 0 and self.played < self.of:
            err.print(f"{self.played} of {self.of} days: {day.on:%-d %B}.", highlight=False)
