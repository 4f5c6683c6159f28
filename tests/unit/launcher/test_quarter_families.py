"""The table of families has the proportions that were printed, and says that nobody in it is real.

The numbers are written out from the printed report, not taken from the table.
"""

from collections import Counter
from itertools import pairwise

from services.chassis.working_days import NationCalendar
from services.contracts.codes import Nation
from services.exchange.domain.child import age_on
from services.launcher.quarter.families import (
    FIRST_DAY,
    LAST_DAY,
    MEETINGS,
    TOOK_UP,
    Child,
    Way,
    referrals,
)
from services.launcher.quarter.sessions import session

CALENDAR = NationCalendar(Nation.ENGLAND)


def test_every_way_is_gone_as_often_as_was_printed() -> None:
    ways = Counter(referral.way for _, referral in referrals())
    assert ways == {
        Way.ATTENDED: 4,
        Way.REPRESENTED: 18,
        Way.PERMISSION_LATE: 2,
        Way.SAID_NO: 2,
        Way.SAID_NO_AND_ATTENDED: 1,
        Way.PARENT_SAID_NO: 2,
        Way.NOBODY_TOLD: 14,
    }
    assert ways.total() == 43


def test_three_children_attended_with_the_advocate_and_one_of_them_twice() -> None:
    attended = Counter(
        referral.child.number for _, referral in referrals() if referral.way is Way.ATTENDED
    )
    assert sorted(attended.values()) == [1, 1, 2]


def test_every_other_child_has_one_conference() -> None:
    times = Counter(referral.child.number for _, referral in referrals())
    assert sorted(times.values()) == [1] * 41 + [2]


def test_children_are_seven_to_sixteen_and_mostly_seven_to_twelve() -> None:
    ages = [age_on(meeting.sits_on, referral.child.born) or 0 for meeting, referral in referrals()]
    assert (min(ages), max(ages)) == (7, 16)
    assert sum(age <= 12 for age in ages) > 0.8 * len(ages)


def test_two_of_those_who_took_it_up_are_not_visited_afterwards() -> None:
    unvisited = [referral for _, referral in referrals() if not referral.visited_after]
    assert len(unvisited) == 2
    assert {referral.way for referral in unvisited} <= TOOK_UP


def test_who_took_part_is_recorded_in_the_printed_shares() -> None:
    sessions = [session(referral) for _, referral in referrals()]
    classes = Counter((one["attendance"], one["advocate_present"]) for one in sessions)
    assert classes == {
        ("attended", True): 4,
        ("did-not-attend", True): 20,
        ("attended", False): 1,
        ("did-not-attend", False): 18,
    }


def test_nobody_who_was_not_there_spoke_there() -> None:
    voices = {
        one["voice"]
        for one in (session(referral) for _, referral in referrals())
        if one["attendance"] != "attended"
    }
    assert voices.isdisjoint({"self", "symbolic"})


def test_conferences_sit_on_working_days_eight_to_twelve_after_they_were_asked_for() -> None:
    for meeting in MEETINGS:
        assert CALENDAR.is_working_day(meeting.scheduled_on)
        assert CALENDAR.is_working_day(meeting.sits_on)
        assert 8 <= CALENDAR.between(meeting.scheduled_on, meeting.sits_on) <= 12


def test_conferences_lie_in_the_quarter_in_the_order_they_were_asked_for() -> None:
    assert MEETINGS[0].scheduled_on == FIRST_DAY
    assert all(one.scheduled_on <= next_.scheduled_on for one, next_ in pairwise(MEETINGS))
    assert max(CALENDAR.add(meeting.sits_on, 5) for meeting in MEETINGS) < LAST_DAY


def test_every_name_says_that_it_is_invented() -> None:
    assert all(meeting.family_name.startswith("Example-") for meeting in MEETINGS)
    assert all(referral.child.la_child_id.startswith("EXAMPLE") for _, referral in referrals())


def test_a_number_belongs_to_one_child() -> None:
    children: dict[int, Child] = {}
    for _, referral in referrals():
        assert children.setdefault(referral.child.number, referral.child) == referral.child
    assert sorted(children) == list(range(1, 43))
