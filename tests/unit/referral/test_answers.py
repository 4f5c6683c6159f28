"""What people record: an adult's word, the child's word, and who may say no."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.codes import (
    CancelledBecause,
    LapsedBecause,
    NotMadeBecause,
    Objection,
    OfferStatus,
    Permission,
    Role,
    Told,
)
from services.referral.domain import answers
from services.referral.domain.answers import RECORD_AN_OBJECTION, No
from services.referral.domain.clocks import Clocks
from services.referral.domain.denied import Denied
from services.referral.domain.offer import Offer
from tests.unit.referral.cases import NOW, a_conference, a_place, an_offer, place_of_2011

ENGLAND = a_place()
LATER = NOW + timedelta(days=1)


def granted(outcome: Offer | Denied) -> Offer:
    assert isinstance(outcome, Offer), outcome
    return outcome


def code(outcome: Offer | Denied) -> str:
    assert isinstance(outcome, Denied)
    return outcome.code


def a_no(by: Role = Role.CHILD, *, heard_directly: bool = True) -> No:
    return No(by, heard_directly, NOW)


def test_an_older_answer_that_is_recorded_later_does_not_undo_a_newer_one() -> None:
    earlier = NOW - timedelta(days=1)
    yes = granted(answers.accepted(an_offer(), NOW, heard_directly=True))
    late = replace(a_no(Role.SOCIAL_WORKER, heard_directly=False), at=earlier)
    assert code(answers.declined(yes, late, ENGLAND, NOW)) == "answered-since"
    no = granted(answers.declined(an_offer(), a_no(), ENGLAND, NOW))
    assert code(answers.accepted(no, earlier, heard_directly=True)) == "answered-since"


def test_an_adults_word_never_weakens_the_childs() -> None:
    confirmed = granted(answers.explained_confirmed(an_offer()))
    assert granted(answers.explained(confirmed, Role.SCHOOL, LATER)).told is Told.CONFIRMED
    assert granted(answers.explained(an_offer(), Role.SCHOOL, LATER)).told is Told.EXPLAINED


def test_a_late_record_corrects_why_an_offer_lapsed() -> None:
    lapsed = an_offer(OfferStatus.LAPSED, lapsed_because=LapsedBecause.HELD_NEVER_TOLD)
    told = granted(answers.explained(lapsed, Role.SCHOOL, NOW))
    assert (told.status, told.lapsed_because) == (
        OfferStatus.LAPSED,
        LapsedBecause.TOLD_NO_ANSWER,
    )


def test_a_no_heard_from_the_child_leaves_nothing_to_confirm() -> None:
    no = granted(answers.declined(an_offer(), a_no(), ENGLAND, NOW))
    assert (no.status, no.heard_directly, no.clocks.confirm_no_by) == (
        OfferStatus.DECLINED,
        True,
        None,
    )


def test_a_no_passed_on_is_to_be_confirmed_within_the_places_days() -> None:
    passed_on = a_no(Role.SOCIAL_WORKER, heard_directly=False)
    no = granted(answers.declined(an_offer(), passed_on, ENGLAND, NOW))
    assert no.clocks.confirm_no_by == datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


def test_a_no_passed_on_is_confirmed_once() -> None:
    passed_on = a_no(Role.SOCIAL_WORKER, heard_directly=False)
    no = granted(answers.declined(an_offer(), passed_on, ENGLAND, NOW))
    assert code(answers.declined(no, passed_on, ENGLAND, NOW)) == "already-declined"
    confirmed = granted(answers.declined(no, a_no(Role.ADVOCATE), ENGLAND, NOW))
    assert (confirmed.reported_by, confirmed.clocks.confirm_no_by) == (Role.ADVOCATE, None)
    assert code(answers.declined(confirmed, a_no(), ENGLAND, NOW)) == "already-declined"


@pytest.mark.parametrize("heard_directly", [True, False])
def test_a_parents_no_is_never_the_childs_today(*, heard_directly: bool) -> None:
    no = a_no(Role.PARENT, heard_directly=heard_directly)
    assert answers.declined(an_offer(), no, ENGLAND, NOW) is RECORD_AN_OBJECTION


def test_in_2011_a_parents_no_was_the_parents_refusal() -> None:
    place = place_of_2011()
    no = a_no(Role.PARENT, heard_directly=False)
    refused = granted(answers.declined(an_offer(place=place), no, place, NOW))
    assert (refused.status, refused.reported_by) == (OfferStatus.DECLINED, Role.PARENT)
    assert refused.clocks.confirm_no_by is None


def test_the_childs_own_answer_settles_what_others_objected() -> None:
    offer = granted(answers.objected(an_offer(), Role.PARENT, ENGLAND, NOW))
    yes = granted(answers.accepted(offer, LATER, heard_directly=True))
    assert yes.objection is Objection.OVERRULED
    no = granted(answers.declined(offer, a_no(), ENGLAND, LATER))
    assert no.objection is Objection.UPHELD_NO


def test_an_answer_passed_on_leaves_an_objection_open() -> None:
    offer = granted(answers.objected(an_offer(), Role.PARENT, ENGLAND, NOW))
    yes = granted(answers.accepted(offer, LATER, heard_directly=False))
    no = granted(answers.declined(offer, a_no(Role.SCHOOL, heard_directly=False), ENGLAND, LATER))
    assert (yes.objection, no.objection) == (Objection.OPEN, Objection.OPEN)


def test_an_objection_is_checked_by_somebody_independent_in_time() -> None:
    offer = granted(answers.objected(an_offer(), Role.PARENT, ENGLAND, NOW))
    assert offer.rung_role is Role.ADVOCACY_PROVIDER
    assert offer.clocks.objection_by == datetime(2026, 11, 25, 17, 0, tzinfo=UTC)


def test_the_child_decides_and_it_is_the_childs_answer() -> None:
    offer = granted(answers.objected(an_offer(), Role.PARENT, ENGLAND, NOW))
    no = granted(answers.objection_decided(offer, LATER, child_wants=False))
    assert (no.status, no.objection, no.reported_by, no.heard_directly, no.answered_at) == (
        OfferStatus.DECLINED,
        Objection.UPHELD_NO,
        Role.CHILD,
        True,
        LATER,
    )
    yes = granted(answers.objection_decided(offer, LATER, child_wants=True))
    assert (yes.status, yes.objection, yes.reported_by) == (
        OfferStatus.ACCEPTED,
        Objection.OVERRULED,
        None,
    )


def test_without_an_objection_there_is_nothing_to_decide() -> None:
    outcome = answers.objection_decided(an_offer(), NOW, child_wants=True)
    assert code(outcome) == "no-objection-open"


def test_permission_is_recorded_once_and_may_change() -> None:
    offer = an_offer(place=place_of_2011())
    assert offer.permission is Permission.WANTED
    refused = granted(answers.permitted(offer, given=False))
    assert code(answers.permitted(refused, given=False)) == "already-recorded"
    assert granted(answers.permitted(refused, given=True)).permission is Permission.GIVEN


def test_a_pause_goes_on_where_the_child_was() -> None:
    accepted = granted(answers.accepted(an_offer(), NOW, heard_directly=True))
    for offer in (an_offer(), accepted):
        paused = granted(answers.paused(offer))
        assert granted(answers.resumed(paused, LATER)).status is offer.status


def test_coming_back_opens_every_answer_and_keeps_what_was_told() -> None:
    told = granted(answers.explained(an_offer(), Role.SCHOOL, NOW))
    no = granted(answers.declined(told, a_no(), ENGLAND, NOW))
    back = granted(answers.reopened(replace(no, rung=2, overdue=True), a_conference(), LATER))
    assert (back.status, back.answered_at, back.reported_by) == (OfferStatus.STANDING, None, None)
    assert (back.told, back.rung, back.overdue, back.clocks.since) == (
        Told.EXPLAINED,
        0,
        False,
        LATER,
    )


def test_what_ended_with_a_life_is_not_taken_up_again() -> None:
    lapsed = an_offer(OfferStatus.LAPSED, lapsed_because=LapsedBecause.DIED)
    assert code(answers.reopened(lapsed, a_conference(), NOW)) == "child-died"


@pytest.mark.parametrize("status", [OfferStatus.STOPPED, OfferStatus.WITHDRAWN])
def test_what_a_person_ended_is_not_taken_up_again_after_the_childs_death(
    status: OfferStatus,
) -> None:
    died = a_conference(cancelled_because=CancelledBecause.DIED)
    assert code(answers.reopened(an_offer(status), died, NOW)) == "child-died"


def test_a_child_can_pause_an_offer_that_waits_for_a_court_but_not_twice() -> None:
    waits = an_offer(OfferStatus.PAUSED, clocks=Clocks(NOW, continue_by=LATER))
    paused = granted(answers.paused(waits))
    assert (paused.status, paused.child_paused) == (OfferStatus.PAUSED, True)
    assert paused.clocks.continue_by == LATER
    assert code(answers.paused(paused)) == "already-paused"


def test_an_unborn_childs_offer_waits_for_the_birth() -> None:
    unborn = an_offer(OfferStatus.NOT_MADE, not_made_because=NotMadeBecause.UNBORN)
    assert code(answers.reopened(unborn, a_conference(), NOW)) == "unborn"
