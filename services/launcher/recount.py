"""Recounts what became of every event, from databases and topics, never from counters.

Lost is an event that was accepted and has not had its effect in every subscriber; laid aside, one
that lies with a subscriber's open dead letters, for a person; duplicated, an effect that is there
twice.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from services.chassis.bus import Bus, Partition
from services.chassis.desk import Desk
from services.chassis.envelope import data_from
from services.chassis.second_try import HANDLED, OPEN
from services.contracts.catalogue import EventType, by_ce_type
from services.launcher.desks import desk
from services.launcher.kept_rows import State, cut_off, missing_rows, unasked
from services.launcher.settings import LauncherSettings
from services.launcher.standing import reached_bus
from services.launcher.system import NAMES
from services.reporting.handlers.log import digest
from services.reporting.handlers.reconciling import reconcile

LOGGING: Final = "reporting"
"""The service that keeps every event."""

DOOR: Final = "exchange"
"""The service that asks people to act, and gives agencies their cut."""


_OUTBOX: Final = "SELECT id, key, sequence, headers, value FROM outbox WHERE topic = ?"
_TOPICS: Final = "SELECT DISTINCT topic FROM outbox ORDER BY topic"
_KEY_STATES: Final = "SELECT key, sequence FROM key_states WHERE topic = ?"
_HOLES: Final = "SELECT key, sequence FROM holes WHERE topic = ?"
_WAITING: Final = "SELECT key, sequence FROM later WHERE topic = ?"
_LAID_ASIDE: Final = "SELECT event_id, state, id FROM dead_letters WHERE topic = ?"
_LOGGED: Final = "SELECT event_id, digest, subject, sequence FROM event_log WHERE service = ?"
_OFFERS_TWICE: Final = (
    "SELECT conference_ref, count(*) FROM offers WHERE status IN ('standing', 'accepted', 'paused')"
    " GROUP BY conference_ref HAVING count(*) > 1"
)
_VISITS_TWICE: Final = (
    "SELECT conference_ref, kind, count(*) FROM visits WHERE kind <> 'follow-up'"
    " GROUP BY conference_ref, kind HAVING count(*) > 1"
)
_MESSAGES: Final = "SELECT data FROM event_log WHERE type = 'message.sent'"


@dataclass(frozen=True, slots=True)
class Recount:
    """How many things were compared, by what they are; a sentence for each difference."""

    checked: Mapping[str, int]
    differences: tuple[str, ...]
    laid_aside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effects:
    """How many events were said; a sentence for each that was lost, laid aside or doubled."""

    said: int
    lost: tuple[str, ...]
    laid_aside: tuple[str, ...]
    duplicated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """An event as its service said it; `kind` is None for an agency's own cut."""

    id: str
    key: str
    sequence: int
    kind: EventType | None
    value: bytes

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        kind = self.kind.name if self.kind else "an agency's event"
        return f"{kind} {self.id}"


@dataclass(frozen=True, slots=True)
class Logged:
    """An event as reporting keeps it."""

    digest: str
    subject: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one subscriber has come in one topic, key by key, and what it left out.

    `laid_aside` is what lies or lay with the dead letters, and how each of them stands; `letters`
    are the ids of those that are open.
    """

    reached: Mapping[str, int]
    missing: frozenset[tuple[str, int]]
    laid_aside: Mapping[str, str]
    letters: Mapping[str, str]

    def has_done(self, said: Said) -> bool:
        """Whether this event was handled, or a person saw to it."""
        passed = said.sequence <= self.reached.get(said.key, 0)
        place = said.key, said.sequence
        return passed and place not in self.missing and self.laid_aside.get(said.id) != OPEN

    def has_effect(self, said: Said) -> bool:
        """Whether this event was handled, and not by a person in some other way."""
        return self.has_done(said) and not self.was_given_up(said)

    def must_have_logged(self, said: Said) -> bool:
        """Whether this event is kept, if the subscriber is the one that keeps every event."""
        return said.id not in self.letters and not self.was_given_up(said)

    def was_given_up(self, said: Said) -> bool:
        """Whether a person closed its dead letter without it, or for a newer state."""
        return self.laid_aside.get(said.id) not in {None, OPEN, HANDLED}


def recount(settings: LauncherSettings) -> Recount:
    """Recount an installation: every event's effect, every projection, every figure.

    Raises:
        Misconfigured: its bus is a broker of ours that does not run.
        Transient: bus or databases do not answer.
    """
    bus = reached_bus(settings)
    with opened_desks(settings) as desks:
        effects = effects_of(desks, bus)
        figures = desks[LOGGING].read(reconcile)
    return Recount(
        checked={"events and their effects": effects.said, "projections": figures.checked},
        differences=(*effects.lost, *effects.duplicated, *figures.differences),
        laid_aside=effects.laid_aside,
    )


@contextmanager
def opened_desks(settings: LauncherSettings) -> Iterator[dict[str, Desk[Any]]]:
    """Open the desks of all services."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(desk(name, settings)) for name in NAMES}


