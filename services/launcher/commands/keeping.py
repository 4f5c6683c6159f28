"""`alongside backup | restore`: copies of all databases at one cut, and the way back to one."""

from pathlib import Path
from typing import Annotated

import typer

from services.launcher.commands.running import Data, installed, load_settings
from services.launcher.commands.saying import one_sentence, out, table

Into = Annotated[Path, typer.Argument(help="A new folder for the copy.")]
Source = Annotated[
    Path, typer.Argument(exists=True, file_okay=False, help="The folder of a backup.")
]
Sure = Annotated[bool, typer.Option("--yes", help="Do not ask whether you mean it.")]


def backup(into: Into, data: Data = None) -> None:
    """Copy all databases at one moment, while it runs or not; keys are not in the copy."""
    from services.launcher.backup import back_up

    with one_sentence():
        copy = back_up(installed(data), into)
    count = sum(copy.said.values())
    out.print(
        f"Copied to {copy.folder.absolute()}: all {len(copy.said)} databases as they were at"
        f" {copy.made_at}, {count} events. The key files are not in it: keep them apart"
        " (docs/operating.md, Backup).",
        highlight=False,
        soft_wrap=True,
    )


def restore(source: Source, data: Data = None, *, yes: Sure = False) -> None:
    """Go back to a backup; what was said since is listed for you, and nobody is written to."""
    from services.launcher.restore import restorable
    from services.launcher.restore import restore as go_back

    with one_sentence():
        settings = load_settings(data=data)
        if not yes:
            made_at = restorable(settings, source).made_at
            question = (
                f"Go back to {made_at} in {settings.data.absolute()}?"
                " What was recorded since is listed, and gone from the system"
            )
            typer.confirm(question, abort=True, err=True)
        found = go_back(settings, source)
    say = [f"Back to {found.copy.made_at}."]
    if found.replaced:
        say.append(f"What was there is kept in {found.replaced.absolute()}.")
    out.print(*say, highlight=False, soft_wrap=True)
    if found.listed:
        table(("said after that", "times"), found.later.most_common())
        out.print(
            f"All of it, line by line: {found.listed.absolute()}. What people recorded has to be"
            " recorded again; lists of conferences can simply be imported again.",
            highlight=False,
            soft_wrap=True,
        )
    out.print(
        "Messages are held back, for some may have left before. Next: alongside up, then"
        " alongside messages list, and alongside messages release.",
        highlight=False,
        soft_wrap=True,
    )
