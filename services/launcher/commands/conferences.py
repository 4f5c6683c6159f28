"""`alongside conferences import`: a council's conference list, taken in from a file."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from services.contracts.local_time import LONDON
from services.launcher.commands.running import Data, installed
from services.launcher.commands.saying import FINDING, AsJson, as_json, one_sentence, out, table

APP = typer.Typer(no_args_is_help=True, help="The conferences of this installation.")

FIRST_LINES = 5
"""How many lines a warning names that many rows have."""

MOST_ABSENT = 20
"""How many meetings are named that a file does not name: a file of one row leaves out all."""

File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The CSV file.")
]
Trial = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, do nothing.")]


@APP.callback()
def subject() -> None:
    """The conferences of this installation."""


@APP.command("import")
def import_file(
    file: File, data: Data = None, *, dry_run: Trial = False, json: AsJson = False
) -> None:
    """Take a conference list in; exit 1 where rows were refused."""
    from services.exchange.handlers.conference_files import import_conferences
    from services.launcher.desks import desk

    with one_sentence(), desk("exchange", installed(data)) as exchange:
        report = asdict(import_conferences(exchange, file.read_bytes(), dry_run=dry_run))
    if json:
        as_json(report)
    else:
        _show(report, dry_run=dry_run)
    if report["refused"]:
        raise typer.Exit(FINDING)


def _show(report: dict[str, Any], *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    out.print(
        f"{report['rows']} rows: {report['created']} {would}created, {report['changed']} changed,"
        f" {report['unchanged']} unchanged, {report['refused_rows']} refused",
        highlight=False,
    )
    if report["refused"]:
        columns = ("line", "column", "code", "message")
        table(
            columns, [[row[column] for column in columns] for row in report["refused"]], "refused"
        )
    if report["warnings"]:
        folded = ("rows", "lines", "column", "code", "message")
        table(folded, as_folded(report["warnings"]), "warnings")
    if absent := report["absent"]:
        out.print(f"{still_to_come(len(absent))} not in this file: nothing was done.")
        named, left_out = as_meetings(absent)
        table(("starts", "authority", "kind", "children", "page"), named, "not in this file")
        if left_out:
            out.print(f"and {left_out} more: --json names them all", highlight=False)
    if report["ignored_columns"]:
        out.print(f"ignored columns: {', '.join(report['ignored_columns'])}", highlight=False)


def still_to_come(count: int) -> str:
    """Begin a sentence about conferences that were counted."""
    return f"{count} conference{' still to come is' if count == 1 else 's still to come are'}"


def as_meetings(absent: Sequence[dict[str, Any]]) -> tuple[list[tuple[object, ...]], int]:
    """Name the meetings of what a file does not name, the next one first, and count the rest.

    They are named by their page: a council's own numbers and names stay there.
    """
    children = Counter(one["meeting_ref"] for one in absent)
    meetings = {one["meeting_ref"]: one for one in absent}
    rows: list[tuple[object, ...]] = [
        (
            f"{one['starts_at'].astimezone(LONDON):%Y-%m-%d %H:%M}",
            one["authority"],
            one["kind"],
            children[ref],
            f"/conferences/{ref}",
        )
        for ref, one in sorted(meetings.items(), key=lambda item: item[1]["starts_at"])
    ]
    return rows[:MOST_ABSENT], max(0, len(rows) - MOST_ABSENT)


def as_folded(warnings: Sequence[dict[str, Any]]) -> list[tuple[object, ...]]:
    """Fold equal warnings into one, with the number of rows and the first lines."""
    lines: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for one in warnings:
        lines[one["column"], one["code"], one["message"]].append(one["line"])
    return [(len(found), _first(found), *equal) for equal, found in lines.items()]


def _first(lines: Sequence[int]) -> str:
    more = ", …" if len(lines) > FIRST_LINES else ""
    return ", ".join(map(str, lines[:FIRST_LINES])) + more
