"""`alongside dead-letters list`: events that were laid aside for a person."""

import typer

from services.launcher.commands.running import Data, installed
from services.launcher.commands.saying import FINDING, AsJson, as_json, one_sentence, out, table

APP = typer.Typer(no_args_is_help=True, help="Events that were laid aside for a person.")

_FIELDS = ("id", "event_type", "event_id", "code", "detail", "state", "since")
_SELECT = f"SELECT {', '.join(_FIELDS)} FROM dead_letters WHERE state = ? ORDER BY since, id"  # noqa: S608


@APP.callback()
def subject() -> None:
    """Events that were laid aside for a person."""


@APP.command("list")
def show(data: Data = None, *, json: AsJson = False) -> None:
    """List them, oldest first; exit 1 where there are any."""
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
        columns = ("service", "since", "event_type", "code", "detail", "id")
        table(columns, [[letter[column] for column in columns] for letter in found])
    else:
        out.print("None.")
    if found:
        raise typer.Exit(FINDING)
