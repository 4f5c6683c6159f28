"""What the quarter came to, counted by reporting from its log: nothing here knows the script."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from services.chassis.work import Work
from services.contracts.codes import VisitKind, VisitReason, VisitStatus
from services.contracts.scheduling_events import VisitState
from services.reporting.domain.counting import CountedJourney
from services.reporting.domain.funnel import Funnel, Outcome
from services.reporting.domain.participation import Participations, TookPart
from services.reporting.handlers.figures import figures
from services.reporting.handlers.what_if import WhatIf, what_today_would_have_done
from services.reporting.storage.repositories import Of, with_outcome

_VISIT_NEWS: Final = "SELECT data FROM event_log WHERE type = ?"


@dataclass(frozen=True, slots=True)
class Reproduced:
    """All that the printed report can be compared with, and what today's rules would have done.

    `story` is the conference of a child who attended with the advocate: one to look at.
    """

    funnel: Funnel
    participation: Participations
    events: Mapping[str, int]
    attended_with_advocate: Mapping[UUID, int]
    visited_before: int
    permission_late: int
    offered_after: int
    not_visited_after: int
    ages: Mapping[UUID, int]
    untold: tuple[WhatIf, ...]
    story: UUID | None


def reproduced(work: Work[Any]) -> Reproduced:
    """Count everything, from reporting's tables alone."""
    counted = figures(work)
    journeys = [one for outcome in Outcome for one in with_outcome(work, outcome, Of())]
    took_up = [one for one in journeys if one.outcome is Outcome.TAKEN_UP]
    return Reproduced(
        funnel=counted.funnel,
        participation=counted.participation,
        events=counted.events,
        attended_with_advocate=_attended(journeys),
        visited_before=sum(_is(one, VisitKind.BEFORE, VisitStatus.HELD) for one in took_up),
        permission_late=_permission_late(work),
        offered_after=len(_said(work, "visit.offered", VisitKind.AFTER)),
        not_visited_after=sum(not _is(one, VisitKind.AFTER, VisitStatus.HELD) for one in took_up),
        ages=_ages(journeys),
        untold=what_today_would_have_done(work),
        story=next((one.conference_ref for one in took_up if _attended([one])), None),
    )


def _attended(journeys: list[CountedJourney]) -> Counter[UUID]:
    with_advocate = TookPart.ATTENDED_WITH_ADVOCATE
    return Counter(one.child_ref for one in journeys if one.took_part is with_advocate)


def _ages(journeys: list[CountedJourney]) -> dict[UUID, int]:
    """Return each child's age at the latest of its conferences."""
    return {
        one.child_ref: conference.age_years
        for one in sorted(journeys, key=lambda one: str(one.starts_at))
        if (conference := one.journey.conference) and conference.age_years is not None
    }


def _is(journey: CountedJourney, kind: VisitKind, status: VisitStatus) -> bool:
    visits = journey.journey.visits
    return any(visit.kind is kind and visit.status is status for visit in visits)


def _permission_late(work: Work[Any]) -> int:
    """Count the visits before that could not be, because permission came late."""
    stood_in_the_way = _said(work, "visit.not-possible", VisitKind.BEFORE)
    late = VisitReason.PERMISSION_LATE
    return sum(visit.reason is late for visit in stood_in_the_way.values())


def _said(work: Work[Any], event_type: str, kind: VisitKind) -> dict[UUID, VisitState]:
    """Return what was said of visits of a kind, each visit once."""
    rows = work.sql.rows(_VISIT_NEWS, (event_type,))
    visits = (VisitState.model_validate_json(data, extra="ignore") for (data,) in rows)
    return {visit.visit_ref: visit for visit in visits if visit.kind is kind}
