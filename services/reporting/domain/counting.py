"""How a journey counts: everything the figures and the board ask of it, worked out once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.contracts.codes import ConferenceStatus, OfferStatus, VisitKind
from services.contracts.local_time import london_date
from services.reporting.domain.funnel import (
    STILL_TO_COME,
    Outcome,
    counted_offer,
    is_not_agreed,
    is_over,
    is_unmet,
    knows_of_it,
    met_on,
    outcome_of,
)
from services.reporting.domain.journey import Journey, OfferFacts, earliest
from services.reporting.domain.participation import ReviewCode, TookPart, review_code, took_part


@dataclass(frozen=True)
class Stage:
    """A step on the way to the conference: on which day, and whether before the conference."""

    on: date | None = None
    in_time: bool = False


@dataclass(frozen=True)
class CountedJourney:
    """A journey with what follows from it, one row in the table of figures.

    A journey belongs to the day its offer was made, so that a quarter's figures speak of the
    children referred in it; without an offer, to the day of its conference.
    """

    conference_ref: UUID
    child_ref: UUID
    journey: Journey
    authority: str | None = None
    counted_on: date | None = None
    outcome: Outcome | None = None
    took_part: TookPart | None = None
    review_code: ReviewCode | None = None
    starts_at: datetime | None = None
    starts_on: date | None = None
    conference_status: ConferenceStatus | None = None
    over: bool = False
    told_on: date | None = None
    told_in_time: bool = False
    allocated_on: date | None = None
    allocated_in_time: bool = False
    met_on: date | None = None
    met_in_time: bool = False
    visited_on: date | None = None
    visited_in_time: bool = False
    next_visit_on: date | None = None
    telling_overdue: bool = False
    rung: int = 0
    untold: bool = False
    unmet: bool = False
    visits_overdue: int = 0
    not_agreed: bool = False
    watched: bool = False
    version: int = 0


def counted(
    conference_ref: UUID, child_ref: UUID, journey: Journey, version: int
) -> CountedJourney:
    """Work out how a journey counts."""
    offer = counted_offer(journey)
    conference = journey.conference
    starts_at = conference.starts_at if conference else None
    day = _day(offer, starts_at)
    told = _stage(offer.explained_at if offer else None, starts_at)
    allocated = _stage(_allocated_at(journey, offer), starts_at)
    met = _stage(met_on(journey), starts_at)
    visited = _stage(met_on(journey, VisitKind.BEFORE), starts_at)
    outcome = outcome_of(journey)
    untold = _is_untold(journey, offer, outcome)
    unmet = _is_still_unmet(journey, offer)
    overdue = sum(v.overdue and v.status in STILL_TO_COME for v in journey.visits)
    not_agreed = is_not_agreed(journey)
    return CountedJourney(
        conference_ref=conference_ref,
        child_ref=child_ref,
        journey=journey,
        authority=_authority(journey, offer),
        counted_on=day,
        outcome=outcome,
        took_part=took_part(journey),
        review_code=review_code(journey),
        starts_at=starts_at,
        starts_on=london_date(starts_at) if starts_at else None,
        conference_status=conference.status if conference else None,
        over=offer is not None and is_over(journey, offer),
        told_on=told.on,
        told_in_time=told.in_time,
        allocated_on=allocated.on,
        allocated_in_time=allocated.in_time,
        met_on=met.on,
        met_in_time=met.in_time,
        visited_on=visited.on,
        visited_in_time=visited.in_time,
        next_visit_on=_next_visit_on(journey),
        telling_overdue=untold and offer is not None and offer.overdue,
        rung=offer.rung if untold and offer else 0,
        untold=untold,
        unmet=unmet,
        visits_overdue=overdue,
        not_agreed=not_agreed,
        watched=untold or unmet or overdue > 0 or not_agreed,
        version=version,
    )


def _day(offer: OfferFacts | None, starts_at: datetime | None) -> date | None:
    instant = offer.made_at if offer else starts_at
    return london_date(instant) if instant else None


def _stage(instant: datetime | None, starts_at: datetime | None) -> Stage:
    if instant is None:
        return Stage()
    return Stage(london_date(instant), starts_at is not None and instant < starts_at)


def _allocated_at(journey: Journey, offer: OfferFacts | None) -> datetime | None:
    if offer is None:
        return None
    mine = (each.allocated_at for each in journey.allocations if each.offer_ref == offer.ref)
    return earliest(*mine)


def _authority(journey: Journey, offer: OfferFacts | None) -> str | None:
    """Name the authority that made the offer: its figure stays its own when a child moves."""
    if offer:
        return offer.authority
    return journey.conference.authority if journey.conference else None


def _is_untold(journey: Journey, offer: OfferFacts | None, outcome: Outcome | None) -> bool:
    """Whether the child can still be told: the offer stands, and nothing settles it otherwise."""
    if offer is None or offer.status is not OfferStatus.STANDING or outcome in _SETTLED:
        return False
    return not knows_of_it(journey, offer)


def _is_still_unmet(journey: Journey, offer: OfferFacts | None) -> bool:
    """Whether there is still time to find somebody, and nobody was found."""
    live = offer is not None and offer.status in {OfferStatus.STANDING, OfferStatus.ACCEPTED}
    if offer is None or not live or _is_cancelled(journey) or is_over(journey, offer):
        return False
    return is_unmet(journey, offer)


def _is_cancelled(journey: Journey) -> bool:
    conference = journey.conference
    return conference is not None and conference.status is ConferenceStatus.CANCELLED


def _next_visit_on(journey: Journey) -> date | None:
    days = (
        london_date(visit.at) if visit.at else visit.due_on
        for visit in journey.visits
        if visit.status in STILL_TO_COME
    )
    return min(days, default=None)


_SETTLED: Final = frozenset(
    {
        Outcome.TAKEN_UP,
        Outcome.DECLINED_BY_CHILD,
        Outcome.DECLINED_BY_PARENT,
        Outcome.FELL_AWAY,
    }
)
"""What counts already whether or not anybody tells the child now."""
