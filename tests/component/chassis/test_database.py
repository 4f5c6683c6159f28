"""The writing transaction: whatever becomes of it, the next one can begin."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from services.chassis.database import open_database, reading, writing
from services.chassis.lease import Lease
from services.chassis.sql import Sql
from tests.harness import World

BOTH = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
CHECKED_AT_THE_COMMIT = "REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED"


def url_of(request: pytest.FixtureRequest, database: str) -> str | None:
    return request.getfixturevalue("empty_postgres_url") if database == "postgres" else None


@BOTH
def test_a_commit_that_fails_leaves_a_database_that_can_be_used(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    engine = open_database("exchange", tmp_path, url_of(request, database))
    request.addfinalizer(engine.dispose)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE parents (id INTEGER PRIMARY KEY)"))
        connection.execute(text(f"CREATE TABLE children (parent INTEGER {CHECKED_AT_THE_COMMIT})"))
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(text("INSERT INTO children VALUES (1)"))
    with reading(engine) as connection:
        assert Sql(connection).rows("SELECT count(*) FROM children") == [(0,)]
    with writing(engine) as connection:
        assert Sql(connection).run("INSERT INTO parents VALUES (1)") == 1


@pytest.mark.postgres
def test_of_two_processes_that_want_a_lease_nobody_ever_had_one_gets_it(
    tmp_path: Path, empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = World(tmp_path, ("exchange",), database_url=empty_postgres_url).desk("exchange").engine
    both_have_looked = threading.Barrier(2, timeout=30)
    looked = Sql.rows

    def look(self: Sql, *arguments: object) -> object:
        found = looked(self, *arguments)  # type: ignore[arg-type]
        if not found:
            both_have_looked.wait()
        return found

    monkeypatch.setattr(Sql, "rows", look)
    took = together(engine)
    assert sorted(took) == [False, True]


def together(engine: Engine) -> list[bool]:
    """Let two processes take one lease at the same time."""
    took: list[bool] = []
    leases = [Lease(engine, "new"), Lease(engine, "new")]
    leases[1]._holder = "another-machine/1/1"
    threads = [
        threading.Thread(target=lambda lease=lease: took.append(lease.take())) for lease in leases
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return took
