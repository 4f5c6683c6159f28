"""Nothing reaches the bus but codes, references, counts and times: no name, no word of a child."""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

import pytest

from services.contracts import codes
from services.contracts.catalogue import EVENTS, EventType
from services.contracts.codes import Extensible
from services.contracts.fields import KEBAB, KINDS
from services.launcher.schemas.wire import schema_of

EACH_LIST = pytest.mark.parametrize(
    "codes_list",
    [
        one
        for one in vars(codes).values()
        if isinstance(one, type)
        and issubclass(one, StrEnum)
        and list(one)
        # The nation stays in policies, and is written as the calendar writes it.
        and one is not codes.Nation
    ],
)
IDENTIFYING = """
name names forename surname given family dob birth address postcode place email mail phone
telephone mobile nhs upn la_child_id note notes text comment words
"""
NEVER = frozenset(IDENTIFYING.split())

Schema = Mapping[str, Any]


def named_fields(schema: Schema, defs: Schema, where: str = "") -> Iterator[tuple[str, Schema]]:
    """Yield every field with its path, groups opened."""
    for name, field in schema["properties"].items():
        for option in alternatives(field, defs):
            if "properties" in option:
                yield from named_fields(option, defs, f"{where}{name}.")
            else:
                yield f"{where}{name}", {**field, "as": option}


def alternatives(field: Schema, defs: Schema) -> list[Schema]:
    """Open references, lists and choices down to what a single value may be; null left out."""
    if "$ref" in field:
        return alternatives(defs[field["$ref"].rpartition("/")[2]], defs)
    if "anyOf" in field:
        return [one for option in field["anyOf"] for one in alternatives(option, defs)]
    if "items" in field:
        return alternatives(field["items"], defs)
    return [] if field.get("type") == "null" else [field]


def fields_of(event: EventType) -> list[tuple[str, Schema]]:
    schema = schema_of(event)
    return list(named_fields(schema, schema.get("$defs", {})))


FIELDS = [
    (event.name, path, field) for event in EVENTS.values() for path, field in fields_of(event)
]


def is_coded(value: Schema) -> bool:
    """Whether a value cannot carry free text."""
    pattern = value.get("pattern", "")
    return (
        value.get("type") in {"integer", "boolean"}
        or "enum" in value
        or value.get("format") in {"uuid", "date", "date-time"}
        or (re.fullmatch(r"\^[^^$.*+]*.*\$", pattern) is not None and " " not in pattern)
    )


def paths(wrong: Callable[[str, Schema], object]) -> list[str]:
    """Name every field of every event of which it is true."""
    return [f"{event}: {path}" for event, path, field in FIELDS if wrong(path, field)]


def last_part(path: str) -> str:
    return path.rpartition(".")[2]


def test_there_are_fields_to_look_at() -> None:
    assert {event for event, _, _ in FIELDS} == set(EVENTS)


def test_every_field_is_of_an_allowed_kind() -> None:
    assert paths(lambda _, field: field.get("kind") not in KINDS) == []


def test_no_field_takes_free_text() -> None:
    assert paths(lambda _, field: not is_coded(field["as"])) == []


@pytest.mark.parametrize(
    "text", ["Child A told me.", "child a", "two words", "line\nbreak", "n\u00e4me", ""]
)
def test_no_pattern_lets_a_sentence_through(text: str) -> None:
    assert paths(lambda _, field: re.search(field["as"].get("pattern", "(?!)"), text)) == []


def test_no_field_is_called_like_an_identifying_one() -> None:
    assert paths(lambda path, _: NEVER & {last_part(path), *last_part(path).split("_")}) == []


def test_names_of_fields_are_snake_case() -> None:
    assert paths(lambda path, _: not re.fullmatch(r"[a-z]+(_[a-z]+)*", last_part(path))) == []


def test_every_field_has_a_title_a_sentence_and_an_example() -> None:
    told = ("title", "description", "examples")
    assert paths(lambda _, field: not all(field.get(one) for one in told)) == []
    assert paths(lambda _, field: not field["description"].endswith(".")) == []


@pytest.mark.parametrize(
    ("kind", "types"),
    [
        ("count", {"integer"}),
        ("version", {"integer"}),
        ("flag", {"boolean"}),
        ("date", {"date"}),
        ("time", {"date-time"}),
    ],
)
def test_a_kind_means_one_type(kind: str, types: set[str]) -> None:
    found = {
        str(field["as"].get("format", field["as"]["type"]))
        for _, _, field in FIELDS
        if field.get("kind") == kind
    }
    assert found == types


@EACH_LIST
def test_codes_are_kebab_case(codes_list: type[StrEnum]) -> None:
    assert [code for code in codes_list if not re.fullmatch(KEBAB, code)] == []


@EACH_LIST
def test_a_list_with_other_may_grow_and_only_such_a_list(codes_list: type[StrEnum]) -> None:
    assert ("other" in set(codes_list)) == issubclass(codes_list, Extensible)
