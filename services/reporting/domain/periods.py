"""Periods as people ask for them, and the day on which people here see an instant."""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Final, Self, TypeAlias

Day: TypeAlias = date

_APRIL: Final = 4
_QUARTER: Final = re.compile(r"^(\d{4})-(\d{2})(?:-Q([1-4]))?$")


class NoPeriod(ValueError):
    """What was asked for is no period."""


@dataclass(frozen=True, slots=True)
class Period:
    """Some days; the first and the last belong to it."""

    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-10-01..2026-12-31`, `2026-27` or `2026-27-Q3`; a year begins in April.

        Raises:
            NoPeriod: it is none of these, or ends before it begins.
        """
        if ".." in text:
            first, _, last = text.partition("..")
            return cls._between(first, last)
        found = _QUARTER.match(text)
        if found is None:
            raise NoPeriod("a period is FROM..TO, or a year like 2026-27, or a quarter: 2026-27-Q3")
        begins, ends, quarter = int(found[1]), int(found[2]), found[3]
        if (begins + 1) % 100 != ends or not MINYEAR <= begins < MAXYEAR:
            raise NoPeriod("a year runs from April to March: 2026-27")
        return cls._quarter(begins, int(quarter)) if quarter else cls.year(begins)

    @classmethod
    def year(cls, begins: int) -> Self:
        """Return the year from April of that calendar year to March."""
        return cls(date(begins, _APRIL, 1), date(begins + 1, _APRIL, 1) - timedelta(days=1))

    @classmethod
    def _quarter(cls, begins: int, number: int) -> Self:
        starts = [
            date(begins, 4, 1),
            date(begins, 7, 1),
            date(begins, 10, 1),
            date(begins + 1, 1, 1),
        ]
        ends = [*starts[1:], date(begins + 1, 4, 1)]
        return cls(starts[number - 1], ends[number - 1] - timedelta(days=1))

    @classmethod
    def _between(cls, first: str, last: str) -> Self:
        try:
            period = cls(date.fromisoformat(first), date.fromisoformat(last))
        except ValueError as error:
            raise NoPeriod("a day is YYYY-MM-DD") from error
        if period.last < period.first:
            raise NoPeriod("a period ends after it begins")
        return period

    def __str__(self) -> str:
        return f"{self.first.isoformat()}..{self.last.isoformat()}"


def year_of(day: date) -> int:
    """Return the calendar year in which the year from April to March of this day began."""
    return day.year if day.month >= _APRIL else day.year - 1


def year_name(begins: int) -> str:
    """Write a year the way people write it: 2026-27."""
    return f"{begins}-{(begins + 1) % 100:02d}"
