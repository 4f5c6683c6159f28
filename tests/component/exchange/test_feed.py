"""An agency's cut: its own fields and references, one order on every way, only what is agreed."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.chassis.bus import Partition
from services.chassis.envelope import GENESIS
from services.contracts.catalogue import EVENTS
from services.exchange.handlers import agencies
from services.exchange.handlers.feed import topic_of
from tests.component.exchange.story import (
    OFFER,
    Posted,
    a_child,
    a_reminder,
    a_view,
    an_allocation,
    an_offer,
    post,
)
from tests.harness import PREFIX, World

EVERYTHING = [
    "conference.scheduled",
    "conference.rescheduled",
    "meeting.arranged",
    "child.registered",
    "offer.made",
    "offer.objected",
    "allocation.allocated",
    "child-view.shared",
    "reminder.came-due",
]


TERMS: dict[str, Any] = {
    "agency_ref": "health",
    "events": EVERYTHING,
    "purpose": "health",
    "legal_basis": "public-task",
    "authorities": ["E09000020"],
    "starts_on": "2026-04-01",
    "expires_on": "2027-03-31",
}


def agree(world: World, agency: str = "health", **changes: Any) -> dict[str, Any]:
    world.client.post("/v1/agencies", json={"agency_ref": agency, "name": "A synthetic agency"})
    answer = world.client.post("/v1/agreements", json={**TERMS, "agency_ref": agency, **changes})
    assert answer.status_code == 201, answer.text
    world.settle()
    return dict(answer.json())


def key_for(world: World, agency: str = "health") -> str:
    return str(world.desk("exchange").run(lambda work: agencies.create_key(work, agency)).shown)


def pull(world: World, key: str, **params: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}"}
    answer = world.client.get("/v1/feed", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def on_topic(world: World, agency: str = "health") -> list[dict[str, Any]]:
    """Read an agency's topic as its own consumer would."""
    admin, reader = world.bus.admin(), world.bus.reader()
    found: list[dict[str, Any]] = []
    for state in admin.describe([f"{PREFIX}.{topic_of(agency)}"]).values():
        (end,) = state.ends.values()
        for chunk in reader.read(Partition(state.topic, state.topic_id, 0), 0, end):
            for record in chunk:
                headers = {name: value.decode() for name, value in record.headers}
                if headers["ce_type"] != GENESIS:
                    found.append({**headers, "data": json.loads(record.value or b"")})
    admin.close()
    reader.close()
    return found


def test_the_same_ids_numbers_and_order_on_the_topic_and_by_pull(world: World) -> None:
    agree(world)
    posted = post(world)
    world.publish("offer.made", an_offer(posted))
    world.publish("reminder.came-due", a_reminder(posted))
    pulled = pull(world, key_for(world))["items"]
    told = on_topic(world)
    assert [(e["ce_id"], e["ce_subject"], e["ce_sequence"], e["data"]) for e in told] == [
        (e["id"], e["subject"], e["sequence"], e["data"]) for e in pulled
    ]
    assert sorted(e["type"].split(".")[1] for e in pulled) == [
        "child",
        "conference",
        "meeting",
        "offer",
        "reminder",
    ]


def test_nothing_in_a_feed_leads_back_to_the_bus_or_to_another_feed(world: World) -> None:
    agree(world)
    agree(world, "school")
    post(world)
    ours = {str(getattr(e.data, e_key)) for e in world.events() for e_key in _refs(e.type)}
    ours |= {event.id for event in world.events()}
    ours |= {event.correlation_id for event in world.events()}
    health, school = (json.dumps(on_topic(world, agency)) for agency in ("health", "school"))
    assert not [ref for ref in ours if ref in health]
    assert "correlation" not in health + school
    assert "causation" not in health + school
    assert _uuids(health) & _uuids(school) == set()


