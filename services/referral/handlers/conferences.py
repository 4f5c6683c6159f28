"""What a child's conference means for the offer: made, moved, ended, or left to lapse."""

from services.chassis.envelope import Happened
from services.chassis.work import Work
from services.contracts.codes import Attendance, OfferStatus
from services.contracts.exchange_events import ConferenceState
from services.referral.domain.conference import Conference
from services.referral.domain.contact import met
from services.referral.domain.following import (
    after_another_reason,
    after_falling_away,
    after_meeting,
    come_back,
    ended_with_conference,
    followed,
    gone_on,
    rewound,
    waits_for_a_person,
)
from services.referral.domain.offer import Offer, Verb, can
from services.referral.handlers.granting import granted
from services.referral.handlers.making import make, reconsider
from services.referral.handlers.news import news_of_conference
from services.referral.handlers.places import place_of
from services.referral.handlers.searching import keep_in_step
from services.referral.settings import Referral
from services.referral.storage.repositories import OFFERS, offer_of


def on_conference_scheduled(work: Work[Referral], event: Happened[ConferenceState]) -> None:
    """Make the one offer of a conference, or let it follow one that was moved or adjourned."""
    conference = news_of_conference(work, event.data)
    if conference is None:
        return
    offer = offer_of(work, conference.conference_ref)
    if offer is None:
        make(work, conference)
    else:
        _follow(work, offer, conference)


def on_conference_held(work: Work[Referral], event: Happened[ConferenceState]) -> None:
    """Nobody is asked to tell the child any more; without an answer the offer may lapse."""
    conference = news_of_conference(work, event.data)
    if conference is None:
        return
    offer = offer_of(work, conference.conference_ref) or make(work, conference)
    if offer.is_live:
        place = place_of(work, offer)
        work.save(OFFERS, after_meeting(offer, conference, place, work.now))


def on_conference_cancelled(work: Work[Referral], event: Happened[ConferenceState]) -> None:
    """Let the offer end with its conference, or wait for a person to decide (practice 8)."""
    conference = news_of_conference(work, event.data)
    offer = offer_of(work, event.data.conference_ref)
    if conference is None or offer is None:
        return
    fallen = after_another_reason if ended_with_conference(offer) else after_falling_away
    turn = fallen(offer, conference, place_of(work, offer), work.now)
    if turn is not None:
        keep_in_step(work, work.record(OFFERS, turn.offer, turn.verb))


def on_participation_recorded(work: Work[Referral], event: Happened[ConferenceState]) -> None:
    """A child who sat there beside the advocate has met the advocate."""
    conference = news_of_conference(work, event.data)
    took_part = event.data.participation
    if conference is None or took_part is None:
        return
    offer = offer_of(work, conference.conference_ref) or make(work, conference)
    beside = took_part.advocate_present and took_part.attendance is Attendance.ATTENDED
    if beside and not offer.met:
        work.save(OFFERS, met(offer))


def _follow(work: Work[Referral], offer: Offer, conference: Conference) -> None:
    if offer.status is OfferStatus.NOT_MADE:
        reconsider(work, offer, conference)
    elif waits_for_a_person(offer):
        _go_on(work, offer, conference)
    elif ended_with_conference(offer):
        _come_back(work, offer, conference)
    elif can(offer, Verb.CHANGED):
        news = followed(offer, conference, place_of(work, offer), work.now)
        keep_in_step(work, work.record(OFFERS, news, Verb.CHANGED))


def _go_on(work: Work[Referral], offer: Offer, conference: Conference) -> None:
    place = place_of(work, offer)
    turn = gone_on(offer, place, work.now)
    if turn is not None:
        news = rewound(turn.offer, conference, place, work.now)
        keep_in_step(work, work.record(OFFERS, news, turn.verb))


def _come_back(work: Work[Referral], offer: Offer, conference: Conference) -> None:
    place = place_of(work, offer)
    back = granted(come_back(offer, place, work.now))
    news = rewound(back, conference, place, work.now)
    keep_in_step(work, work.record(OFFERS, news, Verb.REOPENED))
