"""Each service's revisions lead to what its tables say, on both databases."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from services.chassis.database import open_database
from services.chassis.migrations import newest, revisions_of, upgrade
from services.launcher.system import NAMES


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
@pytest.mark.parametrize("name", NAMES)
def test_revisions_lead_to_what_the_tables_say(
    request: pytest.FixtureRequest, tmp_path: Path, name: str, database: str
) -> None:
    url = request.getfixturevalue("empty_postgres_url") if database == "postgres" else None
    engine = open_database(name, tmp_path, url)
    request.addfinalizer(engine.dispose)
    upgrade(engine, name)
    upgrade(engine, name)
    metadata = importlib.import_module(f"services.{name}.storage.tables").METADATA
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            difference
            for difference in compare_metadata(context, metadata)
            if not _is_alembics(difference)
        ]

    assert differences == []


@pytest.mark.parametrize("name", NAMES)
def test_the_newest_revision_by_its_files_number_is_alembics_head(name: str) -> None:
    folder = revisions_of(name)
    scripts = ScriptDirectory(str(folder), version_locations=[str(folder / "versions")])
    assert newest(folder) == scripts.get_current_head()


def _is_alembics(difference: object) -> bool:
    return isinstance(difference, tuple) and "alembic_version" in str(difference[-1])
