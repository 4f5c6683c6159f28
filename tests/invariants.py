"""What must hold of an installation at rest, whatever went wrong before; used by every campaign.

The numbers I1 to I7 are those of the reliability plan: nothing accepted is lost, one offer for each
child's conference, no letter after a cancellation, no agency sees what was not agreed, every key in
its order, figures equal a recount, and everything said has left.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.chassis import topics
from services.chassis.bus import Bus, Partition, Record
from services.chassis.desk import Desk
from services.chassis.envelope import GENESIS
from services.chassis.standing import standing
from services.exchange.domain.cut import began_at
from services.exchange.domain.exit import AFTER_A_CANCELLATION
from services.exchange.domain.taking_back import TAKES_BACK
from services.launcher.recount import effects_of
from services.reporting.handlers.reconciling import reconcile
from tests.people import AGENCY, AGREED

Desks = Mapping[str, Desk[Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """How many events were said; a sentence for each thing that is wrong, by what it is."""

    said: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    laid_aside: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def wrong(self) -> list[str]:
        """Everything that is wrong, in sentences."""
        return [
            *(f"lost: {sentence}" for sentence in self.lost),
            *(f"doubled: {sentence}" for sentence in self.doubled),
            *(f"laid aside: {sentence}" for sentence in self.laid_aside),
            *self.other,
        ]


def look(desks: Desks, bus: Bus, meanwhile: int = 0) -> Found:
    """Compare all databases and topics with each other.

    Args:
        meanwhile: how many events of exchange may lie between that a conference was called off and
            that a letter was sent: it had left already, and only that was written down after.
    """
    effects = effects_of(desks, bus)
    other = [
        *(f"miscounted: {sentence}" for sentence in _miscounted(desks)),
        *_left_to_do(desks),
        *_disorder(desks, bus),
        *_offers(desks),
        *_letters(desks, meanwhile),
        *_overheard(desks, bus),
    ]
    return Found(effects.said, effects.lost, effects.duplicated, effects.laid_aside, tuple(other))


def rows(desk: Desk[Any], statement: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in desk.read(lambda work: work.sql.rows(statement))]


def records(bus: Bus, topic: str) -> Iterator[Record]:
    """Read a topic from its beginning; the records that begin its partitions are left out."""
    admin, reader = bus.admin(), bus.reader()
    try:
        state = admin.describe([topic]).get(topic)
        if state is None:
            return
        for number, end in state.ends.items():
            for chunk in reader.read(Partition(topic, state.topic_id, number), 0, end):
                for record in chunk:
                    if dict(record.headers).get("ce_type") != GENESIS.encode():
                        yield record
    finally:
        admin.close()
        reader.close()


def kind_of(headers: str) -> str:
    """Return the kind of an event from its headers as an outbox keeps them."""
    return _kind(dict(json.loads(headers))["ce_type"])


def _miscounted(desks: Desks) -> tuple[str, ...]:
    return tuple(desks["reporting"].read(reconcile).differences)


def _left_to_do(desks: Desks) -> Iterator[str]:
    for name, desk in desks.items():
        stands = standing(desk.engine, desk.clock.now())
        for what in ("unsent", "waiting", "holes", "due_late"):
            if count := getattr(stands, what):
                yield f"{name} has {count} {what}"


def _disorder(desks: Desks, bus: Bus) -> Iterator[str]:
    """Say which key's events do not lie in a topic from the first to the last."""
    speaker = desks["exchange"].speaker
    names = [spec.name for spec in topics.specs(speaker.topic("")[:-1])]
    for topic in [*names, speaker.topic(f"agency.{AGENCY}.v1")]:
        highest: Counter[bytes | None] = Counter()
        reached: Counter[bytes | None] = Counter()
        for record in records(bus, topic):
            sequence = int(dict(record.headers).get("ce_sequence", 0))
            highest[record.key] = max(sequence, highest[record.key])
            # After a restore an agency's numbers count on from far above.
            before = max(reached[record.key], began_at(sequence))
            reached[record.key] = sequence if sequence == before + 1 else reached[record.key]
        for key, sequence in highest.items():
            if reached[key] != sequence:
                yield f"{topic}: of {sequence} events of a key, {reached[key]} are in order"


def _offers(desks: Desks) -> Iterator[str]:
    """Say which conference that referral knows does not have exactly one offer."""
    counted = rows(
        desks["referral"], "SELECT conference_ref, count(*) FROM offers GROUP BY conference_ref"
    )
    offers = dict(counted)
    for (ref,) in rows(desks["referral"], "SELECT conference_ref FROM conferences"):
        if offers.get(ref, 0) != 1:
            yield f"conference {ref} has {offers.get(ref, 0)} offers"
    seats = rows(desks["exchange"], "SELECT conference_ref FROM conferences")
    if missing := {ref for (ref,) in seats} - set(offers):
        yield f"{len(missing)} conferences have no offer"


def _letters(desks: Desks, meanwhile: int) -> Iterator[str]:
    """Say which letter went out about a conference after it was called off."""
    off: dict[str | None, int] = {}
    said = rows(desks["exchange"], "SELECT headers, value FROM outbox ORDER BY number")
    for number, (headers, value) in enumerate(said):
        kind, data = kind_of(headers), json.loads(bytes(value))
        ref = data.get("conference_ref")
        if kind == "conference.cancelled":
            off.setdefault(ref, number)
        elif kind in {"conference.scheduled", "conference.rescheduled"}:
            off.pop(ref, None)
        elif kind == "message.sent" and ref in off and data["purpose"] not in AFTER_A_CANCELLATION:
            later = number - off[ref]
            if later > meanwhile:
                purpose = data["purpose"]
                yield f"a letter ({purpose}) went out {later} events after a cancellation"


def _overheard(desks: Desks, bus: Bus) -> Iterator[str]:
    """Say what the agency got that is not in its agreement."""
    for record in records(bus, desks["exchange"].speaker.topic(f"agency.{AGENCY}.v1")):
        kind = _kind(dict(record.headers)["ce_type"].decode())
        if kind not in AGREED and not _takes_back_what_was_agreed(kind):
            yield f"the agency got {kind}"
        elif b"Example" in (record.value or b"") or b"SIM" in (record.value or b""):
            yield "the agency got a name"


def _takes_back_what_was_agreed(kind: str) -> bool:
    """Whether it corrects or withdraws what the agency was sent: that it gets in any case."""
    return any(not rule.takes.isdisjoint(AGREED) for rule in TAKES_BACK.get(kind, ()))


def _kind(ce_type: str) -> str:
    return ce_type.removeprefix("alongside.").rpartition(".v")[0]
