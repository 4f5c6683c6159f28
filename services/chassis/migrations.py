"""Alembic without files of its own: each service keeps only its revisions.

`python -m services.chassis.migrations <service> "<message>"` writes the next revision from what
the tables say and the revisions do not.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, text

from services.chassis.database import open_database, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

    from services.chassis.service import Service

SERVICES = Path(__file__).resolve().parents[1]
_LOCK = 7_206_031


def migrate(service: Service[Any]) -> None:
    """Bring the service's database to its newest revision; two processes may do it at once."""
    settings = service.settings
    engine = open_database(service.name, settings.data, settings.postgres)
    upgrade(engine, service.name)
    engine.dispose()


def upgrade(engine: Engine, name: str, scripts: Path | None = None) -> None:
    """Run the revisions that the database lacks."""
    directory = _scripts(scripts or SERVICES / name / "storage" / "migrations")
    newest = directory.get_current_head()
    if _current(engine) == newest:
        return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        context = MigrationContext.configure(
            connection, opts={"transactional_ddl": False, "fn": _steps(directory)}
        )
        if context.get_current_revision() != newest:
            with EnvironmentContext(_config(directory.dir), directory):
                from alembic.operations import Operations  # noqa: PLC0415

                with Operations.context(context):
                    context.run_migrations()


def _current(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _steps(directory: ScriptDirectory) -> Callable[[Any, MigrationContext], Any]:
    return lambda revision, _context: directory._upgrade_revs("head", revision)  # noqa: SLF001


def _scripts(path: Path) -> ScriptDirectory:
    return ScriptDirectory(str(path), version_locations=[str(path / "versions")])


def _config(directory: str) -> Config:
    config = Config()
    config.set_main_option("script_location", directory)
    return config


def write_revision(name: str, message: str) -> Path:
    """Write the revision that brings the newest revision's schema to what the tables say."""
    tables = importlib.import_module(f"services.{name}.storage.tables")
    folder = SERVICES / name / "storage" / "migrations"
    (folder / "versions").mkdir(parents=True, exist_ok=True)
    template = folder / "script.py.mako"
    template.write_text(_TEMPLATE)
    with TemporaryDirectory() as data:
        engine = open_database(name, Path(data), None)
        if any((folder / "versions").glob("*.py")):
            upgrade(engine, name, folder)
        with engine.connect() as connection:
            path = _generate(connection, tables.METADATA, folder, message)
    template.unlink()
    return path


def _generate(connection: Connection, metadata: MetaData, folder: Path, message: str) -> Path:
    directory = _scripts(folder)
    number = len(list((folder / "versions").glob("*.py"))) + 1

    def compare(revision: Any, context: MigrationContext) -> Any:
        revisions.run_autogenerate(revision, context)
        return []

    from alembic.autogenerate import RevisionContext  # noqa: PLC0415

    config = _config(str(folder))
    arguments = {
        "message": message, "autogenerate": True, "sql": False, "head": "head", "splice": False,
        "branch_label": None, "version_path": None, "rev_id": f"{number:04d}", "depends_on": None,
    }  # fmt: skip
    revisions = RevisionContext(config, directory, arguments)
    with EnvironmentContext(
        config, directory, fn=compare, as_sql=False, template_args=revisions.template_args
    ) as env:
        env.configure(connection=connection, target_metadata=metadata, render_item=_render)
        env.run_migrations()
    script = next(s for s in revisions.generate_scripts() if s is not None)
    return Path(script.path)


def _render(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write our column types as what they are in the database: a revision outlives their names."""
    if kind != "type" or not type(item).__module__.startswith("services."):
        return False
    return f"sa.String({item.length})" if item.length else "sa.Text()"


_TEMPLATE = '''"""${message}."""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Go back to the one before."""
    ${downgrades if downgrades else "pass"}
'''

if __name__ == "__main__":
    sys.stdout.write(f"{write_revision(sys.argv[1], sys.argv[2])}\n")