def test_two_agencies_cannot_match_their_events_by_the_moment_at_which_they_happened(
    world: World,
) -> None:
    agree(world)
    for number in range(3):
        world.clock.move(world.now + timedelta(microseconds=13_331))
        post(world, conference_id=f"C{number}", children=[a_child(la_child_id=f"A{number}")])
    last = post(world, conference_id="C4", children=[a_child(la_child_id="A4")])
    world.publish("offer.made", an_offer(last, tell_by="2026-11-25T12:34:56.789012Z"))
    day = f"{world.now:%Y-%m-%d}T00:00:00Z"
    pulled = pull(world, key_for(world))["items"]
    assert len(pulled) > 3
    assert {event["time"] for event in pulled} == {day}
    assert {event["ce_time"] for event in on_topic(world)} == {day}
    (tell_by,) = {event["data"]["tell_by"] for event in pulled if "tell_by" in event["data"]}
    assert tell_by == "2026-11-25T00:00:00Z"
    (starts_at,) = {event["data"]["starts_at"] for event in pulled if "starts_at" in event["data"]}
    assert starts_at == "2026-12-10T14:00:00Z"


def test_an_event_after_midnight_in_london_has_the_day_that_people_saw(world: World) -> None:
    agree(world)
    world.advance(datetime(2027, 3, 30, 23, 30, tzinfo=UTC))
    post(world, starts_at="2027-04-20T14:00:00Z")
    assert {event["ce_time"] for event in on_topic(world)} == {"2027-03-31T00:00:00Z"}


def test_each_agency_has_its_own_subject_for_a_child_and_counts_from_one(world: World) -> None:
    agree(world)
    agree(world, "school")
    posted = post(world)
    subjects = set()
    for agency in ("health", "school"):
        about_child = [e for e in on_topic(world, agency) if "child_ref" in e["data"]]
        assert {e["ce_subject"] for e in about_child} == {
            e["data"]["child_ref"] for e in about_child
        }
        assert [e["ce_sequence"] for e in about_child] == ["1", "2"]
        subjects |= {e["ce_subject"] for e in about_child}
    assert len(subjects) == 2
    assert posted.child not in subjects


def _refs(name: str) -> list[str]:
    return [f for f in EVENTS[name].model.model_fields if f.endswith("_ref") and f != "agency_ref"]


def _uuids(text: str) -> set[str]:
    words = text.replace('"', " ").replace(",", " ").split()
    return {word for word in words if len(word) == 36 and word.count("-") == 4}


def test_only_agreed_fields_pass_and_the_usual_ones_hold_no_objection(world: World) -> None:
    named = {"conference": ["starts_at", "conference_ref"]}
    agree(world, fields=named)
    posted = post(world)
    world.publish("offer.objected", an_offer(posted, objection="open"))
    by_type = {e["ce_type"]: e["data"] for e in on_topic(world)}
    assert set(by_type["alongside.conference.scheduled.v1"]) == {"starts_at", "conference_ref"}
    objected = by_type["alongside.offer.objected.v1"]
    assert not {"objection", "version", "conference_version", "rung"} & set(objected)
    assert objected["status"] == "standing"


def test_an_objection_passes_where_an_agreement_names_it(world: World) -> None:
    agree(world, fields={"offer": ["objection"]})
    posted = post(world)
    world.publish("offer.objected", an_offer(posted, objection="open"))
    (told,) = (e for e in on_topic(world) if e["ce_type"] == "alongside.offer.objected.v1")
    assert told["data"] == {"objection": "open"}


def test_another_authoritys_children_are_not_in_the_feed(world: World) -> None:
    agree(world)
    elsewhere = post(world, authority="E08000039")
    world.publish("reminder.came-due", a_reminder(elsewhere))
    assert on_topic(world) == []
    here = post(world)
    world.publish("child-view.shared", a_view(here))
    assert "alongside.child-view.shared.v1" in [e["ce_type"] for e in on_topic(world)]


def test_an_event_that_is_not_agreed_is_not_in_the_feed_and_leaves_no_hole(world: World) -> None:
    agree(world, events=["conference.scheduled", "conference.cancelled"])
    posted = post(world)
    for day in (11, 12):
        moved = {"starts_at": f"2026-12-{day}T10:00:00Z"}
        world.client.post(f"{posted.url}/reschedule", json=moved)
    world.client.post(f"{posted.url}/cancel", json={"reason": "error"})
    world.settle()
    told = on_topic(world)
    assert [(e["ce_type"].split(".")[2], e["ce_sequence"]) for e in told] == [
        ("scheduled", "1"),
        ("cancelled", "2"),
    ]


