"""Recounts every figure from the log, into memory, and says where the tables differ from it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from uuid import UUID

from pydantic import ValidationError

from services.chassis.work import Work
from services.contracts.catalogue import EVENTS
from services.reporting.domain.counting import CountedJourney, counted
from services.reporting.domain.journey import AnyFact, Journey
from services.reporting.handlers.facts import fact_of
from services.reporting.handlers.log import digest_of_text
from services.reporting.settings import Reporting
from services.reporting.storage import repositories
from services.reporting.storage.repositories import Logged, Of


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How many things were compared, and a sentence for each difference."""

    checked: int
    differences: tuple[str, ...]


def reconcile(work: Work[Reporting]) -> Reconciled:
    """Recount the digests, every journey and every figure from the log."""
    checked: Counter[str] = Counter()
    recounted: Counter[tuple[str, str | None, str | None]] = Counter()
    differences = [*_changed_events(work, checked)]
    for refs in _conferences(work):
        differences += _changed_journeys(work, refs, recounted)
        checked["journeys"] += len(refs)
    kept = repositories.count_journeys(work, Of())
    keys = sorted(recounted.keys() | kept.keys(), key=repr)
    checked["figures"] = len(keys)
    differences += [
        f"figure {key}: the table has {kept[key]}, the log gives {recounted[key]}"
        for key in keys
        if kept[key] != recounted[key]
    ]
    return Reconciled(checked.total(), tuple(differences))


def counts_by_type(work: Work[Reporting]) -> dict[str, int]:
    """Count the log by type: what `lost` and `duplicated` are worked out from."""
    return repositories.count_events(work, Of())


def event_ids(work: Work[Reporting]) -> Iterator[str]:
    """Yield the id of every event that had its effect here."""
    return repositories.logged_ids(work)


def _changed_events(work: Work[Reporting], checked: Counter[str]) -> Iterator[str]:
    last = ""
    while events := repositories.logged_after(work, last):
        checked["events"] += len(events)
        last = events[-1].event_id
        for event in events:
            if digest_of_text(event.type, event.data) != event.digest:
                yield f"event {event.event_id}: its content is not what was logged"


def _conferences(work: Work[Reporting]) -> Iterator[Sequence[str]]:
    last = ""
    while refs := repositories.conferences_after(work, last):
        yield refs
        last = refs[-1]


def _changed_journeys(
    work: Work[Reporting],
    refs: Sequence[str],
    recounted: Counter[tuple[str, str | None, str | None]],
) -> Iterator[str]:
    expected = recount(repositories.logged_of(work, refs))
    kept = repositories.recorded(work, refs)
    for journey in expected.values():
        recounted[journey.authority or "", journey.outcome, journey.took_part] += 1
    for ref in refs:
        yield from compared(ref, expected.get(ref), kept.get(ref))


def recount(events: Sequence[Logged]) -> dict[str, CountedJourney]:
    """Return the journeys that these events give, by conference, each at version 0."""
    journeys: dict[str, tuple[UUID, Journey]] = {}
    for event in events:
        fact = _fact_in(event)
        if fact is not None and event.conference_ref is not None:
            child_ref = UUID(event.child_ref)
            _, journey = journeys.get(event.conference_ref, (child_ref, Journey()))
            journeys[event.conference_ref] = (child_ref, journey.learned(fact))
    return {
        ref: counted(UUID(ref), child_ref, journey, 0)
        for ref, (child_ref, journey) in journeys.items()
    }


def _fact_in(event: Logged) -> AnyFact | None:
    """Read an event of the log again; what cannot be read has been named by its digest."""
    try:
        data = EVENTS[event.type].model.model_validate_json(event.data, extra="ignore")
    except ValidationError:
        return None
    return fact_of(event.happened_at, data)


def compared(
    ref: str, expected: CountedJourney | None, kept: CountedJourney | None
) -> Iterator[str]:
    """Yield a sentence for each difference between what the log gives and what the table has."""
    if expected is None and kept is not None:
        yield f"journey {ref}: the table has it, the log does not"
    elif expected is not None and kept is None:
        yield f"journey {ref}: the log has it, the table does not"
    elif expected is not None and kept is not None:
        for field in fields(CountedJourney):
            has, gives = getattr(kept, field.name), getattr(expected, field.name)
            if field.name != "version" and has != gives:
                yield f"journey {ref}: {field.name} is not what the log gives"
