"""Every step of an offer is in one table, and nothing happens that is not in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import OfferStatus, Role
from services.referral.domain.answers import (
    No,
    accepted,
    declined,
    explained,
    objected,
    objection_decided,
    paused,
    reopened,
    resumed,
)
from services.referral.domain.denied import Denied
from services.referral.domain.offer import LIVE, TRANSITIONS, Offer, Verb, can, step
from tests.unit.referral.cases import NOW, a_conference, a_place, an_offer

ENGLAND = a_place()
EVERY_STEP = [(verb, status) for verb in Verb for status in OfferStatus]


def test_the_table_speaks_of_every_verb() -> None:
    assert set(TRANSITIONS) == set(Verb)


@pytest.mark.parametrize(("verb", "status"), EVERY_STEP)
def test_a_step_is_taken_or_denied_as_the_table_says(verb: Verb, status: OfferStatus) -> None:
    offer = an_offer(status)
    targets = TRANSITIONS[verb].get(status, frozenset())
    assert can(offer, verb) is bool(targets)
    for target in OfferStatus:
        outcome = step(offer, verb, target)
        if target in targets or len(targets) == 1:
            assert isinstance(outcome, Offer)
            assert outcome.status in targets
        else:
            assert isinstance(outcome, Denied)


def test_where_two_ways_are_open_one_is_chosen() -> None:
    assert isinstance(step(an_offer(OfferStatus.PAUSED), Verb.RESUMED), Denied)


def test_only_a_no_or_an_end_takes_an_offer_away() -> None:
    for verb, targets in TRANSITIONS.items():
        away = {end for start in LIVE for end in targets.get(start, ())} - LIVE
        expected = {
            Verb.DECLINED,
            Verb.OBJECTION_DECIDED,
            Verb.STOPPED,
            Verb.WITHDRAWN,
            Verb.LAPSED,
        }
        assert not away or verb in expected


ADULTS = st.sampled_from([role for role in Role if role is not Role.CHILD])


@given(by=ADULTS, status=st.sampled_from(sorted(LIVE)))
def test_no_adults_no_ever_changes_how_the_offer_stands(by: Role, status: OfferStatus) -> None:
    outcome = objected(an_offer(status), by, ENGLAND, NOW)
    assert isinstance(outcome, Offer)
    assert outcome.status is status


ACTS = st.sampled_from(["told", "yes", "no", "object", "decide", "pause", "resume", "reopen"])


def act(offer: Offer, what: str) -> Offer | Denied:
    outcomes = {
        "told": lambda: explained(offer, Role.SCHOOL, NOW),
        "yes": lambda: accepted(offer, NOW, heard_directly=True),
        "no": lambda: declined(offer, No(Role.CHILD, True, NOW), ENGLAND, NOW),  # noqa: FBT003
        "object": lambda: objected(offer, Role.PARENT, ENGLAND, NOW),
        "decide": lambda: objection_decided(offer, NOW, child_wants=False),
        "pause": lambda: paused(offer),
        "resume": lambda: resumed(offer, NOW),
        "reopen": lambda: reopened(offer, a_conference(), NOW),
    }
    return outcomes[what]()


@given(story=st.lists(ACTS, max_size=12))
def test_whatever_is_recorded_the_offer_is_declined_only_by_the_child(story: list[str]) -> None:
    offer = an_offer()
    for what in story:
        outcome = act(offer, what)
        if isinstance(outcome, Offer):
            offer = outcome
    if offer.status is OfferStatus.DECLINED:
        assert offer.reported_by is Role.CHILD
        assert offer.answered_at == NOW
    if offer.status is OfferStatus.STANDING:
        assert offer.answered_at is None
