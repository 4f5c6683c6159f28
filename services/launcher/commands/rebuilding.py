"""`alongside rebuild SERVICE`: makes anew what a service works out from the events it logged."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.chassis.errors import Misconfigured
from services.launcher.commands.running import Data, installed
from services.launcher.commands.saying import FINDING, one_sentence, out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.chassis.desk import Desk
    from services.reporting.handlers.rebuilding import Rebuilt

KEEPS_EVERY_EVENT = "reporting"

Service = Annotated[str, typer.Argument(help="Whose projections.")]
Sure = Annotated[bool, typer.Option("--yes", help="Write it. Without it nothing is changed.")]


def rebuild(service: Service, data: Data = None, *, yes: Sure = False) -> None:
    """Make a service's projections anew from the events it logged; without --yes only look."""
    from services.launcher.desks import desk

    conferences, differences = 0, 0
    with one_sentence():
        settings = installed(data)
        _require_projections(service)
        with desk(service, settings) as opened:
            for part in _parts(opened, write=yes):
                conferences += len(part.conferences)
                differences += len(part.differences)
                for said in part.differences:
                    out.print(f"DIFFERENCE: {said}", highlight=False, soft_wrap=True)
    looked = f"{conferences} conferences of children were worked out from the log"
    if not differences:
        out.print(f"{looked}: no difference.", highlight=False, soft_wrap=True)
    elif yes:
        out.print(f"{looked}; what differed was made anew.", highlight=False, soft_wrap=True)
    else:
        out.print(f"{looked}. Nothing was changed: --yes does it.", highlight=False, soft_wrap=True)
        raise typer.Exit(FINDING)


def _require_projections(service: str) -> None:
    from services.launcher.system import NAMES

    if service not in NAMES:
        message = f"there is no service {service}: {', '.join(NAMES)}"
        raise Misconfigured(message)
    if service != KEEPS_EVERY_EVENT:
        message = (
            f"{service} has nothing that could be worked out anew: it keeps what people said and"
            " what it decided. The way back to an older state is alongside restore"
        )
        raise Misconfigured(message)


def _parts(opened: Desk[Any], *, write: bool) -> Iterator[Rebuilt]:
    from services.reporting.handlers import rebuilding

    last = ""
    while True:
        part = (
            opened.run(partial(rebuilding.rebuild, after=last))
            if write
            else opened.read(partial(rebuilding.look, after=last))
        )
        if not part.conferences:
            return
        yield part
        last = part.conferences[-1]
