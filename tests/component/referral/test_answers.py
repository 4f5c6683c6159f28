"""What people record about an offer, through the API: everything once, and only what can be."""

from typing import Any
from uuid import UUID

import pytest

from services.contracts.codes import (
    AllocationStatus,
    Objection,
    OfferStatus,
    Permission,
    Role,
    Told,
)
from tests.component.referral.story import MONDAY, STARTS_AT, Story

UNKNOWN = UUID("0ffe0000-0000-4000-8000-00000000ffff")

EVERY_VERB: dict[str, dict[str, Any]] = {
    "explained": {"by_role": "social-worker"},
    "explained-confirmed": {},
    "accepted": {"heard_directly": True},
    "declined": {"reported_by": "child", "heard_directly": True},
    "objected": {"by_role": "parent"},
    "objection-decided": {"child_wants": True},
    "permission": {"permission": "given"},
    "paused": {},
    "resumed": {},
    "reopened": {},
    "stopped": {"reason": "moved"},
    "withdrawn": {"reason": "duplicate"},
}


def test_an_adults_word_and_the_childs_are_two_things(story: Story) -> None:
    story.begun()
    story.post("explained", by_role="social-worker", at="2026-11-22T15:00:00Z")
    assert (story.offer().told, story.offer().explained_by) == (
        Told.EXPLAINED,
        Role.SOCIAL_WORKER,
    )
    story.post("explained-confirmed")
    assert story.offer().told is Told.CONFIRMED
    story.post("explained", by_role="school")
    assert story.offer().told is Told.CONFIRMED
    assert story.story_of()[2:] == [
        "offer.explained",
        "offer.explained-confirmed",
        "offer.explained",
    ]


def test_a_yes_takes_the_offer_up(story: Story) -> None:
    story.begun()
    answer = story.post("accepted", heard_directly=True)
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
    assert answer.headers["etag"] == '"2"'
    assert story.said("offer.accepted")[0].answered_at == MONDAY


def test_a_no_ends_the_bond_and_the_child_can_come_back_to_the_same_advocate(
    story: Story,
) -> None:
    story.advocate(1)
    story.conference()
    first = story.bond().advocate_ref
    story.advocate(2, capacity=50)
    story.post("declined", reported_by="advocate", heard_directly=True)
    assert story.story_of()[-2:] == ["offer.declined", "allocation.released"]
    story.post("reopened")
    assert story.offer().status is OfferStatus.STANDING
    assert story.offer().answered_at is None
    assert story.bond().advocate_ref == first
    assert len(story.allocations()) == 2


def test_a_parents_no_is_refused_as_the_childs(story: Story) -> None:
    story.begun()
    answer = story.post("declined", reported_by="parent", heard_directly=False)
    assert (answer.status_code, answer.json()["code"]) == (409, "record-an-objection")
    assert story.offer().status is OfferStatus.STANDING
    assert story.said("offer.declined") == []


@pytest.mark.parametrize("by_role", ["parent", "social-worker", "carer", "school"])
def test_somebody_elses_no_stops_nothing(story: Story, by_role: str) -> None:
    story.begun()
    story.post("objected", by_role=by_role)
    assert (story.offer().status, story.offer().objection) == (
        OfferStatus.STANDING,
        Objection.OPEN,
    )
    assert story.bond().is_bound
    assert story.post("objected", by_role=by_role).json()["code"] == "already-objected"


@pytest.mark.parametrize(
    ("child_wants", "status", "answer"),
    [(True, OfferStatus.ACCEPTED, "accepted"), (False, OfferStatus.DECLINED, "declined")],
)
def test_the_child_decides_about_anothers_no(
    story: Story, *, child_wants: bool, status: OfferStatus, answer: str
) -> None:
    story.begun()
    story.post("objected", by_role="parent")
    story.post("objection-decided", child_wants=child_wants)
    assert story.offer().status is status
    (decided,) = story.said("offer.objection-decided")
    (answered,) = story.said(f"offer.{answer}")
    assert decided.model_dump() == answered.model_dump()
    assert story.bond().is_bound if child_wants else not story.allocations()[0].is_bound


def test_a_pause_keeps_the_advocate_and_goes_on_where_the_child_was(story: Story) -> None:
    story.begun()
    story.post("accepted", heard_directly=True)
    story.post("paused")
    assert (story.offer().status, story.bond().is_bound) == (OfferStatus.PAUSED, True)
    story.post("resumed")
    assert story.offer().status is OfferStatus.ACCEPTED


def test_a_person_ends_an_offer_and_finds_it_was_a_mistake(story: Story) -> None:
    story.begun()
    story.post("stopped", reason="not-needed")
    assert story.allocations()[0].status is AllocationStatus.RELEASED
    story.post("reopened")
    assert (story.offer().status, story.offer().stopped_because) == (OfferStatus.STANDING, None)


