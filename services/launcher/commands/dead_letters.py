"""`alongside dead-letters list | show | retry | discard`: what was laid aside for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from services.launcher.commands.running import Data, installed
from services.launcher.commands.saying import (
    FINDING,
    AsJson,
    as_json,
    one_sentence,
    out,
    pairs,
    table,
)

if TYPE_CHECKING:
    from services.chassis.desk import Desk
    from services.chassis.second_try import Letter
    from services.launcher.settings import LauncherSettings

APP = typer.Typer(no_args_is_help=True, help="Events that were laid aside for a person.")

_FIELDS = ("id", "event_type", "event_id", "code", "detail", "state", "since")
_SELECT = f"SELECT {', '.join(_FIELDS)} FROM dead_letters WHERE state = ? ORDER BY since, id"  # noqa: S608

Id = Annotated[str, typer.Argument(help="The dead letter, as `list` shows it.")]


class Reason(StrEnum):
    """Why a letter is closed without what it is about: a code, for it can hold nobody's data."""

    NOT_AN_EVENT = "not-an-event"
    NOT_OURS = "not-ours"
    DONE_OTHERWISE = "done-otherwise"
    NO_LONGER_MATTERS = "no-longer-matters"


_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "not-cloudevents": "What came is not an event of ours: its headers cannot be read.",
        "wrong-key": "The event lies under another key than the one it is about.",
        "newer-major": "The event has a newer form than this release knows: upgrade, then retry.",
        "breaks-contract": "The event lacks a field, or has one of another form, than was agreed.",
        "sequence-out-of-range": "The event's number is far beyond the last one of its key.",
        "integrity": "The database refused what the event would have changed.",
        "crashed": "The event broke this service three times: a mistake of ours. Mend, then retry.",
        "policy-unknown": "No file of rules covers the authority: add one, then retry.",
    }
)
_NEXT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "open": "retry it when the cause is mended, or discard it with a reason",
        "handled": "nothing: it was handled at a second try",
        "superseded": "nothing: a newer state of the same thing was handled before",
        "discarded": "nothing: a person closed it",
    }
)


@APP.callback()
def subject() -> None:
    """Events that were laid aside for a person."""


@APP.command("list")
def list_open(data: Data = None, *, json: AsJson = False) -> None:
    """List those that are open, oldest first; exit 1 where there are any."""
    from services.launcher.desks import desk
    from services.launcher.system import NAMES

    with one_sentence():
        settings = installed(data)
        found = []
        for name in NAMES:
            with desk(name, settings) as opened:
                rows = opened.read(lambda work: work.sql.rows(_SELECT, ("open",)))
            found += [{"service": name, **dict(zip(_FIELDS, row, strict=True))} for row in rows]
    if json:
        as_json(found)
    elif found:
        columns = ("id", "service", "since", "event_type", "code", "detail")
        table(columns, [[letter[column] for column in columns] for letter in found])
    else:
        out.print("None.")
    if found:
        raise typer.Exit(FINDING)


@APP.command()
def show(letter_id: Id, data: Data = None, *, json: AsJson = False) -> None:
    """Say what was wrong, where it lies, and what to do; never what is in it."""
    with one_sentence(), _found(letter_id, installed(data)) as (opened, letter):
        shown = _in_words(opened.service.name, letter)
    if json:
        as_json({"service": opened.service.name, **asdict(letter), **shown})
    else:
        pairs(shown)


@APP.command()
def retry(letter_id: Id, data: Data = None) -> None:
    """Hand it to its service once more, and close it if it is handled now; exit 1 if it is not."""
    from services.chassis.errors import NotYet, Refused

    with one_sentence():
        settings = installed(data)
        with _found(letter_id, settings) as (opened, letter):
            try:
                state = _tried(opened, letter, settings)
            except Refused as refused:
                out.print(f"Still open: {refused}", highlight=False, soft_wrap=True)
                raise typer.Exit(FINDING) from None
            except NotYet as early:
                out.print(f"Still open: it {early}, which is not known yet.", highlight=False)
                raise typer.Exit(FINDING) from None
    said = {
        "handled": "Handled, and closed.",
        "superseded": "Closed: a newer state of the same thing was handled before.",
    }
    out.print(said[state])


@APP.command()
def discard(
    letter_id: Id,
    reason: Annotated[Reason, typer.Option(help="Why it need not be handled.")],
    data: Data = None,
) -> None:
    """Close it without handling it; the reason goes on record."""
    from services.chassis import second_try

    with one_sentence(), _found(letter_id, installed(data)) as (opened, letter):
        second_try.discard(opened, letter, reason)
    out.print("Discarded.")


def _tried(opened: Desk[Any], letter: Letter, settings: LauncherSettings) -> str:
    from services.chassis import second_try
    from services.chassis.errors import Misconfigured
    from services.launcher.standing import reached_bus
    from services.launcher.system import aggregate_of

    if letter.state != second_try.OPEN:
        raise Misconfigured("this dead letter is closed already")
    if letter.is_timer:
        entity = letter.event_type.rpartition(".")[0]
        aggregate = aggregate_of(opened.service.name, entity)
        if aggregate is None:
            raise Misconfigured("it is of a kind that this release no longer has: discard it")
        return second_try.retry_timer(opened, aggregate, letter)
    return second_try.retry_event(opened, reached_bus(settings), letter)


@contextmanager
def _found(letter_id: str, settings: LauncherSettings) -> Iterator[tuple[Desk[Any], Letter]]:
    """Find the letter and open the desk of the service that has it.

    Raises:
        Misconfigured: there is none with this id.
    """
    from services.chassis.errors import Misconfigured
    from services.chassis.second_try import letter_of
    from services.launcher.desks import desk
    from services.launcher.system import NAMES

    for name in NAMES:
        with desk(name, settings) as opened:
            letter = opened.read(lambda work: letter_of(work, letter_id))
            if letter is not None:
                yield opened, letter
                return
    raise Misconfigured("there is no dead letter with this id: see `alongside dead-letters list`")


def _in_words(service: str, letter: Letter) -> dict[str, str]:
    place = f"partition {letter.partition} of {letter.topic}, offset {letter.log_offset}"
    return {
        "what": f"{letter.event_type} {letter.event_id}, laid aside by {service}",
        "since": letter.since,
        "wrong": _WORDS.get(letter.code, "The service's rules refused it."),
        "detail": f"{letter.code}: {letter.detail}",
        "lies": "work for later lies in no topic" if letter.is_timer else place,
        "stands": letter.state,
        "next": _NEXT.get(letter.state, "nothing"),
    }
