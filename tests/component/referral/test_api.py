"""Referral over HTTP: lists, advocates, and what its answers and refusals look like."""

from typing import Any

import pytest

from services.contracts.codes import OfferStatus
from tests.component.referral.story import (
    KENT,
    Story,
    advocate_ref,
    child_ref,
    conference_ref,
)


def offers(story: Story, **params: Any) -> list[dict[str, Any]]:
    answer = story.world.client.get("/v1/offers", params=params)
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_offers_are_found_by_conference_child_status_and_authority(story: Story) -> None:
    story.conference(number=1)
    story.conference(number=2, authority="E09000033")
    story.post("accepted", 2, heard_directly=True)
    for params in (
        {"conference_ref": str(conference_ref(2))},
        {"child_ref": str(child_ref(2))},
        {"status": "accepted"},
        {"authority": "E09000033"},
        {"authority": "E09000033", "status": "accepted"},
    ):
        assert [one["conference_ref"] for one in offers(story, **params)] == [
            str(conference_ref(2))
        ]
    assert offers(story, authority=KENT, status="accepted") == []
    assert len(offers(story)) == 2


def test_a_long_list_is_read_page_by_page(story: Story) -> None:
    for number in range(1, 6):
        story.conference(number=number)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"size": "2"} | ({"cursor": cursor} if cursor else {})
        page = story.world.client.get("/v1/offers", params=params).json()
        seen += [one["offer_ref"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 5


def test_an_offer_shows_what_it_waits_for(story: Story) -> None:
    story.begun()
    ref = story.offer().offer_ref
    shown = story.world.client.get(f"/v1/offers/{ref}").json()
    assert shown["status"] == OfferStatus.STANDING
    assert shown["waits_for"] == {
        "tell-due": "2026-11-25T17:00:00Z",
        "rung-due": "2026-11-26T17:00:00Z",
    }


def test_an_advocate_is_registered_once(story: Story) -> None:
    answer = story.advocate(1, skills=["makaton", "bsl", "bsl"])
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/advocates/{advocate_ref()}"
    assert answer.json()["skills"] == ["bsl", "makaton"]
    assert story.advocate(1).json()["code"] == "already-registered"
    (registered,) = story.said("advocate.registered")
    assert (registered.capacity, registered.authorities) == (5, (KENT,))


def test_what_is_known_of_an_advocate_changes(story: Story) -> None:
    story.advocate(1)
    changed = story.advocate(1, change=True, authorities=["E09000033"], languages=["en", "pl"])
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    story.conference(number=1)
    story.conference(number=2, authority="E09000033", language="pl")
    assert not story.bond(1).is_bound
    assert story.bond(2).is_bound
    assert len(story.said("advocate.changed")) == 1


def test_an_answer_names_what_has_ended_for_an_advocate(story: Story) -> None:
    assert story.advocate(1).json()["lapsed"] == []
    ended = story.advocate(2, checks_valid_until="2026-11-01", training_valid_until="2026-11-01")
    assert ended.json()["lapsed"] == ["checks-lapsed", "training-lapsed"]
    renewed = story.advocate(2, change=True, checks_valid_until="2029-01-01")
    assert renewed.json()["lapsed"] == []


def test_a_reference_that_belongs_into_the_address_is_said_to_be_no_field(story: Story) -> None:
    story.advocate(1)
    answer = story.advocate(1, change=True, advocate_ref=str(advocate_ref(1)))
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/advocate_ref"
    assert "advocate_ref is one" not in error["detail"]


def test_the_same_facts_again_change_nothing(story: Story) -> None:
    story.advocate(1)
    assert story.advocate(1, change=True).headers["etag"] == '"1"'
    assert story.said("advocate.changed") == []


def test_facts_without_conflicts_leave_those_that_are_known(story: Story) -> None:
    story.advocate(1, conflicts=[str(child_ref(1))])
    story.advocate(1, change=True, capacity=9)
    story.conference(number=1)
    assert not story.said("allocation.allocated")
    story.advocate(1, change=True, conflicts=[])
    assert len(story.said("allocation.allocated")) == 1


def test_an_advocate_nobody_registered_cannot_be_changed(story: Story) -> None:
    assert story.advocate(1, change=True).json()["code"] == "not_yet_known"


def test_a_change_to_what_somebody_else_changed_is_refused(story: Story) -> None:
    story.advocate(1)
    body = story.world.client.get(f"/v1/advocates/{advocate_ref()}").json()
    facts = {
        name: body[name]
        for name in (
            "authorities",
            "languages",
            "skills",
            "employed_by",
            "checks_valid_until",
            "training_valid_until",
        )
    }
    answer = story.world.client.put(
        f"/v1/advocates/{advocate_ref()}",
        json={**facts, "capacity": 9},
        headers={"If-Match": '"7"'},
    )
    assert (answer.status_code, answer.json()["code"]) == (412, "changed-meanwhile")
    assert story.known().capacity == 5


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"authorities": []}, "/authorities"),
        ({"authorities": ["Kent"]}, "/authorities/0"),
        ({"languages": ["English"]}, "/languages/0"),
        ({"skills": ["telepathy"]}, "/skills/0"),
        ({"capacity": -1}, "/capacity"),
        ({"employed_by": "Kent Voices & Co"}, "/employed_by"),
        ({"checks_valid_until": "soon"}, "/checks_valid_until"),
        ({"given_name": "Zora"}, "/?"),
    ],
)
def test_bad_facts_are_named_and_not_repeated(
    story: Story, facts: dict[str, Any], pointer: str
) -> None:
    answer = story.advocate(1, **facts)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    for word in ("Zora", "telepathy", "English", "soon", "Voices &"):
        assert word not in answer.text


def test_what_is_on_the_bus_says_nothing_of_employers_and_conflicts(story: Story) -> None:
    story.advocate(1, conflicts=[str(child_ref(9))])
    (registered,) = story.said("advocate.registered")
    assert str(child_ref(9)) not in registered.model_dump_json()
    assert "kent-voices" not in registered.model_dump_json()


@pytest.mark.parametrize(
    "path", ["/v1/offers/none", "/v1/offers?authority=Kent", "/v1/offers?status=perhaps"]
)
def test_a_reference_or_filter_that_is_none_is_refused(story: Story, path: str) -> None:
    assert story.world.client.get(path).status_code == 422
