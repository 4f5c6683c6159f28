"""Makes any state a model allows, so that a contract is tested with more than its examples."""

from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from uuid import UUID

from annotated_types import Ge, Le
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from services.contracts.codes import FIRST_YEAR, LAST_YEAR

_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    UUID: st.uuids(version=4),
    bool: st.booleans(),
    NoneType: st.none(),
    date: st.dates(),
    AwareDatetime: st.datetimes(
        datetime(FIRST_YEAR, 1, 1),  # noqa: DTZ001 -- made aware below
        datetime(LAST_YEAR, 12, 31),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
}
_LARGEST = 2**53


@cache
def states(model: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Draw instances of the model, optional fields sometimes left out."""
    hints = get_type_hints(model, include_extras=True)
    fields = {name: values(hints[name]) for name in model.model_fields}
    optional = {name for name, field in model.model_fields.items() if not field.is_required()}
    return st.fixed_dictionaries(
        {name: drawn for name, drawn in fields.items() if name not in optional},
        optional={name: fields[name] for name in optional},
    ).map(lambda drawn: model(**drawn))


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Draw values of one annotation."""
    kind, *rest = get_args(hint) or (hint,)
    if get_origin(hint) is Annotated:
        return _annotated(kind, rest)
    if get_origin(hint) is tuple:
        return st.lists(values(kind), max_size=3).map(tuple)
    if get_args(hint):
        return st.one_of([values(one) for one in get_args(hint)])
    if issubclass(hint, BaseModel):
        return states(hint)
    return st.sampled_from(list(hint)) if issubclass(hint, StrEnum) else _PLAIN[hint]


def _annotated(kind: Any, notes: list[Any]) -> st.SearchStrategy[Any]:
    constraints = [note for note in notes if isinstance(note, StringConstraints)]
    if constraints:
        return _text(constraints[0])
    if kind is int:
        return _whole_number(notes)
    return values(kind)


def _text(constraint: StringConstraints) -> st.SearchStrategy[str]:
    assert constraint.pattern is not None
    longest = constraint.max_length or 200
    texts = st.from_regex(constraint.pattern, fullmatch=True)
    return texts.filter(lambda text: len(text) <= longest)


def _whole_number(notes: list[Any]) -> st.SearchStrategy[int]:
    bounds = [it for note in notes if isinstance(note, FieldInfo) for it in note.metadata]
    lowest = next(bound.ge for bound in bounds if isinstance(bound, Ge))
    highest = next((bound.le for bound in bounds if isinstance(bound, Le)), _LARGEST)
    return st.integers(int(str(lowest)), int(str(highest)))
