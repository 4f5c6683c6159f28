"""Who is still to be told: the children nobody has told of their offer, oldest due first."""

from dataclasses import dataclass
from datetime import datetime

from services.chassis.storage import moment
from services.chassis.work import Work
from services.referral.domain.due import is_untold
from services.referral.domain.offer import Offer
from services.referral.settings import Referral
from services.referral.storage.queries import standing_untold
from services.referral.storage.repositories import CONFERENCES


@dataclass(frozen=True, slots=True)
class ToTell:
    """A child to tell; `place` is where the list goes on behind it."""

    offer: Offer
    tell_by: datetime
    conference_at: datetime
    place: str


def children_to_tell(
    work: Work[Referral], authority: str | None, after: str | None, size: int
) -> list[ToTell]:
    """Return the children to tell behind a `place`, at most `size` of them.

    The clocks are one column, so the list is sorted here and not by the database.
    """
    due = {
        f"{moment(tell_by)} {offer.offer_ref}": (tell_by, offer)
        for offer in standing_untold(work, authority)
        if (tell_by := _tell_by(offer)) is not None
    }
    places = sorted(place for place in due if after is None or place > after)[:size]
    refs = [due[place][1].conference_ref for place in places]
    work.staging.prefetch(CONFERENCES, "conference_ref", refs)
    return [_to_tell(work, place, *due[place]) for place in places]


def _tell_by(offer: Offer) -> datetime | None:
    """Return by when the child is to be told; None where nobody is asked to.

    Nobody is asked to speak to a child all contact with whom was stopped, and no clock runs where
    the conference was held or waits for a new date.
    """
    return offer.clocks.tell_by if is_untold(offer) and not offer.silenced else None


def _to_tell(work: Work[Referral], place: str, tell_by: datetime, offer: Offer) -> ToTell:
    conference = work.get(CONFERENCES, offer.conference_ref)
    return ToTell(offer, tell_by, conference.starts_at, place)
