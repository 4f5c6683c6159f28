"""An event that asks a person to act becomes messages: once, and not again when it comes twice."""

from datetime import timedelta
from typing import Any

import pytest

from services.exchange.domain.message import MessageStatus
from tests.component.exchange.story import (
    ADVOCATE_AT,
    CHAIR_AT,
    OFFER,
    PROVIDER_AT,
    SAFEGUARDING_AT,
    WORKER_AT,
    Posted,
    a_reminder,
    a_view,
    a_visit,
    an_allocation,
    an_offer,
    mails,
    messages,
    post,
    register,
    sent_to,
)
from tests.harness import World


@pytest.fixture
def posted(world: World) -> Posted:
    register(world, "advocacy-provider", PROVIDER_AT)
    register(world, "safeguarding-service", SAFEGUARDING_AT, authorities=["E09000020"])
    return post(world)


@pytest.fixture
def advocate(world: World) -> str:
    return register(world, "advocate", ADVOCATE_AT)


def purposes(world: World) -> list[tuple[str, str]]:
    return [(message.purpose.value, message.status.value) for message in messages(world)]


def test_a_new_offer_asks_the_social_worker_to_explain_it(world: World, posted: Posted) -> None:
    world.publish("offer.made", an_offer(posted))
    assert purposes(world) == [("explain-offer", "sent")]
    assert sent_to(world) == [WORKER_AT]
    (event,) = world.events("message.sent")
    assert (event.data.purpose, event.data.recipient_role) == ("explain-offer", "social-worker")
    assert (event.data.channel, event.data.status) == ("file", "sent")


def test_the_same_event_twice_is_one_message(world: World, posted: Posted) -> None:
    world.publish("offer.made", an_offer(posted), sequence=1)
    world.publish("offer.made", an_offer(posted), sequence=1)
    assert len(messages(world)) == len(mails(world)) == 1


def test_an_offer_that_comes_before_its_conference_waits_for_it(world: World) -> None:
    early = Posted(
        "3ee70000-0000-4000-8000-000000000001",
        [
            {
                "child_ref": "c41d0000-0000-4000-8000-000000000001",
                "conference_ref": "c0ff0000-0000-4000-8000-000000000001",
            }
        ],
    )
    world.publish("offer.made", an_offer(early))
    assert messages(world) == []
    assert world.runners["exchange"].standing.waiting == 1


def test_an_event_about_a_place_without_policy_is_laid_aside(world: World, posted: Posted) -> None:
    offer = an_offer(posted, authority="N09000003", objection="open")
    world.publish("offer.objected", offer)
    assert messages(world) == []
    assert world.runners["exchange"].standing.dead_letters == 1


@pytest.mark.parametrize(
    ("event", "changes", "asked"),
    [
        ("offer.made", {"permission": "wanted"}, ("permission-wanted", WORKER_AT)),
        ("offer.overdue", {"overdue": True}, ("explain-overdue", WORKER_AT)),
        (
            "offer.escalated",
            {"rung": 1, "rung_role": "conference-chair"},
            ("offer-escalated", CHAIR_AT),
        ),
        (
            "offer.escalated",
            {"rung": 3, "rung_role": "advocacy-provider"},
            ("independent-contact", PROVIDER_AT),
        ),
        (
            "offer.escalated",
            {"rung": 1, "rung_role": "reviewing-officer"},
            ("offer-escalated", SAFEGUARDING_AT),
        ),
        ("offer.objected", {"objection": "open"}, ("check-objection", PROVIDER_AT)),
        (
            "offer.declined",
            {
                "status": "declined",
                "answered_at": "2026-11-23T08:00:00Z",
                "reported_by": "social-worker",
                "heard_directly": False,
            },
            ("confirm-no", PROVIDER_AT),
        ),
        (
            "offer.escalated",
            {"status": "declined", "heard_directly": False, "rung_role": "advocacy-provider"},
            ("confirm-no", PROVIDER_AT),
        ),
        (
            "offer.escalated",
            {"status": "paused", "objection": "open", "rung_role": "advocacy-provider"},
            ("check-objection", PROVIDER_AT),
        ),
    ],
)
def test_each_turn_of_an_offer_asks_whose_turn_it_is(
    world: World, posted: Posted, event: str, changes: dict[str, Any], asked: tuple[str, str]
) -> None:
    world.publish(event, an_offer(posted, **changes))
    purpose, to = asked
    assert (purposes(world), sent_to(world)) == ([(purpose, "sent")], [to])


