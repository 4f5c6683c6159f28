"""The referral's decisions in a plain consume-produce loop: what the worker is measured against.

It makes the same decisions by the same rules and writes the same business rows. It has no outbox,
no positions, no sequences, no timers and no dead letters: what it would lose in a crash is lost.
"""

import json
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from confluent_kafka import Consumer, KafkaException, Message, Producer
from pydantic import BaseModel

from services.chassis import ids
from services.chassis.aggregates import Aggregate
from services.chassis.clock import monotonic
from services.chassis.policies import Policies
from services.chassis.settings import POLICIES
from services.contracts.exchange_events import ConferenceScheduled
from services.contracts.local_time import london_date
from services.referral.domain import allocation as search_rules
from services.referral.domain.advocate import Advocate, Caseload
from services.referral.domain.allocation import Allocation
from services.referral.domain.conference import Conference
from services.referral.domain.denied import Denied
from services.referral.domain.making import Occasion, offer_for
from services.referral.domain.matching import Candidate, Match, match
from services.referral.domain.offer import Offer
from services.referral.domain.place import Place
from services.referral.domain.seeking import seeker, wants_advocate
from services.referral.storage import repositories as kept

BATCH: Final = 1_000
_FILL_S: Final = 0.05
_SAME_FIELDS: Final = tuple(
    field.name for field in fields(Conference) if field.name not in {"as_of", "version"}
)


@dataclass(frozen=True)
class Job:
    """What one run is to do."""

    bootstrap: str
    database: str
    group: str
    source: str
    target: str
    events: int


@dataclass(frozen=True)
class Decided:
    """What one event led to."""

    cause: str
    conference: Conference
    offer: Offer
    allocation: Allocation | None


