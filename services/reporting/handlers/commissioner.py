"""What a commissioner sees: figures of the last month's end, small numbers hidden, no cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.chassis import ids
from services.chassis.work import Work
from services.reporting.domain.periods import Period, year_name, year_of
from services.reporting.domain.release import Release, YearFigures, first_of_month, released
from services.reporting.domain.suppression import Counts, ProtectedTable
from services.reporting.settings import Reporting
from services.reporting.storage.repositories import (
    RELEASED,
    Of,
    count_journeys,
    pairs_by_authority,
    releases_before,
)


@dataclass(frozen=True, slots=True)
class CommissionerBoard:
    """The protected figures of one year, as they stood at the end of `as_of`."""

    as_of: date
    year: str
    years: tuple[str, ...]
    funnel: ProtectedTable
    participation: ProtectedTable


def release(work: Work[Reporting]) -> None:
    """Keep what is shown of a month before the first event of that month is applied."""
    if work.find(RELEASED, first_of_month(work.today)) is None:
        work.save(RELEASED, _looked_at_now(work))


def commissioner_board(work: Work[Reporting], year: str | None = None) -> CommissionerBoard | None:
    """Return the protected figures of a year, this one if none is named; None if none is kept.

    While nothing has been kept this month nothing has come in this month, so the figures as they
    are now are those of the last month's end.
    """
    shown = work.find(RELEASED, first_of_month(work.today)) or _looked_at_now(work)
    by_name = {year_name(figures.year): figures for figures in shown.years}
    name = year or max(by_name)
    if name not in by_name:
        return None
    figures = by_name[name]
    return CommissionerBoard(
        as_of=figures.as_of,
        year=name,
        years=tuple(sorted(by_name, reverse=True)),
        funnel=figures.funnel,
        participation=figures.participation,
    )


def _looked_at_now(work: Work[Reporting]) -> Release:
    first = first_of_month(work.today)
    as_of = first - timedelta(days=1)
    former = releases_before(work, first)
    # Before the first event a release is kept: whenever there is anything to hide there is a lot.
    lot = former[-1].lot if former else ids.token()
    years = [
        released(year, as_of, _counts(work, year), _shown_of(year, former), lot)
        for year in (year_of(as_of) - 1, year_of(as_of))
    ]
    return Release(first, tuple(years), lot)


def _counts(work: Work[Reporting], year: int) -> Counts:
    return pairs_by_authority(count_journeys(work, Of(period=Period.year(year))))


def _shown_of(year: int, former: Sequence[Release]) -> list[YearFigures]:
    return [each for kept in former for each in kept.years if each.year == year]
