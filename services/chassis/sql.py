"""The few statements the chassis sends by the thousand, written once for both databases."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

CHUNK = 500
"""How many values one IN list holds: SQLite allows 999 parameters in its oldest builds."""


class Sql:
    """Plain SQL over one connection: SQLAlchemy's Core costs twice as much per row here."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.is_postgres = connection.dialect.name == "postgresql"
        self._mark = "%s" if self.is_postgres else "?"

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows that all have the same columns."""
        if rows:
            names = tuple(rows[0])
            marks = ", ".join([self._mark] * len(names))
            self._many(f"INSERT INTO {table} ({_names(names)}) VALUES ({marks})", names, rows)

    def upsert(self, table: str, key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows, or overwrite those with the same key."""
        if rows:
            names = tuple(rows[0])
            marks = ", ".join([self._mark] * len(names))
            rest = ", ".join(f'"{n}" = excluded."{n}"' for n in names if n not in key)
            statement = f"INSERT INTO {table} ({_names(names)}) VALUES ({marks})"
            conflict = f" ON CONFLICT ({_names(key)}) DO UPDATE SET {rest}"
            self._many(statement + conflict, names, rows)

    def update(self, table: str, key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """Overwrite rows by their key."""
        if rows:
            names = (*(n for n in rows[0] if n not in key), *key)
            sets = ", ".join(f'"{n}" = {self._mark}' for n in names if n not in key)
            self._many(f"UPDATE {table} SET {sets} WHERE {self._equal(key)}", names, rows)

    def delete(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Delete the rows that have these values."""
        if rows:
            names = tuple(rows[0])
            self._many(f"DELETE FROM {table} WHERE {self._equal(names)}", names, rows)

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
        text = statement.replace("?", "%s") if self.is_postgres else statement
        return [tuple(row) for row in self._connection.exec_driver_sql(text, tuple(values))]

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a statement whose marks are written as `?`; return how many rows it touched."""
        text = statement.replace("?", "%s") if self.is_postgres else statement
        return self._connection.exec_driver_sql(text, tuple(values)).rowcount

    def _many(
        self, statement: str, names: Sequence[str], rows: Sequence[Mapping[str, Any]]
    ) -> None:
        values = [tuple(row[name] for name in names) for row in rows]
        self._connection.exec_driver_sql(statement, values)

    def _equal(self, names: Sequence[str]) -> str:
        return " AND ".join(f'"{name}" = {self._mark}' for name in names)

    def _for_update(self, lock: bool, *order: str) -> str:  # noqa: FBT001
        return f" ORDER BY {_names(order)} FOR UPDATE" if lock and self.is_postgres else ""


def _names(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    iterator = iter(values)
    while chunk := tuple(islice(iterator, CHUNK)):
        yield chunk
