"""Makes the offer of an advocate, or writes down why none was made."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.contracts.codes import NotMadeBecause, OfferRoute, OfferStatus, Permission
from services.referral.domain.clocks import Clocks
from services.referral.domain.conference import Conference
from services.referral.domain.eligibility import eligibility
from services.referral.domain.ladder import wind
from services.referral.domain.offer import Offer
from services.referral.domain.place import Place


@dataclass(frozen=True, slots=True)
class Occasion:
    """What leads to an offer: a child's conference, under the rules of a place, at an instant."""

    conference: Conference
    place: Place
    contact_stopped: bool
    now: datetime


def offer_for(occasion: Occasion, offer_ref: UUID) -> Offer:
    """Return the offer a scheduled conference leads to: standing, or not made with a reason.

    Whoever is asked to tell the child is rung 0 of the ladder. Under the historical exception a
    parent's permission is wanted first (practice 1).
    """
    conference, policy = occasion.conference, occasion.place.policy
    unmade = Offer(
        offer_ref=offer_ref,
        child_ref=conference.child_ref,
        conference_ref=conference.conference_ref,
        meeting_ref=conference.meeting_ref,
        conference_version=conference.as_of,
        authority=conference.authority,
        kind=conference.kind,
        policy=policy.reference,
        mode=policy.offer.mode,
        basis=policy.offer.basis,
        route=OfferRoute.USUAL,
        status=OfferStatus.NOT_MADE,
        clocks=Clocks(occasion.now),
        not_made_because=NotMadeBecause.OTHER,
        permission=Permission.WANTED if occasion.place.asks_a_parent else Permission.NOT_NEEDED,
        silenced=occasion.contact_stopped,
    )
    route = eligibility(conference, policy.offer, contact_stopped=occasion.contact_stopped)
    if isinstance(route, NotMadeBecause):
        return replace(unmade, not_made_because=route)
    return replace(
        unmade,
        status=OfferStatus.STANDING,
        not_made_because=None,
        route=route,
        rung_role=policy.explain.by,
        clocks=wind(Clocks(occasion.now), conference, occasion.place, occasion.now),
        entered_late=conference.starts_at <= occasion.now,
    )


def reconsidered(unmade: Offer, occasion: Occasion) -> Offer:
    """Return the offer as it should stand by what is known, and by the rules in force, now.

    The time to tell begins now, and nothing of the rules that it was not made under goes on.
    """
    return replace(offer_for(occasion, unmade.offer_ref), version=unmade.version)
