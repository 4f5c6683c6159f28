"""Who was sent something is sent its withdrawal too, whatever the agreement says by then."""

from datetime import timedelta
from typing import Any

import pytest

from tests.component.exchange.story import a_child, a_view, an_offer, post
from tests.component.exchange.test_feed import agree, get_feed, key_for, on_topic, pull
from tests.harness import World

TOLD = {"conference": ["conference_ref", "status", "starts_at"]}
ANOTHER: dict[str, Any] = {"events": ["reminder.came-due"]}
"""Terms that hold nothing of what is taken back."""


def end(world: World, agreement: dict[str, Any]) -> None:
    answer = world.client.post(f"/v1/agreements/{agreement['agreement_ref']}/end")
    assert answer.status_code == 200
    world.settle()


def act(world: World, path: str, **body: Any) -> None:
    answer = world.client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    world.settle()


def heard(world: World, agency: str = "health") -> list[str]:
    return [event["ce_type"].removeprefix("alongside.")[:-3] for event in on_topic(world, agency)]


def pulled(world: World, key: str, **params: Any) -> list[str]:
    items = pull(world, key, **params)["items"]
    return [item["type"].removeprefix("alongside.")[:-3] for item in items]


@pytest.mark.parametrize("ended", [False, True])
def test_a_cancellation_in_error_is_told_to_who_was_told_of_the_conference(
    world: World, *, ended: bool
) -> None:
    agreement = agree(world, events=["conference.scheduled"], fields=TOLD)
    posted, key = post(world), key_for(world)
    before = pull(world, key)
    if ended:
        end(world, agreement)
        assert get_feed(world, key) == (403, "no-agreement")
    else:
        agree(world, **ANOTHER)
    act(world, f"{posted.url}/cancel", reason="error")
    (last,) = pull(world, key, cursor=before["next"])["items"]
    assert last["type"] == "alongside.conference.cancelled.v1"
    assert last["subject"] == before["items"][0]["subject"]
    assert (last["sequence"], set(last["data"])) == ("2", set(TOLD["conference"]))
    assert (last["data"]["status"], heard(world)[-1]) == ("cancelled", "conference.cancelled")
    assert on_topic(world)[-1]["data"] == last["data"]


