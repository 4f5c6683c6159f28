"""The team's board: what is happening today, what is late, and how the year stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.chassis.work import Work
from services.contracts.codes import ConferenceStatus
from services.reporting.domain.counting import CountedJourney
from services.reporting.domain.funnel import Funnel
from services.reporting.domain.lateness import Late, late
from services.reporting.domain.participation import Participations
from services.reporting.domain.periods import Period, year_name, year_of
from services.reporting.handlers.figures import headline
from services.reporting.settings import Reporting
from services.reporting.storage import repositories

LISTED: Final = 100
"""How many cases a list on the board shows; the counts beside it are of all."""


@dataclass(frozen=True, slots=True)
class ConferenceToday:
    """A conference of today; whether the child knows of the offer and has an advocate."""

    conference_ref: UUID
    child_ref: UUID
    authority: str | None
    starts_at: datetime | None
    status: ConferenceStatus | None
    untold: bool
    unmet: bool


@dataclass(frozen=True, slots=True)
class VisitToday:
    """A child whose next visit is agreed for, or due, today."""

    conference_ref: UUID
    child_ref: UUID
    authority: str | None


@dataclass(frozen=True, slots=True)
class Today:
    """What is happening today."""

    offers_made: int
    conferences: tuple[ConferenceToday, ...]
    visits: tuple[VisitToday, ...]


@dataclass(frozen=True, slots=True)
class LateCase:
    """A child's conference that waits for somebody, and why; the gravest reason first."""

    conference_ref: UUID
    child_ref: UUID
    authority: str | None
    starts_at: datetime | None
    late: tuple[Late, ...]
    rung: int
    visits_overdue: int


@dataclass(frozen=True, slots=True)
class Board:
    """The team's board; its figures are of the year from April to March that today is in.

    `late` lists the first of the `late_cases`.
    """

    as_of: datetime
    day: date
    how_far: int
    authority: str | None
    year: str
    today: Today
    late_counts: dict[Late, int]
    late_cases: int
    late: tuple[LateCase, ...]
    funnel: Funnel
    participation: Participations


def board(work: Work[Reporting], authority: str | None = None) -> Board:
    """Return the board of one authority, or of all."""
    year = year_of(work.today)
    head = headline(work, authority, Period.year(year))
    counts, cases = repositories.count_late(work, authority, work.now)
    listed = repositories.late_cases(work, authority, work.now, LISTED)
    return Board(
        as_of=work.now,
        day=work.today,
        how_far=repositories.how_far(work),
        authority=authority,
        year=year_name(year),
        today=_today(work, authority),
        late_counts={kind: counts[kind] for kind in Late},
        late_cases=cases,
        late=tuple(_case(case, late(case, work.now)) for case in listed),
        funnel=head.funnel,
        participation=head.participation,
    )


def how_far(work: Work[Reporting]) -> int:
    """Return a number that rises with every event: cheap, for a page that waits for news."""
    return repositories.how_far(work)


def _today(work: Work[Reporting], authority: str | None) -> Today:
    starting = repositories.starting_on(work, authority, work.today, LISTED)
    visits = repositories.visited_on(work, authority, work.today, LISTED)
    return Today(
        offers_made=repositories.count_made_on(work, authority, work.today),
        conferences=tuple(_conference(each) for each in starting),
        visits=tuple(VisitToday(v.conference_ref, v.child_ref, v.authority) for v in visits),
    )


def _conference(counted: CountedJourney) -> ConferenceToday:
    return ConferenceToday(
        conference_ref=counted.conference_ref,
        child_ref=counted.child_ref,
        authority=counted.authority,
        starts_at=counted.starts_at,
        status=counted.conference_status,
        untold=counted.untold,
        unmet=counted.unmet,
    )


def _case(counted: CountedJourney, kinds: tuple[Late, ...]) -> LateCase:
    return LateCase(
        conference_ref=counted.conference_ref,
        child_ref=counted.child_ref,
        authority=counted.authority,
        starts_at=counted.starts_at,
        late=kinds,
        rung=counted.rung,
        visits_overdue=counted.visits_overdue,
    )
