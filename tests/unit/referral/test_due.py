"""What an offer waits for follows from its state, and what nobody did has a next step."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import Objection, OfferStatus, Permission, Role, Told
from services.referral.domain import due
from services.referral.domain.answers import No, declined, objected
from services.referral.domain.denied import Denied
from services.referral.domain.due import Wait, is_untold, waits
from services.referral.domain.offer import Offer
from tests.unit.referral.cases import INSTANTS, NOW, a_place, an_offer

ENGLAND = a_place()
LATER = NOW + timedelta(days=3)


def waited_for(offer: Offer) -> set[Wait]:
    return {wait for wait, _ in waits(offer)}


def granted(outcome: Offer | Denied) -> Offer:
    assert isinstance(outcome, Offer)
    return outcome


def test_a_new_offer_waits_for_telling_and_the_lowest_rung() -> None:
    assert waited_for(an_offer()) == {Wait.TELLING, Wait.RUNG}


@pytest.mark.parametrize(
    "facts",
    [
        {"told": Told.EXPLAINED},
        {"told": Told.CONFIRMED},
        {"met": True},
        {"silenced": True},
        {"permission": Permission.REFUSED},
        {"status": OfferStatus.ACCEPTED},
        {"status": OfferStatus.PAUSED},
        {"status": OfferStatus.DECLINED},
        {"status": OfferStatus.LAPSED},
        {"status": OfferStatus.NOT_MADE},
    ],
)
def test_nobody_has_to_tell_a_child_who(facts: dict[str, Any]) -> None:
    assert waited_for(an_offer(**facts)) == set()


def test_overdue_is_said_once_and_the_ladder_goes_on() -> None:
    offer = granted(due.overdue(an_offer()))
    assert waited_for(offer) == {Wait.RUNG}


def test_the_ladder_has_an_end() -> None:
    offer = an_offer()
    for expected in (1, 2, 3):
        offer = granted(due.climbed(offer))
        assert offer.rung == expected
    assert offer.rung_role is Role.ADVOCACY_PROVIDER
    assert waited_for(offer) == {Wait.TELLING}
    assert isinstance(due.climbed(offer), Denied)


def test_a_no_to_confirm_is_asked_for_once() -> None:
    passed_on = No(Role.SCHOOL, heard_directly=False, at=NOW)
    no = granted(declined(an_offer(), passed_on, ENGLAND, NOW))
    assert waited_for(no) == {Wait.CONFIRMING}
    assert waited_for(granted(due.left_unconfirmed(no))) == set()


def test_an_objection_is_asked_about_again_until_the_grace_ends() -> None:
    offer = granted(objected(an_offer(told=Told.EXPLAINED), Role.PARENT, ENGLAND, NOW))
    assert waited_for(offer) == {Wait.CHECKING}
    again = granted(due.left_unchecked(offer, ENGLAND, LATER))
    assert again.clocks.objection_by is not None
    assert again.clocks.objection_by > LATER
    over = replace(again, clocks=replace(again.clocks, lapse_at=LATER))
    assert waited_for(over) == set()


def test_what_repeats_never_repeats_at_once() -> None:
    check = replace(ENGLAND.policy.objection_check, within_working_days=0)
    hasty = replace(ENGLAND.policy, objection_check=check, continue_decision_working_days=0)
    place = replace(ENGLAND, policy=hasty)
    evening = NOW + timedelta(hours=11)
    offer = an_offer(OfferStatus.PAUSED, objection=Objection.OPEN)
    checked = granted(due.left_unchecked(offer, place, evening)).clocks.objection_by
    decided = granted(due.left_undecided(offer, place, evening)).clocks.continue_by
    assert checked is not None
    assert decided is not None
    assert min(checked, decided) > evening


def test_a_lapse_is_waited_for_only_where_it_would_happen() -> None:
    offer = an_offer(told=Told.EXPLAINED)
    held = replace(offer, clocks=replace(offer.clocks, lapse_at=LATER))
    assert waited_for(held) == {Wait.LAPSING}
    assert waited_for(replace(held, met=True)) == set()
    assert isinstance(due.left_unanswered(replace(held, met=True)), Denied)
    assert granted(due.left_unanswered(held)).status is OfferStatus.LAPSED


@given(
    status=st.sampled_from(OfferStatus),
    told=st.sampled_from(Told),
    at=INSTANTS,
    silenced=st.booleans(),
)
def test_where_contact_was_stopped_nobody_is_asked_to_speak_to_the_child(
    status: OfferStatus, told: Told, at: datetime, *, silenced: bool
) -> None:
    clocks = replace(
        an_offer().clocks, objection_by=at, confirm_no_by=at, continue_by=at, lapse_at=at
    )
    offer = an_offer(status, told=told, clocks=clocks, silenced=silenced)
    asked = waited_for(offer) - {Wait.CONTINUING, Wait.LAPSING}
    assert not (silenced and asked)


def test_untold_means_that_somebody_still_has_to() -> None:
    assert is_untold(an_offer())
    assert not is_untold(an_offer(told=Told.EXPLAINED))