def test_an_agreement_that_ran_out_still_brings_the_withdrawal(world: World) -> None:
    agree(world, events=["conference.scheduled"], expires_on="2026-11-24")
    posted, key = post(world), key_for(world)
    world.advance(world.now + timedelta(days=3))
    assert get_feed(world, key)[0] == 403
    act(world, f"{posted.url}/cancel", reason="error")
    assert pulled(world, key) == ["conference.cancelled"]
    assert pulled(world, key, cursor=1) == ["conference.cancelled"]
    answer = world.client.get(
        "/v1/feed", params={"cursor": 2}, headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 403


def test_what_merely_happens_next_is_the_agreements_to_decide(world: World) -> None:
    agreement = agree(world, events=["conference.scheduled"])
    posted = post(world)
    end(world, agreement)
    act(world, f"{posted.url}/reschedule", starts_at="2026-12-11T10:00:00Z")
    act(world, f"{posted.url}/cancel", reason="not-needed")
    act(world, f"{posted.url}/reinstate")
    assert heard(world) == ["conference.scheduled"]


def test_who_was_told_of_nothing_is_told_of_no_withdrawal(world: World) -> None:
    agree(world, events=["conference.held"])
    posted = post(world)
    agree(world, "school", events=["conference.scheduled"])
    act(world, f"{posted.url}/cancel", reason="error")
    assert heard(world) == heard(world, "school") == []


def test_another_conference_of_the_same_child_is_no_reason_to_be_told(world: World) -> None:
    agreement = agree(world, events=["conference.scheduled"])
    post(world)
    end(world, agreement)
    other = post(world, conference_id="C2", starts_at="2027-03-10T14:00:00Z")
    act(world, f"{other.url}/cancel", reason="error")
    assert heard(world) == ["conference.scheduled"]


def test_who_heard_of_a_cancellation_alone_hears_that_the_conference_stands_again(
    world: World,
) -> None:
    agree(world, events=["conference.cancelled", "meeting.cancelled"])
    posted = post(world)
    act(world, f"{posted.url}/cancel", reason="not-needed")
    act(world, f"{posted.url}/reinstate")
    assert sorted(heard(world)) == [
        "conference.cancelled",
        "conference.scheduled",
        "meeting.arranged",
        "meeting.cancelled",
    ]
    act(world, f"{posted.url}/reschedule", starts_at="2026-12-11T10:00:00Z")
    assert len(heard(world)) == 4
    key = key_for(world)
    assert pulled(world, key) == heard(world)


def test_a_meeting_cancelled_in_error_is_told_beside_its_children(world: World) -> None:
    agreement = agree(world, events=["meeting.arranged", "conference.scheduled"])
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    end(world, agreement)
    act(world, f"{posted.url}/cancel", reason="error")
    assert sorted(heard(world)[3:]) == ["conference.cancelled"] * 2 + ["meeting.cancelled"]
    act(world, f"{posted.url}/reinstate")
    assert sorted(heard(world)[6:]) == ["conference.scheduled"] * 2 + ["meeting.arranged"]


def test_a_withdrawal_that_was_agreed_is_delivered_when_it_is_no_longer(world: World) -> None:
    both = ["conference.scheduled", "conference.cancelled"]
    agreement = agree(world, events=both, fields=TOLD)
    posted, key = post(world), key_for(world)
    seen = pull(world, key)["next"]
    act(world, f"{posted.url}/cancel", reason="error")
    agree(world, events=["conference.rescheduled"], fields={"conference": ["kind"]})
    (item,) = pull(world, key, cursor=seen)["items"]
    assert set(item["data"]) == set(TOLD["conference"])
    assert agreement["status"] == "live"


def test_an_offer_withdrawn_and_reopened_is_told_with_the_fields_once_sent(world: World) -> None:
    agreement = agree(world, events=["offer.made"], fields={"offer": ["offer_ref", "status"]})
    posted = post(world)
    world.publish("offer.made", an_offer(posted))
    end(world, agreement)
    withdrawn = {"status": "withdrawn", "withdrawn_because": "not-needed", "version": 2}
    world.publish("offer.withdrawn", an_offer(posted, **withdrawn))
    world.publish("offer.reopened", an_offer(posted, version=3))
    world.publish("offer.overdue", an_offer(posted, version=4, overdue=True))
    assert heard(world) == ["offer.made", "offer.withdrawn", "offer.reopened"]
    assert [set(event["data"]) for event in on_topic(world)] == [{"offer_ref", "status"}] * 3


def test_a_view_taken_back_is_told_though_the_authority_is_no_longer_agreed(world: World) -> None:
    agree(world, events=["child-view.shared"])
    posted = post(world)
    world.publish("child-view.shared", a_view(posted, version=3))
    agree(world, events=["child-view.shared"], authorities=["E08000039"])
    nobody = {"version": 4, "approved_for": []}
    world.publish("child-view.approved", a_view(posted, **nobody))
    withdrawn = {"version": 5, "approved_for": [], "status": "withdrawn"}
    world.publish("child-view.withdrawn", a_view(posted, **withdrawn))
    assert heard(world) == ["child-view.shared", "child-view.approved", "child-view.withdrawn"]


def test_a_record_of_participation_that_was_wrong_is_corrected(world: World) -> None:
    fields = ["conference_ref", "participation"]
    agreement = agree(
        world, events=["conference.participation-recorded"], fields={"conference": fields}
    )
    posted = post(world)
    world.advance(world.now.replace(month=12, day=10, hour=17))
    act(world, f"{posted.url}/held", held_at="2026-12-10T14:05:00Z")
    path = f"{posted.url}/children/{posted.child}/participation"
    there = {"attendance": "attended", "mode": "in-person", "voice": "self"}
    act(world, path, **there, advocate_present=True)
    end(world, agreement)
    act(world, path, **there, advocate_present=True)
    assert len(heard(world)) == 1
    act(world, path, attendance="did-not-attend", voice="none", advocate_present=False)
    told = [event["data"]["participation"]["attendance"] for event in on_topic(world)]
    assert told == ["attended", "did-not-attend"]


def test_an_end_to_contact_that_was_a_mistake_is_taken_back(world: World) -> None:
    agreement = agree(world, events=["child.contact-stopped"])
    posted = post(world)
    act(world, f"/v1/children/{posted.child}/contact-stopped")
    end(world, agreement)
    act(world, f"/v1/children/{posted.child}/contact-resumed")
    assert heard(world) == ["child.contact-stopped", "child.changed"]


def test_an_event_that_takes_back_and_comes_twice_is_in_the_feed_once(world: World) -> None:
    agreement = agree(world, events=["offer.made"])
    posted = post(world)
    world.publish("offer.made", an_offer(posted))
    end(world, agreement)
    gone = an_offer(posted, version=2, status="withdrawn", withdrawn_because="error")
    world.publish("offer.withdrawn", gone, sequence=2)
    world.publish("offer.withdrawn", gone, sequence=2)
    assert heard(world) == ["offer.made", "offer.withdrawn"]


def test_without_a_live_key_nothing_taken_back_is_delivered_either(world: World) -> None:
    agreement = agree(world, events=["conference.scheduled"])
    posted = post(world)
    end(world, agreement)
    act(world, f"{posted.url}/cancel", reason="error")
    assert get_feed(world, "alongside_x_y") == (401, "unauthorised")
