"""By when something is to be done: the smaller of a place's days and a share of the time left.

Referral winds its clocks by these, and reporting says what they would have been for a child of the
past: both mean the same hour.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from services.contracts.local_time import at_time, london_date
from services.contracts.policy import WorkingCalendar

START_OF_WORK: Final = time(9)
# Due at five, not at midnight: whoever is turned to then can still act that day.
CLOSE_OF_WORK: Final = time(17)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """The time between the start of a clock and the conference."""

    since: datetime
    until: datetime

    def share(self, part: float) -> datetime:
        """Return the instant at which this part (0 to 1) of the time has gone, to the minute."""
        minutes = (self.until - self.since) / timedelta(minutes=1)
        # Counted from the minute that begins next, the whole of it would end after the conference.
        whole = _to_the_minute(self.since) + timedelta(minutes=int(minutes * part))
        return min(whole, self.until)


def in_working_days(calendar: WorkingCalendar, since: datetime, days: int) -> datetime:
    """Return the close of work of that working day; never before the clock began."""
    return max(since, at_time(calendar.add(london_date(since), days), CLOSE_OF_WORK))


def working_days_before(calendar: WorkingCalendar, until: datetime, days: int) -> datetime:
    """Return the start of work that many working days before."""
    return at_time(calendar.add(london_date(until), -days), START_OF_WORK)


def smaller(calendar: WorkingCalendar, left: TimeLeft, days: int, share: float) -> datetime:
    """Return the earlier of so many working days and such a share of the time left (practice 6)."""
    due = min(in_working_days(calendar, left.since, days), left.share(share))
    return while_people_work(calendar, left, due)


def while_people_work(calendar: WorkingCalendar, left: TimeLeft, due: datetime) -> datetime:
    """Return when something is due that would be due at night or on a week-end.

    The close of the last working day before, for a share of the time is never made longer. But
    whoever is asked in the evening is not late before the letter that asks can have left, which is
    in the morning: then it is the start of the next working day. Never after the conference.
    """
    if _is_working_hour(calendar, due):
        return due
    last = london_date(due)
    if not (calendar.is_working_day(last) and due > at_time(last, CLOSE_OF_WORK)):
        last = calendar.add(last, -1)
    before = at_time(last, CLOSE_OF_WORK)
    if before > next_working_hour(calendar, left.since):
        return before
    return min(next_working_hour(calendar, due), left.until)


def next_working_hour(calendar: WorkingCalendar, instant: datetime) -> datetime:
    """Return the first instant, from this one on, at which people work."""
    if _is_working_hour(calendar, instant):
        return instant
    today = london_date(instant)
    if calendar.is_working_day(today) and instant < at_time(today, START_OF_WORK):
        return at_time(today, START_OF_WORK)
    return at_time(calendar.add(today, 1), START_OF_WORK)


def _is_working_hour(calendar: WorkingCalendar, instant: datetime) -> bool:
    day = london_date(instant)
    within = at_time(day, START_OF_WORK) <= instant <= at_time(day, CLOSE_OF_WORK)
    return within and calendar.is_working_day(day)


def _to_the_minute(instant: datetime) -> datetime:
    """Return the minute that begins then or next: nothing is due before it was asked for."""
    whole = instant.replace(second=0, microsecond=0)
    return whole if whole == instant else whole + timedelta(minutes=1)
