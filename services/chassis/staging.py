"""What a transaction has read and means to write: an identity map that can undo one event.

Handlers see what earlier events of the same batch staged; only `flush` reaches the database,
with one executemany a table.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from services.chassis.aggregates import key_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from services.chassis.aggregates import Aggregate
    from services.chassis.sql import Sql

T = TypeVar("T")


@dataclass(slots=True)
class _Entry:
    state: Any
    stored: bool
    dirty: bool = False


@dataclass(slots=True)
class _Shelf:
    """All that is known of one table."""

    aggregate: Aggregate[Any]
    entries: dict[str, _Entry | None] = field(default_factory=dict)
    by: dict[str, dict[Any, set[str]]] = field(default_factory=dict)
    complete: set[tuple[str, Any]] = field(default_factory=set)


class Staging:
    """Reads rows once, keeps what is to be written, undoes what one event staged."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self._shelves: dict[str, _Shelf] = {}
        self._undo: list[Callable[[], object]] = []
        self._appended: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def begin_event(self) -> None:
        """What is staged from here on can be undone."""
        self._undo.clear()

    def undo_event(self) -> None:
        """Forget what was staged since `begin_event`."""
        while self._undo:
            self._undo.pop()()

    def on_undo(self, act: Callable[[], object]) -> None:
        """Remember how to undo something else that is staged."""
        self._undo.append(act)

    def prefetch(self, aggregate: Aggregate[Any], column: str, values: Iterable[Any]) -> None:
        """Read all rows with these values at once, so that `select` and `find` need not."""
        shelf = self._shelf(aggregate)
        wanted = {
            str(v) for v in values if v is not None and (column, str(v)) not in shelf.complete
        }
        if wanted:
            self._load(shelf, column, wanted)

    def find(self, aggregate: Aggregate[T], key: str) -> T | None:
        """Return the state with this key, staged or stored."""
        shelf = self._shelf(aggregate)
        if key not in shelf.entries:
            if (aggregate.key, key) not in shelf.complete:
                self._load(shelf, aggregate.key, {key})
            shelf.entries.setdefault(key, None)
        entry = shelf.entries[key]
        return entry.state if entry else None

    def seen(self, aggregate: Aggregate[T], key: str) -> T | None:
        """Return the state with this key where it was read or staged; the database is not asked."""
        entry = self._shelf(aggregate).entries.get(key)
        return entry.state if entry else None

    def select(self, aggregate: Aggregate[T], column: str, value: str) -> list[T]:
        """Return the states whose column has this value, staged or stored, ordered by key."""
        shelf = self._shelf(aggregate)
        if (column, value) not in shelf.complete:
            self._load(shelf, column, {value})
        index = self._index(shelf, column)
        found: list[T] = []
        for key in sorted(index.get(value, ())):
            entry = shelf.entries.get(key)
            if entry is not None and key_text(getattr(entry.state, column)) == value:
                found.append(entry.state)
        return found

    def put(self, aggregate: Aggregate[T], state: T) -> None:
        """Stage a state: an update if the key is known to be stored, else an insert."""
        shelf = self._shelf(aggregate)
        key = aggregate.key_of(state)
        before = shelf.entries.get(key)
        self._undo.append(lambda: shelf.entries.__setitem__(key, before))
        shelf.entries[key] = _Entry(state, stored=before is not None and before.stored, dirty=True)
        for column, index in shelf.by.items():
            index.setdefault(key_text(getattr(state, column)), set()).add(key)

    def append(self, table: str, row: dict[str, Any]) -> None:
        """Stage a row of an insert-only table."""
        rows = self._appended[table]
        rows.append(row)
        self._undo.append(rows.pop)

    def flush(self) -> None:
        """Write what is staged; what was staged can no longer be undone."""
        for shelf in self._shelves.values():
            dirty = [entry for entry in shelf.entries.values() if entry and entry.dirty]
            table, key = shelf.aggregate.table.name, (shelf.aggregate.key,)
            self._sql.update(
                table, key, [shelf.aggregate.to_row(e.state) for e in dirty if e.stored]
            )
            self._sql.insert(
                table, [shelf.aggregate.to_row(e.state) for e in dirty if not e.stored]
            )
            for entry in dirty:
                entry.stored, entry.dirty = True, False
        for table, rows in self._appended.items():
            self._sql.insert(table, rows)
            rows.clear()
        self._undo.clear()

    def _shelf(self, aggregate: Aggregate[Any]) -> _Shelf:
        name = aggregate.table.name
        shelf = self._shelves.get(name)
        if shelf is None:
            shelf = self._shelves[name] = _Shelf(aggregate)
        return shelf

    def _index(self, shelf: _Shelf, column: str) -> dict[Any, set[str]]:
        index = shelf.by.get(column)
        if index is None:
            index = shelf.by[column] = {}
            for key, entry in shelf.entries.items():
                if entry is not None:
                    index.setdefault(key_text(getattr(entry.state, column)), set()).add(key)
        return index

    def _load(self, shelf: _Shelf, column: str, values: set[str]) -> None:
        aggregate = shelf.aggregate
        index = self._index(shelf, column)
        table = aggregate.table.name
        for row in self._sql.select(table, aggregate.columns, column, values, lock=True):
            state = aggregate.from_row(dict(zip(aggregate.columns, row, strict=True)))
            key = aggregate.key_of(state)
            if shelf.entries.get(key) is None:
                shelf.entries[key] = _Entry(state, stored=True)
                for name, other in shelf.by.items():
                    other.setdefault(key_text(getattr(state, name)), set()).add(key)
            index.setdefault(key_text(getattr(shelf.entries[key].state, column)), set()).add(key)  # type: ignore[union-attr]
        shelf.complete.update((column, value) for value in values)
