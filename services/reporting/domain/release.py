"""The figures as they stood when a day began, so that nothing the commissioner sees ticks."""

from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from services.reporting.domain.funnel import Outcome
from services.reporting.domain.participation import TookPart
from services.reporting.domain.suppression import Classes

Counts: TypeAlias = dict[str, dict[str, int]]

NO_OFFER: Final = "no_offer"
NOT_HELD: Final = "not_held"

FUNNEL: Final = Classes(
    (*(each.value for each in Outcome), NO_OFFER), Outcome.OPEN.value, outside=NO_OFFER
)
"""What became of the offers, and how many children have none."""

PARTICIPATION: Final = Classes(
    (*(each.value for each in TookPart), NOT_HELD), TookPart.NOT_RECORDED.value, outside=NOT_HELD
)
"""How the children took part, and how many had no conference yet to take part in."""


@dataclass(frozen=True)
class YearCounts:
    """The counts of one year from April to March, by authority and class.

    Both are of the same children, those of whom a conference or an offer is known.
    """

    year: int
    funnel: Counts
    participation: Counts


@dataclass(frozen=True)
class Release:
    """What was frozen before the first event of a day was applied."""

    day: date
    years: tuple[YearCounts, ...]
    version: int = 0
