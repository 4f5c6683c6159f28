"""Tells one conference's events in order, in plain English, without a name."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import Final

from services.contracts.codes import (
    AllocationStatus,
    LapsedBecause,
    Objection,
    OfferStatus,
    Permission,
)
from services.contracts.codes import Told as TellingStatus
from services.contracts.local_time import london_date, spoken_hour
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
    """Tell the events in the order in which they happened.

    What happened at one instant is told with each cause before its effects, and what one service
    said in the order in which it said it.
    """
    known = {event.id: event for event in events}
    by_instant = groupby(sorted(known.values(), key=_by_instant), key=_by_instant)
    return tuple(
        Line(event.id, event.type, event.at, who(event), sentence(event.type, event.data))
        for _, together in by_instant
        for event in _causes_first(together)
    )


def advocate_of(events: Iterable[Told]) -> str | None:
    """Return the reference of the advocate who is bound to the child now, if anybody is."""
    allocations = (event.data for event in events if event.type.startswith("allocation."))
    last = {str(data["allocation_ref"]): data for data in allocations}
    bound = [data["advocate_ref"] for data in last.values() if data["status"] in _BOUND]
    return str(bound[-1]) if bound else None


class Stands(StrEnum):
    """How an offer stands with the child: what was said of it, not how it is counted."""

    NOT_MADE = "not-made"
    NOT_PERMITTED = "not-permitted"
    NOT_TOLD = "not-told"
    TOLD = "told"
    OPEN_AGAIN = "open-again"
    YES = "yes"
    NO = "no"
    NO_PASSED_ON = "no-passed-on"
    SOMEBODY_S_NO = "somebody-s-no"
    PAUSED = "paused"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    NEVER_TOLD = "never-told"
    NO_ANSWER = "no-answer"
    ENDED_WITH_CONFERENCE = "ended-with-conference"
    ENDED = "ended"


def offer_stands(events: Iterable[Told]) -> Stands | None:
    """Say how the offer stands by what was said of it last; None where nothing was.

    A no that somebody passed on is none that was heard from the child. An offer that is open again
    was answered before: that the child does not know of it is not said.
    """
    said = sorted(
        (event for event in events if event.type.startswith("offer.")),
        key=lambda event: event.sequence,
    )
    if not said:
        return None
    last = said[-1].data
    status = OfferStatus(str(last["status"]))
    if status is OfferStatus.STANDING:
        return _standing(last, answered=any(each.data["status"] in _ANSWERS for each in said))
    if status is OfferStatus.DECLINED and not last["heard_directly"]:
        return Stands.NO_PASSED_ON
    if status is OfferStatus.LAPSED:
        return _BY_LAPSE.get(str(last["lapsed_because"]), Stands.ENDED)
    return _BY_STATUS[status]


def _standing(offer: Mapping[str, object], *, answered: bool) -> Stands:
    if offer["permission"] == Permission.REFUSED:
        return Stands.NOT_PERMITTED
    if offer["objection"] == Objection.OPEN:
        return Stands.SOMEBODY_S_NO
    if answered:
        return Stands.OPEN_AGAIN
    return Stands.NOT_TOLD if offer["told"] == TellingStatus.NOT_KNOWN else Stands.TOLD


def nobody_was_found(events: Iterable[Told]) -> bool:
    """Whether an advocate was looked for last without finding anybody."""
    told = sorted(events, key=lambda event: event.sequence)
    searches = [event.data["status"] for event in told if event.type.startswith("allocation.")]
    return bool(searches) and searches[-1] == AllocationStatus.UNMET and advocate_of(told) is None


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
    return f"{_day(london_date(instant))} at {spoken_hour(instant)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _by_instant(event: Told) -> datetime:
    return event.at


def _causes_first(events: Iterable[Told]) -> Iterator[Told]:
    """Yield first what waits for nothing; a circle, which there should not be, is cut anywhere."""
    waiting = sorted(events, key=lambda event: (*_voice(event), event.sequence, event.id))
    while waiting:
        causes = {event.id for event in waiting}
        first = {voice: next(said) for voice, said in groupby(waiting, key=_voice)}
        free = [event for event in first.values() if event.causation_id not in causes]
        told = min(free, key=_is_message, default=waiting[0])
        waiting.remove(told)
        yield told


def _is_message(event: Told) -> bool:
    """Whether it is about a message: that follows from the rest, by a clock of its own."""
    return event.type.startswith("message.")


def _voice(event: Told) -> tuple[str, str]:
    """Return who said it, and on which of its topics: there its sequence counts."""
    topic = "dead-letter" if event.type.startswith("dead-letter.") else ""
    return event.service, topic


_BY_STATUS: Final = {
    OfferStatus.ACCEPTED: Stands.YES,
    OfferStatus.DECLINED: Stands.NO,
    OfferStatus.PAUSED: Stands.PAUSED,
    OfferStatus.STOPPED: Stands.STOPPED,
    OfferStatus.WITHDRAWN: Stands.WITHDRAWN,
    OfferStatus.NOT_MADE: Stands.NOT_MADE,
}
_BY_LAPSE: Final[Mapping[str, Stands]] = {
    LapsedBecause.HELD_NEVER_TOLD: Stands.NEVER_TOLD,
    LapsedBecause.TOLD_NO_ANSWER: Stands.NO_ANSWER,
    LapsedBecause.CONFERENCE_FELL_AWAY: Stands.ENDED_WITH_CONFERENCE,
}
_ANSWERS: Final = frozenset({OfferStatus.ACCEPTED, OfferStatus.DECLINED})
_BOUND: Final = frozenset({AllocationStatus.ALLOCATED, AllocationStatus.CONFIRMED})
_OPTIONAL: Final = re.compile(r"\[([^\]]*)\]")
_FIELD: Final = re.compile(r"\{([a-z_]+)\}")
_MOMENTS: Final = frozenset({"at", "tell_by"})
_NOBODY: Final = {"approved_for": "nobody"}
