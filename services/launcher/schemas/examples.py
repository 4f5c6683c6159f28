"""Two examples of every event, made of the examples of its fields: `fullest` and `smallest`.

The fullest shows every field that has a meaning in the situation the event tells of; the smallest
only what no such event can do without.
"""

from collections.abc import Mapping
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from services.contracts.catalogue import EventType

_Values = Mapping[str, object]

# What the verb alone settles; a status that is called as the verb need not be named here.
_SETTLED: Final[Mapping[str, _Values]] = {
    "conference.changed": {"kind": "transfer-in"},
    "conference.participation-recorded": {"status": "held"},
    "child.contact-stopped": {"contact_stopped": True},
    "message.withheld": {"channel": "none"},
    "agency.agreed": {"status": "active"},
    "offer.made": {"told": "not-known", "rung": 0, "rung_role": "social-worker"},
    "offer.permission-given": {"permission": "given"},
    "offer.permission-refused": {"permission": "refused"},
    "offer.explained": {"told": "explained"},
    "offer.explained-confirmed": {"told": "confirmed"},
    "offer.objected": {"objection": "open"},
    "offer.objection-decided": {"objection": "overruled"},
    "offer.overdue": {"told": "not-known", "overdue": True},
    "offer.escalated": {"told": "not-known", "overdue": True, "rung": 1},
    "allocation.conflict-found": {"status": "conflict"},
    "visit.moved": {"status": "agreed", "moves": 1},
    "visit.overdue": {"overdue": True},
    "dead-letter.closed": {"open": False},
}
# A parent's permission is only asked for by a historical policy, and belongs in its setting.
_BY_PERMISSION: Final[_Values] = {
    "authority": "E09000020",
    "policy": "rbkc-2011@2011-09-13",
    "mode": "opt-in",
    "basis": "local-policy",
}

# Fields that mean something only in some situations: by entity, the field that decides and how.
_ONLY_WHEN: Final[Mapping[str, Mapping[str, tuple[str, frozenset[str]]]]] = {
    "conference": {
        "adjourned_because": ("status", frozenset({"adjourned"})),
        "reconvenes_on": ("status", frozenset({"adjourned"})),
        "cancelled_because": ("status", frozenset({"cancelled"})),
        "held_at": ("status", frozenset({"held"})),
        "participation": ("status", frozenset({"held"})),
        "transfer_clock_on": ("kind", frozenset({"transfer-in"})),
        "from_authority": ("kind", frozenset({"transfer-in"})),
    },
    "meeting": {
        "adjourned_because": ("status", frozenset({"adjourned"})),
        "reconvenes_on": ("status", frozenset({"adjourned"})),
        "cancelled_because": ("status", frozenset({"cancelled"})),
    },
    "offer": {
        "explained_by": ("told", frozenset({"explained", "confirmed"})),
        "explained_at": ("told", frozenset({"explained", "confirmed"})),
        "answered_at": ("status", frozenset({"accepted", "declined"})),
        "reported_by": ("status", frozenset({"declined"})),
        "heard_directly": ("status", frozenset({"declined"})),
        "not_made_because": ("status", frozenset({"not-made"})),
        "stopped_because": ("status", frozenset({"stopped"})),
        "withdrawn_because": ("status", frozenset({"withdrawn"})),
        "lapsed_because": ("status", frozenset({"lapsed"})),
    },
    "allocation": {
        "advocate_ref": (
            "status",
            frozenset({"allocated", "confirmed", "refused", "released", "replaced", "conflict"}),
        ),
        "unmet_because": ("status", frozenset({"unmet"})),
    },
    "visit": {
        "at": ("status", frozenset({"agreed", "held", "missed"})),
        "held_at": ("status", frozenset({"held"})),
        "declined_by": ("status", frozenset({"declined"})),
        "reason": ("status", frozenset({"declined", "not-possible", "missed", "cancelled"})),
    },
    "child-view": {
        "shared_at": ("status", frozenset({"shared", "received", "answered", "told"})),
        "received_at": ("status", frozenset({"received", "answered", "told"})),
        "answer": ("status", frozenset({"answered", "told"})),
        "answer_reason": ("status", frozenset({"answered", "told"})),
        "answered_at": ("status", frozenset({"answered", "told"})),
        "told_at": ("status", frozenset({"told"})),
        "understood": ("status", frozenset({"told"})),
    },
}


def examples_of(event: EventType) -> dict[str, dict[str, Any]]:
    """Make the two examples, by name, as they stand on the wire."""
    return {
        "fullest": _on_the_wire(event, _fullest(event)),
        "smallest": _on_the_wire(event, _smallest(event)),
    }


def _on_the_wire(event: EventType, values: _Values) -> dict[str, Any]:
    state = event.model.model_validate(values)
    return state.model_dump(mode="json", exclude_unset=True)


def _fullest(event: EventType) -> dict[str, object]:
    values = {name: _example(field, 0) for name, field in event.model.model_fields.items()}
    values |= _settled(event)
    return {name: value for name, value in values.items() if _means_something(event, name, values)}


def _smallest(event: EventType) -> dict[str, object]:
    needed = {
        name: _example(field, -1)
        for name, field in event.model.model_fields.items()
        if field.is_required()
    }
    return needed | {name: it for name, it in _settled(event).items() if name in needed}


def _example(field: FieldInfo, place: int) -> object:
    if field.examples:
        return field.examples[place]
    [group] = [one for one in _alternatives(field) if issubclass(one, BaseModel)]
    return {
        name: _example(inner, place)
        for name, inner in group.model_fields.items()
        if place == 0 or inner.is_required()
    }


def _alternatives(field: FieldInfo) -> tuple[Any, ...]:
    return get_args(field.annotation) or (field.annotation,)


def _settled(event: EventType) -> dict[str, object]:
    settled: dict[str, object] = {}
    if "status" in event.model.model_fields:
        settled["status"] = _status(event)
    if event.verb.startswith("permission-"):
        settled.update(_BY_PERMISSION)
    settled.update(_SETTLED.get(event.name, {}))
    return settled


def _status(event: EventType) -> object:
    field = event.model.model_fields["status"]
    [codes] = _alternatives(field)
    return event.verb if event.verb in set(codes) else _example(field, 0)


def _means_something(event: EventType, name: str, values: _Values) -> bool:
    decides, when = _ONLY_WHEN.get(event.entity, {}).get(name, ("", frozenset()))
    return not decides or values[decides] in when
