"""Turns instants into the days and hours people in the United Kingdom live by, and back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_date(instant: datetime) -> date:
    """Return the date on people's calendars at this instant."""
    return instant.astimezone(LONDON).date()


def at_hour(day: date, hour: int) -> datetime:
    """Return the instant at which people's clocks show this hour, summer time or not."""
    return datetime.combine(day, time(hour), LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the instant at which this day is over for people."""
    return at_hour(day + timedelta(days=1), 0)
