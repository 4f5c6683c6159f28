"""Who is turned to while nobody has told the child."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import ConferenceStatus, Role, RungAct, YesNo
from services.contracts.deadlines import TimeLeft
from services.contracts.policy import Rung
from services.referral.domain.clocks import Clocks
from services.referral.domain.ladder import is_short_notice, next_rung, still, wind
from services.referral.domain.place import Place
from tests.unit.referral.cases import (
    INSTANTS,
    NOW,
    STARTS_AT,
    a_conference,
    a_place,
    place_of_2011,
)

ENGLAND = a_place()


def with_reviewing_officer() -> Place:
    lowest = Rung(2, 0.3, Role.REVIEWING_OFFICER, RungAct.NOTIFY)
    policy = replace(ENGLAND.policy, ladder=(lowest, *ENGLAND.policy.ladder))
    return Place(policy, ENGLAND.calendar)


def test_each_rung_has_its_working_days() -> None:
    clocks = wind(Clocks(NOW), a_conference(), ENGLAND, NOW)
    assert clocks.tell_by == datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
    assert [(rung.number, rung.role, rung.at.date().isoformat()) for rung in clocks.rungs] == [
        (1, Role.CONFERENCE_CHAIR, "2026-11-26"),
        (2, Role.SAFEGUARDING_SERVICE, "2026-11-30"),
        (3, Role.ADVOCACY_PROVIDER, "2026-12-02"),
    ]


def test_at_short_notice_all_rungs_are_at_once() -> None:
    conference = a_conference(starts_at=NOW + timedelta(days=2))
    clocks = wind(Clocks(NOW), conference, ENGLAND, NOW)
    assert [rung.at for rung in clocks.rungs] == [NOW, NOW, NOW]
    # Twelve hours on it is evening; at five whoever is turned to can still act.
    assert clocks.tell_by == NOW + timedelta(hours=8)


def test_the_places_own_days_just_fit_is_no_short_notice() -> None:
    fits = TimeLeft(NOW, datetime(2026, 11, 25, 17, 1, tzinfo=UTC))
    too_short = TimeLeft(NOW, datetime(2026, 11, 25, 17, 0, tzinfo=UTC))
    assert not is_short_notice(ENGLAND, fits)
    assert is_short_notice(ENGLAND, too_short)


def test_a_reviewing_officer_is_for_a_looked_after_child() -> None:
    place = with_reviewing_officer()
    for looked_after, expected in ((YesNo.YES, 4), (YesNo.NO, 3), (YesNo.UNKNOWN, 3)):
        conference = a_conference(looked_after=looked_after)
        assert len(wind(Clocks(NOW), conference, place, NOW).rungs) == expected


def test_a_child_no_longer_looked_after_still_gets_every_other_rung() -> None:
    place = with_reviewing_officer()
    clocks = wind(Clocks(NOW), a_conference(looked_after=YesNo.YES), place, NOW)
    first = next_rung(clocks, 0)
    assert first is not None
    again = wind(clocks, a_conference(looked_after=YesNo.NO), place, NOW)
    left = next_rung(again, first.number)
    assert left is not None
    assert left.role is Role.CONFERENCE_CHAIR


def test_what_is_entered_after_the_meeting_has_no_clocks() -> None:
    clocks = wind(Clocks(STARTS_AT), a_conference(), ENGLAND, STARTS_AT)
    assert (clocks.tell_by, clocks.rungs) == (None, ())


def test_a_conference_without_a_time_has_no_clocks() -> None:
    running = wind(Clocks(NOW), a_conference(), ENGLAND, NOW)
    adjourned = a_conference(status=ConferenceStatus.ADJOURNED)
    assert wind(running, adjourned, ENGLAND, NOW) == still(running)


def test_in_2011_there_was_no_ladder() -> None:
    then = datetime(2011, 10, 3, 9, 0, tzinfo=UTC)
    conference = a_conference(starts_at=then + timedelta(days=14))
    clocks = wind(Clocks(then), conference, place_of_2011(), then)
    assert clocks.rungs == ()
    assert clocks.tell_by is not None


@given(since=INSTANTS, left=st.timedeltas(timedelta(minutes=2), timedelta(days=90)))
def test_the_provider_meets_the_child_before_the_conference(
    since: datetime, left: timedelta
) -> None:
    clocks = wind(Clocks(since), a_conference(starts_at=since + left), ENGLAND, since)
    last = clocks.rungs[-1]
    assert last.role is Role.ADVOCACY_PROVIDER
    assert last.at < since + left
    assert [rung.at for rung in clocks.rungs] == sorted(rung.at for rung in clocks.rungs)
