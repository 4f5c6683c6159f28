"""Answers what advocates have to do."""

from uuid import UUID

from services.chassis.work import Work
from services.scheduling.domain.diary import AdvocateLoad, Diary, diary_of, loads_of
from services.scheduling.handlers.visits import can_be_arranged
from services.scheduling.settings import Scheduling
from services.scheduling.storage.repositories import (
    missed_visits_of,
    open_visits,
    open_visits_of,
)


def diary(work: Work[Scheduling], advocate_ref: UUID) -> Diary:
    """Return an advocate's days: what is late first."""
    missed = [each for each in missed_visits_of(work, advocate_ref) if can_be_arranged(work, each)]
    return diary_of(open_visits_of(work, advocate_ref), work.today, missed)


def advocates(work: Work[Scheduling]) -> list[AdvocateLoad]:
    """Return every advocate with open visits, whoever has most that is late first."""
    return loads_of(open_visits(work), work.today)
