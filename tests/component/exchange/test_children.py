"""Identity is the authority's own id; all else is a suggestion; names are in the vault only."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from services.chassis.errors import Misconfigured
from services.chassis.vault import KeyFile
from tests.component.exchange.story import a_child, a_meeting, post, said
from tests.harness import World

NHS = "9434765919"
UPN = "A950000178301"


def suggestions(world: World) -> list[dict[str, Any]]:
    return list(world.client.get("/v1/children/suggestions").json()["items"])


def test_the_same_id_in_one_authority_is_the_same_child(world: World) -> None:
    one = post(world)
    other = post(world, conference_id="C2", children=[a_child(la_child_id="a1")])
    assert one.child == other.child
    assert said(world).count("child.registered") == 1


def test_the_same_id_in_another_authority_is_another_child(world: World) -> None:
    one = post(world)
    other = post(world, authority="E08000039")
    assert one.child != other.child
    assert suggestions(world) == []


@pytest.mark.parametrize(
    ("identifiers", "matched"),
    [
        ({"nhs_number": NHS}, ["nhs-number"]),
        ({"upn": UPN}, ["upn"]),
        ({"nhs_number": NHS, "upn": UPN}, ["nhs-number", "upn"]),
    ],
)
def test_a_shared_identifier_is_a_suggestion_and_never_a_merge(
    world: World, identifiers: dict[str, str], matched: list[str]
) -> None:
    one = post(world, children=[a_child(**identifiers)])
    other = post(world, authority="E08000039", children=[a_child(**identifiers)])
    assert one.child != other.child
    found = suggestions(world)
    assert sorted(s["matched_on"] for s in found) == matched
    assert {s["blocked_because"] for s in found} == {None}
    pair = {one.child, other.child}
    assert all({s["child_ref"], s["other_child_ref"]} == pair for s in found)


def test_another_date_of_birth_blocks_a_suggestion(world: World) -> None:
    post(world, children=[a_child(nhs_number=NHS)])
    born = a_child(nhs_number=NHS, date_of_birth="2016-01-02")
    post(world, authority="E08000039", children=[born])
    (found,) = suggestions(world)
    assert found["blocked_because"] == "date-of-birth"


def test_a_suggestion_is_made_once_and_follows_what_is_known(world: World) -> None:
    post(world, children=[a_child(nhs_number=NHS)])
    other = a_child(nhs_number=NHS, date_of_birth="2016-01-02")
    post(world, authority="E08000039", children=[other])
    post(world, authority="E08000039", children=[a_child(nhs_number=NHS)])
    (found,) = suggestions(world)
    assert found["blocked_because"] is None


def test_an_unborn_child_is_born_later(world: World) -> None:
    unborn = a_child(date_of_birth=None, expected_birth_on="2027-01-15")
    post(world, kind="pre-birth", children=[unborn])
    (scheduled,) = world.events("conference.scheduled")
    assert (scheduled.data.unborn, scheduled.data.age_years) == (True, None)
    world.advance(world.now.replace(month=12, day=5))
    post(world, kind="pre-birth", children=[a_child(date_of_birth="2026-12-04")])
    (changed,) = world.events("conference.changed")
    assert (changed.data.unborn, changed.data.age_years) == (False, 0)
    assert said(world).count("child.changed") == 1


def test_a_child_is_born_after_a_conference_that_nobody_recorded_as_held(world: World) -> None:
    unborn = a_child(date_of_birth=None, expected_birth_on="2026-12-05")
    first = post(world, kind="pre-birth", starts_at="2026-11-30T10:00:00Z", children=[unborn])
    world.advance(world.now.replace(month=12, day=14))
    born = a_child(date_of_birth="2026-12-06")
    review = {"conference_id": "C2", "kind": "review", "starts_at": "2026-12-20T10:00:00Z"}
    second = post(world, **review, children=[born])
    assert second.child == first.child
    (changed,) = world.events("conference.changed")
    assert (changed.data.unborn, changed.data.age_years) == (False, None)
    held = world.client.post(f"{first.url}/held", json={"held_at": "2026-11-30T10:05:00Z"})
    assert held.status_code == 200


def canaries() -> dict[str, Any]:
    adult = {"name": "Canaryworker", "email": "canaryworker@example.org"}
    contact = {
        "person": "parent",
        "channel": "phone",
        "value": "07700900123",
        "safety": "ask_first",
        "note": "Canarynote",
        "confirmed_by": "Canaryconfirmer",
        "confirmed_on": "2026-11-20",
    }
    child = a_child(
        la_child_id="CanaryLa7",
        given_name="Canarygiven",
        family_name="Canaryfamily",
        date_of_birth="2013-02-17",
        upn=UPN,
        nhs_number=NHS,
        social_worker=adult,
        contacts=[contact],
    )
    return a_meeting(
        conference_id="CanaryConf7",
        place="Canaryplace",
        chair={"name": "Canarychair", "email": "canarychair@example.org"},
        children=[child],
    )


CANARY = re.compile(
    rb"canary|07700900123|2013-02-17|" + UPN.encode() + rb"|" + NHS.encode(), re.IGNORECASE
)


def test_no_canary_is_in_the_database_on_the_bus_in_the_logs_or_the_metrics(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    headers = {"Idempotency-Key": "canary-free"}
    answer = world.client.post("/v1/conferences", json=canaries(), headers=headers)
    assert answer.status_code == 202
    child = answer.json()["children"][0]["child_ref"]
    assert "Canarygiven" in world.client.get(f"/v1/fragments/child/{child}").text
    world.settle()
    world.client.post("/v1/conferences", json={**canaries(), "kind": "Canary"})
    metrics = world.client.get("/metrics").content
    for path in world.data.glob("*.sqlite3"):
        with sqlite3.connect(path) as connection:
            dump = "\n".join(connection.iterdump()).encode()
        connection.close()
        assert CANARY.search(dump) is None, path.name
        assert CANARY.search(path.read_bytes()) is None, path.name
    logged = "".join(capfd.readouterr())
    assert CANARY.search(metrics + logged.encode()) is None


def test_with_another_key_file_the_database_tells_no_name(world: World, tmp_path: Path) -> None:
    posted = post(world)
    keys: KeyFile = world.desk("exchange").service.context.keys
    keys.path.unlink()
    KeyFile.open(keys.path, tmp_path / "other data")
    reopened = World(world.data, services=("exchange",))
    with pytest.raises(Exception, match="does not hold the key"):
        reopened.client.get(f"/v1/fragments/child/{posted.child}")


def test_without_its_key_file_the_service_does_not_begin(world: World) -> None:
    keys: KeyFile = world.desk("exchange").service.context.keys
    keys.path.unlink()
    with pytest.raises(Misconfigured, match="is not there, and this data was begun with"):
        World(world.data, services=("exchange",))