def effects_of(desks: Mapping[str, Desk[Any]], bus: Bus) -> Effects:
    """Recount what all services said, against the bus, every subscriber and reporting's log."""
    said = 0
    lost: list[str] = []
    laid_aside: list[str] = []
    duplicated: list[str] = [*_in_tables(desks)]
    for name, opened in desks.items():
        log = _logged(desks[LOGGING], name)
        ids: set[str] = set()
        for (topic,) in _rows(opened, _TOPICS):
            events = _said(opened, topic)
            said += len(events)
            ids.update(event.id for event in events)
            followers = _followers(desks, topic)
            lost += _lost(events, followers, log, _on_bus(bus, topic))
            laid_aside += _laid_aside(events, followers)
            lost += _effects_gone(opened, desks, topic, events, followers)
            duplicated += _said_twice(events)
        duplicated += _logged_too_often(log, ids)
    return Effects(said, tuple(lost), tuple(laid_aside), tuple(duplicated))


def _followers(desks: Mapping[str, Desk[Any]], topic: str) -> dict[str, Progress]:
    """Return how far each subscriber of a topic has come in it."""
    return {
        name: _progress(one, topic)
        for name, one in desks.items()
        if topic in map(one.speaker.topic, one.service.subscriptions.topics)
    }


def _effects_gone(
    speaker: Desk[Any],
    desks: Mapping[str, Desk[Any]],
    topic: str,
    events: Sequence[Said],
    followers: Mapping[str, Progress],
) -> Iterator[str]:
    """Say what was said or handled, and is not in the rows of who said or handled it."""
    of_agencies = speaker.speaker.topic("agency.")
    if topic.startswith(of_agencies):
        agency_ref = topic.removeprefix(of_agencies).removesuffix(".v1")
        yield from cut_off(speaker, agency_ref, [event.id for event in events])
        return
    states = [(event, _state(event)) for event in events if event.kind is not None]
    yield from missing_rows(speaker, [state for _, state in states], own=True)
    for name, progress in followers.items():
        handled = [state for event, state in states if progress.has_effect(event)]
        yield from missing_rows(desks[name], handled, own=False)
        if name == DOOR:
            yield from unasked(desks[name], handled)


def _state(event: Said) -> State:
    return State(event.id, event.kind.name if event.kind else "", json.loads(event.value))


def _lost(
    events: Sequence[Said],
    subscribers: Mapping[str, Progress],
    log: Mapping[str, Logged],
    on_bus: frozenset[str],
) -> Iterator[str]:
    for event in events:
        missing = [
            name
            for name, progress in subscribers.items()
            if event.id not in progress.letters and not progress.has_done(event)
        ]
        logging = subscribers.get(LOGGING)
        if logging and logging.must_have_logged(event) and not _is_logged(event, log):
            missing.append("the log")
        if event.id not in on_bus:
            missing.append("the bus")
        if missing:
            yield f"{event.name} is missing in: {', '.join(missing)}"


def _laid_aside(events: Sequence[Said], subscribers: Mapping[str, Progress]) -> Iterator[str]:
    """Say what waits for a person with a subscriber's dead letters, and how to look at it."""
    for event in events:
        for name, progress in subscribers.items():
            if letter := progress.letters.get(event.id):
                yield f"{event.name} by {name}: alongside dead-letters show {letter}"


