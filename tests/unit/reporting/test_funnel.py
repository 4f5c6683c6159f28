"""What became of an offer: each class, which one outweighs which, and that they add up."""

from collections import Counter
from dataclasses import astuple, fields
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import (
    AllocationStatus,
    ConferenceStatus,
    EndedBecause,
    LapsedBecause,
    Objection,
    OfferStatus,
    Permission,
    Role,
    Told,
    VisitKind,
    VisitStatus,
)
from services.reporting.domain.funnel import (
    Funnel,
    Outcome,
    advocate_was_present,
    counted_offer,
    is_not_agreed,
    outcome_of,
)
from services.reporting.domain.journey import AnyFact
from tests.unit.reporting.journeys import (
    MADE_AT,
    STARTS_AT,
    allocation,
    conference,
    held,
    journey,
    offer,
    ref,
    told,
    took_part,
    visit,
)
from tests.unit.reporting.strategies import HISTORIES

DECLINED = told(status=OfferStatus.DECLINED, reported_by=Role.CHILD)
CANCELLED = conference(version=2, status=ConferenceStatus.CANCELLED)
PRESENT = held(participation=took_part(advocate_present=True))


# --- taken up -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [VisitKind.BEFORE, VisitKind.AFTER])
def test_a_visit_before_or_after_is_uptake(kind: VisitKind) -> None:
    assert outcome_of(journey(held(), offer(), visit(kind))) is Outcome.TAKEN_UP


def test_an_advocate_at_the_conference_for_an_absent_child_is_uptake() -> None:
    assert outcome_of(journey(PRESENT, offer())) is Outcome.TAKEN_UP


@pytest.mark.parametrize("kind", [VisitKind.INTRODUCTION, VisitKind.CLOSING, VisitKind.FOLLOW_UP])
def test_an_introduction_a_closing_or_a_follow_up_alone_is_no_uptake(kind: VisitKind) -> None:
    assert outcome_of(journey(held(), told(), visit(kind))) is Outcome.TOLD_NO_ANSWER


def test_a_visit_that_did_not_take_place_is_no_uptake() -> None:
    missed = visit(VisitKind.BEFORE, VisitStatus.MISSED)
    assert outcome_of(journey(held(), offer(), missed)) is Outcome.NOT_KNOWN_IF_TOLD


def test_an_accepted_offer_alone_is_no_uptake() -> None:
    assert outcome_of(journey(conference(), told(status=OfferStatus.ACCEPTED))) is Outcome.OPEN


def test_a_child_who_said_no_and_came_back_took_it_up() -> None:
    assert outcome_of(journey(PRESENT, DECLINED)) is Outcome.TAKEN_UP


def test_a_visit_before_a_conference_that_fell_away_is_uptake() -> None:
    assert outcome_of(journey(CANCELLED, offer(), visit(VisitKind.BEFORE))) is Outcome.TAKEN_UP


# --- somebody's no --------------------------------------------------------------------------


def test_the_childs_no_counts_at_once() -> None:
    assert outcome_of(journey(conference(), DECLINED)) is Outcome.DECLINED_BY_CHILD


def test_the_childs_no_that_somebody_passed_on_is_the_childs() -> None:
    passed_on = offer(status=OfferStatus.DECLINED, reported_by=Role.SOCIAL_WORKER)
    assert outcome_of(journey(held(), passed_on)) is Outcome.DECLINED_BY_CHILD


def test_a_no_reported_by_a_parent_is_the_parents_where_permission_was_asked_for() -> None:
    reported = offer(
        status=OfferStatus.DECLINED, reported_by=Role.PARENT, permission=Permission.WANTED
    )
    assert outcome_of(journey(held(), reported)) is Outcome.DECLINED_BY_PARENT


def test_a_no_reported_by_a_parent_is_the_childs_where_no_permission_was_asked_for() -> None:
    reported = offer(status=OfferStatus.DECLINED, reported_by=Role.PARENT)
    assert outcome_of(journey(held(), reported)) is Outcome.DECLINED_BY_CHILD


def test_refused_permission_is_the_parents_no() -> None:
    refused = offer(permission=Permission.REFUSED)
    assert outcome_of(journey(held(), refused)) is Outcome.DECLINED_BY_PARENT


def test_the_childs_own_no_outweighs_refused_permission() -> None:
    both = offer(status=OfferStatus.DECLINED, reported_by=Role.CHILD, permission=Permission.REFUSED)
    assert outcome_of(journey(held(), both)) is Outcome.DECLINED_BY_CHILD