def test_each_subject_has_its_own_gapless_sequence_and_the_feed_its_own_numbers(
    world: World,
) -> None:
    agree(world)
    for number in range(3):
        post(world, conference_id=f"C{number}", children=[a_child(la_child_id=f"A{number}")])
    rows = world.desk("exchange").read(
        lambda work: work.sql.rows("SELECT number, pseudonym, sequence FROM feed_entries")
    )
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    for subject in {row[1] for row in rows}:
        sequences = [row[2] for row in rows if row[1] == subject]
        assert sequences == list(range(1, len(sequences) + 1))


def test_an_event_that_comes_twice_is_in_the_feed_once(world: World) -> None:
    agree(world)
    posted = post(world)
    before = len(on_topic(world))
    world.publish("allocation.allocated", an_allocation(posted, advocate_ref=OFFER), sequence=1)
    world.publish("allocation.allocated", an_allocation(posted, advocate_ref=OFFER), sequence=1)
    assert len(on_topic(world)) == before + 1


def test_a_reminder_of_a_child_not_known_here_waits(world: World) -> None:
    agree(world)
    stranger = Posted(
        "3ee70000-0000-4000-8000-000000000001",
        [{"child_ref": str(OFFER), "conference_ref": str(OFFER)}],
    )
    world.publish("reminder.came-due", a_reminder(stranger))
    assert world.runners["exchange"].standing.waiting == 1
    assert on_topic(world) == []


def test_pulling_goes_on_behind_the_cursor_and_can_be_repeated(world: World) -> None:
    agree(world)
    for number in range(3):
        post(world, conference_id=f"C{number}", children=[a_child(la_child_id=f"A{number}")])
    key = key_for(world)
    found: list[str] = []
    page = pull(world, key, size=4)
    found += [item["id"] for item in page["items"]]
    assert page["more"] is True
    assert pull(world, key, size=4) == page
    page = pull(world, key, cursor=page["next"], size=200)
    found += [item["id"] for item in page["items"]]
    assert (page["more"], page["next"]) == (False, len(found))
    assert found == [e["ce_id"] for e in on_topic(world)]
    assert pull(world, key, cursor=page["next"]) == {
        "items": [],
        "next": len(found),
        "more": False,
    }


def get_feed(world: World, key: str) -> tuple[int, str]:
    answer = world.client.get("/v1/feed", headers={"Authorization": f"Bearer {key}"})
    return answer.status_code, str(answer.json().get("code", ""))


def test_without_a_live_key_or_an_agreement_nothing_is_delivered(world: World) -> None:
    world.client.post("/v1/agencies", json={"agency_ref": "health", "name": "A synthetic agency"})
    key = key_for(world)
    assert get_feed(world, key) == (403, "no-agreement")
    for wrong in ("", "alongside_x_y", f"{key}x", key[:-1]):
        assert get_feed(world, wrong) == (401, "unauthorised")
    assert world.client.get("/v1/feed").status_code == 401


def test_two_keys_live_while_one_is_changed_and_a_third_ends_the_first(world: World) -> None:
    agree(world)
    desk = world.desk("exchange")
    first = key_for(world)
    world.advance(world.now + timedelta(minutes=1))
    second = desk.run(lambda work: agencies.rotate_key(work, "health")).shown
    assert [get_feed(world, key)[0] for key in (first, second)] == [200, 200]
    world.advance(world.now + timedelta(minutes=1))
    made = desk.run(lambda work: agencies.rotate_key(work, "health"))
    third = made.shown
    assert [first.startswith(beginning) for beginning in made.ended] == [True]
    assert len(made.ended[0]) < len(first) / 2
    assert [get_feed(world, key)[0] for key in (first, second, third)] == [401, 200, 200]
    shown = json.dumps(world.client.get("/v1/agencies/health").json())
    assert not [key for key in (first, second, third) if key in shown]
    rows = desk.read(lambda work: work.sql.rows("SELECT * FROM agency_keys"))
    assert not [key for key in (first, second, third) if key in repr(rows)]


