"""The search for an advocate and the bond: what can happen, and whom a child gets back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.contracts.codes import (
    AllocationStatus,
    ConferenceStatus,
    OfferMode,
    OfferStatus,
    Permission,
    UnmetBecause,
)
from services.referral.domain import allocation as rules
from services.referral.domain.allocation import TRANSITIONS, Allocation, Step
from services.referral.domain.denied import Denied
from services.referral.domain.matching import Match
from services.referral.domain.seeking import former_advocate, seeker, wants_advocate
from tests.unit.referral.cases import (
    ALLOCATION,
    NOW,
    STARTS_AT,
    TODAY,
    a_conference,
    a_place,
    advocate_ref,
    an_offer,
)

BY_FIRST = Match(advocate_ref(1), ())


def a_search(**facts: Any) -> Allocation:
    return replace(rules.opened(an_offer(), a_conference(), ALLOCATION), **facts)


def a_bond(number: int = 1, **facts: Any) -> Allocation:
    found = rules.found(a_search(), Match(advocate_ref(number), ()))
    assert isinstance(found, Allocation)
    return replace(found, **facts)


def test_the_table_speaks_of_every_step() -> None:
    assert set(TRANSITIONS) == set(Step)


@pytest.mark.parametrize("status", list(AllocationStatus))
def test_only_a_bond_ends_and_only_a_search_finds(status: AllocationStatus) -> None:
    one = a_bond(status=status)
    bound = status in rules.BOUND
    for how in (Step.REFUSED, Step.CONFLICT_FOUND, Step.REPLACED, Step.RELEASED):
        assert isinstance(rules.ended(one, how, not_again=False), Allocation) is bound
    found = rules.found(one, BY_FIRST)
    assert isinstance(found, Allocation) is (status is AllocationStatus.UNMET)


def test_a_bond_holds_room_and_an_ended_one_does_not() -> None:
    bond = a_bond()
    assert (bond.held_by, bond.sought_in, bond.attempts) == (advocate_ref(1), None, 1)
    ended = rules.ended(bond, Step.REFUSED, not_again=True)
    assert isinstance(ended, Allocation)
    assert (ended.held_by, ended.advocate_ref, ended.not_again) == (None, advocate_ref(1), True)


def test_a_search_waits_where_the_child_lives_and_counts_its_attempts() -> None:
    waiting = rules.unmet(a_search(), UnmetBecause.NOBODY_WITH_ROOM)
    assert isinstance(waiting, Allocation)
    assert (waiting.sought_in, waiting.attempts) == (waiting.authority, 1)
    found = rules.found(waiting, BY_FIRST)
    assert isinstance(found, Allocation)
    assert (found.sought_in, found.unmet_because, found.attempts) == (None, None, 2)


def test_the_alarm_is_working_days_before_and_at_once_when_those_have_passed() -> None:
    early = rules.with_alarm(a_search(), STARTS_AT, a_place(), NOW)
    assert (early.alarm_at, early.alarmed) == (datetime(2026, 12, 9, 9, 0, tzinfo=UTC), False)
    late = rules.with_alarm(a_search(), NOW + timedelta(days=2), a_place(), NOW)
    assert late.alarmed
    moved = rules.with_alarm(late, STARTS_AT, a_place(), NOW)
    assert not moved.alarmed


def test_a_search_given_up_stays_true_about_what_was_missing() -> None:
    waiting = rules.unmet(a_search(), UnmetBecause.NOBODY_WITH_SKILL)
    assert isinstance(waiting, Allocation)
    given_up = rules.given_up(waiting)
    assert (given_up.status, given_up.unmet_because, given_up.sought_in) == (
        AllocationStatus.UNMET,
        UnmetBecause.NOBODY_WITH_SKILL,
        None,
    )
    assert not rules.is_waiting(given_up)


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({}, True),
        ({"mode": OfferMode.ACTIVE_OFFER}, True),
        ({"status": OfferStatus.ACCEPTED}, True),
        ({"mode": OfferMode.OPT_IN}, False),
        ({"mode": OfferMode.OPT_IN, "status": OfferStatus.ACCEPTED}, True),
        ({"mode": OfferMode.OPT_IN, "permission": Permission.WANTED}, False),
        ({"mode": OfferMode.OPT_IN, "permission": Permission.GIVEN}, True),
        ({"permission": Permission.REFUSED, "status": OfferStatus.ACCEPTED}, False),
        ({"status": OfferStatus.PAUSED}, False),
        ({"status": OfferStatus.DECLINED}, False),
        ({"status": OfferStatus.NOT_MADE}, False),
        ({"silenced": True}, False),
        ({"entered_late": True}, False),
        ({"entered_late": True, "status": OfferStatus.ACCEPTED}, True),
    ],
)
def test_when_an_advocate_is_sought(facts: dict[str, Any], *, wanted: bool) -> None:
    assert wants_advocate(an_offer(**facts), a_conference(), TODAY) is wanted


@pytest.mark.parametrize(
    ("status", "days_after", "wanted"),
    [
        (ConferenceStatus.SCHEDULED, 0, True),
        (ConferenceStatus.SCHEDULED, 1, False),
        (ConferenceStatus.HELD, 0, True),
        (ConferenceStatus.ADJOURNED, 9, True),
        (ConferenceStatus.CANCELLED, 0, False),
    ],
)
def test_up_to_the_day_of_the_conference_somebody_is_sought_for_a_silent_child(
    status: ConferenceStatus, days_after: int, *, wanted: bool
) -> None:
    day = STARTS_AT.date() + timedelta(days=days_after)
    assert wants_advocate(an_offer(), a_conference(status=status), day) is wanted


def test_the_former_advocate_is_of_the_latest_bond_that_went_well() -> None:
    older = a_bond(1, status=AllocationStatus.RELEASED)
    newer = a_bond(2, conference_starts_at=STARTS_AT + timedelta(days=90))
    gone_wrong = a_bond(
        3,
        status=AllocationStatus.CONFLICT,
        not_again=True,
        conference_starts_at=STARTS_AT + timedelta(days=120),
    )
    assert former_advocate((older, newer, gone_wrong)) == advocate_ref(2)
    assert former_advocate((gone_wrong, a_search())) is None
    assert former_advocate(()) is None


def test_whoever_gave_this_offer_up_is_not_asked_again_for_it() -> None:
    refused = a_bond(1, status=AllocationStatus.REFUSED, not_again=True)
    elsewhere = a_bond(2, not_again=True, offer_ref=UUID(int=7))
    wanted = seeker(an_offer(), a_conference(), (refused, elsewhere), TODAY)
    assert wanted.not_again == {advocate_ref(1)}
    assert wanted.needed_until == STARTS_AT.date()


def test_after_the_conference_checks_must_still_be_valid_today() -> None:
    day = STARTS_AT.date() + timedelta(days=4)
    assert seeker(an_offer(), a_conference(), (), day).needed_until == day


def test_a_step_that_is_not_in_the_table_says_so() -> None:
    denied = rules.confirmed(a_search())
    assert isinstance(denied, Denied)
    assert denied.detail == "an allocation that is unmet cannot be confirmed"
