"""Which event takes back or corrects what was said before, and what an agency is owed for it.

Whoever was sent something is always sent its correction and its withdrawal, whatever the agreement
says by then (events.md). What merely happens next is none: that is the agreement's to decide.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final, TypeAlias
from uuid import UUID

from services.contracts.codes import (
    Attendance,
    AttendanceMode,
    CancelledBecause,
    EndedBecause,
    Voice,
)
from services.exchange.domain.participation import Participation, fullest

Values: TypeAlias = Mapping[str, Any]
"""Fields of an event as JSON holds them."""

KEYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "conference": "conference_ref",
        "meeting": "meeting_ref",
        "child": "child_ref",
        "offer": "offer_ref",
        "visit": "visit_ref",
        "child-view": "view_ref",
    }
)
"""The things of which anything is ever taken back, and the field that names each."""

COMPARED: Final = frozenset(
    {"participation", "approved_for", "lapsed_because", "cancelled_because"}
)
"""Fields whose value, as it was told, decides whether it is corrected now."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one agency was told of one thing; `thing` is the agency's own reference of it.

    `agreement_ref` is the agreement by which it was last told, `events` are those not taken back
    since, `fields` all that it was ever sent of the thing, `values` what it was last told in those
    that are compared.
    """

    thing: UUID
    agreement_ref: UUID
    events: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    values: Values = field(default_factory=dict)


def _always(_told: Values, _now: Values) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """An event takes these back; `when` compares what was told with how it stands now."""

    takes: frozenset[str]
    when: Callable[[Values, Values], bool] = _always


def _in_error(_told: Values, now: Values) -> bool:
    """The cancellation says that it should never have been there."""
    return bool(now["cancelled_because"] == CancelledBecause.ERROR)


def _fell_away_otherwise(told: Values, now: Values) -> bool:
    """It fell away for another reason than was told: a child who was thought dead is alive."""
    return told.get("cancelled_because") not in {None, now["cancelled_because"]}


def _ended_in_error(_told: Values, now: Values) -> bool:
    """The offer should never have been made, or was made twice."""
    return now["stopped_because"] in {EndedBecause.ERROR, EndedBecause.DUPLICATE}


def _contact_is_allowed(_told: Values, now: Values) -> bool:
    """The end to all contact is over, or was recorded in error."""
    return not now["contact_stopped"]


def _another_reason(told: Values, now: Values) -> bool:
    """It lapsed for another reason than was told: somebody had told the child after all."""
    return told.get("lapsed_because") not in {None, now["lapsed_because"]}


def _approval_taken_back(told: Values, now: Values) -> bool:
    """The child lets fewer read it than was told (practice 14)."""
    return not set(told.get("approved_for", ())) <= set(now["approved_for"])


def _participation_corrected(told: Values, now: Values) -> bool:
    """The session that was told has another record; a further session alone corrects nothing.

    The fullest session is told. It becomes less full only when what was recorded was wrong.
    """
    before, after = told.get("participation"), now["participation"]
    if before is None or before == after:
        return False
    if before["session_on"] == after["session_on"]:
        return True
    return fullest((_session(before), _session(after))) == _session(before)


def _session(values: Values) -> Participation:
    return Participation(
        attendance=Attendance(values["attendance"]),
        voice=Voice(values["voice"]),
        advocate_present=values["advocate_present"],
        part_attendance=values["part_attendance"],
        session_on=date.fromisoformat(values["session_on"]),
        mode=AttendanceMode(values["mode"]) if values["mode"] else None,
    )


def _of(entity: str, *verbs: str) -> frozenset[str]:
    return frozenset(f"{entity}.{verb}" for verb in verbs)


_CONFERENCE: Final = _of(
    "conference",
    *("scheduled", "rescheduled", "changed", "adjourned", "held", "participation-recorded"),
)
_MEETING: Final = _of("meeting", "arranged", "moved", "changed", "adjourned", "held")
_OFFER: Final = _of(
    "offer",
    *("made", "not-made", "permission-given", "permission-refused", "explained"),
    *("explained-confirmed", "accepted", "declined", "objected", "objection-decided", "stopped"),
    *("paused", "resumed", "reopened", "lapsed", "overdue", "escalated", "changed"),
)
_VIEW: Final = _of("child-view", "recorded", "approved", "shared", "received", "answered", "told")
_LAPSED: Final = Rule(_of("offer", "lapsed"), _another_reason)

TAKES_BACK: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {
        "conference.cancelled": (
            Rule(_CONFERENCE, _in_error),
            Rule(_of("conference", "cancelled"), _fell_away_otherwise),
        ),
        # Said a second time, it takes a cancellation back.
        "conference.scheduled": (Rule(_of("conference", "cancelled")),),
        "conference.participation-recorded": (Rule(_CONFERENCE, _participation_corrected),),
        "meeting.cancelled": (Rule(_MEETING, _in_error),),
        "meeting.arranged": (Rule(_of("meeting", "cancelled")),),
        "child.changed": (Rule(_of("child", "contact-stopped"), _contact_is_allowed),),
        "offer.withdrawn": (Rule(_OFFER),),
        "offer.stopped": (Rule(_OFFER - _of("offer", "stopped"), _ended_in_error),),
        # The child came back after a no, or an end was a mistake.
        "offer.reopened": (
            Rule(
                _of(
                    "offer",
                    *(
                        "not-made",
                        "declined",
                        "objection-decided",
                        "stopped",
                        "withdrawn",
                        "lapsed",
                    ),
                )
            ),
        ),
        "offer.lapsed": (_LAPSED,),
        "offer.paused": (Rule(_of("offer", "lapsed")),),
        "offer.explained": (_LAPSED,),
        "offer.explained-confirmed": (_LAPSED,),
        # It took place after all, it did not, or it is planned again.
        "visit.held": (Rule(_of("visit", "missed", "not-possible", "declined", "cancelled")),),
        "visit.missed": (Rule(_of("visit", "held")),),
        "visit.planned": (Rule(_of("visit", "cancelled")),),
        "child-view.withdrawn": (Rule(_VIEW),),
        "child-view.approved": (Rule(_VIEW, _approval_taken_back),),
        # A corrected answer is a new answer, and the child is to be told again.
        "child-view.answered": (Rule(_of("child-view", "answered", "told")),),
        "child-view.told": (Rule(_of("child-view", "told")),),
    }
)
"""Event -> what it takes back of the same thing."""

_KEPT: Final = frozenset(
    event for rules in TAKES_BACK.values() for rule in rules for event in rule.takes
)


def may_take_back(event: str, version: int) -> bool:
    """Whether an event can take anything back; before the first state of a thing there is none."""
    return event in TAKES_BACK and version > 1


def takes_back(event: str, now: Values, told: Told) -> bool:
    """Whether an event takes back, or corrects, something that this agency was told."""
    return bool(_taken(event, now, told))


def _taken(event: str, now: Values, told: Told) -> frozenset[str]:
    """Return those events an agency was told that another one takes back or corrects."""
    return frozenset(
        before
        for rule in TAKES_BACK.get(event, ())
        if not rule.takes.isdisjoint(told.events) and rule.when(told.values, now)
        for before in rule.takes.intersection(told.events)
    )


def thing_of(event: str, now: Values) -> UUID | None:
    """Return our reference of the thing an event is about, if anything of it is ever taken back."""
    name = KEYS.get(event.partition(".")[0])
    return None if name is None else UUID(now[name])


def find(told: Iterable[Told], thing: UUID | None) -> Told | None:
    """Return what was told of a thing."""
    return next((one for one in told if one.thing == thing), None)


def remembered(told: Told, event: str, now: Values, fields: Collection[str]) -> Told:
    """Return what is told of a thing once this event was sent too, with these fields."""
    heard = {*told.events} - _taken(event, now, told) | ({event} if event in _KEPT else set())
    known = {name: now[name] for name in COMPARED & {*fields} if name in now}
    return replace(
        told,
        events=tuple(sorted(heard)),
        fields=tuple(sorted({*told.fields, *fields})),
        values={**told.values, **known},
    )


def with_told(all_told: tuple[Told, ...], one: Told) -> tuple[Told, ...]:
    """Return all that an agency was told of a subject, with what it is told of one thing now."""
    others = tuple(other for other in all_told if other.thing != one.thing)
    return (*others, one)
