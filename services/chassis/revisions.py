"""Runs and writes revisions with Alembic, without files of its own: a service keeps its revisions.

Loaded only where there is one to run or to write: `services.chassis.migrations` looks first.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from alembic.autogenerate import RevisionContext
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, text

from services.chassis.database import open_database, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

_LOCK = 7_206_031


def run_revisions(engine: Engine, folder: Path) -> None:
    """Bring a database to the newest of the revisions in `folder`; two processes may at once."""
    directory = _scripts(folder)
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        context = MigrationContext.configure(
            connection, opts={"transactional_ddl": False, "fn": _steps(directory)}
        )
        if context.get_current_revision() != directory.get_current_head():
            with (
                EnvironmentContext(_config(directory.dir), directory),
                Operations.context(context),
            ):
                context.run_migrations()


def _steps(directory: ScriptDirectory) -> Callable[[Any, MigrationContext], Any]:
    return lambda revision, _context: directory._upgrade_revs("head", revision)  # noqa: SLF001


def _scripts(path: Path) -> ScriptDirectory:
    return ScriptDirectory(str(path), version_locations=[str(path / "versions")])


def _config(directory: str) -> Config:
    config = Config()
    config.set_main_option("script_location", directory)
    return config


def write_revision(name: str, folder: Path, message: str) -> Path:
    """Write the revision that brings the newest revision's schema to what the tables say."""
    tables = importlib.import_module(f"services.{name}.storage.tables")
    (folder / "versions").mkdir(parents=True, exist_ok=True)
    template = folder / "script.py.mako"
    template.write_text(_TEMPLATE)
    with TemporaryDirectory() as data:
        engine = open_database(name, Path(data), None)
        if any((folder / "versions").glob("*.py")):
            run_revisions(engine, folder)
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
