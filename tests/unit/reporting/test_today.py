"""What today's rules would have done for a child nobody told: the clocks of practice 6."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.chassis.policies import Policies
from services.chassis.settings import POLICIES
from services.contracts.codes import ConferenceKind, Role, RungAct, YesNo
from services.contracts.policy import Policy, Rung
from services.reporting.domain.today import Today, Untold, under

LOADED = Policies.load(POLICIES)
ENGLAND = LOADED.for_("E06000001", datetime(2026, 11, 1, tzinfo=UTC).date())
MONDAY_TEN = datetime(2026, 11, 2, 10, tzinfo=UTC)


def child(until: datetime, since: datetime = MONDAY_TEN, looked_after: YesNo = YesNo.NO) -> Untold:
    return Untold(ConferenceKind.INITIAL, since, until, looked_after)


def said(policy: Policy, one: Untold) -> Today:
    return under(policy, LOADED.calendar(policy), one)


def with_ladder(*rungs: Rung) -> Policy:
    return replace(ENGLAND, ladder=rungs)


def test_with_time_enough_the_places_own_days_count() -> None:
    today = said(ENGLAND, child(MONDAY_TEN + timedelta(days=60)))
    assert today.asked is Role.SOCIAL_WORKER
    assert today.tell_by == datetime(2026, 11, 4, 17, tzinfo=UTC)
    assert [rung.at.day for rung in today.rungs] == [5, 9, 11]
    assert today.provider_meets_by == datetime(2026, 11, 11, 17, tzinfo=UTC)
    assert today.provider_meets_before_conference


def test_with_little_time_a_share_of_it_counts() -> None:
    today = said(ENGLAND, child(MONDAY_TEN + timedelta(days=4)))
    assert today.tell_by == MONDAY_TEN + timedelta(days=1)
    assert today.provider_meets_by == MONDAY_TEN + timedelta(days=3)


def test_at_short_notice_every_rung_starts_at_once() -> None:
    today = said(ENGLAND, child(MONDAY_TEN + timedelta(days=1)))
    assert [rung.at for rung in today.rungs] == [MONDAY_TEN] * 3
    assert today.provider_meets_by == MONDAY_TEN
    assert today.tell_by == MONDAY_TEN + timedelta(hours=6)


def test_what_is_entered_after_the_conference_has_no_clocks() -> None:
    today = said(ENGLAND, child(MONDAY_TEN - timedelta(hours=1)))
    assert today.offered
    assert today.tell_by is None
    assert today.rungs == ()
    assert not today.provider_meets_before_conference


def test_a_conference_todays_rules_do_not_cover_brings_no_offer() -> None:
    sheffield = LOADED.for_("E08000039", datetime(2026, 11, 1, tzinfo=UTC).date())
    review = Untold(ConferenceKind.REVIEW, MONDAY_TEN, MONDAY_TEN + timedelta(days=30), YesNo.NO)
    today = said(sheffield, review)
    assert not today.offered
    assert today.provider_meets_by is None


@pytest.mark.parametrize(
    ("looked_after", "roles"),
    [
        (YesNo.YES, [Role.REVIEWING_OFFICER, Role.ADVOCACY_PROVIDER]),
        (YesNo.NO, [Role.ADVOCACY_PROVIDER]),
        (YesNo.UNKNOWN, [Role.ADVOCACY_PROVIDER]),
    ],
)
def test_a_reviewing_officer_is_turned_to_only_for_a_looked_after_child(
    looked_after: YesNo, roles: list[Role]
) -> None:
    ladder = with_ladder(
        Rung(1, 0.3, Role.REVIEWING_OFFICER, RungAct.NOTIFY),
        Rung(2, 0.6, Role.ADVOCACY_PROVIDER, RungAct.INDEPENDENT_CONTACT),
    )
    today = said(ladder, child(MONDAY_TEN + timedelta(days=30), looked_after=looked_after))
    assert [rung.role for rung in today.rungs] == roles


def test_a_summer_deadline_is_five_oclock_in_london() -> None:
    june = datetime(2026, 6, 1, 9, tzinfo=UTC)
    today = said(ENGLAND, child(june + timedelta(days=60), since=june))
    assert today.tell_by == datetime(2026, 6, 3, 16, tzinfo=UTC)


def test_the_rules_of_2011_had_no_ladder_to_climb() -> None:
    old = LOADED.for_("E09000020", datetime(2011, 10, 1, tzinfo=UTC).date())
    then = datetime(2011, 10, 3, 10, tzinfo=UTC)
    assert said(old, child(then + timedelta(days=30), since=then)).provider_meets_by is None