def test_permission_is_for_those_places_that_asked_for_it(story: Story) -> None:
    story.begun()
    answer = story.post("permission", permission="refused")
    assert (answer.status_code, answer.json()["code"]) == (409, "permission-not-needed")


def test_under_opt_in_a_refused_permission_ends_the_search_and_can_still_come(
    story_of_2011: Story,
) -> None:
    story = story_of_2011
    story.post("permission", permission="given")
    assert story.bond().is_bound
    story.post("permission", permission="refused")
    assert not story.allocations()[0].is_bound
    assert story.offer().permission is Permission.REFUSED
    story.post("permission", permission="given")
    assert story.bond().is_bound


def test_under_opt_in_a_parents_no_is_the_parents_refusal(story_of_2011: Story) -> None:
    story = story_of_2011
    story.post("declined", reported_by="parent", heard_directly=False)
    (declined,) = story.said("offer.declined")
    assert (declined.reported_by, declined.heard_directly) == (Role.PARENT, False)
    story.world.advance(story.starts_at)
    assert story.said("offer.escalated") == []


def test_under_opt_in_nobody_is_found_without_permission_even_if_the_child_says_yes(
    story_of_2011: Story,
) -> None:
    story_of_2011.post("accepted", heard_directly=True)
    assert story_of_2011.allocations() == []


@pytest.mark.parametrize("verb", EVERY_VERB)
def test_an_answer_before_its_offer_is_not_known_yet(story: Story, verb: str) -> None:
    answer = story.world.client.post(f"/v1/offers/{UNKNOWN}/{verb}", json=EVERY_VERB[verb])
    assert (answer.status_code, answer.json()["code"]) == (409, "not_yet_known")
    assert answer.headers["retry-after"] == "2"


@pytest.mark.parametrize("verb", EVERY_VERB)
def test_nothing_is_recorded_of_an_offer_that_was_not_made_but_taking_it_up(
    story: Story, verb: str
) -> None:
    story.conference(authority="E08000039", kind="review")
    answer = story.post(verb, **EVERY_VERB[verb])
    allowed = verb in {"reopened", "withdrawn"}
    assert answer.status_code == (200 if allowed else 409)


def test_the_same_key_records_once_and_another_body_is_refused(story: Story) -> None:
    story.begun()
    path = f"/v1/offers/{story.offer().offer_ref}/explained"
    key = {"Idempotency-Key": "told-1"}
    client = story.world.client
    first = client.post(path, json={"by_role": "school"}, headers=key)
    second = client.post(path, json={"by_role": "school"}, headers=key)
    other = client.post(path, json={"by_role": "health"}, headers=key)
    story.world.settle()
    assert first.json() == second.json()
    assert other.status_code == 409
    assert len(story.said("offer.explained")) == 1


@pytest.mark.parametrize(
    ("verb", "body", "pointer"),
    [
        ("explained", {"by_role": "soshal-worker"}, "/by_role"),
        ("explained", {"by_role": "school", "note": "Zora Canary"}, "/?"),
        ("explained", {}, "/by_role"),
        ("explained", {"by_role": "school", "at": "2026-11-22T15:00:00"}, "/at"),
        ("declined", {"reported_by": "child", "heard_directly": False}, "/"),
        ("stopped", {"reason": "no idea"}, "/reason"),
        ("permission", {"permission": "perhaps"}, "/permission"),
    ],
)
def test_bad_input_is_named_and_not_repeated(
    story: Story, verb: str, body: dict[str, Any], pointer: str
) -> None:
    story.begun()
    answer = story.post(verb, **body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    for value in body.values():
        assert f'"{value}"' not in answer.text
    assert "Canary" not in answer.text


@pytest.mark.parametrize(
    ("at", "status", "code"),
    [
        ("2025-11-20T09:00:00Z", 409, "long-ago"),
        # Before the first day there is, by the clock of Greenwich.
        ("0001-01-01T00:00:00+14:00", 422, "invalid"),
    ],
)
def test_a_year_that_cannot_be_right_is_refused(
    story: Story, at: str, status: int, code: str
) -> None:
    story.begun()
    answer = story.post("accepted", heard_directly=True, at=at)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_what_has_not_happened_yet_cannot_be_recorded(story: Story) -> None:
    story.begun()
    answer = story.post("explained", by_role="school", at=STARTS_AT.isoformat())
    assert (answer.status_code, answer.json()["code"]) == (409, "in-the-future")


def test_the_childs_own_word_has_its_own_door(story: Story) -> None:
    story.begun()
    assert story.post("explained", by_role="child").json()["code"] == "child-confirms"
    assert story.post("objected", by_role="child").json()["code"] == "child-declines"
