"""The few statements the chassis sends by the thousand, written once for both databases."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DataError, DBAPIError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

CHUNK = 500
"""How many values one IN list holds: SQLite allows 999 parameters in its oldest builds."""


class Sql:
    """Plain SQL over one connection, by the driver itself: SQLAlchemy looks at each result anew.

    Errors have SQLAlchemy's names all the same.
    """

    def __init__(self, connection: Connection) -> None:
        self._dialect = connection.dialect
        self._raw: Any = connection.connection.driver_connection
        self.is_postgres = self._dialect.name == "postgresql"
        self._mark = "%s" if self.is_postgres else "?"

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows that all have the same columns."""
        if rows:
            names = tuple(rows[0])
            self._many(_insert(table, names, self._mark), names, rows)

    def upsert(self, table: str, key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows, or overwrite those with the same key."""
        if rows:
            names = tuple(rows[0])
            self._many(_upsert(table, tuple(key), names, self._mark), names, rows)

    def update(self, table: str, key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """Overwrite rows by their key."""
        if rows:
            names = (*(n for n in rows[0] if n not in key), *key)
            self._many(_update(table, tuple(key), names, self._mark), names, rows)

    def delete(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Delete the rows that have these values."""
        if rows:
            names = tuple(rows[0])
            self._many(_delete(table, names, self._mark), names, rows)

    def select(
        self,
        table: str,
        columns: Sequence[str],
        column: str,
        values: Iterable[Any],
        *,
        lock: bool = False,
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the columns of the rows whose column has one of the values."""
        for chunk in _chunks(sorted(set(values))):
            marks = ", ".join([self._mark] * len(chunk))
            statement = f'SELECT {_names(columns)} FROM {table} WHERE "{column}" IN ({marks})'
            yield from self.rows(statement + self._for_update(lock, column), tuple(chunk))

    def pairs(
        self,
        table: str,
        columns: Sequence[str],
        keys: Sequence[str],
        values: Iterable[tuple[Any, Any]],
        *,
        lock: bool = False,
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the columns of the rows whose two key columns have one of the pairs of values."""
        for chunk in _chunks(sorted(set(values))):
            pair = f"({self._mark}, {self._mark})"
            marks = ", ".join([pair] * len(chunk))
            first, second = keys
            condition = f'("{first}", "{second}") IN (VALUES {marks})'
            statement = f"SELECT {_names(columns)} FROM {table} WHERE {condition}"
            flat = tuple(value for both in chunk for value in both)
            yield from self.rows(statement + self._for_update(lock, *keys), flat)

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a SELECT whose marks are written as `?`."""
        found: list[tuple[Any, ...]] = self._do(
            lambda cursor: cursor.execute(self._marked(statement), tuple(values)).fetchall()
        )
        return found

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a statement whose marks are written as `?`; return how many rows it touched."""
        touched: int = self._do(
            lambda cursor: cursor.execute(self._marked(statement), tuple(values)).rowcount
        )
        return touched

    def _many(
        self, statement: str, names: Sequence[str], rows: Sequence[Mapping[str, Any]]
    ) -> None:
        # An itemgetter of one name gives no tuple.
        take = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
        values = [take(row) for row in rows]
        self._do(lambda cursor: cursor.executemany(statement, values))

    def _do(self, act: Callable[[Any], Any]) -> Any:
        cursor = self._raw.cursor()
        try:
            return act(cursor)
        except self._dialect.loaded_dbapi.Error as error:
            # What was asked stays out: it may be a child's.
            raise DBAPIError.instance(
                None,
                None,
                error,
                self._dialect.loaded_dbapi.Error,
                hide_parameters=True,
                connection_invalidated=self._dialect.is_disconnect(error, self._raw, cursor),
                dialect=self._dialect,
            ) from None
        except OverflowError as error:
            # SQLite's own name for a number that no column holds.
            raise DataError(None, None, error, hide_parameters=True) from None
        finally:
            cursor.close()

    def _marked(self, statement: str) -> str:
        return statement.replace("?", "%s") if self.is_postgres else statement

    def _for_update(self, lock: bool, *order: str) -> str:  # noqa: FBT001
        return f" ORDER BY {_names(order)} FOR UPDATE" if lock and self.is_postgres else ""


@lru_cache(maxsize=1_024)
def _insert(table: str, names: tuple[str, ...], mark: str) -> str:
    marks = ", ".join([mark] * len(names))
    return f"INSERT INTO {table} ({_names(names)}) VALUES ({marks})"


@lru_cache(maxsize=1_024)
def _upsert(table: str, key: tuple[str, ...], names: tuple[str, ...], mark: str) -> str:
    rest = ", ".join(f'"{n}" = excluded."{n}"' for n in names if n not in key)
    return f"{_insert(table, names, mark)} ON CONFLICT ({_names(key)}) DO UPDATE SET {rest}"


@lru_cache(maxsize=1_024)
def _update(table: str, key: tuple[str, ...], names: tuple[str, ...], mark: str) -> str:
    sets = ", ".join(f'"{n}" = {mark}' for n in names if n not in key)
    return f"UPDATE {table} SET {sets} WHERE {_equal(key, mark)}"


@lru_cache(maxsize=1_024)
def _delete(table: str, names: tuple[str, ...], mark: str) -> str:
    return f"DELETE FROM {table} WHERE {_equal(names, mark)}"


def _equal(names: Sequence[str], mark: str) -> str:
    return " AND ".join(f'"{name}" = {mark}' for name in names)


def _names(names: Sequence[str]) -> str:
    return _quoted(tuple(names))


@lru_cache(maxsize=1_024)
def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    iterator = iter(values)
    while chunk := tuple(islice(iterator, CHUNK)):
        yield chunk
