"""Working days, because almost every deadline counts them: bank holidays of a nation, closures.

The test is that of the representations regulations (SI 2006/1738, regulation 2): not a Saturday,
a Sunday, Christmas Day, Boxing Day, Good Friday or a bank holiday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Final

import holidays

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.contracts.codes import Nation

_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)


@lru_cache(maxsize=256)
def _bank_holidays(nation: Nation, year: int) -> frozenset[date]:
    return frozenset(_united_kingdom()(subdiv=nation.value, years=year))


@cache
def _united_kingdom() -> Callable[..., holidays.HolidayBase]:
    """Load one country: the library's own way to it loads all 250, in the midst of an event."""
    file = Path(holidays.__file__).parent / "countries" / "united_kingdom.py"
    spec = spec_from_file_location("holidays_of_the_united_kingdom", file)
    if spec is None or spec.loader is None:
        raise ImportError(name=str(file))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    country: Callable[..., holidays.HolidayBase] = module.UnitedKingdom
    return country


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