def test_after_an_agreement_ended_nothing_more_is_cut_or_delivered(world: World) -> None:
    agreement = agree(world)
    post(world)
    key, before = key_for(world), len(on_topic(world))
    assert before
    ended = world.client.post(f"/v1/agreements/{agreement['agreement_ref']}/end").json()
    assert ended["status"] == "ended"
    post(world, conference_id="C2", children=[a_child(la_child_id="A2")])
    assert len(on_topic(world)) == before
    assert get_feed(world, key) == (403, "no-agreement")
    (event,) = world.events("agency.ended")
    assert (event.data.status, event.data.agreement_ref) == ("ended", None)


def test_an_agreement_ends_by_itself_the_midnight_after_its_last_day(world: World) -> None:
    agree(world, expires_on="2026-11-24")
    key = key_for(world)
    world.advance(world.now.replace(day=24, hour=23, minute=59))
    assert get_feed(world, key)[0] == 200
    assert world.events("agency.ended") == []
    world.advance(world.now.replace(day=25, hour=0, minute=0))
    assert get_feed(world, key)[0] == 403
    assert len(world.events("agency.ended")) == 1


def test_an_agreement_that_starts_later_sees_nothing_yet(world: World) -> None:
    agree(world, starts_on="2026-11-30")
    post(world)
    assert on_topic(world) == []
    assert get_feed(world, key_for(world)) == (403, "no-agreement")


def test_an_agreement_made_in_advance_does_not_end_the_one_in_force(world: World) -> None:
    made = agree(world)
    next_year = {"starts_on": "2027-04-01", "expires_on": "2028-03-31"}
    answer = world.client.post("/v1/agreements", json={**TERMS, **next_year})
    assert (answer.status_code, answer.json()["code"]) == (409, "agreement-not-yet")
    assert "2027-03-31" in answer.json()["title"]
    post(world)
    assert pull(world, key_for(world))["items"]
    (agency,) = world.client.get("/v1/agencies").json()["items"]
    assert agency["agreement"]["agreement_ref"] == made["agreement_ref"]


def test_an_agreement_that_is_over_already_is_a_slip_and_ends_nothing(world: World) -> None:
    agree(world)
    slip = {"starts_on": "2020-04-01", "expires_on": "2020-12-31"}
    answer = world.client.post("/v1/agreements", json={**TERMS, **slip})
    assert (answer.status_code, answer.json()["code"]) == (409, "agreement-not-yet")
    assert "check the year" in answer.json()["title"]
    assert get_feed(world, key_for(world))[0] == 200


def test_a_narrower_agreement_narrows_what_was_cut_before(world: World) -> None:
    agree(world)
    post(world)
    agree(world, events=["conference.scheduled"], fields={"conference": ["kind"]})
    items = pull(world, key_for(world))["items"]
    assert [(item["type"], item["data"]) for item in items] == [
        ("alongside.conference.scheduled.v1", {"kind": "initial"})
    ]
    live = world.desk("exchange").read(
        lambda work: work.sql.rows("SELECT count(*) FROM agreements WHERE status = 'live'")
    )
    assert live == [(1,)]
    agreed = world.events("agency.agreed")[-1].data
    assert agreed.events == ("alongside.conference.scheduled.v1",)


@pytest.mark.parametrize(
    "change",
    [
        {"events": ["message.sent"]},
        {"events": ["conference.CANARY"]},
        {"fields": {"offer": ["version"]}},
        {"fields": {"CANARY": ["x"]}},
        {"fields": {"child": ["given_name"]}},
        {"expires_on": "2026-01-01"},
        {"expires_on": "9999-12-31"},
    ],
)
def test_an_agreement_that_cannot_be_is_refused(world: World, change: dict[str, Any]) -> None:
    world.client.post("/v1/agencies", json={"agency_ref": "health", "name": "A synthetic agency"})
    body = {
        "agency_ref": "health",
        "events": ["offer.made"],
        "purpose": "health",
        "legal_basis": "public-task",
        "authorities": ["E09000020"],
        "starts_on": "2026-04-01",
        "expires_on": "2027-03-31",
        **change,
    }
    answer = world.client.post("/v1/agreements", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "agreement-not-possible")
    assert "CANARY" not in answer.text