def test_an_objection_that_nobody_checked_is_asked_about_again_as_an_objection(
    world: World, posted: Posted
) -> None:
    accepted = {"status": "accepted", "told": "explained", "answered_at": world.now}
    said = an_offer(posted, rung=3, rung_role="advocacy-provider", objection="open") | accepted
    world.publish("offer.objected", said)
    world.publish("offer.escalated", said | {"version": 2})
    assert purposes(world) == [("check-objection", "sent")] * 2
    assert sent_to(world) == [PROVIDER_AT] * 2


def test_the_ladder_is_climbed_beside_an_open_objection(world: World, posted: Posted) -> None:
    objected = an_offer(posted, objection="open", rung_role="advocacy-provider")
    world.publish("offer.objected", objected)
    world.publish("offer.escalated", objected | {"version": 2, "rung": 3})
    assert purposes(world) == [("check-objection", "sent"), ("independent-contact", "sent")]


def test_a_decision_that_nobody_took_is_asked_for_again_until_it_is_taken(
    world: World, posted: Posted
) -> None:
    world.client.post(f"{posted.url}/cancel", json={"reason": "proceedings"})
    paused = an_offer(posted, status="paused", conference_version=2)
    world.publish("offer.paused", paused)
    world.publish("offer.escalated", paused | {"version": 2})
    assert sent_to(world) == [WORKER_AT] * 2
    world.advance(world.now.replace(hour=20))
    world.publish("offer.escalated", paused | {"version": 3})
    world.publish("offer.resumed", paused | {"version": 4, "status": "standing"})
    world.advance(world.now + timedelta(hours=12))
    decisions = [m.reason for m in messages(world) if m.purpose == "continue-decision"]
    assert sorted(map(str, decisions)) == ["None", "None", "task-over"]


@pytest.mark.parametrize("reason", ["proceedings", "emergency-protection", "looked-after"])
def test_court_or_care_asks_for_no_decision_after_the_childs_own_no(
    world: World, posted: Posted, reason: str
) -> None:
    said_no = {"status": "declined", "reported_by": "child", "heard_directly": True}
    at = {"answered_at": "2026-11-23T08:00:00Z"}
    world.publish("offer.declined", an_offer(posted, **said_no, **at))
    world.client.post(f"{posted.url}/cancel", json={"reason": reason})
    world.settle()
    assert purposes(world) == [("continue-decision", "withheld")]
    assert mails(world) == []


def test_a_no_heard_from_the_child_asks_for_nothing(world: World, posted: Posted) -> None:
    said_no = {
        "status": "declined",
        "answered_at": "2026-11-23T08:00:00Z",
        "reported_by": "child",
        "heard_directly": True,
    }
    world.publish("offer.declined", an_offer(posted, **said_no))
    assert messages(world) == []


def test_an_allocation_tells_the_advocate(world: World, posted: Posted, advocate: str) -> None:
    world.publish("allocation.allocated", an_allocation(posted, advocate_ref=advocate))
    assert purposes(world) == [("advocate-allocated", "sent")]
    assert sent_to(world) == [ADVOCATE_AT]
    assert f"/advocates/{advocate}/diary" in mails(world)[0].get_content()


def test_unmet_alarms_the_safeguarding_service_and_the_provider_at_first_and_at_the_alarm(
    world: World, posted: Posted
) -> None:
    unmet = {"status": "unmet", "reasons": [], "unmet_because": "nobody-with-room"}
    world.publish("allocation.unmet", an_allocation(posted, **unmet))
    world.publish("allocation.unmet", an_allocation(posted, version=2, attempts=2, **unmet))
    assert sent_to(world) == [SAFEGUARDING_AT, PROVIDER_AT]
    alarm = an_allocation(posted, version=3, attempts=3, **unmet) | {"alarmed": True}
    world.publish("allocation.unmet", alarm)
    assert len(mails(world)) == 4


def test_a_reminder_goes_to_the_advocate_it_names(
    world: World, posted: Posted, advocate: str
) -> None:
    reminder = a_reminder(posted, recipient_role="advocate", recipient_ref=advocate)
    world.publish("reminder.came-due", reminder)
    assert (purposes(world), sent_to(world)) == ([("conference-reminder", "sent")], [ADVOCATE_AT])


def test_an_overdue_visit_asks_the_advocate_or_the_provider(
    world: World, posted: Posted, advocate: str
) -> None:
    world.publish("visit.overdue", a_visit(posted, advocate_ref=advocate, overdue=True))
    world.publish("visit.overdue", a_visit(posted, version=2, overdue=True))
    assert sent_to(world) == [ADVOCATE_AT, PROVIDER_AT]


