"""What a commissioner sees: figures frozen when the day began, small numbers hidden, no cases."""

from dataclasses import dataclass
from datetime import date, timedelta

from services.chassis.work import Work
from services.reporting.domain.periods import Period, year_name, year_of
from services.reporting.domain.release import FUNNEL, PARTICIPATION, Release, YearCounts
from services.reporting.domain.suppression import ProtectedTable, protect_together
from services.reporting.settings import Reporting
from services.reporting.storage.repositories import (
    FROZEN,
    Of,
    count_journeys,
    counts_by_authority,
)


@dataclass(frozen=True, slots=True)
class CommissionerBoard:
    """The protected figures of one year, as they stood at the end of `as_of`."""

    as_of: date
    year: str
    years: tuple[str, ...]
    funnel: ProtectedTable
    participation: ProtectedTable


def freeze(work: Work[Reporting]) -> None:
    """Keep the figures as they stand before the first event of a day is applied."""
    if work.find(FROZEN, work.today) is None:
        work.save(FROZEN, _counted_now(work))


def commissioner_board(work: Work[Reporting], year: str | None = None) -> CommissionerBoard | None:
    """Return the protected figures of a year, this one if none is named; None if none is kept.

    While nothing has been frozen today nothing has come in today, so the figures as they are now
    are those of yesterday's end.
    """
    release = work.find(FROZEN, work.today) or _counted_now(work)
    by_name = {year_name(counts.year): counts for counts in release.years}
    name = year or max(by_name)
    if name not in by_name:
        return None
    counts = by_name[name]
    funnel, participation = protect_together(
        [(counts.funnel, FUNNEL), (counts.participation, PARTICIPATION)]
    )
    return CommissionerBoard(
        as_of=release.day - timedelta(days=1),
        year=name,
        years=tuple(sorted(by_name, reverse=True)),
        funnel=funnel,
        participation=participation,
    )


def _counted_now(work: Work[Reporting]) -> Release:
    this_year = year_of(work.today - timedelta(days=1))
    years = (this_year - 1, this_year)
    return Release(work.today, tuple(_year(work, year) for year in years))


def _year(work: Work[Reporting], year: int) -> YearCounts:
    counts = count_journeys(work, Of(period=Period.year(year)))
    return YearCounts(year, *counts_by_authority(counts))
