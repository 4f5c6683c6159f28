"""How commands speak: tables for people, JSON for programs, one sentence for mistakes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from services.chassis.errors import BusUnavailable, Misconfigured, Refused, Transient
from services.launcher.room import NO_ROOM, as_full, nearest_folder

if TYPE_CHECKING:
    from pydantic import ValidationError

FINDING = 1
WRONG_USE = 2

_UNBOUNDED = 10_000

AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]

out = Console()
err = Console(stderr=True)


def as_json(value: object) -> None:
    """Print one JSON value, and nothing else."""
    typer.echo(json.dumps(value, default=str, indent=2))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """Print a table in which no value is cut short: the next command may need the whole of it."""
    shown = Table(title=title or None, title_justify="left")
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    for number, column in enumerate(columns):
        of_words = any(" " in row[number] for row in cells)
        shown.add_column(column, overflow="fold", no_wrap=not of_words)
    for row in cells:
        shown.add_row(*row)
    room = Measurement.get(out, out.options.update(max_width=_UNBOUNDED), shown)
    shown.width = (
        max(room.minimum, min(room.maximum, out.width)) if out.is_terminal else room.maximum
    )
    out.print(shown, crop=False)


def pairs(values: Mapping[str, object]) -> None:
    """Print names and values, a line each."""
    width = max(map(len, values), default=0)
    for name, value in values.items():
        out.print(f"{name:<{width}}  {value}", highlight=False, soft_wrap=True)


def as_waiting(count: int, until: str) -> str:
    """Say how many messages wait, and until which hour by the clock on the wall."""
    hour = datetime.fromisoformat(until)
    waits = "waits" if count == 1 else "wait"
    day = f"{hour.day} {hour:%B}"
    return f"{count} {waits} until {hour:%H:%M} on {day}: nobody is written to before"


@contextmanager
def one_sentence() -> Iterator[None]:
    """Turn what a person must change into one sentence and exit 2."""
    try:
        yield
    except Refused as error:
        _leave(error.detail)
    except BusUnavailable as error:
        _leave(_of_the_bus(error))
    except (Misconfigured, Transient) as error:
        _leave(str(error))
    except OSError as error:
        _leave(_of_a_file(error))


def first_fault(error: ValidationError) -> str:
    """Say which value breaks which rule, in one sentence that does not repeat the value."""
    first = error.errors(include_input=False, include_url=False)[0]
    names = [str(part) for part in first["loc"] if isinstance(part, str)]
    return f"{'_'.join(names) or 'what was given'}: {first['msg']}"


def _of_the_bus(error: BusUnavailable) -> str:
    """Say in words what Kafka's client says in codes."""
    if not str(error).startswith("kafka"):
        return str(error)
    return "the broker does not answer: `alongside status` says how it stands; try again after that"


def _of_a_file(error: OSError) -> str:
    """Say what is wrong with a file; where its disk is full, how full."""
    if error.errno in NO_ROOM and error.filename:
        return as_full(nearest_folder(Path(error.filename)))
    return f"{error.filename or 'a file'}: {error.strerror}"


def _leave(sentence: str) -> None:
    err.print(f"alongside: {sentence}", highlight=False, soft_wrap=True)
    raise typer.Exit(WRONG_USE) from None
