"""`python -m services.launcher.schemas [--check]`: writes `schemas/`, or says what differs."""

from pathlib import Path
from typing import Annotated, Final

import typer

from services.launcher.schemas.files import differences, documents, incompatibilities, write
from services.launcher.schemas.topics import readers

_FOLDER: Final = Path(__file__).parents[3] / "schemas"

Check = Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where files differ.")]
Into = Annotated[Path, typer.Option(help="The folder to write to or to compare.")]


APP: Final = typer.Typer(add_completion=False)


@APP.command()
def main(*, check: Check = False, into: Into = _FOLDER) -> None:
    """Write the schemas, unless they would break what was released."""
    made = documents(readers())
    if broken := incompatibilities(into, made):
        typer.echo("\n".join(broken), err=True)
        raise typer.Exit(1)
    paths = differences(into, made) if check else write(into, made)
    for path in paths:
        typer.echo(f"differs: {path}" if check else f"written: {path}")
    if check and paths:
        raise typer.Exit(1)


if __name__ == "__main__":
    APP()
