"""The play: every act once, on a working day, in an order that people could have kept."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

from services.chassis.working_days import NationCalendar
from services.contracts.codes import Nation, VisitKind
from services.launcher.quarter.acts import Hold, OnOffer, OnView, OnVisit, RecordView, Schedule
from services.launcher.quarter.families import FIRST_DAY, LAST_DAY, MEETINGS, Way
from services.launcher.quarter.script import Day, quarter

CALENDAR = NationCalendar(Nation.ENGLAND)
DAYS = quarter()
ACTS = [act for day in DAYS for act in day.acts]


def steps(kind: VisitKind) -> Counter[str]:
    return Counter(act.step for act in ACTS if isinstance(act, OnVisit) and act.kind is kind)


def day_of(act: object) -> Day:
    return next(day for day in DAYS if act in day.acts)


def test_every_working_day_of_the_quarter_is_played_in_order() -> None:
    days = [day.on for day in DAYS]
    whole = (FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1))
    assert days == [day for day in whole if CALENDAR.is_working_day(day)]


def test_every_act_has_a_key_of_its_own() -> None:
    keys = Counter(act.key for act in ACTS)
    assert [key for key, times in keys.items() if times > 1] == []


def test_every_conference_is_scheduled_and_held_on_its_days() -> None:
    for meeting in MEETINGS:
        (scheduled,) = (
            day.on for day in DAYS for act in day.acts
            if isinstance(act, Schedule) and act.meeting is meeting
        )  # fmt: skip
        (held,) = (
            day.on for day in DAYS for act in day.acts
            if isinstance(act, Hold) and act.meeting is meeting
        )  # fmt: skip
        assert (scheduled, held) == (meeting.scheduled_on, meeting.sits_on)


def test_visits_are_recorded_as_often_as_was_printed() -> None:
    assert steps(VisitKind.INTRODUCTION) == {"held": 25, "not-possible": 2}
    assert steps(VisitKind.BEFORE) == {"agreed": 22, "held": 22, "not-possible": 2}
    assert steps(VisitKind.AFTER) == {"offered": 24, "held": 22, "not-possible": 2}


def test_answers_are_recorded_as_often_as_was_printed() -> None:
    offers = Counter(
        (act.step, act.body.get("permission")) for act in ACTS if isinstance(act, OnOffer)
    )
    assert offers == {
        ("explained", None): 27,
        ("permission", "given"): 27,
        ("permission", "refused"): 2,
        ("accepted", None): 24,
        ("declined", None): 3,
    }


def test_of_those_nobody_told_nothing_is_recorded() -> None:
    about = (OnOffer, OnVisit, OnView, RecordView)
    ways = {act.referral.way for act in ACTS if isinstance(act, about)}
    assert Way.NOBODY_TOLD not in ways


def test_a_child_says_no_only_after_it_met_the_advocate() -> None:
    for no in (act for act in ACTS if isinstance(act, OnOffer) and act.step == "declined"):
        (met,) = (
            act for act in ACTS
            if isinstance(act, OnVisit)
            and act.referral is no.referral
            and act.kind is VisitKind.INTRODUCTION
        )  # fmt: skip
        assert ACTS.index(met) < ACTS.index(no)


def test_a_view_reaches_the_chair_before_the_conference_and_the_child_hears_after_it() -> None:
    order = {"approvals": 0, "share": 1, "receipt": 2, "answer": 3, "told": 4}
    views: dict[str, list[OnView]] = {}
    for act in ACTS:
        if isinstance(act, OnView):
            views.setdefault(f"{act.meeting.conference_id}/{act.referral.child.number}", []).append(
                act
            )
    assert len(views) == 22
    for acts in views.values():
        places = [order[act.step] for act in acts]
        assert places == sorted(places)
        (receipt,) = (act for act in acts if act.step == "receipt")
        assert day_of(receipt).on < receipt.meeting.sits_on


def test_no_child_says_no_on_a_day_a_reminder_comes_due() -> None:
    # Which of the two the services did first would then be chance.
    for no in (act for act in ACTS if isinstance(act, OnOffer) and act.step == "declined"):
        ahead = CALENDAR.between(day_of(no).on, no.meeting.sits_on)
        assert ahead not in {7, 3, 1}


def test_days_follow_one_another() -> None:
    assert all(one.on < next_.on for one, next_ in pairwise(DAYS))
