"""Decides whether an advocate is sought for a child, and says what to look for."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.contracts.codes import (
    AllocationStatus,
    ConferenceStatus,
    OfferMode,
    OfferStatus,
    Permission,
)
from services.contracts.local_time import london_date
from services.referral.domain.allocation import Allocation
from services.referral.domain.conference import Conference
from services.referral.domain.matching import Seeker
from services.referral.domain.offer import Offer


def wants_advocate(offer: Offer, conference: Conference, today: date) -> bool:
    """Whether an advocate is to be sought now (practice 1, 6 and 7).

    Under opt-out and active offer from the first moment; where a parent's permission comes first,
    when it is given, up to the day of the conference; under opt-in without it, when the child says
    yes. A child who said yes keeps the right after the conference.
    """
    permitted = offer.permission in {Permission.NOT_NEEDED, Permission.GIVEN}
    if offer.silenced or not permitted:
        return False
    if offer.status is OfferStatus.ACCEPTED:
        return True
    opted_in = offer.mode is not OfferMode.OPT_IN or offer.permission is Permission.GIVEN
    asked = offer.is_unanswered and opted_in and not offer.entered_late
    return asked and _is_still_to_come(conference, today)


def _is_still_to_come(conference: Conference, today: date) -> bool:
    if conference.status is ConferenceStatus.ADJOURNED:
        return True
    return not conference.fell_away and london_date(conference.starts_at) >= today


def seeker(
    offer: Offer, conference: Conference, of_the_child: Iterable[Allocation], today: date
) -> Seeker:
    """Say what to look for, from the child's needs and the child's earlier advocates."""
    earlier = tuple(of_the_child)
    return Seeker(
        child_ref=offer.child_ref,
        authority=offer.authority,
        language=conference.language,
        needs=frozenset(conference.needs),
        needed_until=needed_until(conference, today),
        not_again=_not_again(offer, earlier),
        former=former_advocate(earlier),
    )


def needed_until(conference: Conference, today: date) -> date:
    """Return the last day that an advocate's checks and training must cover."""
    return max(today, london_date(conference.starts_at))


def former_advocate(of_the_child: Iterable[Allocation]) -> UUID | None:
    """Return the advocate the child knows: of the latest bond that did not go wrong."""
    known = [one for one in of_the_child if one.advocate_ref is not None and _went_well(one)]
    latest = max(
        known, key=lambda one: (one.conference_starts_at, str(one.allocation_ref)), default=None
    )
    return latest.advocate_ref if latest else None


def _went_well(one: Allocation) -> bool:
    return (one.is_bound or one.status is AllocationStatus.RELEASED) and not one.not_again


def _not_again(offer: Offer, of_the_child: Iterable[Allocation]) -> frozenset[UUID]:
    return frozenset(
        one.advocate_ref
        for one in of_the_child
        if one.offer_ref == offer.offer_ref and one.not_again and one.advocate_ref is not None
    )
