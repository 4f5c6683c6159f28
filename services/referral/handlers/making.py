"""Makes the offer of a conference, or makes it after all when what stood against it is over."""

from services.chassis.work import Work
from services.contracts.codes import OfferStatus
from services.referral.domain.conference import Conference
from services.referral.domain.making import Occasion, offer_for, reconsidered
from services.referral.domain.offer import Offer, Verb
from services.referral.handlers.news import is_silenced
from services.referral.handlers.places import place_today
from services.referral.handlers.searching import keep_in_step
from services.referral.settings import Referral
from services.referral.storage.repositories import OFFERS


def make(work: Work[Referral], conference: Conference) -> Offer:
    """Make the one offer of a conference, or write down why none is made."""
    offer = offer_for(_occasion(work, conference), work.new_ref("offer", conference.conference_ref))
    made = offer.status is OfferStatus.STANDING
    saved = work.record(OFFERS, offer, Verb.MADE if made else Verb.NOT_MADE)
    keep_in_step(work, saved)
    return saved


def reconsider(work: Work[Referral], offer: Offer, conference: Conference) -> None:
    """Make an offer after all: of a child who is born, or may be spoken to, or for another kind."""
    news = reconsidered(offer, _occasion(work, conference))
    if news.status is OfferStatus.STANDING:
        keep_in_step(work, work.record(OFFERS, news, Verb.MADE))


def _occasion(work: Work[Referral], conference: Conference) -> Occasion:
    place = place_today(work, conference.authority)
    return Occasion(conference, place, is_silenced(work, conference), work.now)
