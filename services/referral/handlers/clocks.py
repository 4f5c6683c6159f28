"""What is done when the time came and nobody did what an offer waited for."""

from services.chassis.aggregates import Due
from services.chassis.work import Work
from services.referral.domain import due as rules
from services.referral.domain.offer import Verb
from services.referral.handlers.granting import granted
from services.referral.handlers.places import place_of
from services.referral.handlers.searching import keep_in_step
from services.referral.settings import Referral
from services.referral.storage.repositories import OFFERS


def when_telling_is_due(work: Work[Referral], due: Due) -> None:
    """Say that nobody told the child in time."""
    offer = work.get(OFFERS, due.key)
    work.record(OFFERS, granted(rules.overdue(offer)), Verb.OVERDUE)


def when_a_rung_is_due(work: Work[Referral], due: Due) -> None:
    """Turn to the next person on the ladder."""
    offer = work.get(OFFERS, due.key)
    work.record(OFFERS, granted(rules.climbed(offer)), Verb.ESCALATED)


def when_confirming_is_due(work: Work[Referral], due: Due) -> None:
    """Have a no that somebody passed on heard from the child."""
    offer = work.get(OFFERS, due.key)
    work.record(OFFERS, granted(rules.left_unconfirmed(offer)), Verb.ESCALATED)


def when_checking_is_due(work: Work[Referral], due: Due) -> None:
    """Ask again for somebody independent to check an objection with the child."""
    offer = work.get(OFFERS, due.key)
    outcome = rules.left_unchecked(offer, place_of(work, offer), work.now)
    work.record(OFFERS, granted(outcome), Verb.ESCALATED)


def when_continuing_is_due(work: Work[Referral], due: Due) -> None:
    """Ask again how advocacy goes on beside court or care."""
    offer = work.get(OFFERS, due.key)
    outcome = rules.left_undecided(offer, place_of(work, offer), work.now)
    work.record(OFFERS, granted(outcome), Verb.ESCALATED)


def when_lapsing_is_due(work: Work[Referral], due: Due) -> None:
    """Let an offer lapse that nobody answered; the advocate's room is free again."""
    offer = work.get(OFFERS, due.key)
    lapsed = work.record(OFFERS, granted(rules.left_unanswered(offer)), Verb.LAPSED)
    keep_in_step(work, lapsed)
