"""Answers what advocates have to do."""

from uuid import UUID

from services.chassis.work import Work
from services.scheduling.domain.diary import AdvocateLoad, Diary, diary_of, loads_of
from services.scheduling.settings import Scheduling
from services.scheduling.storage.repositories import open_visits, open_visits_of


def diary(work: Work[Scheduling], advocate_ref: UUID) -> Diary:
    """Return an advocate's days: what is late first."""
    return diary_of(open_visits_of(work, advocate_ref), work.today)


def advocates(work: Work[Scheduling]) -> list[AdvocateLoad]:
    """Return every advocate with open visits, whoever has most that is late first."""
    return loads_of(open_visits(work), work.today)
