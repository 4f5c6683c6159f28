"""The commands about an offer: what people record of telling, answering, pausing and ending."""

from datetime import datetime
from uuid import UUID

from services.chassis.errors import Refused
from services.chassis.work import Work
from services.contracts.codes import A_YEAR, EndedBecause, Role
from services.referral.domain import answers, ending
from services.referral.domain.answers import No
from services.referral.domain.denied import Denied
from services.referral.domain.following import rewound
from services.referral.domain.offer import Offer, Verb
from services.referral.handlers.granting import granted
from services.referral.handlers.places import place_of
from services.referral.handlers.searching import keep_in_step
from services.referral.settings import Referral
from services.referral.storage.repositories import CONFERENCES, OFFERS


def explain(work: Work[Referral], offer_ref: UUID, by_role: Role, at: datetime | None) -> Offer:
    """Record that an adult says the child was told."""
    offer = work.get(OFFERS, offer_ref)
    return _recorded(work, answers.explained(offer, by_role, happened(work, at)), Verb.EXPLAINED)


def confirm_explained(work: Work[Referral], offer_ref: UUID) -> Offer:
    """Record that the child says somebody told them."""
    outcome = answers.explained_confirmed(work.get(OFFERS, offer_ref))
    return _recorded(work, outcome, Verb.EXPLAINED_CONFIRMED)


def accept(
    work: Work[Referral], offer_ref: UUID, at: datetime | None, *, heard_directly: bool
) -> Offer:
    """Record the child's yes."""
    offer = work.get(OFFERS, offer_ref)
    outcome = answers.accepted(offer, happened(work, at), heard_directly=heard_directly)
    return _recorded(work, outcome, Verb.ACCEPTED)


def decline(work: Work[Referral], offer_ref: UUID, no: No) -> Offer:
    """Record the child's no."""
    offer = work.get(OFFERS, offer_ref)
    happened(work, no.at)
    outcome = answers.declined(offer, no, place_of(work, offer), work.now)
    return _recorded(work, outcome, Verb.DECLINED)


def object_to(work: Work[Referral], offer_ref: UUID, by_role: Role) -> Offer:
    """Record somebody else's no, to be checked with the child."""
    offer = work.get(OFFERS, offer_ref)
    outcome = answers.objected(offer, by_role, place_of(work, offer), work.now)
    return _recorded(work, outcome, Verb.OBJECTED)


def decide_objection(work: Work[Referral], offer_ref: UUID, *, child_wants: bool) -> Offer:
    """Record what the child said about another's no: it is the child's answer from here."""
    offer = work.get(OFFERS, offer_ref)
    outcome = answers.objection_decided(offer, work.now, child_wants=child_wants)
    answer = Verb.ACCEPTED if child_wants else Verb.DECLINED
    return _recorded(work, outcome, Verb.OBJECTION_DECIDED, answer)


def permit(work: Work[Referral], offer_ref: UUID, *, given: bool) -> Offer:
    """Record a parent's answer, where a historical policy asks for it."""
    outcome = answers.permitted(work.get(OFFERS, offer_ref), given=given)
    return _recorded(work, outcome, Verb.PERMISSION_GIVEN if given else Verb.PERMISSION_REFUSED)


def pause(work: Work[Referral], offer_ref: UUID) -> Offer:
    """Record that the child wants a pause."""
    return _recorded(work, answers.paused(work.get(OFFERS, offer_ref)), Verb.PAUSED)


def resume(work: Work[Referral], offer_ref: UUID) -> Offer:
    """Go on after a pause."""
    outcome = answers.resumed(work.get(OFFERS, offer_ref), work.now)
    return _recorded(work, _rewound(work, outcome), Verb.RESUMED)


def reopen(work: Work[Referral], offer_ref: UUID) -> Offer:
    """Record that the child came back, or that an end was a mistake."""
    offer = work.get(OFFERS, offer_ref)
    conference = work.get(CONFERENCES, offer.conference_ref)
    outcome = answers.reopened(offer, conference, work.now)
    return _recorded(work, _rewound(work, outcome), Verb.REOPENED)


def stop(work: Work[Referral], offer_ref: UUID, because: EndedBecause) -> Offer:
    """Record that a person ended the offer."""
    return _recorded(work, ending.stopped(work.get(OFFERS, offer_ref), because), Verb.STOPPED)


def withdraw(work: Work[Referral], offer_ref: UUID, because: EndedBecause) -> Offer:
    """Record that the authority withdrew the offer."""
    return _recorded(work, ending.withdrawn(work.get(OFFERS, offer_ref), because), Verb.WITHDRAWN)


def happened(work: Work[Referral], at: datetime | None) -> datetime:
    """Return when something happened: now, unless it was said otherwise.

    Raises:
        Refused: it lies in the future, or a year ago or longer.
    """
    if at is None:
        return work.now
    if at > work.now:
        raise Refused("in-the-future", "what has not happened yet cannot be recorded")
    if at < work.now - A_YEAR:
        raise Refused("long-ago", "it would have been a year ago or longer: check the year")
    return at


def _recorded(work: Work[Referral], outcome: Offer | Denied, *verbs: Verb) -> Offer:
    offer = work.record(OFFERS, granted(outcome), *verbs)
    keep_in_step(work, offer)
    return offer


def _rewound(work: Work[Referral], outcome: Offer | Denied) -> Offer:
    offer = granted(outcome)
    conference = work.get(CONFERENCES, offer.conference_ref)
    return rewound(offer, conference, place_of(work, offer), work.now)
