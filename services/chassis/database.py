"""Opens a service's database (SQLite file or PostgreSQL schema) and its transactions."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)

from services.chassis.clock import monotonic, wait
from services.chassis.errors import AlongsideError, Misconfigured, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_DEADLINE_S = 10.0
"""How long a writer waits for the other writers of its database before it says so."""

_TRANSIENT_POSTGRES = {
    "40001",
    "40P01",
    "55P03",
    "57P01",
    "57P02",
    "57P03",
    "53300",
    "08006",
    "08003",
    "08000",
}


def open_database(service: str, data: Path, url: str | None) -> Engine:
    """Open the database of a service.

    Args:
        service: its name; the file's name on SQLite, the schema's on PostgreSQL.
        data: the folder of the SQLite files.
        url: a PostgreSQL address; None means SQLite.

    Raises:
        Misconfigured: the address is none.
        StoreUnavailable: PostgreSQL does not answer.
    """
    if url is None:
        return _open_sqlite(data / f"{service}.sqlite3")
    return _open_postgres(service, url)


def _open_sqlite(path: Path) -> Engine:
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        f"sqlite:///{path}", connect_args={"timeout": 0, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        retry_locked(lambda: connection.execute("PRAGMA journal_mode=WAL"))
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA wal_autocheckpoint=10000")

    return engine


def _open_postgres(service: str, url: str) -> Engine:
    engine = create_engine(
        address_of(url),
        pool_pre_ping=True,
        connect_args={"options": f"-csearch_path={service}"},
    )
    with named_errors(), engine.begin() as connection:
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{service}"'))
    return engine


def address_of(url: str) -> URL:
    """Read the address of a PostgreSQL; what is wrong with it is said without it: passwords."""
    message = "ALONGSIDE_DATABASE_URL is no address of a PostgreSQL: postgresql://user@host/name"
    try:
        address = make_url(url)
    except ArgumentError:
        raise Misconfigured(message) from None
    if address.drivername not in {"postgresql", "postgresql+psycopg"}:
        raise Misconfigured(message)
    return address.set(drivername="postgresql+psycopg")


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open the writing transaction: committed when the block ends, rolled back on any exception.

    On SQLite the write lock is taken at once: a lazy BEGIN fails with a stale snapshot later.

    Raises:
        StoreUnavailable: locked, full or away; the same work may be tried again.
    """
    with named_errors(), engine.connect() as connection:
        begin(connection)
        try:
            yield connection
        except BaseException:
            connection.rollback()
            raise
        try:
            connection.commit()
        except BaseException:
            # It may still be within its transaction: whoever borrowed it next could not begin.
            connection.invalidate()
            raise


def begin(connection: Connection) -> None:
    """Begin the writing transaction on this connection."""
    connection.begin()
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.driver_connection
        retry_locked(lambda: raw.execute("BEGIN IMMEDIATE"))


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a connection for reading one consistent state."""
    with named_errors(), engine.connect() as connection:
        connection.begin()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        try:
            yield connection
        finally:
            connection.rollback()


def retry_locked(act: Any) -> None:
    """Wait for the lock by our own short loop: the built-in busy handler starves short writers."""
    deadline = monotonic() + LOCK_DEADLINE_S
    while True:
        try:
            act()
        except Exception as error:
            if "locked" not in str(error) or monotonic() > deadline:
                raise
            wait(0.0015)
        else:
            return


@contextlib.contextmanager
def named_errors() -> Iterator[None]:
    """Give a database error that may pass its name: StoreUnavailable."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        if is_transient(error):
            message = f"the database did not answer: {_why(error.orig)}"
            raise StoreUnavailable(message) from error
        raise
    except DBAPIError as error:
        if error.connection_invalidated or is_transient(error):
            message = "the database connection broke"
            raise StoreUnavailable(message) from error
        raise
    except Exception as error:
        if type(error).__module__ == "sqlite3" and _sqlite_transient(error):
            message = f"the database did not answer: {error}"
            raise StoreUnavailable(message) from error
        raise


def is_transient(error: DBAPIError) -> bool:
    """Say whether trying again can help."""
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in _TRANSIENT_POSTGRES or state.startswith("08")
    if type(error.orig).__module__.startswith("psycopg"):
        # No state: the connection itself failed, or psycopg could not even send a value.
        return isinstance(error, (OperationalError, InterfaceError))
    return _sqlite_transient(error.orig)


def has_a_next_step(error: Exception) -> bool:
    """Say whether what escaped a handler is known to whoever called it; all else is a bug.

    A statement the database cannot understand is a bug too: it is counted, not tried for ever.
    """
    if isinstance(error, (AlongsideError, IntegrityError, DataError)):
        return True
    return isinstance(error, DBAPIError) and is_transient(error)


def _why(error: object) -> str:
    """Say why in words of our own: what a driver says of an error may hold a value."""
    if "disk is full" in str(error):
        return "its disk is full"
    is_postgres = type(error).__module__.startswith("psycopg")
    return f"{'PostgreSQL, ' if is_postgres else ''}{type(error).__name__}"


def _sqlite_transient(error: object) -> bool:
    words = ("locked", "busy", "disk is full", "disk I/O error", "unable to open")
    return any(word in str(error) for word in words)
