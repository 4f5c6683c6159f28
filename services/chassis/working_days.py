"""Working days, because almost every deadline counts them: bank holidays of a nation, closures.

The test is that of the representations regulations (SI 2006/1738, regulation 2): not a Saturday,
a Sunday, Christmas Day, Boxing Day, Good Friday or a bank holiday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from holidays import country_holidays

if TYPE_CHECKING:
    from services.contracts.codes import Nation

_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)


@lru_cache(maxsize=256)
def _bank_holidays(nation: Nation, year: int) -> frozenset[date]:
    return frozenset(country_holidays("GB", subdiv=nation.value, years=year))


@dataclass(frozen=True, slots=True)
class NationCalendar:
    """The working days of one nation, less the days a place is closed."""

    nation: Nation
    closures: frozenset[date] = frozenset()

    def is_working_day(self, day: date, /) -> bool:
        """Whether people work on that day."""
        return (
            day.weekday() < _SATURDAY
            and day not in self.closures
            and day not in _bank_holidays(self.nation, day.year)
        )

    def add(self, day: date, n: int, /) -> date:
        """Return the working day `n` working days after `day`; negative counts back, 0 is next."""
        step = -_ONE_DAY if n < 0 else _ONE_DAY
        if n == 0:
            day, n = day - _ONE_DAY, 1
        for _ in range(abs(n)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def between(self, a: date, b: date, /) -> int:
        """Count the working days from `a`, which is day 0, to `b`; negative if `b` is earlier."""
        if b < a:
            return -sum(self._working_days_of(b, (a - b).days))
        return sum(self._working_days_of(a + _ONE_DAY, (b - a).days))

    def _working_days_of(self, first: date, days: int) -> list[bool]:
        return [self.is_working_day(first + timedelta(days=offset)) for offset in range(days)]
