"""Answers what an advocate has to do, and which visits there are."""

from uuid import UUID

from services.chassis.work import Work
from services.scheduling.domain.diary import Diary, diary_of
from services.scheduling.settings import Scheduling
from services.scheduling.storage.repositories import open_visits_of


def diary(work: Work[Scheduling], advocate_ref: UUID) -> Diary:
    """Return an advocate's days: what is late first."""
    return diary_of(open_visits_of(work, advocate_ref), work.today)
