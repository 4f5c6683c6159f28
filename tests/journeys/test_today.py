"""What reporting says today's rules would have done is what referral's clocks really do."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.chassis.policies import Policies
from services.chassis.settings import POLICIES
from services.contracts.codes import ConferenceKind, YesNo
from services.reporting.domain.today import Today, Untold, under
from tests.harness import World

KENSINGTON = "E09000020"
MONDAY = datetime(2026, 11, 23, 17, tzinfo=UTC)
RULES = Policies.load(POLICIES)


def days(day: int, hour: int = 14, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def said_today(until: datetime) -> Today:
    policy = RULES.for_(KENSINGTON, date.max)
    child = Untold(ConferenceKind.INITIAL, MONDAY, until, YesNo.NO)
    return under(policy, RULES.calendar(policy), child)


def offer_for(world: World, until: datetime) -> str:
    child = {"la_child_id": "EXAMPLE1", "date_of_birth": "2017-05-04", "looked_after": "no"}
    meeting = {
        "conference_id": "EX-1",
        "authority": KENSINGTON,
        "kind": "initial",
        "starts_at": until.isoformat(),
        "children": [child],
    }
    taken = world.client.post("/v1/conferences", json=meeting)
    assert taken.status_code == 202
    world.settle()
    conference_ref = taken.json()["children"][0]["conference_ref"]
    (offer,) = world.client.get("/v1/offers", params={"conference_ref": conference_ref}).json()[
        "items"
    ]
    return str(offer["offer_ref"])


def waiting(world: World, offer_ref: str) -> dict[str, datetime]:
    offer: dict[str, Any] = world.client.get(f"/v1/offers/{offer_ref}").json()
    return {what: datetime.fromisoformat(at) for what, at in offer["waits_for"].items()}


def turned_to(world: World, offer_ref: str, until: datetime) -> Iterator[tuple[str, datetime]]:
    """Let time pass from rung to rung; yield whom referral turned to, and when that was due."""
    while (due := waiting(world, offer_ref).get("rung-due")) is not None and due < until:
        before = len(world.events("offer.escalated"))
        world.advance(to=due)
        (escalated,) = world.events("offer.escalated")[before:]
        yield escalated.data.rung_role, due


@pytest.mark.parametrize(
    "until",
    [
        pytest.param(days(14), id="fifteen working days"),
        pytest.param(days(27, month=11), id="four days"),
        pytest.param(days(4), id="over a weekend"),
        pytest.param(days(30), id="over Christmas"),
    ],
)
def test_referral_turns_to_whom_reporting_says_and_when(tmp_path: Path, until: datetime) -> None:
    world = World(tmp_path / "data", services=("exchange", "referral"), now=MONDAY)
    offer_ref = offer_for(world, until)
    expected = said_today(until)
    assert waiting(world, offer_ref)["tell-due"] == expected.tell_by
    rungs = [(rung.role, rung.at) for rung in expected.rungs]
    assert list(turned_to(world, offer_ref, until)) == rungs


def test_at_short_notice_everybody_is_turned_to_at_once(tmp_path: Path) -> None:
    until = days(24, hour=12, month=11)
    world = World(tmp_path / "data", services=("exchange", "referral"), now=MONDAY)
    offer_for(world, until)
    expected = said_today(until)
    said = [event.data.rung_role for event in world.events("offer.escalated")]
    assert said == [rung.role for rung in expected.rungs]
    assert {rung.at for rung in expected.rungs} == {MONDAY}