LOST = {"reason": "conference-moved", "moves": 1}


@pytest.mark.parametrize("verb", ["moved", "planned"])
def test_an_agreed_time_that_is_gone_is_told_to_the_advocate(
    world: World, posted: Posted, advocate: str, verb: str
) -> None:
    world.publish(f"visit.{verb}", a_visit(posted, version=3, advocate_ref=advocate, **LOST))
    assert purposes(world) == [("visit-replanned", "sent")]
    assert sent_to(world) == [ADVOCATE_AT]


@pytest.mark.parametrize("verb", ["moved", "planned"])
def test_an_agreed_time_that_stands_asks_nobody(
    world: World, posted: Posted, advocate: str, verb: str
) -> None:
    stands = {"status": "agreed", "at": "2026-12-07T15:30:00Z"}
    visit = a_visit(posted, version=3, advocate_ref=advocate, **stands)
    world.publish(f"visit.{verb}", visit | (LOST if verb == "moved" else {}))
    assert purposes(world) == []


def test_only_a_closing_visit_asks_for_itself(world: World, posted: Posted, advocate: str) -> None:
    world.publish("visit.planned", a_visit(posted, advocate_ref=advocate))
    closing = a_visit(posted, advocate_ref=advocate, kind="closing")
    world.publish("visit.planned", closing)
    assert purposes(world) == [("closing-contact", "sent")]


@pytest.mark.parametrize(
    ("reason", "purposes_then"),
    [
        ("proceedings", [("continue-decision", "sent")]),
        ("emergency-protection", [("continue-decision", "sent")]),
        ("looked-after", [("continue-decision", "sent")]),
        ("not-needed", []),
        ("died", []),
    ],
)
def test_court_and_care_ask_a_person_to_decide(
    world: World, posted: Posted, reason: str, purposes_then: list[tuple[str, str]]
) -> None:
    world.client.post(f"{posted.url}/cancel", json={"reason": reason})
    world.settle()
    assert purposes(world) == purposes_then


def test_a_shared_view_goes_to_the_chair_and_its_answer_to_the_advocate(
    world: World, posted: Posted, advocate: str
) -> None:
    world.publish(
        "allocation.confirmed",
        an_allocation(posted, advocate_ref=advocate) | {"status": "confirmed"},
    )
    view = a_view(posted)
    world.publish("child-view.shared", view)
    assert sent_to(world) == [CHAIR_AT]
    answered = {"version": 2, "status": "answered", "answer": "part", "answered_at": world.now}
    world.publish("child-view.answered", view | answered)
    assert sent_to(world) == [ADVOCATE_AT, CHAIR_AT]
    assert f"/views/{view['view_ref']}" in mails(world)[0].get_content()


def test_whoever_was_released_is_not_asked_any_more(
    world: World, posted: Posted, advocate: str
) -> None:
    world.publish("allocation.allocated", an_allocation(posted, advocate_ref=advocate))
    released = an_allocation(posted, version=2, advocate_ref=advocate) | {"status": "released"}
    world.publish("allocation.released", released)
    answered = {"status": "answered", "answer": "full", "answered_at": world.now}
    world.publish("child-view.answered", a_view(posted) | answered)
    (message,) = (m for m in messages(world) if m.purpose == "tell-child-answer")
    assert message.recipient_role == "advocacy-provider"


def test_a_childs_yes_after_a_no_lets_messages_go_again(world: World, posted: Posted) -> None:
    no = an_offer(posted) | {
        "status": "declined",
        "answered_at": world.now,
        "reported_by": "child",
        "heard_directly": True,
    }
    world.publish("offer.declined", no)
    world.publish("reminder.came-due", a_reminder(posted))
    yes = an_offer(posted, version=2, status="accepted", answered_at=world.now)
    world.publish("offer.accepted", yes)
    later = a_reminder(posted, reminder_ref=OFFER)
    world.publish("reminder.came-due", later)
    assert sorted(status for _, status in purposes(world)) == ["sent", "withheld"]


def test_nobody_to_write_to_is_shown_and_told(world: World) -> None:
    lonely = post(world, conference_id="C9", chair=None)
    world.publish("child-view.shared", a_view(lonely))
    (message,) = messages(world)
    assert (message.status, message.reason) == (MessageStatus.WITHHELD, "nobody-to-write-to")
    (event,) = world.events("message.withheld")
    assert event.data.channel == "none"
    (listed,) = world.client.get("/v1/messages").json()["items"]
    assert (listed["status"], listed["reason"]) == ("withheld", "nobody-to-write-to")