def test_someone_elses_no_is_objected_until_the_child_was_asked() -> None:
    assert outcome_of(journey(conference(), offer(objection=Objection.OPEN))) is Outcome.OBJECTED


def test_an_objection_the_child_agrees_with_is_the_childs_no() -> None:
    upheld = told(objection=Objection.UPHELD_NO, status=OfferStatus.DECLINED)
    assert outcome_of(journey(held(), upheld)) is Outcome.DECLINED_BY_CHILD


def test_an_objection_the_child_overrules_leaves_no_trace_in_the_figure() -> None:
    overruled = told(objection=Objection.OVERRULED, status=OfferStatus.ACCEPTED)
    assert outcome_of(journey(conference(), overruled)) is Outcome.OPEN


# --- what fell away -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ended",
    [
        offer(status=OfferStatus.WITHDRAWN, withdrawn_because=EndedBecause.ERROR),
        offer(status=OfferStatus.STOPPED),
        offer(status=OfferStatus.LAPSED, lapsed_because=LapsedBecause.CONFERENCE_FELL_AWAY),
        offer(status=OfferStatus.LAPSED, lapsed_because=LapsedBecause.AGED_OUT),
        offer(status=OfferStatus.LAPSED, lapsed_because=LapsedBecause.MOVED),
        offer(status=OfferStatus.LAPSED, lapsed_because=LapsedBecause.DIED),
    ],
)
def test_an_offer_that_ended_with_its_need_fell_away(ended: AnyFact) -> None:
    assert outcome_of(journey(held(), ended)) is Outcome.FELL_AWAY


def test_a_cancelled_conference_takes_the_silence_with_it() -> None:
    assert outcome_of(journey(CANCELLED, offer())) is Outcome.FELL_AWAY


def test_a_no_before_the_conference_fell_away_stays_a_no() -> None:
    assert outcome_of(journey(CANCELLED, DECLINED)) is Outcome.DECLINED_BY_CHILD


def test_an_objection_falls_away_with_the_conference() -> None:
    objected = offer(objection=Objection.OPEN)
    assert outcome_of(journey(CANCELLED, objected)) is Outcome.FELL_AWAY


# --- silence --------------------------------------------------------------------------------


def test_silence_before_the_conference_is_open() -> None:
    assert outcome_of(journey(conference(), offer())) is Outcome.OPEN
    assert outcome_of(journey(conference(), told())) is Outcome.OPEN


def test_silence_before_a_reconvened_conference_is_open() -> None:
    adjourned = conference(version=2, status=ConferenceStatus.ADJOURNED)
    assert outcome_of(journey(adjourned, told())) is Outcome.OPEN


def test_a_held_conference_of_which_nobody_recorded_telling_the_child() -> None:
    assert outcome_of(journey(held(), offer())) is Outcome.NOT_KNOWN_IF_TOLD


def test_an_offer_that_lapsed_never_told_needs_no_word_from_the_conference() -> None:
    lapsed = offer(status=OfferStatus.LAPSED, lapsed_because=LapsedBecause.HELD_NEVER_TOLD)
    assert outcome_of(journey(lapsed)) is Outcome.NOT_KNOWN_IF_TOLD


def test_telling_that_is_recorded_after_the_lapse_counts() -> None:
    late = told(status=OfferStatus.LAPSED, lapsed_because=LapsedBecause.HELD_NEVER_TOLD)
    assert outcome_of(journey(held(), late)) is Outcome.TOLD_NO_ANSWER


def test_a_child_who_said_so_was_told() -> None:
    assert outcome_of(journey(held(), offer(told=Told.CONFIRMED))) is Outcome.TOLD_NO_ANSWER


def test_waiting_for_a_parents_permission_is_no_refusal() -> None:
    waiting = offer(permission=Permission.WANTED)
    assert outcome_of(journey(held(), waiting)) is Outcome.NOT_KNOWN_IF_TOLD


# --- unmet ----------------------------------------------------------------------------------


def test_a_child_for_whom_nobody_was_found_is_unmet_at_once() -> None:
    unmet = allocation(AllocationStatus.UNMET)
    assert outcome_of(journey(conference(), told(), unmet)) is Outcome.UNMET


def test_a_child_for_whom_somebody_was_found_in_the_end_is_not_unmet() -> None:
    first = allocation(AllocationStatus.UNMET, number=1)
    second = allocation(AllocationStatus.ALLOCATED, number=2)
    assert outcome_of(journey(conference(), told(), first, second)) is Outcome.OPEN


