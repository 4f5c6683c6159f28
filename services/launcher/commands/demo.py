"""`alongside demo`: the first real quarter, played with invented families on its own system."""

from pathlib import Path
from typing import Annotated, Final

import typer

from services.launcher.commands.running import Broker, Engine, Port
from services.launcher.commands.saying import AsJson

_FOLDER: Final = Path(".alongside-demo")

Once = Annotated[bool, typer.Option("--once", help="End after the figures.")]
Data = Annotated[Path, typer.Option("--data", help="Folder of the demo; emptied at the start.")]


def demo(  # noqa: PLR0913  (each is an option)
    data: Data = _FOLDER,
    broker: Broker = None,
    engine: Engine = None,
    port: Port = None,
    *,
    once: Once = False,
    json: AsJson = False,
) -> None:
    """Play the first real quarter with invented families, and compare with the printed report."""
    from services.launcher.commands.playing import play

    options = {"data": data.absolute(), "broker": broker, "engine": engine, "http_port": port}
    play(options, once=once, json=json)