def _is_logged(event: Said, log: Mapping[str, Logged]) -> bool:
    logged = log.get(event.id)
    if logged is None or event.kind is None:
        return False
    return logged.digest == digest(event.kind.name, data_from(event.kind, event.value))


def _said_twice(events: Sequence[Said]) -> Iterator[str]:
    """Say what was said twice under two ids: the same fact of the same version of one thing."""
    facts = Counter(_fact(event.kind, event.value) for event in events if event.kind is not None)
    for (name, version, _), times in facts.items():
        if times > 1:
            yield f"{name} of one version {version} was said {times} times"


def _fact(kind: EventType, value: bytes) -> tuple[str, int, tuple[tuple[str, str], ...]]:
    data = json.loads(value)
    refs = sorted((name, str(ref)) for name, ref in data.items() if name.endswith("_ref"))
    return kind.name, data["version"], tuple(refs)


def _logged_too_often(log: Mapping[str, Logged], said: set[str]) -> Iterator[str]:
    """Say what had an effect that nobody caused, or had it under two ids."""
    places = Counter((logged.subject, logged.sequence) for logged in log.values())
    for event_id, logged in log.items():
        if event_id not in said:
            yield f"event {event_id} was logged, and nobody said it"
        elif places[logged.subject, logged.sequence] > 1:
            yield f"event {event_id} was logged beside another of its place in the order"


def _in_tables(desks: Mapping[str, Desk[Any]]) -> Iterator[str]:
    for conference_ref, times in _rows(desks["referral"], _OFFERS_TWICE):
        yield f"conference {conference_ref} has {times} live offers"
    for conference_ref, kind, times in _rows(desks["scheduling"], _VISITS_TWICE):
        yield f"conference {conference_ref} has {times} visits of the kind {kind}"
    messages = (json.loads(data)["message_ref"] for (data,) in _rows(desks[LOGGING], _MESSAGES))
    for message_ref, times in Counter(messages).items():
        if times > 1:
            yield f"message {message_ref} was sent {times} times"


def _said(at: Desk[Any], topic: str) -> list[Said]:
    return [
        Said(event_id, key, sequence, _kind(headers, topic), bytes(value))
        for event_id, key, sequence, headers, value in _rows(at, _OUTBOX, topic)
    ]


def _kind(headers: str, topic: str) -> EventType | None:
    """Return the kind of an event; an agency's cut has the name of one, but not its fields."""
    kind = by_ce_type(dict(json.loads(headers))["ce_type"])
    return kind if kind is not None and topic.endswith(f".{kind.topic}") else None


def _progress(at: Desk[Any], topic: str) -> Progress:
    missing = [*_rows(at, _HOLES, topic), *_rows(at, _WAITING, topic)]
    laid_aside = _rows(at, _LAID_ASIDE, topic)
    return Progress(
        reached=dict(_rows(at, _KEY_STATES, topic)),
        missing=frozenset((key, sequence) for key, sequence in missing),
        laid_aside={event_id: state for event_id, state, _ in laid_aside},
        letters={event_id: letter for event_id, state, letter in laid_aside if state == OPEN},
    )


def _logged(at: Desk[Any], service: str) -> dict[str, Logged]:
    return {event_id: Logged(*rest) for event_id, *rest in _rows(at, _LOGGED, service)}


def _rows(at: Desk[Any], statement: str, *values: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in at.read(lambda work: work.sql.rows(statement, values))]


def _on_bus(bus: Bus, topic: str) -> frozenset[str]:
    """Return the ids that lie in a topic; what lies there twice is acted on once."""
    admin, reader = bus.admin(), bus.reader()
    try:
        state = admin.describe([topic]).get(topic)
        if state is None:
            return frozenset()
        return frozenset(
            dict(record.headers).get("ce_id", b"").decode("ascii", "replace")
            for number, end in state.ends.items()
            for chunk in reader.read(Partition(topic, state.topic_id, number), 0, end)
            for record in chunk
        )
    finally:
        admin.close()
        reader.close()