def test_a_lack_of_advocates_does_not_hide_that_nobody_told_the_child() -> None:
    unmet = allocation(AllocationStatus.UNMET)
    assert outcome_of(journey(held(), offer(), unmet)) is Outcome.NOT_KNOWN_IF_TOLD


def test_a_told_child_without_an_advocate_is_unmet_and_not_silent() -> None:
    unmet = allocation(AllocationStatus.UNMET)
    assert outcome_of(journey(held(), told(), unmet)) is Outcome.UNMET


def test_a_child_who_said_yes_and_saw_nobody_is_unmet() -> None:
    accepted = told(status=OfferStatus.ACCEPTED)
    found = allocation(AllocationStatus.CONFIRMED)
    missed = visit(VisitKind.BEFORE, VisitStatus.MISSED)
    assert outcome_of(journey(held(), accepted, found, missed)) is Outcome.UNMET


def test_a_child_who_said_yes_and_has_the_visit_after_to_come_is_open() -> None:
    accepted = told(status=OfferStatus.ACCEPTED)
    to_come = visit(VisitKind.AFTER, VisitStatus.PLANNED)
    assert outcome_of(journey(held(), accepted, to_come)) is Outcome.OPEN


# --- which offer counts ---------------------------------------------------------------------


def test_no_offer_is_no_referral() -> None:
    not_made = offer(status=OfferStatus.NOT_MADE, made_at=None)
    assert outcome_of(journey(held(), not_made)) is None
    assert outcome_of(journey(PRESENT)) is None


def test_an_offer_corrected_to_not_made_is_no_referral() -> None:
    corrected = journey(offer(), offer(version=2, status=OfferStatus.NOT_MADE, made_at=None))
    assert outcome_of(corrected) is None


def test_of_two_offers_the_duplicate_does_not_count() -> None:
    duplicate = offer(
        ref=ref(2),
        status=OfferStatus.WITHDRAWN,
        withdrawn_because=EndedBecause.DUPLICATE,
        made_at=MADE_AT + timedelta(days=1),
    )
    remaining = counted_offer(journey(DECLINED, duplicate))
    assert remaining is not None
    assert remaining.ref == DECLINED.ref


# --- the second witness ---------------------------------------------------------------------


def test_the_conferences_own_record_decides_who_was_there() -> None:
    said_no = held(participation=took_part(advocate_present=False))
    both = journey(said_no, told(), visit(VisitKind.AT_CONFERENCE))
    assert not advocate_was_present(both)
    assert is_not_agreed(both)
    assert outcome_of(both) is Outcome.TOLD_NO_ANSWER


def test_where_the_conference_is_silent_the_advocates_word_counts() -> None:
    alone = journey(held(), told(), visit(VisitKind.AT_CONFERENCE))
    assert outcome_of(alone) is Outcome.TAKEN_UP
    assert not is_not_agreed(alone)


def test_an_advocate_who_could_not_come_but_is_recorded_as_present_is_not_agreed() -> None:
    could_not = visit(VisitKind.AT_CONFERENCE, VisitStatus.NOT_POSSIBLE)
    assert is_not_agreed(journey(PRESENT, told(), could_not))


def test_what_is_recorded_of_two_sittings_is_compared_sitting_by_sitting() -> None:
    at = VisitKind.AT_CONFERENCE
    before = visit(at, held_at=STARTS_AT - timedelta(days=9))
    absent = held(participation=took_part(advocate_present=False))
    missed = visit(at, VisitStatus.MISSED, ref=ref(9), due_on=STARTS_AT.date())
    assert not is_not_agreed(journey(absent, told(), before, missed))
    there = visit(at, ref=ref(9), held_at=STARTS_AT)
    assert is_not_agreed(journey(absent, told(), before, there))


# --- always -----------------------------------------------------------------------------------


@given(st.lists(HISTORIES, max_size=8))
def test_the_classes_always_add_up_to_the_referred(histories: list[list[AnyFact]]) -> None:
    outcomes = [outcome_of(journey(*facts)) for facts in histories]
    made = [counted_offer(journey(*facts)) for facts in histories]
    funnel = Funnel.of(Counter(outcome for outcome in outcomes if outcome is not None))
    referred, *classes = astuple(funnel)
    assert referred == sum(classes) == sum(each is not None for each in made)


def test_the_funnel_has_a_figure_for_every_outcome() -> None:
    assert {field.name for field in fields(Funnel)} == {"referred", *(o.value for o in Outcome)}
