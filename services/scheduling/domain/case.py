"""One child's case as the rules see it: rules of the place, conference, offer and visits."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from services.contracts.codes import (
    LapsedBecause,
    OfferStatus,
    VisitKind,
    VisitReason,
    VisitStatus,
)
from services.contracts.local_time import london_date
from services.contracts.policy import Policy, WorkingCalendar
from services.scheduling.domain.facts import Conference, Offer
from services.scheduling.domain.visit import Visit

STOPPED: Final = {
    OfferStatus.DECLINED: VisitReason.OFFER_DECLINED,
    OfferStatus.PAUSED: VisitReason.OFFER_PAUSED,
    OfferStatus.LAPSED: VisitReason.OFFER_LAPSED,
    OfferStatus.STOPPED: VisitReason.OFFER_WITHDRAWN,
    OfferStatus.WITHDRAWN: VisitReason.OFFER_WITHDRAWN,
    OfferStatus.NOT_MADE: VisitReason.OFFER_WITHDRAWN,
}
"""Why visits are called off when an offer is no longer live."""


@dataclass(frozen=True, slots=True)
class Place:
    """The rules of a place, its working days, and now."""

    policy: Policy
    calendar: WorkingCalendar
    now: datetime

    @property
    def today(self) -> date:
        """The day people have now."""
        return london_date(self.now)

    @property
    def soonest(self) -> date:
        """Today, or the next day on which people work."""
        return self.calendar.add(self.today, 0)


@dataclass(frozen=True, slots=True)
class Case:
    """One child's conference, the offer for it, and the visits there are.

    A death is recorded with one of the child's conferences; it is known to the cases of all others,
    those that were held too.
    """

    conference: Conference
    offer: Offer
    visits: tuple[Visit, ...]
    child_died: bool = False

    def was_held(self, *kinds: VisitKind) -> bool:
        """Whether any visit of these kinds took place."""
        return any(v.kind in kinds and v.status is VisitStatus.HELD for v in self.visits)


def called_off_because(case: Case) -> VisitReason | None:
    """Say why nothing around this conference is to take place, if so.

    The child's death, a conference that fell away, and any end or pause of the offer, above all
    the child's no.
    """
    fell_away = case.offer.lapsed_because is LapsedBecause.CONFERENCE_FELL_AWAY
    if case.conference.fell_away or (fell_away and not case.offer.is_live):
        return VisitReason.CONFERENCE_CANCELLED
    if case.child_died:
        return VisitReason.NOT_NEEDED
    return STOPPED.get(case.offer.status)
