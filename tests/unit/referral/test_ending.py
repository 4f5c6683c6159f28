"""How an offer ends by itself: only a child's silence is read as silence."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import (
    EndedBecause,
    LapsedBecause,
    Objection,
    OfferStatus,
    Permission,
    Told,
)
from services.referral.domain.ending import lapsed, stopped, unanswered, withdrawn
from services.referral.domain.offer import Offer
from tests.unit.referral.cases import an_offer


@pytest.mark.parametrize(
    ("told", "because"),
    [
        (Told.NOT_KNOWN, LapsedBecause.HELD_NEVER_TOLD),
        (Told.EXPLAINED, LapsedBecause.TOLD_NO_ANSWER),
        (Told.CONFIRMED, LapsedBecause.TOLD_NO_ANSWER),
    ],
)
def test_never_told_is_not_the_same_as_told_without_an_answer(
    told: Told, because: LapsedBecause
) -> None:
    assert unanswered(an_offer(told=told)) is because


@pytest.mark.parametrize(
    "facts",
    [
        {"met": True},
        {"permission": Permission.REFUSED},
        {"objection": Objection.OPEN},
        {"status": OfferStatus.ACCEPTED},
        {"status": OfferStatus.DECLINED},
        {"status": OfferStatus.PAUSED},
    ],
)
def test_what_is_no_silence_of_the_childs_does_not_lapse(facts: dict[str, Any]) -> None:
    assert unanswered(an_offer(**facts)) is None


@given(status=st.sampled_from(OfferStatus), met=st.booleans(), told=st.sampled_from(Told))
def test_only_a_standing_offer_lapses_as_unanswered(
    status: OfferStatus, told: Told, *, met: bool
) -> None:
    because = unanswered(an_offer(status, met=met, told=told))
    assert (because is not None) == (status is OfferStatus.STANDING and not met)


def test_every_end_says_why() -> None:

    by_person = stopped(an_offer(), EndedBecause.NOT_NEEDED)
    by_authority = withdrawn(an_offer(), EndedBecause.DUPLICATE)
    by_itself = lapsed(an_offer(), LapsedBecause.MOVED)
    assert isinstance(by_person, Offer)
    assert isinstance(by_authority, Offer)
    assert isinstance(by_itself, Offer)
    assert by_person.stopped_because is EndedBecause.NOT_NEEDED
    assert by_authority.withdrawn_because is EndedBecause.DUPLICATE
    assert by_itself.lapsed_because is LapsedBecause.MOVED
