"""What was released in v1 stays true: the shapes of events, kept and compared.

Within v1 there may come new events, new optional fields, wider bounds, and new codes where a list
is extensible. Everything else would break a consumer or an event of long ago, and is refused.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

Shape = Mapping[str, Any]
"""A field: `type` or `codes` or `items` or `fields`, whether `nullable`, its bounds."""

_PLAIN: Final = ("type", "format", "pattern")
_FLOORS: Final = ("minimum",)
_CEILINGS: Final = ("maximum", "maxLength")


def shape_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Reduce the schema of an event to what a consumer can notice."""
    return {
        "topic": schema["x-topic"],
        "key": schema["x-key"],
        **_shape(schema, schema.get("$defs", {})),
    }


def _shape(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return _shape(defs[schema["$ref"].rpartition("/")[2]], defs)
    if "anyOf" in schema:
        return _alternatives(schema["anyOf"], defs)
    if "enum" in schema or "const" in schema:
        return {"codes": schema.get("enum", [schema.get("const")]), "extensible": False}
    if "properties" in schema:
        return _fields(schema, defs)
    if "items" in schema:
        return {"items": _shape(schema["items"], defs)}
    return {name: schema[name] for name in (*_PLAIN, *_FLOORS, *_CEILINGS) if name in schema}


def _alternatives(options: list[Mapping[str, Any]], defs: Mapping[str, Any]) -> dict[str, Any]:
    real = [option for option in options if option.get("type") != "null"]
    shape = _shape(real[0], defs)
    if "codes" in shape and len(real) > 1:
        shape["extensible"] = True
    return shape | {"nullable": True} if len(real) < len(options) else shape


def _fields(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> dict[str, Any]:
    required = set(schema.get("required", ()))
    return {
        "fields": {
            name: {**_shape(field, defs), "required": name in required}
            for name, field in sorted(schema["properties"].items())
        }
    }


def breaks(released: Mapping[str, Shape], now: Mapping[str, Shape]) -> list[str]:
    """Say in sentences what of the released events would no longer hold."""
    found = [f"{name}: was released, so it may not go." for name in released if name not in now]
    for name, shape in released.items():
        if name in now:
            found.extend(_breaks(name, shape, now[name]))
    return found


def _breaks(where: str, old: Shape, new: Shape) -> Iterator[str]:
    for said in ("topic", "key", "required", "nullable", "extensible", *_PLAIN):
        if old.get(said) != new.get(said):
            yield f"{where}: `{said}` was {old.get(said)} and may not become {new.get(said)}."
    yield from _narrower(where, old, new)
    yield from _other_codes(where, old, new)
    yield from _other_fields(where, old, new)
    if "items" in old:
        yield from _breaks(f"{where}[]", old["items"], new.get("items", {}))


def _narrower(where: str, old: Shape, new: Shape) -> Iterator[str]:
    for bound in (*_FLOORS, *_CEILINGS):
        if bound not in new:
            continue
        wider = bound in old and (
            new[bound] <= old[bound] if bound in _FLOORS else new[bound] >= old[bound]
        )
        if not wider:
            yield f"{where}: `{bound}` may only become wider than {old.get(bound)}."


def _other_codes(where: str, old: Shape, new: Shape) -> Iterator[str]:
    before, after = old.get("codes", []), new.get("codes", [])
    for code in before:
        if code not in after:
            yield f"{where}: the code {code} was released, so it may not go."
    if not old.get("extensible"):
        for code in after:
            if code not in before:
                yield f"{where}: the list of codes is closed, so {code} may not join it."


def _other_fields(where: str, old: Shape, new: Shape) -> Iterator[str]:
    before, after = old.get("fields", {}), new.get("fields", {})
    for name, shape in before.items():
        if name in after:
            yield from _breaks(f"{where}.{name}", shape, after[name])
        else:
            yield f"{where}.{name}: was released, so it may not go."
    for name, shape in after.items():
        if name not in before and shape["required"]:
            yield f"{where}.{name}: a new field must be optional."