def test_an_agreement_with_nobody_is_not_known(world: World) -> None:
    with pytest.raises(AssertionError, match="not_yet_known"):
        agree(world, agency_ref="nobody")


def resolve(world: World, key: str, *children: str, **headers: str) -> Any:
    return world.client.post(
        "/v1/children/resolve",
        json={"children": list(children)},
        headers={"Authorization": f"Bearer {key}", **headers},
    )


def test_a_pseudonym_is_turned_into_what_was_agreed_and_each_use_is_noted(world: World) -> None:
    agree(world, resolve=["nhs_number", "date_of_birth"])
    agree(world, "school", resolve=["name"])
    posted = post(world, children=[a_child(nhs_number="9434765919")])
    pseudonyms = {e["ce_subject"] for e in on_topic(world)}
    health, school = key_for(world), key_for(world, "school")
    answer = resolve(world, health, *sorted(pseudonyms))
    (item,) = answer.json()["items"]
    assert item == {
        "child_ref": item["child_ref"],
        "nhs-number": "9434765919",
        "date-of-birth": "2016-01-01",
    }
    assert answer.headers["cache-control"] == "no-store"
    assert resolve(world, school, item["child_ref"]).json()["items"] == []
    assert resolve(world, health, posted.child).json()["items"] == []
    rows = world.desk("exchange").read(
        lambda work: work.sql.rows("SELECT who, about_ref, what, why FROM ledger")
    )
    assert rows == [("health", posted.child, "nhs-number,date-of-birth", "health")]


def test_who_a_child_is_is_looked_up_anew_each_time_and_never_without_a_key(world: World) -> None:
    agree(world, resolve=["name"])
    post(world)
    pseudonyms = sorted({e["ce_subject"] for e in on_topic(world)})
    once = {"Idempotency-Key": "once"}
    key = key_for(world)
    first = resolve(world, key, *pseudonyms, **once)
    again = resolve(world, key, *pseudonyms, **once)
    assert (again.status_code, again.json()) == (200, first.json())
    assert resolve(world, "", *pseudonyms, **once).status_code == 401
    noted = world.desk("exchange").read(lambda work: work.sql.rows("SELECT 1 FROM ledger"))
    assert len(noted) == 2


def test_a_cursor_that_is_no_number_of_a_feed_is_refused(world: World) -> None:
    agree(world)
    headers = {"Authorization": f"Bearer {key_for(world)}"}
    answer = world.client.get("/v1/feed", params={"cursor": 10**20}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_resolving_needs_to_be_agreed(world: World) -> None:
    agree(world)
    answer = resolve(world, key_for(world), str(OFFER))
    assert (answer.status_code, answer.json()["code"]) == (409, "resolve-not-agreed")


def test_agencies_and_their_agreements_can_be_read(world: World) -> None:
    agreement = agree(world)
    (agency,) = world.client.get("/v1/agencies").json()["items"]
    assert (agency["agency_ref"], agency["agreement"]) == ("health", agreement)
    ref = UUID(agreement["agreement_ref"])
    assert world.client.get(f"/v1/agreements/{ref}").json() == agreement


def test_a_cursor_that_no_answer_gave_is_refused_and_says_where_the_feed_ends(
    world: World,
) -> None:
    agree(world)
    key = key_for(world)
    post(world)
    last = pull(world, key, size=200)["next"]
    headers = {"Authorization": f"Bearer {key}"}
    answer = world.client.get("/v1/feed", params={"cursor": last + 1}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor-ahead")
    assert str(last) in answer.json()["title"]
    assert pull(world, key, cursor=last)["items"] == []
