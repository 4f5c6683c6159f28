"""What is wrong with a database is said in words of ours, and never with its address."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

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
    with pytest.raises(StoreUnavailable, match="its disk is full"):
        fill(engine)
    engine.dispose()


def fill(engine: Engine) -> None:
    """Write more than the database may take: it answers as one on a full disk does."""
    with writing(engine) as work:
        work.exec_driver_sql("CREATE TABLE words (word TEXT)")
        work.exec_driver_sql("PRAGMA max_page_count=1")
        work.exec_driver_sql("INSERT INTO words VALUES (?)", ("long " * 10_000,))
