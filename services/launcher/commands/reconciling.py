"""`alongside reconcile`: recounts every projection and figure, and every event's effect."""

from dataclasses import asdict

import typer

from services.launcher.commands.running import Data, installed
from services.launcher.commands.saying import FINDING, AsJson, as_json, one_sentence, out


def reconcile(data: Data = None, *, json: AsJson = False) -> None:
    """Recount everything from the event log; exit 1 on a difference or an open letter."""
    from services.launcher.recount import recount

    with one_sentence():
        found = recount(installed(data))
    if json:
        as_json(asdict(found))
    else:
        for name, count in found.checked.items():
            out.print(f"{count:>9}  {name}", highlight=False)
        for difference in found.differences:
            out.print(f"DIFFERENCE: {difference}", highlight=False, soft_wrap=True)
        for letter in found.laid_aside:
            out.print(f"LAID ASIDE: {letter}", highlight=False, soft_wrap=True)
        if not (found.differences or found.laid_aside):
            out.print("No difference.")
    if found.differences or found.laid_aside:
        raise typer.Exit(FINDING)
