"""What a journey learns, and that no order of arrival makes a difference."""

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import ConferenceStatus, OfferStatus, Told
from services.reporting.domain.journey import AnyFact, Journey
from tests.unit.reporting.journeys import MADE_AT, conference, held, journey, offer, told
from tests.unit.reporting.strategies import HISTORIES


def test_an_older_state_that_comes_late_undoes_nothing() -> None:
    later = journey(told(version=2), offer(version=1))
    assert [each.told for each in later.offers] == [Told.EXPLAINED]


def test_a_correction_is_just_a_newer_state() -> None:
    corrected = journey(held(version=2), conference(version=3))
    assert corrected.conference is not None
    assert corrected.conference.status is ConferenceStatus.SCHEDULED


def test_an_offer_was_made_when_it_first_stood_as_made() -> None:
    refused_first = offer(status=OfferStatus.NOT_MADE, made_at=None)
    reopened = offer(version=2, made_at=MADE_AT + timedelta(days=3))
    changed = offer(version=3, made_at=MADE_AT + timedelta(days=5))
    assert journey(changed, refused_first, reopened).offers[0].made_at == reopened.made_at


@given(HISTORIES, st.randoms(use_true_random=False))
def test_facts_give_the_same_journey_in_any_order_and_however_often(
    facts: list[AnyFact], chance: random.Random
) -> None:
    shuffled = [*facts, *chance.sample(facts, len(facts) // 2)]
    chance.shuffle(shuffled)
    assert journey(*shuffled) == journey(*facts)


def test_nothing_is_known_of_a_journey_that_has_heard_nothing() -> None:
    assert Journey() == journey()
