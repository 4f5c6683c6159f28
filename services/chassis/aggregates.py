"""Declares what a service keeps: one frozen dataclass a row, its timers, what it says."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from pydantic_core import to_json

from services.chassis.storage import Json, moment

if TYPE_CHECKING:
    from pydantic import BaseModel
    from sqlalchemy import Table

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timer:
    """Work for later that follows from a state; `due_at` is domain time."""

    kind: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A timer whose time has come; the aggregate still has this version."""

    kind: str
    entity: str
    key: str
    version: int
    due_at: datetime


def no_timers(_state: object) -> Iterable[Timer]:
    """Plan nothing."""
    return ()


@dataclass(frozen=True)
class Aggregate(Generic[T]):
    """One kind of thing a service keeps.

    Args:
        entity: its name on the bus, e.g. `offer`.
        table: its table; the primary key is the one column `key`.
        model: a frozen dataclass whose fields are the columns, with `version: int`.
        key: the name of the key field.
        says: the state as the contract's state model; None if it is never published.
        timers: the work for later that follows from a state; every save replaces it.
    """

    entity: str
    table: Table
    model: type[T]
    key: str
    says: Callable[[T], BaseModel] | None = None
    timers: Callable[[T], Iterable[Timer]] = no_timers

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The column names in the order of the table."""
        return tuple(column.name for column in self.table.columns)

    @property
    def has_timers(self) -> bool:
        """Whether any state of it can ask for work for later."""
        return self.timers is not no_timers

    @cached_property
    def _json(self) -> frozenset[str]:
        return frozenset(c.name for c in self.table.columns if isinstance(c.type, Json))

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        return TypeAdapter(self.model)

    def key_of(self, state: T) -> str:
        """Return the key of a state as it is stored."""
        return key_text(getattr(state, self.key))

    def to_row(self, state: T) -> dict[str, Any]:
        """Turn a state into what the database holds."""
        return {
            name: to_json(value).decode()
            if name in self._json and value is not None
            else stored(value)
            for name in self.columns
            for value in (getattr(state, name),)
        }

    def from_row(self, row: Mapping[str, Any]) -> T:
        """Turn what the database holds into a state."""
        fields = dict(row)
        for name in self._json:
            if fields[name] is not None:
                fields[name] = json.loads(fields[name])
        return self._adapter.validate_python(fields)

    def at_version(self, state: T, version: int) -> T:
        """Return the state with that version."""
        return dataclasses.replace(state, version=version)  # type: ignore[type-var]


def key_text(key: object) -> str:
    """Write a key the way the database holds it; references are written over and over."""
    return _ref_text(key) if type(key) is UUID else str(key)


@lru_cache(maxsize=16_384)
def _ref_text(ref: UUID) -> str:
    return str(ref)


def stored(value: Any) -> Any:
    """Write a value the way a column holds it."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return key_text(value)


_AS_THEY_ARE = frozenset({str, int, float, bool, bytes, type(None)})
