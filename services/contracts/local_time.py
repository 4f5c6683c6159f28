"""Turns instants into the days and hours people in the United Kingdom live by, and back."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")

_HALF_DAY: Final = 12


def london_date(instant: datetime) -> date:
    """Return the date on people's calendars at this instant."""
    return instant.astimezone(LONDON).date()


def london_time(instant: datetime) -> time:
    """Return the time of day on people's clocks at this instant."""
    return instant.astimezone(LONDON).time()


def at_time(day: date, at: time) -> datetime:
    """Return the instant at which people's clocks show this time, summer time or not."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the instant at which this day is over for people."""
    return at_time(day + timedelta(days=1), time(0))


def instant_of(local: datetime) -> datetime | None:
    """Return the instant of a local date and time; None if the clocks leave out or repeat it."""
    first, second = (local.replace(tzinfo=LONDON, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        return None
    return first.astimezone(UTC)


def spoken_hour(instant: datetime) -> str:
    """Write a time of day as GOV.UK does: "10am", "2:30pm", "midday"."""
    at = london_time(instant)
    if (at.hour, at.minute) in {(_HALF_DAY, 0), (0, 0)}:
        return "midday" if at.hour else "midnight"
    minutes = f":{at:%M}" if at.minute else ""
    half = "am" if at.hour < _HALF_DAY else "pm"
    return f"{at.hour % _HALF_DAY or _HALF_DAY}{minutes}{half}"
