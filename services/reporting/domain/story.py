"""Tells one conference's events in order, in plain English, without a name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from services.reporting.domain.periods import LONDON
from services.reporting.domain.sentences import SENTENCES, WHO, WORDS


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it was logged; `data` is what it carried."""

    id: str
    type: str
    service: str
    at: datetime
    sequence: int
    causation_id: str | None
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story: when, who as far as it is known, and what happened."""

    event_id: str
    type: str
    at: datetime
    who: str
    sentence: str


def story(events: Iterable[Told]) -> tuple[Line, ...]:
    """Tell the events in the order in which they happened; a cause comes before its effect."""
    known = {event.id: event for event in events}
    ordered = sorted(
        known.values(), key=lambda e: (e.at, _depth(e, known), e.service, e.sequence, e.id)
    )
    return tuple(Line(e.id, e.type, e.at, who(e), sentence(e.type, e.data)) for e in ordered)


def sentence(event_type: str, data: Mapping[str, object]) -> str:
    """Say one event in words; a verb this version does not know is named as it is."""
    template = SENTENCES.get(event_type)
    if template is None:
        entity, _, verb = event_type.partition(".")
        return f"{entity.replace('-', ' ')}: {verb.replace('-', ' ')}.".capitalize()
    flat = _flat(data)
    whole = _OPTIONAL.sub(lambda part: _filled(part[1], flat) or "", template)
    return _filled(whole, flat, missing="not recorded") or ""


def who(event: Told) -> str:
    """Say who did it by function, or which part of the service recorded it."""
    role = event.data.get(WHO.get(event.type, ""))
    return str(role).replace("-", " ") if role else event.service


def _flat(data: Mapping[str, object]) -> dict[str, object]:
    inner = data.get("participation")
    return {**data, **inner} if isinstance(inner, Mapping) else dict(data)


def _filled(text: str, data: Mapping[str, object], missing: str | None = None) -> str | None:
    """Put the words for each field in place; None where one is missing and must not be."""
    words = {field: _words(field, data.get(field)) or missing for field in _FIELD.findall(text)}
    if None in words.values():
        return None
    return _FIELD.sub(lambda field: words[field[1]] or "", text)


def _words(field: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(filter(None, (_words(field, each) for each in value))) or _NOBODY.get(
            field
        )
    if field in _MOMENTS or field.endswith("_at"):
        return _moment(datetime.fromisoformat(str(value)))
    if field.endswith("_on"):
        return _day(date.fromisoformat(str(value)))
    code = str(value).lower() if isinstance(value, bool) else str(value)
    return WORDS.get((field, code), code.replace("-", " "))


def _moment(instant: datetime) -> str:
    local = instant.astimezone(LONDON)
    return f"{_day(local.date())} at {local:%H:%M}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _depth(event: Told, known: Mapping[str, Told]) -> int:
    depth = 0
    seen = {event.id}
    while (cause := known.get(event.causation_id or "")) is not None and cause.id not in seen:
        seen.add(cause.id)
        event = cause
        depth += 1
    return depth


_OPTIONAL: Final = re.compile(r"\[([^\]]*)\]")
_FIELD: Final = re.compile(r"\{([a-z_]+)\}")
_MOMENTS: Final = frozenset({"at", "tell_by"})
_NOBODY: Final = {"approved_for": "nobody"}
