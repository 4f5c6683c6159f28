"""The exchange's doors: what is taken in once, twice, changed, broken off, and what is refused."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.component.exchange.story import (
    SAFEGUARDING_AT,
    STARTS,
    Posted,
    a_child,
    a_meeting,
    pointers,
    post,
    register,
    said,
)
from tests.harness import World

HELD = {"held_at": "2026-12-10T14:05:00Z"}
THERE = {"attendance": "attended", "mode": "in-person", "voice": "self", "advocate_present": True}


def on_the_day(world: World) -> None:
    world.advance(world.now.replace(month=12, day=10, hour=17))


def test_one_meeting_is_said_once_and_each_child_by_its_own(world: World) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    assert len({child["child_ref"] for child in posted.children}) == 2
    assert said(world) == [
        "child.registered",
        "child.registered",
        "conference.scheduled",
        "conference.scheduled",
        "meeting.arranged",
    ]
    conference = world.events("conference.scheduled")[0].data
    assert (conference.age_years, conference.authority) == (10, "E09000020")


def test_the_answer_is_in_the_order_of_the_request_and_says_where(world: World) -> None:
    answer = world.client.post(
        "/v1/conferences", json=a_meeting(children=[a_child(la_child_id=i) for i in "CAB"])
    )
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/conferences/{answer.json()['meeting_ref']}"
    again = world.client.post(
        "/v1/conferences", json=a_meeting(children=[a_child(la_child_id=i) for i in "BCA"])
    )
    first, second = (
        [child["child_ref"] for child in one.json()["children"]] for one in (answer, again)
    )
    assert second == [first[2], first[0], first[1]]


def test_the_same_meeting_again_changes_nothing(world: World) -> None:
    posted = post(world)
    before = said(world)
    again = world.client.post("/v1/conferences", json=a_meeting())
    assert again.status_code == 200
    assert again.json()["meeting_ref"] == posted.meeting
    world.settle()
    assert said(world) == before


def test_the_same_idempotency_key_gives_the_same_answer_and_another_body_is_refused(
    world: World,
) -> None:
    headers = {"Idempotency-Key": "one"}
    first = world.client.post("/v1/conferences", json=a_meeting(), headers=headers)
    again = world.client.post("/v1/conferences", json=a_meeting(), headers=headers)
    other = world.client.post(
        "/v1/conferences", json=a_meeting(conference_id="C2"), headers=headers
    )
    assert again.json() == first.json()
    assert again.headers["idempotent-replay"] == "true"
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")
    world.settle()
    assert len(world.events("meeting.arranged")) == 1


def test_another_time_is_a_rescheduled_conference(world: World) -> None:
    post(world)
    posted = post(world, starts_at="2026-12-11T14:00:00Z")
    assert said(world).count("conference.rescheduled") == 1
    assert said(world).count("meeting.moved") == 1
    assert "conference.changed" not in said(world)
    (event,) = world.events("conference.rescheduled")
    assert str(event.data.conference_ref) == posted.conference
    assert event.data.version == 2


@pytest.mark.parametrize("change", [{"kind": "review"}, {"format": "remote"}, {"place": "Library"}])
def test_another_kind_format_or_place_is_a_changed_conference(
    world: World, change: dict[str, Any]
) -> None:
    post(world)
    post(world, **change)
    assert said(world).count("conference.changed") == said(world).count("meeting.changed") == 1


def test_other_names_change_nothing_that_the_bus_could_hear(world: World) -> None:
    post(world)
    before = said(world)
    post(world, chair={"name": "Casey Newchair", "email": "casey@council.example"})
    post(world, children=[a_child(given_name="Zoey", contacts=[])])
    assert said(world) == before


def test_a_coded_fact_is_told_in_every_conference_of_the_child_to_come(world: World) -> None:
    post(world)
    post(world, conference_id="C2", starts_at="2027-03-10T14:00:00Z", kind="review")
    post(world, children=[a_child(communication_needs=["bsl"], looked_after="yes")])
    changed = world.events("conference.changed")
    assert len({event.data.conference_ref for event in changed}) == len(changed) == 2
    assert {event.data.needs for event in changed} == {("bsl",)}
    assert said(world).count("child.changed") == 1


def test_a_child_can_be_added_to_a_meeting_and_leaving_one_out_undoes_nothing(
    world: World,
) -> None:
    post(world)
    post(world, children=[a_child(la_child_id="A2", given_name="Yan")])
    assert said(world).count("conference.scheduled") == 2
    assert "conference.cancelled" not in said(world)


def test_a_meeting_is_moved_changed_adjourned_and_moved_again(world: World) -> None:
    posted = post(world)
    steps: list[tuple[str, dict[str, Any]]] = [
        ("reschedule", {"starts_at": "2026-12-11T10:00:00Z", "ends_at": "2026-12-11T11:00:00Z"}),
        ("change", {"kind": "transfer_in", "place": "Library"}),
        ("adjourn", {"reason": "quorum", "reconvenes_on": "2026-12-17"}),
        ("reschedule", {"starts_at": "2026-12-17T10:00:00Z"}),
    ]
    for path, body in steps:
        assert world.client.post(f"{posted.url}/{path}", json=body).status_code == 200
    world.settle()
    told = [event.type for event in world.events() if event.type.startswith("conference")]
    assert told == [
        "conference.scheduled",
        "conference.rescheduled",
        "conference.changed",
        "conference.adjourned",
        "conference.rescheduled",
    ]
    last = world.events("conference.rescheduled")[-1].data
    assert (last.status, last.adjourned_because, last.reconvenes_on) == ("scheduled", None, None)


def test_the_same_time_again_is_no_news(world: World) -> None:
    posted = post(world)
    before = said(world)
    answer = world.client.post(f"{posted.url}/reschedule", json={"starts_at": STARTS})
    world.settle()
    assert (answer.status_code, said(world)) == (200, before)


def test_held_with_participation_and_a_later_correction(world: World) -> None:
    posted = post(world)
    on_the_day(world)
    body = {**HELD, "participation": [{"child_ref": posted.child, **THERE}]}
    assert world.client.post(f"{posted.url}/held", json=body).status_code == 200
    correction = {"attendance": "did_not_attend", "voice": "advocate", "advocate_present": True}
    path = f"{posted.url}/children/{posted.child}/participation"
    answer = world.client.put(path, json=correction)
    assert answer.json()["participation"]["voice"] == "advocate"
    world.settle()
    told = world.events("conference.participation-recorded")
    assert [event.data.participation.attendance for event in told] == ["attended", "did-not-attend"]
    assert told[-1].data.held_at is not None


def test_held_before_its_day_and_after_a_cancellation_is_refused(world: World) -> None:
    posted = post(world)
    early = world.client.post(f"{posted.url}/held", json={"held_at": "2026-11-23T08:00:00Z"})
    assert (early.status_code, early.json()["code"]) == (409, "held-before-scheduled")
    assert world.client.post(f"{posted.url}/cancel", json={"reason": "error"}).status_code == 200
    on_the_day(world)
    late = world.client.post(f"{posted.url}/held", json=HELD)
    assert (late.status_code, late.json()["code"]) == (409, "after-cancelled")


def test_a_meeting_nobody_arranged_is_not_known_yet(world: World) -> None:
    path = "/v1/conferences/3ee70000-0000-4000-8000-000000000009"
    answer = world.client.post(f"{path}/held", json=HELD)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_yet_known")
    assert "retry-after" in answer.headers


def test_a_meeting_is_cancelled_for_every_child_with_its_reason(world: World) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    body = {"reason": "threshold_not_met"}
    assert world.client.post(f"{posted.url}/cancel", json=body).status_code == 200
    world.settle()
    told = world.events("conference.cancelled")
    assert [event.data.cancelled_because for event in told] == ["threshold-not-met"] * 2
    again = world.client.post(f"{posted.url}/cancel", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "after-cancelled")


def test_one_child_is_taken_off_and_the_siblings_go_on(world: World) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    path = f"{posted.url}/children/{posted.child}/cancel"
    assert world.client.post(path, json={"reason": "removed"}).status_code == 200
    world.settle()
    (event,) = world.events("conference.cancelled")
    assert str(event.data.child_ref) == posted.child
    assert "meeting.cancelled" not in said(world)
    moved = {"starts_at": "2026-12-11T10:00:00Z"}
    world.client.post(f"{posted.url}/reschedule", json=moved)
    world.settle()
    assert len(world.events("conference.rescheduled")) == 1
    other = f"{posted.url}/children/{posted.children[1]['child_ref']}/cancel"
    world.client.post(other, json={"reason": "moved"})
    world.settle()
    assert len(world.events("meeting.cancelled")) == 1


@pytest.mark.parametrize("reason", ["error", "removed"])
def test_a_child_taken_off_and_handed_in_again(world: World, reason: str) -> None:
    siblings = {"children": [a_child(), a_child(la_child_id="A2")]}
    posted = post(world, **siblings)
    off = f"{posted.url}/children/{posted.children[1]['child_ref']}"
    world.client.post(f"{off}/cancel", json={"reason": reason})
    answer = world.client.post("/v1/conferences", json=a_meeting(**siblings))
    if reason == "error":
        assert answer.status_code == 202
        assert [w["code"] for w in answer.json()["warnings"]] == ["reinstated"]
    else:
        assert (answer.status_code, answer.json()["code"]) == (409, "cancelled-here")
        assert pointers(answer) == [("/children/1", "cancelled-here")]
        assert world.client.post(f"{off}/reinstate").status_code == 200
    world.settle()
    assert said(world).count("conference.scheduled") == 3
    assert {seat["status"] for seat in world.client.get(posted.url).json()["children"]} == {
        "scheduled"
    }


def test_a_cancellation_is_taken_back_for_every_child_it_was_for_and_no_other(
    world: World,
) -> None:
    posted = post(world, children=[a_child(la_child_id=name) for name in ("A1", "A2", "A3")])
    off = f"{posted.url}/children/{posted.child}/cancel"
    # The same reason twice: it is not the reason that tells who was taken off alone.
    world.client.post(off, json={"reason": "not-needed"})
    world.client.post(f"{posted.url}/cancel", json={"reason": "not-needed"})
    again = world.client.post(f"{posted.url}/reinstate").json()
    assert (again["status"], again["cancelled_because"]) == ("scheduled", None)
    stands = {seat["child_ref"]: seat["status"] for seat in again["children"]}
    first, second, third = (child["child_ref"] for child in posted.children)
    assert stands == {first: "cancelled", second: "scheduled", third: "scheduled"}
    twice = world.client.post(f"{posted.url}/reinstate")
    assert (twice.status_code, twice.json()["code"]) == (409, "not-cancelled")


def test_children_left_behind_by_the_way_a_meeting_stands_again_are_named_and_come_back(
    world: World,
) -> None:
    names = ("A1", "A2", "A3")
    posted = post(world, children=[a_child(la_child_id=name) for name in names])
    world.client.post(f"{posted.url}/cancel", json={"reason": "error"})
    answer = world.client.post("/v1/conferences", json=a_meeting())
    assert [w["code"] for w in answer.json()["warnings"]] == ["reinstated", "left-cancelled"]
    assert answer.json()["warnings"][1]["detail"].startswith("2 children who were")
    again = world.client.post(f"{posted.url}/reinstate").json()
    assert {seat["status"] for seat in again["children"]} == {"scheduled"}
    world.settle()
    assert said(world).count("conference.scheduled") == 6
    assert said(world).count("meeting.arranged") == 2
    assert world.client.post("/v1/conferences", json=a_meeting()).json()["warnings"] == []


def test_who_was_left_behind_comes_back_with_no_later_cancellation_taken_back(
    world: World,
) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    world.client.post(f"{posted.url}/cancel", json={"reason": "error"})
    post(world)
    for reason in ("error", "not-needed"):
        world.client.post(f"{posted.url}/cancel", json={"reason": reason})
        again = world.client.post(f"{posted.url}/reinstate").json()
        stands = {seat["child_ref"]: seat["status"] for seat in again["children"]}
        assert stands == dict(
            zip(
                (child["child_ref"] for child in posted.children),
                ("scheduled", "cancelled"),
                strict=True,
            )
        )


def test_a_meeting_that_fell_away_with_its_last_child_stands_again_with_that_child(
    world: World,
) -> None:
    posted = post(world)
    seat = f"{posted.url}/children/{posted.child}"
    world.client.post(f"{seat}/cancel", json={"reason": "moved"})
    assert world.client.post(f"{seat}/reinstate").json()["status"] == "scheduled"
    assert world.client.get(posted.url).json()["status"] == "scheduled"
    world.settle()
    assert said(world).count("meeting.arranged") == 2


def test_a_child_who_died_stays_off_a_meeting_that_stands_again_for_a_sibling(
    world: World,
) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    first, second = (child["child_ref"] for child in posted.children)
    for child in (first, second):
        world.client.post(f"{posted.url}/children/{child}/cancel", json={"reason": "died"})
    assert world.client.post(f"{posted.url}/reinstate").json()["code"] == "child-died"
    assert world.client.post(f"/v1/children/{second}/death-taken-back").status_code == 200
    assert stands(world, posted) == {first: "cancelled", second: "scheduled"}


@pytest.mark.parametrize("path", ["reinstate", "children/{sibling}/reinstate"])
def test_a_sibling_taken_off_by_mistake_comes_back_without_the_child_who_died(
    world: World, path: str
) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    dead, sibling = (child["child_ref"] for child in posted.children)
    for child, reason in ((sibling, "error"), (dead, "died")):
        world.client.post(f"{posted.url}/children/{child}/cancel", json={"reason": reason})
    answer = world.client.post(f"{posted.url}/{path.format(sibling=sibling)}")
    came_back = "children" in path
    assert answer.status_code == (200 if came_back else 409)
    assert stands(world, posted) == {
        dead: "cancelled",
        sibling: "scheduled" if came_back else "cancelled",
    }
    world.settle()
    assert world.events("child.changed") == []


def test_a_child_who_died_since_does_not_come_back_with_a_meeting_cancelled_before(
    world: World,
) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    other = post(world, conference_id="C2", starts_at="2027-01-20T10:00:00Z")
    dead, sibling = (child["child_ref"] for child in posted.children)
    world.client.post(f"{posted.url}/cancel", json={"reason": "error"})
    world.client.post(f"{other.url}/cancel", json={"reason": "died"})
    alone = world.client.post(f"{posted.url}/children/{dead}/reinstate")
    assert (alone.status_code, alone.json()["code"]) == (409, "child-died")
    listed = world.client.post("/v1/conferences", json=a_meeting())
    assert (listed.status_code, listed.json()["code"]) == (409, "cancelled-here")
    assert world.client.post(f"{posted.url}/reinstate").status_code == 200
    assert stands(world, posted) == {dead: "cancelled", sibling: "scheduled"}


def test_nobody_is_written_to_about_a_child_who_died_whatever_stopped_contact_before(
    world: World,
) -> None:
    posted = post(world)
    world.client.post(f"/v1/children/{posted.child}/contact-stopped")
    world.client.post(f"{posted.url}/cancel", json={"reason": "died"})
    refused = world.client.post(f"/v1/children/{posted.child}/contact-resumed")
    assert (refused.status_code, refused.json()["code"]) == (409, "child-died")
    assert "take the record of the death back" in refused.text
    for word, stopped in (("death-taken-back", True), ("contact-resumed", False)):
        answer = world.client.post(f"/v1/children/{posted.child}/{word}")
        assert answer.json()["contact_stopped"] is stopped


@pytest.mark.parametrize(
    ("between", "reason"), [("held", "error"), ("cancelled", "not-needed"), ("none", None)]
)
def test_a_death_taken_back_is_said_of_meetings_that_are_over_by_then(
    world: World, between: str, reason: str | None
) -> None:
    alone = post(world, starts_at="2026-12-17T14:00:00Z")
    shared = post(
        world,
        conference_id="C2",
        starts_at="2026-11-25T10:00:00Z",
        children=[a_child(), a_child(la_child_id="A2")],
    )
    world.client.post(f"{alone.url}/cancel", json={"reason": "died"})
    if between == "held":
        world.advance(datetime(2026, 11, 25, 12, tzinfo=UTC))
        world.client.post(f"{shared.url}/held", json={"held_at": "2026-11-25T10:00:00Z"})
    elif between == "cancelled":
        world.client.post(f"{shared.url}/cancel", json={"reason": "not-needed"})
    answer = world.client.post(f"/v1/children/{alone.child}/death-taken-back")
    assert (answer.status_code, answer.json()["contact_stopped"]) == (200, False)
    world.settle()
    assert stands(world, alone) == {alone.child: "scheduled"}
    last = [e.data for e in world.events() if e.type.startswith("conference.")]
    (now,) = [e for e in last if str(e.conference_ref) == shared.conference][-1:]
    assert now.cancelled_because == reason
    assert now.status == ("cancelled" if reason else "scheduled")


def test_a_child_who_died_as_the_last_one_stays_off_when_a_sibling_comes_back(
    world: World,
) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    first, second = (child["child_ref"] for child in posted.children)
    for child, reason in ((first, "not-needed"), (second, "died")):
        world.client.post(f"{posted.url}/children/{child}/cancel", json={"reason": reason})
    world.client.post(f"{posted.url}/children/{first}/reinstate")
    off = {first: "scheduled", second: "cancelled"}
    assert world.client.post(f"{posted.url}/reinstate").json()["code"] == "not-cancelled"
    assert stands(world, posted) == off
    for act in ("cancel", "reinstate"):
        world.client.post(f"{posted.url}/{act}", json={"reason": "not-needed"})
    assert stands(world, posted) == off


def test_a_death_recorded_by_mistake_is_taken_back_for_every_conference_it_ended(
    world: World,
) -> None:
    children = [a_child(), a_child(la_child_id="A2")]
    shared = [
        post(
            world,
            children=children,
            conference_id=f"C{month}",
            starts_at=f"2027-0{month}-20T10:00Z",
        )
        for month in (1, 2, 3)
    ]
    alone = post(world, conference_id="C4", starts_at="2027-04-20T10:00Z")
    everywhere = [*shared, alone]
    child = alone.child
    seat = f"{shared[0].url}/children/{child}"
    assert world.client.post(f"{seat}/cancel", json={"reason": "died"}).status_code == 200
    assert {stands(world, one)[child] for one in everywhere} == {"cancelled"}
    assert world.client.post(f"/v1/children/{child}/death-taken-back").status_code == 200
    assert {stands(world, one)[child] for one in everywhere} == {"scheduled"}
    world.settle()
    assert [event.data.contact_stopped for event in world.events("child.changed")] == [False]


def test_contact_that_was_stopped_before_a_death_stays_stopped_when_that_is_taken_back(
    world: World,
) -> None:
    posted = post(world)
    seat = f"{posted.url}/children/{posted.child}"
    world.client.post(f"/v1/children/{posted.child}/contact-stopped")
    world.client.post(f"{seat}/cancel", json={"reason": "died"})
    assert world.client.post(f"/v1/children/{posted.child}/death-taken-back").status_code == 200
    world.settle()
    assert world.events("child.changed") == []


def stands(world: World, posted: Posted) -> dict[str, str]:
    """Return how each child stands at a meeting."""
    seats = world.client.get(posted.url).json()["children"]
    return {seat["child_ref"]: seat["status"] for seat in seats}


def test_a_death_among_siblings_stops_nothing_for_the_others(world: World) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    whole = world.client.post(f"{posted.url}/cancel", json={"reason": "died"})
    assert (whole.status_code, whole.json()["code"]) == (409, "died-is-of-one-child")
    died = f"{posted.url}/children/{posted.child}/cancel"
    assert world.client.post(died, json={"reason": "died"}).status_code == 200
    world.settle()
    (event,) = world.events("child.contact-stopped")
    assert str(event.data.child_ref) == posted.child
    assert world.client.get(posted.url).json()["status"] == "scheduled"


def test_a_death_ends_every_conference_about_the_child(world: World) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    other = post(world, conference_id="C2", starts_at="2027-01-20T10:00:00Z")
    died = f"{posted.url}/children/{posted.child}/cancel"
    assert world.client.post(died, json={"reason": "died"}).status_code == 200
    world.settle()
    gone = world.client.get(other.url).json()
    assert (gone["status"], gone["cancelled_because"]) == ("cancelled", "died")
    assert world.client.get(posted.url).json()["status"] == "scheduled"


def test_a_child_named_twice_when_a_meeting_was_held_is_refused(world: World) -> None:
    posted = post(world)
    world.advance(datetime(2026, 12, 10, 16, tzinfo=UTC))
    took_part = {
        "child_ref": posted.child,
        "attendance": "attended",
        "voice": "self",
        "advocate_present": True,
    }
    body = {"held_at": "2026-12-10T14:00:00Z", "participation": [took_part, took_part]}
    answer = world.client.post(f"{posted.url}/held", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "/participation", "detail": "a child is named twice"}
    ]


@pytest.mark.parametrize(
    "value", ["not an address", "a@example.org, b@example.org", "zoë@example.org"]
)
def test_a_contact_by_email_is_one_address_and_is_not_repeated_when_it_is_none(
    world: World, value: str
) -> None:
    contact = {"person": "parent", "channel": "email", "value": value}
    body = a_meeting(children=[a_child(contacts=[contact])])
    answer = world.client.post("/v1/conferences", json=body)
    (error,) = answer.json()["errors"]
    assert answer.status_code == 422
    assert error["pointer"] == "/children/0/contacts/0/value"
    assert error["detail"] == "email form"
    assert value not in answer.text
    by_phone = contact | {"channel": "phone", "value": "07700 900123"}
    body = a_meeting(children=[a_child(contacts=[by_phone])])
    assert world.client.post("/v1/conferences", json=body).status_code == 202


def test_a_contact_cannot_have_been_confirmed_on_a_day_to_come(world: World) -> None:
    contact = {
        "person": "parent",
        "channel": "email",
        "value": "parent@example.org",
        "safety": "safe",
        "confirmed_by": "A synthetic worker",
        "confirmed_on": "2030-01-01",
    }
    body = a_meeting(children=[a_child(contacts=[contact])])
    answer = world.client.post("/v1/conferences", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "in-future")


def test_a_death_after_a_sibling_was_taken_off_is_not_the_siblings(world: World) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    off = f"{posted.url}/children/{posted.child}/cancel"
    world.client.post(off, json={"reason": "removed"})
    assert world.client.post(f"{posted.url}/cancel", json={"reason": "died"}).status_code == 200
    world.settle()
    (event,) = world.events("child.contact-stopped")
    assert str(event.data.child_ref) == posted.children[1]["child_ref"]


def test_a_meeting_that_fell_away_with_a_death_recorded_in_error_stands_again(
    world: World,
) -> None:
    posted = post(world)
    world.client.post(f"{posted.url}/cancel", json={"reason": "died"})
    assert world.client.post(f"/v1/children/{posted.child}/death-taken-back").status_code == 200
    assert stands(world, posted) == {posted.child: "scheduled"}
    world.settle()
    assert [event.data.contact_stopped for event in world.events("child.changed")] == [False]


def test_contact_that_a_person_stopped_goes_on_by_a_word_of_its_own(world: World) -> None:
    posted = post(world)
    world.client.post(f"{posted.url}/cancel", json={"reason": "died"})
    world.client.post(f"/v1/children/{posted.child}/contact-stopped")
    world.client.post(f"/v1/children/{posted.child}/death-taken-back")
    world.settle()
    assert said(world).count("child.changed") == 0
    for _ in range(2):
        answer = world.client.post(f"/v1/children/{posted.child}/contact-resumed")
        assert answer.json()["contact_stopped"] is False
    world.settle()
    (event,) = world.events("child.changed")
    assert (str(event.data.child_ref), event.data.contact_stopped) == (posted.child, False)


def test_the_same_child_twice_in_one_request_is_named(world: World) -> None:
    twice = a_meeting(children=[a_child(), a_child(la_child_id="a1")])
    answer = world.client.post("/v1/conferences", json=twice)
    assert answer.status_code == 422
    assert pointers(answer) == [("/children/1/la_child_id", "child-twice")]


def test_a_place_no_policy_covers_is_refused_by_its_name(world: World) -> None:
    answer = world.client.post("/v1/conferences", json=a_meeting(authority="S12000033"))
    assert (answer.status_code, answer.json()["code"]) == (409, "policy-unknown")
    assert "S12000033" in answer.json()["title"]
    world.settle()
    assert said(world) == []


@pytest.mark.parametrize("year", [2040, 2090, 9999])
def test_a_meeting_is_not_moved_to_when_its_child_is_grown_up(world: World, year: int) -> None:
    posted = post(world)
    body = {"starts_at": f"{year}-12-31T23:59:59-12:00"}
    answer = world.client.post(f"{posted.url}/reschedule", json=body)
    assert answer.status_code in {409, 422}
    assert answer.json()["code"] in {"too-far-ahead", "invalid"}


@pytest.mark.parametrize(
    "change",
    [
        {"starts_at": "9999-12-31T23:59:59-12:00"},
        {"starts_at": "0001-01-01T00:00:00+14:00"},
        {"requested_at": "0001-01-01T00:00:00+14:00"},
        {"strategy_discussion_on": "9999-12-31"},
    ],
)
def test_a_year_that_cannot_be_reckoned_with_is_refused(
    world: World, change: dict[str, str]
) -> None:
    answer = world.client.post("/v1/conferences", json=a_meeting(**change))
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["detail"] == "not between 1990 and 2100"


def test_when_a_child_died_contact_stops_at_once(world: World) -> None:
    posted = post(world)
    world.client.post(f"{posted.url}/cancel", json={"reason": "died"})
    world.settle()
    (event,) = world.events("child.contact-stopped")
    assert (str(event.data.child_ref), event.data.contact_stopped) == (posted.child, True)


def test_contact_is_stopped_once(world: World) -> None:
    posted = post(world)
    path = f"/v1/children/{posted.child}/contact-stopped"
    for _ in range(2):
        assert world.client.post(path).json()["contact_stopped"] is True
    world.settle()
    assert len(world.events("child.contact-stopped")) == 1


def test_a_meeting_over_a_day_ago_needs_to_be_called_a_late_entry(world: World) -> None:
    body = a_meeting(starts_at="2026-11-20T14:00:00Z")
    refused = world.client.post("/v1/conferences", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "in-the-past")
    assert "late_entry" in refused.json()["title"]
    taken = world.client.post("/v1/conferences", json={**body, "late_entry": True})
    assert taken.status_code == 202
    world.settle()
    assert said(world).count("conference.scheduled") == 1


def warned(world: World, body: dict[str, Any]) -> list[str]:
    answer = world.client.post("/v1/conferences", json=body)
    assert answer.status_code in {200, 202}, answer.text
    return [warning["code"] for warning in answer.json()["warnings"]]


def test_a_meeting_of_which_everybody_is_known_has_no_warning(world: World) -> None:
    assert warned(world, a_meeting()) == []


@pytest.mark.parametrize(
    ("given", "another"),
    [
        ({"given_name": "Zoé"}, "given name"),
        (
            {"family_name": "Sample", "date_of_birth": "2014-01-01"},
            "family name and date of birth",
        ),
    ],
)
def test_a_known_number_with_another_name_or_birth_is_warned_of_once(
    world: World, given: dict[str, str], another: str
) -> None:
    post(world)
    body = a_meeting(children=[a_child(**given)])
    (warning,) = world.client.post("/v1/conferences", json=body).json()["warnings"]
    assert warning == {
        "code": "known-otherwise",
        "detail": f"Child 1: This number was known with another {another}. What you gave has"
        " replaced it: check that it is the same child.",
    }
    assert warned(world, body) == []


def test_a_name_in_other_capitals_or_left_out_is_the_same_name(world: World) -> None:
    post(world)
    child = a_child(given_name="ZOE", family_name="", language="so")
    assert warned(world, a_meeting(children=[child])) == []


def test_a_conference_put_off_and_handed_in_with_its_old_time_is_warned_of(world: World) -> None:
    posted = post(world)
    world.client.post(f"{posted.url}/adjourn", json={"reason": "quorum"})
    assert warned(world, a_meeting()) == ["put-off"]
    assert warned(world, a_meeting(starts_at="2026-12-17T14:00:00Z")) == []


def test_a_family_not_known_to_be_informed_is_warned_of_until_it_is(world: World) -> None:
    assert warned(world, a_meeting(family_informed_on=None)) == ["family-not-informed"]
    assert warned(world, a_meeting()) == []
    assert warned(world, a_meeting(family_informed_on=None)) == []


def test_a_child_for_whom_nobody_can_be_written_to_is_warned_of_until_somebody_can(
    world: World,
) -> None:
    body = a_meeting(children=[a_child(), a_child(la_child_id="A2", social_worker=None)])
    answer = world.client.post("/v1/conferences", json=body)
    (warning,) = answer.json()["warnings"]
    assert warning["code"] == "nobody-to-write-to"
    assert warning["detail"].startswith("Child 2: Nobody to write to is known as the social worker")
    register(world, "safeguarding-service", SAFEGUARDING_AT)
    assert warned(world, body) == []


def test_of_a_meeting_that_is_over_no_missing_address_is_told(world: World) -> None:
    over = a_meeting(
        starts_at="2026-11-20T14:00:00Z",
        late_entry=True,
        family_informed_on=None,
        children=[a_child(social_worker=None)],
    )
    assert warned(world, over) == []


def broken(world: World, body: dict[str, Any]) -> list[tuple[str, str]]:
    answer = world.client.post("/v1/conferences", json=body)
    assert answer.status_code == 422, answer.text
    return [(error["pointer"], error["detail"]) for error in answer.json()["errors"]]


def test_a_fault_in_the_only_child_is_not_told_as_a_missing_child_too(world: World) -> None:
    child = a_child()
    del child["la_child_id"]
    assert broken(world, a_meeting(children=[child])) == [
        ("/children/0/la_child_id", "is required")
    ]
    assert broken(world, a_meeting(children=[])) == [("/children", "needs at least 1")]


def test_a_field_that_is_nearly_ours_is_told_by_our_name(world: World) -> None:
    nearly = a_meeting(children=[a_child(famly_name="Testchild")])
    assert broken(world, nearly) == [
        ("/children/0/?", "is not a field of this request; family_name is one")
    ]
    ((_, other),) = broken(world, a_meeting(Canary="x"))
    assert other == "is not a field of this request"


def test_a_code_there_is_not_is_answered_with_those_there_are(world: World) -> None:
    child = a_child(communication_needs=["esy-read"])
    ((place, detail),) = broken(world, a_meeting(children=[child]))
    assert place == "/children/0/communication_needs/0"
    assert detail.startswith("is none of: ")
    assert "easy-read" in detail
    assert "esy" not in detail


def test_a_body_that_is_not_sent_as_json_is_told_how_to_send_it(world: World) -> None:
    answer = world.client.post("/v1/conferences", content=b"{}")
    (error,) = answer.json()["errors"]
    assert "Content-Type: application/json" in error["detail"]


def test_everything_that_cannot_be_is_named_at_once_by_place_and_rule(world: World) -> None:
    children = [a_child(), a_child(la_child_id="A 2", nhs_number="1234567890")]
    answer = world.client.post("/v1/conferences", json=a_meeting(ends_at=STARTS, children=children))
    assert answer.status_code == 422
    assert pointers(answer) == [
        ("/ends_at", "ends-before-start"),
        ("/children/1/la_child_id", "form"),
        ("/children/1/nhs_number", "check-digit"),
    ]
    world.settle()
    assert said(world) == []


@pytest.mark.parametrize(
    "change",
    [
        {"authority": "CANARY"},
        {"kind": "CANARY"},
        {"starts_at": "CANARY"},
        {"starts_at": "2026-12-10T14:00:00"},
        {"conference_id": "CANARY\x00"},
        {"conference_id": " "},
        {"A CANARY": "CANARY"},
        {"children": []},
        {"children": [a_child(language="CANARY")]},
        {"children": [a_child(communication_needs=["CANARY"])]},
        {"children": [a_child(date_of_birth="CANARY")]},
        {"children": [a_child(given_name="CANARY\x00")]},
        {"children": [a_child(social_worker={"name": "x", "email": "CANARY"})]},
        {"children": [a_child(contacts=[{"person": "CANARY", "channel": "x", "value": "y"}])]},
    ],
)
def test_a_broken_request_is_refused_and_never_repeated(
    world: World, change: dict[str, Any]
) -> None:
    answer = world.client.post("/v1/conferences", json=a_meeting(**change))
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert "CANARY" not in answer.text


def test_somebody_elses_change_meanwhile_is_noticed(world: World) -> None:
    posted = post(world)
    etag = world.client.get(posted.url).headers["etag"]
    moved = {"starts_at": "2026-12-11T10:00:00Z"}
    headers = {"If-Match": etag}
    assert world.client.post(f"{posted.url}/reschedule", json=moved).status_code == 200
    answer = world.client.post(f"{posted.url}/cancel", json={"reason": "error"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (412, "changed-meanwhile")


def test_the_list_begins_with_the_next_meeting_and_goes_on_behind_its_cursor(world: World) -> None:
    days = (14, 11, 17)
    for day in days:
        post(world, conference_id=f"C{day}", starts_at=f"2026-12-{day}T14:00:00Z")
    first = world.client.get("/v1/conferences", params={"size": 2}).json()
    rest = world.client.get("/v1/conferences", params={"cursor": first["next"]}).json()
    found = [item["starts_at"][8:10] for item in (*first["items"], *rest["items"])]
    assert found == ["11", "14", "17"]
    assert rest["next"] is None


def test_a_cursor_that_was_not_given_out_breaks_nothing(world: World) -> None:
    post(world)
    cursor = base64.urlsafe_b64encode(b"nonsense and more").decode()
    assert world.client.get("/v1/conferences", params={"cursor": cursor}).status_code == 200


def test_a_name_is_shown_for_one_look_and_the_look_is_in_the_ledger(world: World) -> None:
    posted = post(world, children=[a_child(family_name="O'Test<b>")])
    answer = world.client.get(f"/v1/fragments/child/{posted.child}")
    assert answer.text == "Zoe O&#x27;Test&lt;b&gt;"
    assert answer.headers["cache-control"] == "no-store"
    person = register(world, "advocate", "advocate@advocacy.example")
    assert world.client.get(f"/v1/fragments/person/{person}").text == "Robin Registered"
    rows = world.desk("exchange").read(
        lambda work: work.sql.rows("SELECT who, about_ref, what, why FROM ledger ORDER BY number")
    )
    assert rows == [
        ("reader", posted.child, "child-name", "page"),
        ("reader", person, "person-name", "page"),
    ]


def test_a_fragment_of_nobody_is_not_known(world: World) -> None:
    answer = world.client.get("/v1/fragments/child/c41d0000-0000-4000-8000-000000000009")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_yet_known")


@pytest.mark.parametrize("role", ["child", "parent", "carer"])
def test_nobody_at_home_is_registered(world: World, role: str) -> None:
    body = {"role": role, "name": "Pat Parent", "email": "parent@example.org"}
    answer = world.client.post("/v1/people", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "home-role")


def test_the_same_time_takes_up_again_what_was_put_off(world: World) -> None:
    posted = post(world)
    world.client.post(f"{posted.url}/adjourn", json={"reason": "weather"})
    post(world)
    answer = world.client.post(f"{posted.url}/reschedule", json={"starts_at": STARTS})
    assert answer.json()["status"] == "scheduled"
    world.settle()
    assert len(world.events("conference.rescheduled")) == 1


def test_the_same_role_and_address_is_the_same_person(world: World) -> None:
    one = register(world, "advocate", "advocate@advocacy.example")
    again = register(world, "advocate", "Advocate@advocacy.example", authorities=["207"])
    other = register(world, "advocacy-provider", "advocate@advocacy.example")
    assert one == again != other
    listed = world.client.get("/v1/people").json()["items"]
    assert {p["person_ref"]: p["authorities"] for p in listed} == {one: ["E09000020"], other: []}


def test_who_was_registered_is_found_where_the_answer_says(world: World) -> None:
    body = {"role": "advocate", "name": "Robin Testname", "email": "robin@advocacy.example"}
    answer = world.client.post("/v1/people", json=body)
    found = world.client.get(answer.headers["location"])
    assert (found.status_code, found.json()) == (200, answer.json())
    unknown = world.client.get("/v1/people/adc00000-0000-4000-8000-0000000000ff")
    assert (unknown.status_code, unknown.json()["code"]) == (409, "not_yet_known")


@pytest.mark.parametrize("day", [11, 12, 13])
def test_a_list_that_has_the_old_time_with_an_end_leaves_a_conference_put_off(
    world: World, day: int
) -> None:
    posted = post(world)
    world.advance(datetime(2026, 12, 10, 15, tzinfo=UTC))
    put_off = {"reason": "family", "reconvenes_on": "2026-12-17"}
    world.client.post(f"{posted.url}/adjourn", json=put_off)
    world.advance(datetime(2026, 12, day, 9, tzinfo=UTC))
    listed = a_meeting(ends_at="2026-12-10T15:30:00Z", place="Room 2")
    assert world.client.post("/v1/conferences", json=listed).status_code == 202
    now = world.client.get(posted.url).json()
    assert (now["status"], now["reconvenes_on"]) == ("adjourned", "2026-12-17")
    world.settle()
    assert world.events("conference.rescheduled") == []
    assert [e.data.status for e in world.events("conference.changed")] == ["adjourned"]


def test_a_list_may_bring_the_end_of_a_conference_days_later(world: World) -> None:
    posted = post(world)
    world.advance(datetime(2026, 12, 13, 9, tzinfo=UTC))
    listed = a_meeting(ends_at="2026-12-10T15:30:00Z")
    assert world.client.post("/v1/conferences", json=listed).status_code in {200, 202}
    assert world.client.get(posted.url).json()["ends_at"] == "2026-12-10T15:30:00Z"


def test_a_meeting_that_fell_away_with_a_death_stands_again_for_a_sibling_who_is_added(
    world: World,
) -> None:
    posted = post(world)
    world.client.post(f"{posted.url}/cancel", json={"reason": "died"})
    again = world.client.post("/v1/conferences", json=a_meeting())
    assert (again.status_code, again.json()["code"]) == (409, "cancelled-here")
    sibling = a_child(la_child_id="A2")
    both = world.client.post("/v1/conferences", json=a_meeting(children=[a_child(), sibling]))
    assert pointers(both) == [("/children/0", "cancelled-here")]
    added = post(world, children=[sibling])
    assert stands(world, posted) == {posted.child: "cancelled", added.child: "scheduled"}
    assert world.client.get(posted.url).json()["status"] == "scheduled"


@pytest.mark.parametrize(
    ("day", "status"),
    [("2020-12-10", 409), ("2026-12-03", 200), ("2026-12-10", 200), ("2030-12-10", 409)],
)
def test_a_session_is_on_a_day_on_which_its_conference_may_have_sat(
    world: World, day: str, status: int
) -> None:
    posted = post(world)
    world.advance(datetime(2026, 12, 11, 9, tzinfo=UTC))
    world.client.post(f"{posted.url}/held", json={"held_at": "2026-12-10T14:00:00Z"})
    session = {
        "attendance": "attended",
        "voice": "self",
        "advocate_present": True,
        "session_on": day,
    }
    path = f"{posted.url}/children/{posted.child}/participation"
    assert world.client.put(path, json=session).status_code == status
