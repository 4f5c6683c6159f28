"""The figures as they stood when a day began, so that nothing the commissioner sees ticks."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

Counts: TypeAlias = dict[str, dict[str, int]]


@dataclass(frozen=True)
class YearCounts:
    """The counts of one year from April to March, by authority and class."""

    year: int
    funnel: Counts
    participation: Counts


@dataclass(frozen=True)
class Release:
    """What was frozen before the first event of a day was applied."""

    day: date
    years: tuple[YearCounts, ...]
    version: int = 0
