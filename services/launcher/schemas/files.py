"""What lies in `schemas/`: made in memory, then compared or written."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from services.contracts.catalogue import EVENTS
from services.launcher.schemas.asyncapi import asyncapi_document
from services.launcher.schemas.compatibility import breaks, shape_of
from services.launcher.schemas.examples import examples_of
from services.launcher.schemas.topics import Readers, topics_document
from services.launcher.schemas.wire import file_name, schema_of

RELEASED: Final = "released.json"
_EARLIER: Final = "earlier-"
_HEADING: Final = "# Written by `make schemas` from the models and subscriptions.\n"


def documents(reading: Readers) -> dict[str, str]:
    """Make every file of the folder, by its path in it."""
    schemas = {event.name: schema_of(event) for event in EVENTS.values()}
    made = {
        "topics.yaml": _yaml(topics_document(reading)),
        "asyncapi.yaml": _yaml(asyncapi_document(reading)),
        RELEASED: _json({f"{name}.v1": shape_of(schema) for name, schema in schemas.items()}),
    }
    for event in EVENTS.values():
        made[f"events/{file_name(event)}"] = _json(schemas[event.name])
        for name, example in examples_of(event).items():
            made[f"examples/{event.name}.v{event.version}/{name}.json"] = _json(example)
    return made


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _yaml(value: Mapping[str, Any]) -> str:
    return _HEADING + yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)


def incompatibilities(folder: Path, made: Mapping[str, str]) -> list[str]:
    """Say what of the released events the new documents would break."""
    released = folder / RELEASED
    if not released.exists():
        return []
    return breaks(json.loads(released.read_text(encoding="utf-8")), json.loads(made[RELEASED]))


def differences(folder: Path, made: Mapping[str, str]) -> list[str]:
    """Name the files that are not as they would be written now."""
    there = set(_files(folder))
    return sorted(
        path
        for path in there | set(made)
        if path not in made or path not in there or made[path] != _text(folder / path)
    )


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith(_EARLIER) and path.suffix != ".md":
            yield path.relative_to(folder).as_posix()


def write(folder: Path, made: Mapping[str, str]) -> list[str]:
    """Write what differs and return the paths written.

    An example that was once released is kept beside the new one, because what it shows must be
    readable for ever.
    """
    written = [path for path in differences(folder, made) if path in made]
    for path in written:
        target = folder / path
        if target.exists() and path.startswith("examples/"):
            _keep(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(made[path], encoding="utf-8")
    return written


def _keep(example: Path) -> None:
    name = hashlib.sha256(example.read_bytes()).hexdigest()[:8]
    example.rename(example.with_name(f"{_EARLIER}{name}.json"))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
