"""The figures of a period and an authority, counted from the table of journeys.

A journey belongs to the day its offer was made: a quarter's figures speak of the children who were
referred in it. Without an offer it belongs to the day of its conference.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.chassis.errors import Refused
from services.chassis.work import Work
from services.contracts.policy import WorkingCalendar
from services.reporting.domain.funnel import Funnel, Outcome
from services.reporting.domain.participation import Participations, ReviewCode, TookPart
from services.reporting.domain.periods import Period
from services.reporting.domain.timeliness import (
    Step,
    Timeliness,
    Waited,
    timeliness,
    working_days,
)
from services.reporting.settings import Reporting
from services.reporting.storage.repositories import (
    Of,
    count_events,
    count_journeys,
    count_review_codes,
    count_waited,
)


@dataclass(frozen=True, slots=True)
class Headline:
    """What became of the offers, and how the children took part."""

    funnel: Funnel
    participation: Participations


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures, with the events they were counted from."""

    funnel: Funnel
    participation: Participations
    events: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FunnelReport:
    """All that is reported of an authority and a period; None means all of them."""

    authority: str | None
    period: str | None
    funnel: Funnel
    participation: Participations
    review_codes: Mapping[ReviewCode, int]
    timeliness: Mapping[Step, Timeliness]


def figures(
    work: Work[Reporting], authority: str | None = None, period: Period | None = None
) -> Figures:
    """Count everything: of one authority and one period, or of all."""
    head = headline(work, authority, period)
    return Figures(head.funnel, head.participation, count_events(work, Of(authority, period)))


def headline(
    work: Work[Reporting], authority: str | None = None, period: Period | None = None
) -> Headline:
    """Count the journeys by what became of them."""
    outcomes: Counter[Outcome] = Counter()
    took_part: Counter[TookPart] = Counter()
    for (_, outcome, way), count in count_journeys(work, Of(authority, period)).items():
        if outcome is not None:
            outcomes[Outcome(outcome)] += count
        if way is not None:
            took_part[TookPart(way)] += count
    return Headline(Funnel.of(outcomes), Participations.of(took_part))


def funnel_report(
    work: Work[Reporting], authority: str | None = None, period: Period | None = None
) -> FunnelReport:
    """Count the journeys, and how soon each step followed the offer."""
    of = Of(authority, period)
    head = headline(work, authority, period)
    return FunnelReport(
        authority=authority,
        period=str(period) if period else None,
        funnel=head.funnel,
        participation=head.participation,
        review_codes=count_review_codes(work, of),
        timeliness={step: _timeliness(work, step, of) for step in Step},
    )


def _timeliness(work: Work[Reporting], step: Step, of: Of) -> Timeliness:
    waited = []
    for authority, offered_on, done_on, over, in_time, children in count_waited(work, step, of):
        days = None
        if done_on is not None:
            calendar = _calendar(work, authority, offered_on)
            days = working_days(offered_on, done_on, calendar) if calendar else None
        waited.append(Waited(children, days, over=over, in_time=in_time))
    return timeliness(waited)


def _calendar(work: Work[Reporting], authority: str, on: date) -> WorkingCalendar | None:
    """Return the working days of a place; none where this installation has no policy for it."""
    policies = work.context.policies
    try:
        return policies.calendar(policies.for_(authority, on))
    except Refused:
        return None
