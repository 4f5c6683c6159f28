"""The sentences of a story: one for each event, in order, in words, and never a name."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.contracts.catalogue import EVENTS, EventType
from services.contracts.codes import MessagePurpose
from services.contracts.exchange_events import Participation
from services.reporting.domain.sentences import SENTENCES, WHO, WORDS
from services.reporting.domain.story import (
    Stands,
    Told,
    advocate_of,
    nobody_was_found,
    offer_stands,
    sentence,
    story,
)
from tests.machine import ROOT

ABOUT_A_CHILD = [
    event
    for event in EVENTS.values()
    if {"child_ref", "conference_ref"} & set(event.model.model_fields)
]
AT = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)


def logged(event_id: str, event_type: str = "offer.made", **changed: Any) -> Told:
    event = Told(event_id, event_type, "referral", AT, 1, None, {})
    return replace(event, **changed)


def examples(event: EventType) -> list[dict[str, Any]]:
    folder = ROOT / "schemas" / "examples" / f"{event.name}.v{event.version}"
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]


# --- every event ------------------------------------------------------------------------------


@pytest.mark.parametrize("event", ABOUT_A_CHILD, ids=lambda event: str(event.name))
def test_every_event_about_a_child_has_a_sentence_of_its_own(event: EventType) -> None:
    assert event.name in SENTENCES
    fields = set(re.findall(r"\{([a-z_]+)\}", SENTENCES[event.name]))
    known = set(event.model.model_fields) | {*Participation.model_fields}
    assert fields <= known


@pytest.mark.parametrize("event", ABOUT_A_CHILD, ids=lambda event: str(event.name))
def test_every_example_reads_as_a_whole_sentence(event: EventType) -> None:
    for data in examples(event):
        read = sentence(event.name, data)
        assert re.fullmatch(r"[A-Z].*\.", read), read
        assert not re.search(r"[{}\[\]]|None|True|False|_|-\d\d-|T\d\d:", read), read


def test_no_sentence_is_kept_for_an_event_there_is_not() -> None:
    assert set(SENTENCES) <= set(EVENTS)
    assert set(WHO) <= set(EVENTS)


def test_no_words_are_kept_for_a_field_no_sentence_uses() -> None:
    used = set(re.findall(r"\{([a-z_]+)\}", " ".join(SENTENCES.values())))
    assert {field for field, _ in WORDS} <= used


def test_an_event_of_a_newer_version_is_named_as_it_is() -> None:
    assert sentence("child-view.set-aside", {}) == "Child view: set aside."


# --- words --------------------------------------------------------------------------------------


def test_codes_become_words_and_instants_the_time_people_see() -> None:
    data = {
        "mode": "opt-out",
        "rung_role": "social-worker",
        "tell_by": "2026-06-15T16:00:00Z",
    }
    assert sentence("offer.made", data) == (
        "An advocate was offered: the offer stands until the child says no. "
        "The social worker is to tell the child by 15 June 2026 at 5pm."
    )


def test_a_part_that_is_missing_is_left_out() -> None:
    assert sentence("offer.made", {"mode": "opt-in", "rung_role": None}) == (
        "An advocate was offered: the offer waits for the child's yes."
    )


def test_what_must_not_be_missing_is_said_to_be_missing() -> None:
    assert sentence("offer.not-made", {}) == (
        "No advocate was offered: not recorded. A person reviews this."
    )


@pytest.mark.parametrize("verb", ["failed", "withheld", "unknown"])
def test_what_a_message_that_may_not_have_gone_was_for_is_never_told_as_the_reason(
    verb: str,
) -> None:
    data = {"recipient_role": "safeguarding-service", "purpose": "advocate-unmet"}
    said = sentence(f"message.{verb}", data)
    assert said.endswith(". Its purpose: to say that there is no advocate yet.")


def test_every_purpose_reads_as_a_purpose() -> None:
    purposes = {code: words for (field, code), words in WORDS.items() if field == "purpose"}
    assert set(purposes) == {purpose.value for purpose in MessagePurpose}
    assert [words for words in purposes.values() if not words.startswith("to ")] == []


def test_who_is_to_act_is_not_said_to_have_been_asked() -> None:
    data = {"mode": "opt-out", "rung_role": "conference-chair", "rung": 2}
    for event in ("offer.made", "offer.escalated"):
        assert not re.search(r"\b(asked|turned to|told)\b", sentence(event, data))


def test_participation_is_read_from_inside() -> None:
    data = {
        "participation": {
            "attendance": "did-not-attend",
            "voice": "advocate",
            "advocate_present": True,
            "session_on": "2026-12-07",
        }
    }
    assert sentence("conference.participation-recorded", data) == (
        "It was recorded of 7 December 2026 that the child did not attend; "
        "an advocate spoke for the child; an advocate was there for the child."
    )


def test_a_view_for_nobody_says_so() -> None:
    said = sentence("child-view.approved", {"approved_for": []})
    assert said == "The child decided who may hear it: nobody."


def test_an_observation_is_never_told_as_the_childs_words() -> None:
    data = {"author": "advocate", "provenance": "observation", "statements": 2}
    assert "an observation, not the child's words" in sentence("child-view.recorded", data)


# --- order --------------------------------------------------------------------------------------


def test_a_story_is_told_in_the_order_in_which_it_happened() -> None:
    later = logged("a", at=AT + timedelta(hours=1))
    assert [line.event_id for line in story([later, logged("b")])] == ["b", "a"]


def test_at_one_instant_the_cause_comes_before_its_effect() -> None:
    scheduled = logged("z", "conference.scheduled", service="exchange")
    made = logged("m", "offer.made", causation_id="z")
    planned = logged("a", "visit.planned", service="scheduling", causation_id="m")
    assert [line.event_id for line in story([planned, made, scheduled])] == ["z", "m", "a"]


def test_at_one_instant_a_service_is_told_in_the_order_in_which_it_spoke() -> None:
    scheduled = logged("z", "conference.scheduled", service="exchange")
    made = logged("y", "offer.made", causation_id="z", sequence=1)
    by_command = logged("b", "offer.explained", causation_id="a-command", sequence=2)
    withheld = logged("x", "message.withheld", service="exchange", causation_id="y", sequence=2)
    held = logged("a", "conference.held", service="exchange", sequence=3)
    told = [line.event_id for line in story([held, by_command, withheld, made, scheduled])]
    assert told.index("z") < told.index("y") < told.index("b")
    assert told.index("y") < told.index("x") < told.index("a")


def test_at_one_instant_a_message_is_told_after_what_it_may_be_about() -> None:
    message = logged("a", "message.sent", service="exchange")
    made = logged("b", "offer.made")
    assert [line.event_id for line in story([message, made])] == ["b", "a"]


def test_a_circle_of_causes_is_told_all_the_same() -> None:
    one, other = logged("a", causation_id="b"), logged("b", causation_id="a")
    assert {line.event_id for line in story([one, other])} == {"a", "b"}


def test_who_is_a_function_where_it_is_known_and_else_the_service() -> None:
    explained = logged("a", "offer.explained", data={"explained_by": "social-worker"})
    assert [line.who for line in story([explained])] == ["social worker"]
    assert [line.who for line in story([logged("b")])] == ["referral"]


def allocation(status: str, ref: str = "first", advocate: str | None = "them") -> Told:
    data = {"allocation_ref": ref, "status": status, "advocate_ref": advocate}
    return logged(f"{ref}-{status}", f"allocation.{status}", data=data)


@pytest.mark.parametrize(
    ("events", "advocate"),
    [
        ([], None),
        ([allocation("unmet", advocate=None)], None),
        ([allocation("allocated")], "them"),
        ([allocation("allocated"), allocation("confirmed")], "them"),
        ([allocation("allocated"), allocation("released")], None),
        (
            [allocation("allocated"), allocation("replaced"), allocation("allocated", "2", "me")],
            "me",
        ),
        ([allocation("allocated"), allocation("conflict")], None),
    ],
)
def test_the_advocate_is_who_is_bound_to_the_child_now(
    events: list[Told], advocate: str | None
) -> None:
    assert advocate_of(events) == advocate


def offered(status: str = "standing", **state: object) -> Told:
    """Return an event of an offer that stands so."""
    told: dict[str, object] = {"status": status, "told": "not-known", "permission": "not-needed"}
    told |= {"objection": "none", "heard_directly": None, "lapsed_because": None}
    return logged("o", "offer.whatever-it-was", data={**told, **state})


def in_order(events: list[Told]) -> list[Told]:
    return [
        replace(event, id=str(number), sequence=number, at=event.at + timedelta(minutes=number))
        for number, event in enumerate(events)
    ]


NO = offered("declined", heard_directly=True)
CONFIRMED = {"told": "confirmed"}


@pytest.mark.parametrize(
    ("events", "stands"),
    [
        ([], None),
        ([allocation("allocated")], None),
        ([offered()], Stands.NOT_TOLD),
        ([offered(), offered(told="explained")], Stands.TOLD),
        ([offered(), offered("accepted")], Stands.YES),
        ([offered(), offered("accepted"), offered("accepted", **CONFIRMED)], Stands.YES),
        ([offered(), NO], Stands.NO),
        ([offered(), NO, offered("declined", heard_directly=True, **CONFIRMED)], Stands.NO),
        ([offered(), offered("declined", heard_directly=False)], Stands.NO_PASSED_ON),
        ([offered(), NO, offered()], Stands.OPEN_AGAIN),
        ([offered(), offered("paused")], Stands.PAUSED),
        ([offered("accepted"), offered("paused"), offered("accepted")], Stands.YES),
        ([offered(), offered(objection="open")], Stands.SOMEBODY_S_NO),
        ([offered(), offered(objection="open"), offered(objection="overruled")], Stands.NOT_TOLD),
        ([offered(), offered("paused"), offered()], Stands.NOT_TOLD),
        ([offered(permission="refused")], Stands.NOT_PERMITTED),
        ([offered("accepted"), offered("stopped")], Stands.STOPPED),
        ([offered(), offered("withdrawn")], Stands.WITHDRAWN),
        ([offered("lapsed", lapsed_because="held-never-told")], Stands.NEVER_TOLD),
        ([offered("lapsed", lapsed_because="told-no-answer")], Stands.NO_ANSWER),
        ([offered("lapsed", lapsed_because="conference-fell-away")], Stands.ENDED_WITH_CONFERENCE),
        ([offered("lapsed", lapsed_because="moved")], Stands.ENDED),
        ([offered("not-made")], Stands.NOT_MADE),
    ],
)
def test_how_an_offer_stands_is_its_newest_state(events: list[Told], stands: Stands | None) -> None:
    told = in_order(events)
    assert offer_stands(told) == stands
    assert offer_stands(reversed(told)) == stands


@pytest.mark.parametrize(
    ("events", "nobody"),
    [
        ([], False),
        ([allocation("unmet", advocate=None)], True),
        ([allocation("unmet", advocate=None), allocation("allocated")], False),
        ([allocation("allocated"), allocation("released"), allocation("unmet", "2", None)], True),
    ],
)
def test_that_nobody_was_found_stands_until_somebody_is(
    events: list[Told], *, nobody: bool
) -> None:
    assert nobody_was_found(in_order(events)) is nobody


def test_a_message_that_reached_somebody_else_says_whom() -> None:
    data = {"recipient_role": "advocacy-provider", "purpose": "advocate-unmet"}
    assert sentence("message.sent", data) == (
        "A message for the advocacy provider went out, to say that there is no advocate yet."
    )
    assert sentence("message.sent", {**data, "reached_role": "safeguarding-service"}) == (
        "A message for the advocacy provider went out to the safeguarding service in their place,"
        " to say that there is no advocate yet."
    )
