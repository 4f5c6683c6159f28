"""Turns instants into the days and hours people see, in Europe/London, and back."""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")


def local_day(instant: datetime) -> date:
    """Return the day people see at this instant."""
    return instant.astimezone(LONDON).date()


def local_hour(instant: datetime) -> time:
    """Return the time of day people see at this instant."""
    return instant.astimezone(LONDON).time()


def instant_of(local: datetime) -> datetime | None:
    """Return the instant of a local date and time; None if the clocks leave out or repeat it."""
    first, second = (local.replace(tzinfo=LONDON, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        return None
    return first.astimezone(UTC)
