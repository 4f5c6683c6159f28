"""Takes in every event once: into the log, and into the journey it is about."""

import hashlib

from pydantic import BaseModel

from services.chassis.envelope import Happened
from services.chassis.work import Work
from services.contracts.local_time import london_date
from services.reporting.domain.counting import CountedJourney, counted
from services.reporting.domain.journey import Journey
from services.reporting.handlers.commissioner import release
from services.reporting.handlers.facts import fact_of, ref_in
from services.reporting.settings import Reporting
from services.reporting.storage import repositories
from services.reporting.storage.repositories import COUNTED


def on_any_event(work: Work[Reporting], event: Happened[BaseModel]) -> None:
    """Log an event and let its journey learn from it; an id that was logged is only compared."""
    if repositories.digest_of(work, event.id) is not None:
        on_repeated_event(work, event)
        return
    release(work)
    _log(work, event)
    _learn(work, event)


def on_repeated_event(work: Work[Reporting], event: Happened[BaseModel]) -> None:
    """Raise an alarm where the same id comes with other content; that content is never applied."""
    logged, other = repositories.digest_of(work, event.id), digest(event.type, event.data)
    if logged is None or logged == other:
        return
    alarm = {"event_id": event.id, "type": event.type, "seen_at": work.now}
    repositories.raise_alarm(work, {**alarm, "logged_digest": logged, "other_digest": other})


def digest(event_type: str, data: BaseModel) -> str:
    """Return what two events with one id must have in common: what happened, and the state."""
    return digest_of_text(event_type, data.model_dump_json())


def digest_of_text(event_type: str, data: str) -> str:
    """Return the digest of an event whose data are JSON already."""
    return hashlib.sha256(f"{event_type}\n{data}".encode()).hexdigest()


def _log(work: Work[Reporting], event: Happened[BaseModel]) -> None:
    data = event.data.model_dump_json()
    row = {
        "event_id": event.id,
        "type": event.type,
        "service": event.source.rpartition("/")[2],
        "subject": event.subject,
        "sequence": event.sequence,
        "happened_at": event.time,
        "happened_on": london_date(event.time),
        "child_ref": ref_in(event, "child_ref"),
        "conference_ref": ref_in(event, "conference_ref"),
        "authority": ref_in(event, "authority"),
        "correlation_id": event.correlation_id,
        "causation_id": event.causation_id,
        "data": data,
        "digest": digest_of_text(event.type, data),
    }
    repositories.log(work, row)


def _learn(work: Work[Reporting], event: Happened[BaseModel]) -> None:
    fact = fact_of(event.time, event.data)
    if fact is None:
        return
    conference_ref, child_ref = ref_in(event, "conference_ref"), ref_in(event, "child_ref")
    known = work.find(COUNTED, conference_ref) or CountedJourney(
        conference_ref, child_ref, Journey()
    )
    journey = known.journey.learned(fact)
    if journey != known.journey:
        work.save(COUNTED, counted(conference_ref, child_ref, journey, known.version))
