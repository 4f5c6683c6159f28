"""Which event takes back what: a correction is owed, what merely happens next is not."""

from typing import Any
from uuid import UUID

import pytest

from services.contracts.catalogue import EVENTS
from services.exchange.domain import agreement, taking_back
from services.exchange.domain.taking_back import KEYS, TAKES_BACK, Told

THING = UUID("7e110000-0000-4000-8000-000000000001")
AGREEMENT = UUID("7e110000-0000-4000-8000-000000000002")

SESSION = {
    "attendance": "attended",
    "mode": "in-person",
    "voice": "self",
    "advocate_present": True,
    "part_attendance": False,
    "session_on": "2026-12-10",
}


def told(*events: str, **values: Any) -> Told:
    return Told(THING, AGREEMENT, events, tuple(values), values)


def recorded(**changes: Any) -> dict[str, Any]:
    return {"participation": {**SESSION, **changes}}


def test_every_event_and_key_that_is_named_exists() -> None:
    taken = {
        event: {e for rule in rules for e in rule.takes} for event, rules in TAKES_BACK.items()
    }
    named = set(taken).union(*taken.values())
    assert named <= set(EVENTS)
    assert {event.partition(".")[0] for event in named} == set(KEYS) <= agreement.ABOUT_A_CHILD
    for event in named:
        entity = event.partition(".")[0]
        fields = EVENTS[event].model.model_fields
        assert KEYS[entity] in fields
        assert {each.partition(".")[0] for each in taken.get(event, ())} <= {entity}
    fields_of_all = {name for event in named for name in EVENTS[event].model.model_fields}
    assert fields_of_all >= taking_back.COMPARED


def test_the_first_state_of_a_thing_takes_nothing_back() -> None:
    assert not taking_back.may_take_back("conference.scheduled", 1)
    assert taking_back.may_take_back("conference.scheduled", 2)
    assert not taking_back.may_take_back("conference.rescheduled", 2)


@pytest.mark.parametrize(
    ("event", "now", "before", "owed"),
    [
        ("conference.cancelled", {"cancelled_because": "error"}, "conference.scheduled", True),
        ("conference.cancelled", {"cancelled_because": "moved"}, "conference.scheduled", False),
        ("conference.scheduled", {}, "conference.cancelled", True),
        ("conference.scheduled", {}, "conference.rescheduled", False),
        ("meeting.cancelled", {"cancelled_because": "error"}, "meeting.moved", True),
        ("offer.stopped", {"stopped_because": "duplicate"}, "offer.made", True),
        ("offer.stopped", {"stopped_because": "moved"}, "offer.made", False),
        ("offer.withdrawn", {}, "offer.escalated", True),
        ("offer.reopened", {}, "offer.declined", True),
        ("offer.reopened", {}, "offer.made", False),
        ("offer.resumed", {}, "offer.paused", False),
        ("visit.held", {}, "visit.missed", True),
        ("visit.held", {}, "visit.agreed", False),
        ("child-view.answered", {}, "child-view.told", True),
        ("child.changed", {"contact_stopped": True}, "child.contact-stopped", False),
    ],
)
def test_what_was_said_is_taken_back_or_merely_followed(
    event: str, now: dict[str, Any], before: str, *, owed: bool
) -> None:
    assert taking_back.takes_back(event, now, told(before)) is owed


@pytest.mark.parametrize(
    ("now", "owed"),
    [
        (recorded(), False),
        (recorded(advocate_present=False), True),
        (recorded(session_on="2026-12-17"), False),
        (recorded(session_on="2026-12-03", advocate_present=False), True),
        (recorded(attendance="did-not-attend", mode=None, voice="letter"), True),
    ],
)
def test_a_further_session_is_news_and_a_record_that_was_wrong_is_a_correction(
    now: dict[str, Any], *, owed: bool
) -> None:
    before = told("conference.adjourned", **recorded())
    assert taking_back.takes_back("conference.participation-recorded", now, before) is owed


def test_who_was_not_told_how_a_child_took_part_is_told_of_no_correction() -> None:
    now = recorded(advocate_present=False)
    before = told("conference.participation-recorded", status="held")
    assert not taking_back.takes_back("conference.participation-recorded", now, before)


def test_an_audience_that_is_no_longer_there_was_taken_back_and_a_further_one_was_not() -> None:
    before = told("child-view.shared", approved_for=["chair", "minutes"])
    for now, owed in ((["chair"], True), (["chair", "minutes", "professionals"], False)):
        event = {"approved_for": now}
        assert taking_back.takes_back("child-view.approved", event, before) is owed


def test_an_offer_that_lapsed_for_another_reason_than_was_told_is_corrected() -> None:
    now = {"lapsed_because": "told-no-answer"}
    wrong, right, none = (
        told("offer.lapsed", **values)
        for values in ({"lapsed_because": "held-never-told"}, now, {"status": "lapsed"})
    )
    owed = [taking_back.takes_back("offer.explained", now, each) for each in (wrong, right, none)]
    assert owed == [True, False, False]


def test_what_was_taken_back_is_taken_back_once_and_can_be_told_again() -> None:
    now: dict[str, Any] = {"cancelled_because": "error", "status": "cancelled"}
    first = told("conference.scheduled", status="scheduled")
    after = taking_back.remembered(first, "conference.cancelled", now, ["status", "kind"])
    assert (after.events, after.fields) == (("conference.cancelled",), ("kind", "status"))
    assert not taking_back.takes_back("conference.cancelled", now, after)
    again = taking_back.remembered(after, "conference.scheduled", {"status": "scheduled"}, [])
    assert again.events == ("conference.scheduled",)


@pytest.mark.parametrize(
    ("reason", "owed"), [("not-needed", True), ("error", True), ("died", False)]
)
def test_a_death_that_was_told_is_corrected_when_the_conference_fell_away_otherwise(
    reason: str, *, owed: bool
) -> None:
    died = {"cancelled_because": "died"}
    before = taking_back.remembered(
        told("conference.scheduled"), "conference.cancelled", died, ["cancelled_because"]
    )
    now = {"cancelled_because": reason}
    assert taking_back.takes_back("conference.cancelled", now, before) is owed
    never_told_why = told("conference.cancelled")
    assert not taking_back.takes_back("conference.cancelled", now, never_told_why)
