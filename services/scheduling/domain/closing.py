"""Whether a child is owed a goodbye when a conference falls away (practice 8)."""

from typing import Final

from services.contracts.codes import (
    CancelledBecause,
    EndedBecause,
    LapsedBecause,
    OfferStatus,
    VisitKind,
    VisitReason,
)
from services.scheduling.domain.case import Case, called_off_because
from services.scheduling.domain.visit import AROUND_CONFERENCE

NO_GOODBYE: Final = frozenset({CancelledBecause.DIED, CancelledBecause.ERROR})


def closing_is_owed(case: Case) -> bool:
    """Tell whether the child should have one closing contact (practice 8).

    A conference that falls away does not end the relationship: a child who was told of the offer,
    or has met the advocate, is seen once more. Not after a death or an error, not against the
    child's own no, and not when the visit after has already taken place: that was the goodbye,
    unless the conference was broken off before it and was to go on.
    """
    met = case.was_held(*AROUND_CONFERENCE)
    is_over = case.conference.is_held or case.conference.first_sat_on is None
    said_goodbye = case.was_held(VisitKind.AFTER) and is_over
    return (
        _came_to_an_end(case)
        and not _silenced(case)
        and (case.offer.was_told or met)
        and not said_goodbye
    )


def _came_to_an_end(case: Case) -> bool:
    ended_by_others = case.offer.status in {OfferStatus.STOPPED, OfferStatus.WITHDRAWN}
    return ended_by_others or called_off_because(case) is VisitReason.CONFERENCE_CANCELLED


def _silenced(case: Case) -> bool:
    offer = case.offer
    return (
        case.child_died
        or case.conference.cancelled_because in NO_GOODBYE
        or offer.status in {OfferStatus.DECLINED, OfferStatus.NOT_MADE}
        or offer.ended_because in {EndedBecause.ERROR, EndedBecause.DUPLICATE}
        or offer.lapsed_because is LapsedBecause.DIED
    )
