"""Makes the journeys anew from the log; what commissioners were shown stays as it was shown."""

from dataclasses import dataclass, replace

from services.chassis.work import Work
from services.reporting.handlers.reconciling import compared, recount
from services.reporting.settings import Reporting
from services.reporting.storage import repositories
from services.reporting.storage.repositories import COUNTED


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One part of the journeys: their conferences, and a sentence for each thing that differed."""

    conferences: tuple[str, ...]
    differences: tuple[str, ...]


def look(work: Work[Reporting], after: str) -> Rebuilt:
    """Say what would change in the next journeys after this conference; nothing is written."""
    refs = repositories.conferences_after(work, after)
    kept = repositories.recorded(work, refs)
    expected = recount(repositories.logged_of(work, refs))
    differences = [said for ref in refs for said in compared(ref, expected.get(ref), kept.get(ref))]
    return Rebuilt(tuple(refs), tuple(differences))


def rebuild(work: Work[Reporting], after: str) -> Rebuilt:
    """Give the next journeys after this conference what the log gives them."""
    refs = repositories.conferences_after(work, after)
    # Held first: an event that is handled meanwhile is either in the log by now, or waits.
    kept = repositories.locked(work, refs)
    expected = recount(repositories.logged_of(work, refs))
    differences: list[str] = []
    gone: list[str] = []
    for ref in refs:
        has, gives = kept.get(ref), expected.get(ref)
        found = list(compared(ref, gives, has))
        differences += found
        if gives is None:
            gone += [ref] if has else []
        elif found:
            work.save(COUNTED, replace(gives, version=has.version if has else 0))
    if gone:
        repositories.remove(work, gone)
    return Rebuilt(tuple(refs), tuple(differences))
