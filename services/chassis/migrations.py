"""Brings a service's database to its newest revision; most starts find it there already.

`python -m services.chassis.migrations <service> "<message>"` writes the next revision from what
the tables say and the revisions do not.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text

from services.chassis.database import open_database

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from services.chassis.service import Service

SERVICES = Path(__file__).resolve().parents[1]


def migrate(service: Service[Any]) -> None:
    """Bring the service's database to its newest revision; two processes may do it at once.

    Raises:
        Misconfigured: the service was not given what this database is to be read with.
    """
    settings = service.settings
    engine = open_database(service.name, settings.data, settings.postgres)
    try:
        upgrade(engine, service.name)
        service.check(engine)
    finally:
        engine.dispose()


def upgrade(engine: Engine, name: str) -> None:
    """Run the revisions that the database lacks."""
    folder = revisions_of(name)
    if _current(engine) == newest(folder):
        return
    # Only a database that lacks a revision needs Alembic: it takes ten megabytes and a while.
    from services.chassis.revisions import run_revisions  # noqa: PLC0415

    run_revisions(engine, folder)


def revisions_of(name: str) -> Path:
    """Return the folder of a service's revisions."""
    return SERVICES / name / "storage" / "migrations"


def newest(folder: Path) -> str:
    """Return the newest revision: they are numbered, and their files begin with the number."""
    return max(path.name.partition("_")[0] for path in (folder / "versions").glob("*.py"))


def _current(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def main() -> None:
    """Write a revision."""
    from services.chassis.revisions import write_revision  # noqa: PLC0415

    _, name, message = sys.argv
    sys.stdout.write(f"{write_revision(name, revisions_of(name), message)}\n")


if __name__ == "__main__":
    main()
