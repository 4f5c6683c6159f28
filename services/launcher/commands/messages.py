"""`alongside messages list | drop | release`: what waits to be sent, above all after a restore."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from services.contracts.local_time import LONDON
from services.launcher.commands.running import Data, installed
from services.launcher.commands.saying import AsJson, as_json, one_sentence, out, table

APP = typer.Typer(no_args_is_help=True, help="Messages that wait to be sent to people.")

References = Annotated[list[UUID], typer.Argument(help="References of messages that wait.")]


@APP.command("list")
def show(data: Data = None, *, json: AsJson = False) -> None:
    """List what waits, those that came about first on top; names are on no list."""
    from services.exchange.storage import queries
    from services.launcher.desks import desk

    with one_sentence(), desk("exchange", installed(data)) as exchange:
        held, waiting = exchange.read(
            lambda work: (queries.held_since(work), queries.waiting(work))
        )
    if json:
        found = [
            {
                "message_ref": one.message_ref,
                "since": one.happened_at.isoformat(),
                "purpose": one.purpose,
                "role": one.recipient_role,
                "page": one.page,
            }
            for one in waiting
        ]
        as_json(found)
        return
    if waiting:
        rows = [
            (
                one.message_ref,
                f"{one.happened_at.astimezone(LONDON):%d %b %Y %H:%M}",
                one.purpose,
                one.recipient_role,
                one.page,
            )
            for one in waiting
        ]
        table(("message", "since", "what for", "to whom", "page it points to"), rows)
    else:
        out.print("None waits.")
    if held:
        out.print(
            f"Nothing leaves since {held.astimezone(LONDON):%d %b %Y %H:%M}: alongside messages"
            " drop REFERENCE for what has reached people before, then alongside messages release.",
            highlight=False,
            soft_wrap=True,
        )


@APP.command()
def drop(references: References, data: Data = None) -> None:
    """Say of messages that wait that they may have left before: they are never sent."""
    from services.exchange.handlers import holding
    from services.launcher.desks import desk

    with one_sentence(), desk("exchange", installed(data)) as exchange:
        dropped = exchange.run(lambda work: holding.drop(work, references))
    out.print(f"{len(dropped)} will not be sent.", highlight=False)


@APP.command()
def release(data: Data = None) -> None:
    """Let what waits leave by the usual rules: after a restore all of it is held back."""
    from services.exchange.handlers import holding
    from services.launcher.desks import desk

    with one_sentence(), desk("exchange", installed(data)) as exchange:
        waiting = exchange.run(holding.release)
    out.print(f"Messages leave again; {waiting} wait.", highlight=False)
