"""Recounts what services keep: the newest that was said of each thing must stand in their rows.

A counter can say that an event was handled when its effect is gone; a row cannot.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.chassis import ids
from services.chassis.desk import Desk
from services.contracts.catalogue import EVENTS


@dataclass(frozen=True, slots=True)
class State:
    """How a thing stood after an event: the event's id, its name, and its data."""

    id: str
    name: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A table in which a service keeps one kind of thing, under a reference of the event's data.

    Args:
        version: the column that says which state of the thing was kept; without one the row's
            being there is all that is asked.
        unless: the verbs after which there need not be a row.
        about: the field without which there is none.
    """

    service: str
    table: str
    entity: str
    key: str
    version: str | None = None
    unless: frozenset[str] = frozenset()
    about: str = "version"


KEPT: Final = (
    Kept("exchange", "conferences", "conference", "conference_ref", "version"),
    Kept("exchange", "meetings", "meeting", "meeting_ref", "version"),
    Kept("exchange", "children", "child", "child_ref", "version"),
    Kept("exchange", "messages", "message", "message_ref", "version"),
    Kept("exchange", "agencies", "agency", "agency_ref", "version"),
    Kept("exchange", "offers_seen", "offer", "offer_ref", "seen_version"),
    Kept("exchange", "allocations_seen", "allocation", "conference_ref"),
    Kept("exchange", "dead_letters_seen", "dead-letter", "dead_letter_ref", about="child_ref"),
    Kept("referral", "offers", "offer", "offer_ref", "version"),
    Kept("referral", "allocations", "allocation", "allocation_ref", "version"),
    Kept("referral", "advocates", "advocate", "advocate_ref", "version"),
    Kept("referral", "conferences", "conference", "conference_ref", "as_of"),
    Kept("referral", "children", "child", "child_ref", "as_of"),
    Kept("referral", "offers", "conference", "conference_ref", unless=frozenset({"cancelled"})),
    Kept("scheduling", "visits", "visit", "visit_ref", "version"),
    Kept("scheduling", "reminders", "reminder", "reminder_ref", "version"),
    Kept("scheduling", "conferences", "conference", "conference_ref", "as_of"),
    Kept("scheduling", "offers", "offer", "offer_ref", "as_of"),
    Kept("feedback", "child_views", "child-view", "view_ref", "version"),
    Kept("feedback", "conferences", "conference", "conference_ref", "as_of"),
)

ASKS: Final = frozenset(
    {"offer.made", "offer.overdue", "offer.escalated", "offer.objected", "allocation.allocated"}
    | {"reminder.came-due", "visit.overdue", "child-view.shared", "child-view.answered"}
)
"""The events after which somebody is always asked to act: there is a message for each."""

_MESSAGES: Final = "SELECT message_ref, conference_ref, purpose, recipient_role FROM messages"
_ENTRIES: Final = "SELECT id FROM feed_entries WHERE agency_ref = ?"


def missing_rows(one: Desk[Any], states: Sequence[State], *, own: bool) -> Iterator[str]:
    """Say which states a service was told, or has said itself, and does not have.

    Args:
        states: what it has handled, or said, of one topic; in any order.
        own: whether it was the service itself that said them.
    """
    by_entity: dict[str, list[State]] = defaultdict(list)
    for state in states:
        if own or state.name in one.service.subscriptions.events:
            by_entity[state.name.partition(".")[0]].append(state)
    for kept in KEPT:
        said_here = EVENTS_OF[kept.entity] == one.service.name
        if kept.service == one.service.name and said_here is own:
            yield from _not_kept(one, kept, by_entity[kept.entity])


def unasked(exchange: Desk[Any], states: Iterable[State]) -> Iterator[str]:
    """Say after which events nobody was asked, though somebody always is."""
    of_conference: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for message_ref, conference_ref, *asked in _rows(exchange, _MESSAGES):
        of_conference[conference_ref].append((message_ref, *asked))
    for state in states:
        if state.name in ASKS:
            known = of_conference[state.data["conference_ref"]]
            if not any(_asked_by(state, purpose, role) == ref for ref, purpose, role in known):
                yield f"{state.name} {state.id}: nobody was asked"


def cut_off(exchange: Desk[Any], agency_ref: str, said: Collection[str]) -> Iterator[str]:
    """Say which entries of an agency's feed are on its topic alone."""
    kept = {entry_id for (entry_id,) in _rows(exchange, _ENTRIES, agency_ref)}
    for entry_id in said:
        if entry_id not in kept:
            yield f"entry {entry_id} is missing in the feed of {agency_ref}"


def _not_kept(one: Desk[Any], kept: Kept, states: Iterable[State]) -> Iterator[str]:
    newest: dict[str, State] = {}
    for state in states:
        ref = state.data[kept.key]
        before = newest.get(ref)
        if before is None or state.data["version"] >= before.data["version"]:
            newest[ref] = state
    if not newest:
        return
    columns = f"{kept.key}, {kept.version or 0}"
    rows = dict(_rows(one, f"SELECT {columns} FROM {kept.table}"))  # noqa: S608
    for ref, state in newest.items():
        if state.data.get(kept.about) is None or state.name.partition(".")[2] in kept.unless:
            continue
        version = state.data["version"] if kept.version else 0
        if rows.get(ref, -1) < version:
            what = f"{kept.entity} {ref} of {state.name} {state.id}"
            yield f"{what} is missing in the rows of {one.service.name}: {kept.table}"


def _asked_by(state: State, purpose: str, role: str) -> str:
    """Return the reference of the message that asks somebody for this because of that event."""
    return ids.derived("exchange", state.id, "message", purpose, role)


def _rows(at: Desk[Any], statement: str, *values: Any) -> list[tuple[Any, ...]]:
    return at.read(lambda work: work.sql.rows(statement, values))


EVENTS_OF: Final = {kind.entity: kind.service for kind in EVENTS.values()}
"""Which service says the events of an entity."""
