"""What is heard of the child from elsewhere: a visit that took place, or all contact stopped."""

from services.chassis.envelope import Happened
from services.chassis.work import Work
from services.contracts.codes import OfferStatus
from services.contracts.exchange_events import ChildState
from services.contracts.scheduling_events import VisitState
from services.referral.domain.answers import reopened
from services.referral.domain.conference import Conference
from services.referral.domain.contact import allowed_again, lapsed_wrongly, met, silenced
from services.referral.domain.following import rewound
from services.referral.domain.offer import Offer, Verb
from services.referral.handlers.granting import granted
from services.referral.handlers.making import reconsider
from services.referral.handlers.news import news_of_child
from services.referral.handlers.places import place_of
from services.referral.handlers.searching import keep_in_step
from services.referral.settings import Referral
from services.referral.storage.repositories import CONFERENCES, OFFERS


def on_visit_held(work: Work[Referral], event: Happened[VisitState]) -> None:
    """A child who has met the advocate is not silent: the offer does not lapse as unanswered."""
    offer = work.get(OFFERS, event.data.offer_ref)
    if offer.met:
        return
    if lapsed_wrongly(offer):
        conference = work.get(CONFERENCES, offer.conference_ref)
        back = granted(reopened(offer, conference, work.now))
        work.record(OFFERS, met(back), Verb.REOPENED)
    else:
        work.save(OFFERS, met(offer))


def on_child_contact(work: Work[Referral], event: Happened[ChildState]) -> None:
    """Ask nobody to speak to a child while all contact is stopped; begin again when it is not."""
    child = news_of_child(work, event.data)
    if child is None:
        return
    for offer in work.select(OFFERS, child_ref=child.child_ref):
        if offer.silenced is not child.contact_stopped:
            _heed(work, offer)


def _heed(work: Work[Referral], offer: Offer) -> None:
    if not offer.silenced:
        work.save(OFFERS, silenced(offer))
        return
    conference = work.get(CONFERENCES, offer.conference_ref)
    if offer.status is OfferStatus.NOT_MADE:
        _make_after_all(work, offer, conference)
        return
    news = rewound(allowed_again(offer, work.now), conference, place_of(work, offer), work.now)
    keep_in_step(work, work.save(OFFERS, news))


def _make_after_all(work: Work[Referral], offer: Offer, conference: Conference) -> None:
    """Make the offer that was not made while nobody might speak to the child (practice 4)."""
    allowed = work.save(OFFERS, allowed_again(offer, work.now))
    if conference.is_ahead(work.now):
        reconsider(work, allowed, conference)