class Rules:
    """Decides as the referral does; who has room is kept in memory."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._policies = Policies.load(POLICIES)
        self._advocates: dict[str, list[Advocate]] = {}
        for advocate in _stored(database, kept.ADVOCATES):
            for authority in advocate.authorities:
                self._advocates.setdefault(authority, []).append(advocate)
        self.loads: dict[UUID, int] = {}
        self.now = datetime.now(UTC)

    def decide(self, cause: str, said: ConferenceScheduled) -> Decided:
        """Make the offer of a conference, and find the advocate."""
        same = {name: getattr(said, name) for name in _SAME_FIELDS}
        conference = Conference(**same, as_of=said.version, version=1)
        today = london_date(self.now)
        policy = self._policies.for_(conference.authority, today)
        place = Place(policy, self._policies.calendar(policy))
        occasion = Occasion(conference, place, contact_stopped=False, now=self.now)
        offer = replace(offer_for(occasion, _ref(cause, "offer")), version=1)
        wanted = wants_advocate(offer, conference, today)
        found = self._find(cause, conference, offer, place) if wanted else None
        return Decided(cause, conference, offer, found)

    def _find(
        self, cause: str, conference: Conference, offer: Offer, place: Place
    ) -> Allocation | None:
        search = search_rules.opened(offer, conference, _ref(cause, "allocation"))
        timed = search_rules.with_alarm(search, conference.starts_at, place, self.now)
        known = tuple(
            Candidate(one, self.loads.get(one.advocate_ref, 0), has_child=False)
            for one in self._advocates.get(conference.authority, ())
        )
        outcome = match(seeker(offer, conference, (), london_date(self.now)), known)
        if isinstance(outcome, Match):
            self.loads[outcome.advocate_ref] = self.loads.get(outcome.advocate_ref, 0) + 1
            ended = search_rules.found(timed, outcome)
        else:
            ended = search_rules.unmet(timed, outcome)
        return None if isinstance(ended, Denied) else replace(ended, version=1)


def work_off(job: Job) -> float:
    """Do the job; return the seconds from the first batch in hand to the last commit."""
    database = sqlite3.connect(job.database, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=10000"):
        database.execute(f"PRAGMA {pragma}")
    rules = Rules(database)
    producer = Producer(
        {
            "bootstrap.servers": job.bootstrap,
            "enable.idempotence": True,
            "acks": "all",
            "partitioner": "murmur2_random",
            "linger.ms": 1,
        }
    )
    consumer = Consumer(
        {
            "bootstrap.servers": job.bootstrap,
            "group.id": job.group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([job.source])
    done, begun = 0, 0.0
    while done < job.events:
        messages = consumer.consume(BATCH, _FILL_S)
        begun = begun or (monotonic() if messages else 0.0)
        done += _batch(rules, database, producer, job.target, messages)
        if messages:
            consumer.commit(asynchronous=False)
    seconds = monotonic() - begun
    consumer.close()
    return seconds


def _batch(
    rules: Rules,
    database: sqlite3.Connection,
    producer: Producer,
    target: str,
    messages: Sequence[Message],
) -> int:
    rules.now = datetime.now(UTC)
    decided = [rules.decide(*event) for message in messages if (event := _event(message))]
    database.execute("BEGIN IMMEDIATE")
    _insert(database, kept.CONFERENCES, [one.conference for one in decided])
    _insert(database, kept.OFFERS, [one.offer for one in decided])
    _insert(database, kept.ALLOCATIONS, [one.allocation for one in decided if one.allocation])
    loads = [Caseload(ref, children, 1) for ref, children in rules.loads.items()]
    _insert(database, kept.CASELOADS, loads, "INSERT OR REPLACE")
    database.execute("COMMIT")
    for one in decided:
        key = str(one.conference.child_ref)
        made = "made" if one.offer.not_made_because is None else "not-made"
        _say(producer, target, key, one.cause, f"offer.{made}", kept.said_of_offer(one.offer))
        if one.allocation is not None:
            verb = "allocated" if one.allocation.is_bound else "unmet"
            state = kept.said_of_allocation(one.allocation)
            _say(producer, target, key, one.cause, f"allocation.{verb}", state)
    producer.flush()
    return len(decided)


def _event(message: Message) -> tuple[str, ConferenceScheduled] | None:
    if (error := message.error()) is not None:
        raise KafkaException(error)
    headers: dict[str, Any] = dict(message.headers() or ())
    if message.key() == b"genesis":
        return None
    said = ConferenceScheduled.model_validate_json(message.value() or b"")
    return headers["ce_id"].decode(), said


def _say(  # noqa: PLR0913, PLR0917 -- what a record has
    producer: Producer, topic: str, key: str, cause: str, name: str, state: BaseModel
) -> None:
    headers: dict[str, str | bytes | None] = {
        "ce_type": f"alongside.{name}.v1",
        "ce_causationid": cause,
    }
    producer.produce(topic, state.model_dump_json(), key, headers=headers)
    producer.poll(0)


def _ref(*parts: str) -> UUID:
    return UUID(ids.derived("plain", *parts))


def _stored(database: sqlite3.Connection, aggregate: Aggregate[Advocate]) -> list[Advocate]:
    names = ", ".join(f'"{name}"' for name in aggregate.columns)
    rows = database.execute(f"SELECT {names} FROM {aggregate.table.name}")  # noqa: S608
    return [aggregate.from_row(dict(zip(aggregate.columns, row, strict=True))) for row in rows]


def _insert(
    database: sqlite3.Connection,
    aggregate: Aggregate[Any],
    states: Sequence[Any],
    how: str = "INSERT",
) -> None:
    names = ", ".join(f'"{name}"' for name in aggregate.columns)
    marks = ", ".join("?" * len(aggregate.columns))
    rows = [tuple(aggregate.to_row(state).values()) for state in states]
    statement = f"{how} INTO {aggregate.table.name} ({names}) VALUES ({marks})"
    database.executemany(statement, rows)


if __name__ == "__main__":
    sys.stdout.write(
        json.dumps({"seconds": work_off(Job(**json.loads(Path(sys.argv[1]).read_text())))})
    )
