"""What happens when the time of a reminder comes."""

from services.chassis.aggregates import Due
from services.chassis.work import Work
from services.scheduling.domain.reminder import said
from services.scheduling.settings import Scheduling
from services.scheduling.storage.repositories import REMINDERS


def when_a_reminder_is_due(work: Work[Scheduling], due: Due) -> None:
    """Say a reminder once, or drop it where saying it so late helps nobody."""
    reminder = said(work.get(REMINDERS, due.key), work.now)
    work.record(REMINDERS, reminder, reminder.status)
