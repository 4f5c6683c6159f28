"""What is wrong with a database is said in words of ours, and never with its address."""

import sqlite3
from pathlib import Path

import pytest

from services.chassis.database import open_database, writing
from services.chassis.errors import Misconfigured, StoreUnavailable

NOBODY = "postgresql://somebody:secret@127.0.0.1:1/name"


@pytest.mark.parametrize("url", ["nonsense", "mysql://somebody:secret@db.example/name"])
def test_an_address_that_is_none_of_a_postgresql_is_refused_in_one_sentence(
    tmp_path: Path, url: str
) -> None:
    with pytest.raises(Misconfigured, match="is no address of a PostgreSQL") as refused:
        open_database("exchange", tmp_path, url)
    assert "secret" not in str(refused.value)


def test_a_postgresql_that_does_not_answer_may_do_so_later(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="PostgreSQL") as broken:
        open_database("exchange", tmp_path, NOBODY)
    assert "secret" not in str(broken.value)


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    engine = open_database("exchange", tmp_path, None)
    with writing(engine) as work:
        work.exec_driver_sql("CREATE TABLE words (word TEXT)")
    with pytest.raises(StoreUnavailable, match="its disk is full"), writing(engine) as work:
        raw = work.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        # A database that may grow no further answers as one on a full disk does.
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        work.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        work.exec_driver_sql("INSERT INTO words VALUES (?)", ("long " * 10_000,))
    engine.dispose()
