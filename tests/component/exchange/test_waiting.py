"""Messages that wait: what they wait for loses none of them, and what was done meanwhile ends them.

Most of them wait for the day on which the family is known to be informed, or for the morning.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.contracts.codes import Channel
from services.exchange.app import build
from services.exchange.handlers.letters import Letter
from services.exchange.handlers.messages import message_standing
from services.exchange.handlers.sending import SendWaiting
from services.exchange.handlers.sinks import Handover
from services.exchange.settings import ExchangeSettings
from tests.component.exchange.story import (
    ADVOCATE_AT,
    CHAIR_AT,
    PROVIDER_AT,
    SAFEGUARDING_AT,
    WORKER_AT,
    Posted,
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

SAID_NO = {
    "status": "declined",
    "answered_at": "2026-11-23T08:00:00Z",
    "reported_by": "social-worker",
    "heard_directly": False,
}
ACCEPTED = {"version": 2, "status": "accepted", "answered_at": "2026-11-27T16:00:00Z"}
OTHER_AT = "other@advocacy.example"


def stand(world: World) -> list[tuple[str, str, str | None]]:
    return [(m.purpose.value, m.status.value, m.reason) for m in messages(world)]


def informed(world: World, on: datetime) -> None:
    """Record the day on which the family was informed, at that instant, and look a while later."""
    world.advance(on)
    post(world, family_informed_on=f"{on:%Y-%m-%d}")
    world.advance(on + timedelta(minutes=20))


@pytest.fixture
def uninformed(world: World) -> Posted:
    register(world, "advocacy-provider", PROVIDER_AT)
    register(world, "safeguarding-service", SAFEGUARDING_AT)
    return post(world, family_informed_on=None)


@pytest.fixture
def advocate(world: World) -> str:
    return register(world, "advocate", ADVOCATE_AT)


def test_what_waited_for_the_family_and_then_for_the_morning_leaves_in_the_morning(
    world: World, uninformed: Posted
) -> None:
    world.publish("offer.made", an_offer(uninformed))
    informed(world, datetime(2026, 12, 1, 20, tzinfo=UTC))
    assert stand(world) == [("explain-offer", "waiting", None)]
    assert world.desk("exchange").read(message_standing)["waiting"] == 1
    world.advance(datetime(2026, 12, 2, 8, tzinfo=UTC))
    assert sent_to(world) == [WORKER_AT]


class OnceDown:
    """A mail server that does not answer the first time."""

    channel = Channel.EMAIL

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def hand_over(self, letter: Letter) -> Handover:
        self.letters.append(letter)
        return Handover.TRY_LATER if len(self.letters) == 1 else Handover.DONE


def test_what_waited_for_the_family_survives_a_mail_server_that_is_down(tmp_path: Path) -> None:
    settings = ExchangeSettings(
        data=tmp_path / "data", keys=tmp_path / "keys", broker="embedded", clock="driven"
    )
    service, sink = build(settings), OnceDown()
    object.__setattr__(service, "steps", (SendWaiting(sink),))
    world = World(tmp_path / "data", built=[service])
    posted = post(world, family_informed_on=None)
    world.publish("offer.made", an_offer(posted))
    informed(world, datetime(2026, 12, 1, 12, tzinfo=UTC))
    world.advance(world.now + timedelta(minutes=5))
    assert stand(world) == [("explain-offer", "sent", None)]
    assert len(sink.letters) == 2


class Down:
    """A mail server that does not answer until somebody mends it."""

    channel = Channel.EMAIL

    def __init__(self) -> None:
        self.is_up = False
        self.says = Handover.NOBODY_THERE
        self.letters: list[Letter] = []

    def hand_over(self, letter: Letter) -> Handover:
        if not self.is_up:
            return self.says
        self.letters.append(letter)
        return Handover.DONE


FRIDAY = datetime(2026, 11, 27, 16, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)


@pytest.fixture
def down(tmp_path: Path) -> tuple[World, Down]:
    settings = ExchangeSettings(
        data=tmp_path / "data", keys=tmp_path / "keys", broker="embedded", clock="driven"
    )
    service, sink = build(settings), Down()
    object.__setattr__(service, "steps", (SendWaiting(sink, rest_s=0.0),))
    return World(tmp_path / "data", built=[service], now=FRIDAY), sink


def hour_by_hour(world: World, until: datetime) -> None:
    while world.now < until:
        world.advance(min(until, world.now + timedelta(hours=1)))


def test_a_mail_server_that_is_down_over_a_weekend_loses_no_letter_and_sends_none_twice(
    down: tuple[World, Down],
) -> None:
    world, sink = down
    posted = post(world)
    asked_before(world, posted, register(world, "advocate", ADVOCATE_AT))
    world.publish("offer.overdue", an_offer(posted, version=2, overdue=True))
    hour_by_hour(world, MONDAY)
    sink.is_up = True
    hour_by_hour(world, MONDAY + timedelta(days=1))
    assert sorted(letter.to for letter in sink.letters) == sorted(
        [WORKER_AT, ADVOCATE_AT, CHAIR_AT]
    )
    # What presses is asked anew by its own clock, and blames nobody for the days of silence.
    assert ("explain-overdue", "withheld", "stale") in stand(world)


def test_a_reader_whose_mailbox_is_full_all_weekend_is_not_tried_for_ever(
    down: tuple[World, Down],
) -> None:
    world, sink = down
    sink.says = Handover.TRY_LATER
    world.publish("child-view.shared", a_view(post(world)))
    hour_by_hour(world, MONDAY)
    assert stand(world) == [("view-for-chair", "withheld", "stale")]


def test_what_was_done_while_the_mail_server_was_down_is_asked_of_nobody(
    down: tuple[World, Down],
) -> None:
    world, sink = down
    posted = post(world, starts_at="2026-11-30T08:00:00Z")
    world.publish("child-view.shared", a_view(posted))
    world.publish("offer.made", an_offer(posted))
    world.publish("offer.accepted", an_offer(posted, **ACCEPTED))
    hour_by_hour(world, MONDAY)
    sink.is_up = True
    hour_by_hour(world, MONDAY + timedelta(hours=2))
    assert stand(world) == [
        ("explain-offer", "withheld", "task-over"),
        ("view-for-chair", "waiting", "conference-over"),
    ]
    assert sink.letters == []


def test_a_pause_of_one_night_loses_no_request_to_tell_the_child(world: World) -> None:
    posted = post(world)
    world.advance(world.now.replace(hour=20))
    world.publish("offer.made", an_offer(posted))
    world.publish("offer.paused", an_offer(posted, version=2, status="paused"))
    world.advance(world.now + timedelta(hours=12))
    assert stand(world) == [("explain-offer", "waiting", "offer-paused")]
    world.publish("offer.resumed", an_offer(posted, version=3))
    world.advance(world.now + timedelta(minutes=15))
    assert sent_to(world) == [WORKER_AT]


def test_a_court_that_takes_over_for_an_hour_loses_no_request_to_tell_the_child(
    world: World, uninformed: Posted
) -> None:
    world.publish("offer.made", an_offer(uninformed))
    world.client.post(f"{uninformed.url}/cancel", json={"reason": "proceedings"})
    # The exit looks before referral has heard of it, and again after.
    world.advance(world.now + timedelta(minutes=15))
    paused = an_offer(uninformed, version=2, status="paused", conference_version=2)
    world.publish("offer.paused", paused)
    world.advance(world.now + timedelta(minutes=45))
    world.client.post(f"{uninformed.url}/reinstate")
    world.publish("offer.resumed", paused | {"version": 3, "status": "standing"})
    informed(world, world.now + timedelta(hours=1))
    assert ("explain-offer", "sent", None) in stand(world)


def test_a_childs_view_that_is_shared_before_the_family_is_informed_reaches_the_chair(
    world: World, uninformed: Posted
) -> None:
    world.publish("child-view.shared", a_view(uninformed))
    assert stand(world) == [("view-for-chair", "waiting", "family-not-informed")]
    informed(world, datetime(2026, 12, 1, 12, tzinfo=UTC))
    assert sent_to(world) == [CHAIR_AT]


def test_a_childs_view_reaches_the_chair_also_while_the_advocates_work_rests(world: World) -> None:
    posted = post(world)
    world.publish("offer.paused", an_offer(posted, status="paused"))
    world.publish("child-view.shared", a_view(posted))
    assert sent_to(world) == [CHAIR_AT]


def test_who_leads_the_meeting_from_now_on_is_asked_to_read_what_the_one_before_was(
    world: World,
) -> None:
    posted = post(world, chair={"name": "Chair One", "email": "one@example.org"})
    world.publish("child-view.shared", a_view(posted))
    post(world, chair={"name": "Chair Two", "email": "two@example.org"})
    assert sent_to(world) == ["one@example.org", "two@example.org"]
    post(world, chair={"name": "Chair Two", "email": "two@example.org"})
    assert len(stand(world)) == 2


def test_what_the_chair_before_has_read_is_brought_to_the_next_one_too(world: World) -> None:
    posted = post(world, chair={"name": "Chair One", "email": "one@example.org"})
    view = a_view(posted)
    world.publish("child-view.shared", view)
    world.publish(
        "child-view.received", view | {"version": 2, "status": "received", "received_at": world.now}
    )
    post(world, chair={"name": "Chair Two", "email": "two@example.org"})
    assert sent_to(world) == ["one@example.org", "two@example.org"]


NIGHT = datetime(2026, 11, 23, 22, tzinfo=UTC)


def test_who_leads_the_meeting_next_is_asked_whatever_is_said_of_the_view_over_night(
    world: World,
) -> None:
    posted = post(world, chair={"name": "Chair One", "email": "one@example.org"})
    view = a_view(posted)
    world.publish("child-view.shared", view)
    read = view | {"version": 2, "status": "received", "received_at": world.now}
    world.publish("child-view.received", read)
    world.advance(NIGHT)
    post(world, chair={"name": "Chair Two", "email": "two@example.org"})
    world.publish("child-view.approved", read | {"version": 3})
    world.advance(NIGHT + timedelta(hours=12))
    assert sent_to(world) == ["one@example.org", "two@example.org"]


def test_a_chair_whose_name_is_spelt_better_is_asked_once(world: World) -> None:
    posted = post(world, chair={"name": "Chair Oen", "email": "one@example.org"})
    world.publish("child-view.shared", a_view(posted))
    post(world, chair={"name": "Chair One", "email": "One@example.org"})
    assert sent_to(world) == ["one@example.org"]


def test_what_a_child_gave_for_the_chair_goes_when_the_end_of_contact_was_a_mistake(
    world: World,
) -> None:
    posted = post(world)
    world.client.post(f"/v1/children/{posted.child}/contact-stopped")
    world.publish("child-view.shared", a_view(posted))
    assert stand(world) == [("view-for-chair", "waiting", "contact-stopped")]
    answer = world.client.post(f"/v1/children/{posted.child}/contact-resumed")
    assert answer.is_success, answer.text
    world.advance(world.now + timedelta(minutes=15))
    assert stand(world) == [("view-for-chair", "sent", None)]


@pytest.mark.parametrize("role", ["safeguarding-service", "conference-chair"])
def test_who_sees_to_it_for_a_chair_without_an_address_gets_no_way_to_the_words(
    world: World, role: str
) -> None:
    register(world, role, "desk@example.org")
    posted = post(world, chair={"name": "Chair Without"})
    world.publish("child-view.shared", a_view(posted))
    (mail,) = mails(world)
    assert mail["To"] == "desk@example.org"
    assert "/views/" not in mail.get_content()
    assert f"/conferences/{posted.meeting}" in mail.get_content()


def test_a_chair_who_is_named_and_registered_gets_the_way_to_the_words(world: World) -> None:
    register(world, "conference-chair", "one@example.org")
    post(world, chair={"name": "Chair One", "email": "one@example.org"})
    world.publish("child-view.shared", a_view(post(world)))
    (mail,) = mails(world)
    assert "/views/" in mail.get_content()


def test_a_view_that_the_child_took_back_in_the_night_is_brought_to_nobody(world: World) -> None:
    posted = post(world)
    world.advance(world.now.replace(hour=20))
    view = a_view(posted)
    world.publish("child-view.shared", view)
    world.publish("child-view.withdrawn", view | {"version": 2, "status": "withdrawn"})
    world.advance(world.now + timedelta(hours=12))
    assert stand(world) == [("view-for-chair", "withheld", "task-over")]


def test_what_is_owed_to_the_child_is_asked_for_when_the_family_is_known_to_be_informed(
    world: World, uninformed: Posted
) -> None:
    world.publish("offer.declined", an_offer(uninformed, **SAID_NO))
    closing = a_visit(uninformed, kind="closing", visit_ref=uninformed.meeting)
    world.publish("visit.planned", closing)
    answered = {"status": "answered", "answer": "full", "answered_at": world.now}
    world.publish("child-view.answered", a_view(uninformed) | answered)
    assert {one[1:] for one in stand(world)} == {("waiting", "family-not-informed")}
    informed(world, datetime(2026, 12, 1, 12, tzinfo=UTC))
    assert stand(world) == [
        ("closing-contact", "sent", None),
        ("confirm-no", "sent", None),
        ("tell-child-answer", "sent", None),
    ]


def test_it_is_asked_what_became_of_a_visit_when_the_family_is_known_to_be_informed(
    world: World, uninformed: Posted
) -> None:
    overdue = a_visit(uninformed, overdue=True)
    recorded = a_visit(uninformed, overdue=True, visit_ref=uninformed.meeting)
    world.publish("visit.overdue", overdue)
    world.publish("visit.overdue", recorded)
    done = {"version": 2, "status": "held", "overdue": False, "held_at": world.now}
    world.publish("visit.held", recorded | done)
    informed(world, datetime(2026, 12, 1, 12, tzinfo=UTC))
    assert sorted(stand(world), key=str) == [
        ("visit-overdue", "sent", None),
        ("visit-overdue", "withheld", "task-over"),
    ]


LOST = {"reason": "conference-moved", "moves": 1}


def test_an_advocate_hears_that_an_agreed_time_is_gone_when_the_family_is_informed(
    world: World, uninformed: Posted, advocate: str
) -> None:
    world.publish("visit.moved", a_visit(uninformed, version=3, advocate_ref=advocate, **LOST))
    assert stand(world) == [("visit-replanned", "waiting", "family-not-informed")]
    informed(world, world.now + timedelta(days=2))
    assert stand(world) == [("visit-replanned", "sent", None)]


def test_an_advocate_hears_that_an_agreed_time_is_gone_when_the_end_of_contact_was_a_mistake(
    world: World, advocate: str
) -> None:
    posted = post(world)
    world.client.post(f"/v1/children/{posted.child}/contact-stopped")
    world.publish("visit.moved", a_visit(posted, version=3, advocate_ref=advocate, **LOST))
    world.client.post(f"/v1/children/{posted.child}/contact-resumed")
    world.advance(world.now + timedelta(hours=1))
    assert stand(world) == [("visit-replanned", "sent", None)]


def test_an_advocate_hears_that_an_agreed_time_is_gone_after_the_child_has_paused(
    world: World, uninformed: Posted, advocate: str
) -> None:
    visit = a_visit(uninformed, version=3, advocate_ref=advocate, **LOST)
    world.publish("visit.moved", visit)
    world.publish("offer.paused", an_offer(uninformed, status="paused", version=2))
    off = {"version": 4, "status": "cancelled", "reason": "offer-paused"}
    world.publish("visit.cancelled", visit | off)
    informed(world, world.now + timedelta(days=2))
    assert stand(world) == [("visit-replanned", "waiting", "offer-paused")]
    world.publish("offer.resumed", an_offer(uninformed, version=3))
    world.advance(world.now + timedelta(hours=1))
    world.publish("visit.planned", visit | {"version": 5, "reason": None})
    world.advance(world.now + timedelta(hours=1))
    assert stand(world) == [("visit-replanned", "sent", None)]


def test_nobody_hears_that_a_time_is_gone_who_has_agreed_another_one(
    world: World, uninformed: Posted, advocate: str
) -> None:
    visit = a_visit(uninformed, version=3, advocate_ref=advocate, **LOST)
    world.publish("visit.moved", visit)
    agreed = {"version": 4, "status": "agreed", "at": "2026-12-07T15:30:00Z"}
    world.publish("visit.agreed", visit | agreed)
    informed(world, world.now + timedelta(hours=2))
    assert stand(world) == [("visit-replanned", "withheld", "task-over")]


def test_the_same_that_was_asked_twice_while_it_waited_is_asked_once(
    world: World, uninformed: Posted
) -> None:
    world.publish("offer.declined", an_offer(uninformed, **SAID_NO))
    world.advance(world.now + timedelta(days=2))
    again = an_offer(uninformed, version=2, rung_role="advocacy-provider", **SAID_NO)
    world.publish("offer.escalated", again)
    informed(world, datetime(2026, 12, 1, 12, tzinfo=UTC))
    assert sent_to(world) == [PROVIDER_AT]


DONE: list[tuple[str, dict[str, Any]]] = [
    ("offer.explained", {"told": "explained", "explained_by": "social-worker"}),
    ("offer.explained-confirmed", {"told": "confirmed"}),
    ("offer.accepted", {"status": "accepted", "answered_at": "2026-11-24T07:00:00Z"}),
]


@pytest.mark.parametrize(("event", "changes"), DONE, ids=[event for event, _ in DONE])
def test_nobody_is_asked_in_the_morning_to_tell_a_child_who_was_told_in_the_night(
    world: World, event: str, changes: dict[str, Any]
) -> None:
    posted = post(world)
    world.advance(world.now.replace(hour=20))
    ladder = {"rung": 1, "rung_role": "conference-chair"}
    world.publish("offer.made", an_offer(posted))
    world.publish("offer.overdue", an_offer(posted, version=2, overdue=True))
    world.publish("offer.escalated", an_offer(posted, version=3, **ladder))
    if event == "offer.explained":
        changes = {**changes, "explained_at": "2026-11-24T07:00:00Z"}
    world.publish(event, an_offer(posted, version=4, **ladder, **changes))
    world.advance(world.now + timedelta(hours=12))
    assert mails(world) == []
    assert {one[1:] for one in stand(world)} == {("withheld", "task-over")}


def test_nobody_is_alarmed_of_a_child_for_whom_an_advocate_was_found_meanwhile(
    world: World, uninformed: Posted, advocate: str
) -> None:
    unmet = {"status": "unmet", "reasons": [], "unmet_because": "nobody-with-room"}
    world.publish("allocation.unmet", an_allocation(uninformed, **unmet))
    found = an_allocation(uninformed, version=2, advocate_ref=advocate)
    world.publish("allocation.allocated", found)
    informed(world, datetime(2026, 12, 1, 12, tzinfo=UTC))
    assert sent_to(world) == [ADVOCATE_AT]


ENDS = [("conflict-found", "conflict"), ("released", "released"), ("refused", "refused")]


@pytest.mark.parametrize(("verb", "status"), ENDS)
def test_an_advocate_who_is_no_more_the_childs_is_not_told_that_they_were_allocated(
    world: World, uninformed: Posted, advocate: str, verb: str, status: str
) -> None:
    world.publish("offer.made", an_offer(uninformed, told="explained"))
    found = an_allocation(uninformed, advocate_ref=advocate)
    world.publish("allocation.allocated", found)
    world.publish(f"allocation.{verb}", found | {"version": 2, "status": status})
    informed(world, datetime(2026, 12, 1, 12, tzinfo=UTC))
    assert ("advocate-allocated", "withheld", "task-over") in stand(world)
    assert sent_to(world) == []


def test_nobody_is_told_after_the_conference_that_they_were_to_be_the_advocate_at_it(
    world: World, uninformed: Posted, advocate: str
) -> None:
    world.publish("allocation.allocated", an_allocation(uninformed, advocate_ref=advocate))
    world.advance(datetime(2026, 12, 10, 18, tzinfo=UTC))
    held = {"held_at": "2026-12-10T15:00:00Z"}
    world.client.post(f"{uninformed.url}/held", json=held)
    informed(world, datetime(2026, 12, 20, 12, tzinfo=UTC))
    assert stand(world) == [("advocate-allocated", "withheld", "conference-over")]


def test_no_advocate_is_told_of_a_conference_whose_hour_passed_before_the_family_knew(
    world: World, uninformed: Posted, advocate: str
) -> None:
    world.publish("allocation.allocated", an_allocation(uninformed, advocate_ref=advocate))
    informed(world, datetime(2026, 12, 10, 14, 10, tzinfo=UTC))
    assert stand(world) == [("advocate-allocated", "waiting", "conference-over")]
    assert mails(world) == []


def asked_before(world: World, posted: Posted, advocate: str) -> None:
    world.publish("offer.made", an_offer(posted))
    world.publish("allocation.allocated", an_allocation(posted, advocate_ref=advocate))
    world.publish("child-view.shared", a_view(posted))


def test_what_was_asked_for_a_conference_that_was_put_off_on_its_day_leaves_before_the_next(
    world: World, uninformed: Posted, advocate: str
) -> None:
    asked_before(world, uninformed, advocate)
    world.advance(datetime(2026, 12, 10, 14, 40, tzinfo=UTC))
    assert {one[1] for one in stand(world)} == {"waiting"}
    put_off = {"reason": "family", "reconvenes_on": "2026-12-17"}
    world.client.post(f"{uninformed.url}/adjourn", json=put_off)
    post(world, family_informed_on="2026-12-10", starts_at="2026-12-17T14:00:00Z")
    world.advance(datetime(2026, 12, 10, 15, tzinfo=UTC))
    assert sorted(sent_to(world)) == sorted([WORKER_AT, ADVOCATE_AT, CHAIR_AT])
    world.advance(datetime(2026, 12, 17, 12, tzinfo=UTC))
    assert len(mails(world)) == 3


def test_a_view_for_a_conference_listed_again_after_its_hour_passed_reaches_the_chair(
    world: World,
) -> None:
    posted = post(world)
    world.advance(datetime(2026, 12, 9, 20, tzinfo=UTC))
    world.publish("child-view.shared", a_view(posted))
    world.client.post(f"{posted.url}/cancel", json={"reason": "error"})
    world.advance(datetime(2026, 12, 10, 15, tzinfo=UTC))
    assert stand(world) == [("view-for-chair", "waiting", "conference-cancelled")]
    post(world, starts_at="2026-12-18T14:00:00Z")
    world.advance(world.now + timedelta(minutes=15))
    assert sent_to(world) == [CHAIR_AT]


def test_what_an_advocate_in_conflict_was_asked_is_asked_of_who_acts_for_the_child_now(
    world: World, advocate: str
) -> None:
    register(world, "advocacy-provider", PROVIDER_AT)
    other = register(world, "advocate", OTHER_AT)
    posted = post(world)
    found = an_allocation(posted, advocate_ref=advocate)
    world.publish("allocation.allocated", found)
    world.advance(world.now.replace(hour=20))
    world.publish("visit.overdue", a_visit(posted, advocate_ref=advocate, overdue=True))
    world.publish("allocation.conflict-found", found | {"version": 2, "status": "conflict"})
    next_one = "a110c000-0000-4000-8000-000000000002"
    follows = an_allocation(posted, allocation_ref=next_one, advocate_ref=other)
    world.publish("allocation.allocated", follows)
    world.advance(world.now + timedelta(hours=12))
    assert sent_to(world) == [ADVOCATE_AT, OTHER_AT, OTHER_AT]
    (overdue,) = (m for m in messages(world) if m.purpose == "visit-overdue")
    assert (str(overdue.recipient_ref), overdue.page) == (other, f"/advocates/{other}/diary")


def test_a_conflict_is_about_the_child_at_every_conference(world: World, advocate: str) -> None:
    register(world, "advocacy-provider", PROVIDER_AT)
    first = post(world)
    second = post(world, conference_id="C2", kind="review", starts_at="2027-01-12T10:00:00Z")
    world.advance(world.now.replace(hour=20))
    closing = a_visit(first, kind="closing", advocate_ref=advocate)
    world.publish("visit.planned", closing)
    found = an_allocation(second, advocate_ref=advocate)
    world.publish("allocation.conflict-found", found | {"status": "conflict"})
    world.advance(world.now + timedelta(hours=12))
    assert sent_to(world) == [PROVIDER_AT]
    (asked,) = messages(world)
    assert (asked.recipient_role, asked.reached_role) == ("advocate", "advocacy-provider")
    (mail,) = mails(world)
    assert f"/stories/{first.conference}" in mail.get_content()


def test_the_goodbye_is_asked_of_the_advocate_whom_the_child_knows(
    world: World, advocate: str
) -> None:
    register(world, "advocacy-provider", PROVIDER_AT)
    posted = post(world)
    found = an_allocation(posted, advocate_ref=advocate)
    world.publish("allocation.confirmed", found | {"status": "confirmed"})
    gone = an_offer(posted, status="withdrawn", withdrawn_because="not-needed")
    world.publish("offer.withdrawn", gone)
    world.publish("allocation.released", found | {"version": 2, "status": "released"})
    world.publish("visit.planned", a_visit(posted, kind="closing", advocate_ref=advocate))
    assert sent_to(world) == [ADVOCATE_AT]


NOBODY = {
    "status": "unmet",
    "unmet_because": "nobody-registered",
    "advocate_ref": None,
    "reasons": (),
    "alarmed": True,
}


def test_who_stands_in_for_somebody_and_is_asked_themselves_gets_one_letter(world: World) -> None:
    register(world, "safeguarding-service", "desk@example.org")
    posted = post(world)
    world.publish("allocation.unmet", an_allocation(posted, **NOBODY))
    assert sent_to(world) == ["desk@example.org"]
    assert ("advocate-unmet", "withheld", "asked-again") in stand(world)
