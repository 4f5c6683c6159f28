"""Whatever people do, in whatever order: every service says what a plain model of it says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.harness import World
from tests.invariants import look
from tests.machine import memory_folder
from tests.people import AUTHORITY, People

if TYPE_CHECKING:
    from datetime import datetime

STORIES: Final = 40
STEPS: Final = 25
HEARD_FROM_THE_CHILD: Final = {"reported_by": "child", "heard_directly": True}
PASSED_ON: Final = {"reported_by": "social-worker", "heard_directly": False}
KINDS_OF_VISIT: Final = {"introduction", "before", "at-conference", "after"}
BECAME: Final = {"declined": "declined_by_child", "lapsed": "fell_away", "withdrawn": "fell_away"}


@dataclass
class Modelled:
    """What was said about one child's conference, and how its offer, visits and view stand."""

    meeting_ref: str
    child_ref: str
    conference_ref: str
    offer_ref: str
    starts_at: datetime
    conference: str = "scheduled"
    cancelled_because: str = ""
    answer: str = ""
    confirmed: bool = True
    paused: bool = False
    withdrawn: bool = False
    view_ref: str = ""
    view: str = ""

    @property
    def answered(self) -> str:
        """What the child's own words make of the offer."""
        if self.answer == "no":
            return "declined"
        if self.paused:
            return "paused"
        return "accepted" if self.answer == "yes" else "standing"

    @property
    def offer(self) -> str:
        if self.withdrawn:
            return "withdrawn"
        if self.conference == "cancelled" and self.cancelled_because == "error":
            return "withdrawn"
        if self.conference == "cancelled" and self.answer != "no":
            return "lapsed"
        return self.answered

    @property
    def visits(self) -> set[str]:
        """Which kinds of visit are still to be made."""
        waits = self.conference == "scheduled" and self.offer in {"standing", "accepted"}
        return KINDS_OF_VISIT if waits else set()


class Commands(RuleBasedStateMachine):
    """One installation, and what its people do to it."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory(dir=memory_folder(), ignore_cleanup_errors=True)
        self.world = World(Path(self._folder.name) / "data")
        self.world.client.__enter__()
        self.people = People(self.world)
        self.cases: list[Modelled] = []
        self._keys = 0

    @initialize()
    def begin(self) -> None:
        self.people.settle_in()
        self.world.settle()

    def teardown(self) -> None:
        self.world.settle()
        wrong = look({n: self.world.desk(n) for n in self.world.runners}, self.world.bus).wrong
        self.world.client.__exit__()
        self.world.close()
        self._folder.cleanup()
        assert wrong == []

    def says(self, path: str, body: dict[str, Any], *, may: bool) -> Any:
        """Post it; it is done exactly where the model says that it may be."""
        self._keys += 1
        key = {"Idempotency-Key": f"command-{self._keys}"}
        answer = self.world.client.post(path, json=body, headers=key)
        assert answer.is_success == may, f"{path} {body}: {answer.status_code} {answer.text}"
        assert answer.status_code in {200, 201, 202, 409}, answer.text
        self.world.settle()
        return answer.json() if answer.is_success else None

    @precondition(lambda self: len(self.cases) < 4)
    @rule(child=st.integers(1, 3), days=st.integers(10, 60))
    def schedule(self, child: int, days: int) -> None:
        starts_at = self.world.now + timedelta(days=days, minutes=len(self.cases))
        said = self.says(
            "/v1/conferences", _conference(len(self.cases), child, starts_at), may=True
        )
        seat = said["children"][0]
        offers = self.people.ask("/v1/offers", conference_ref=seat["conference_ref"])
        assert len(offers) == 1
        self.cases.append(
            Modelled(
                said["meeting_ref"],
                seat["child_ref"],
                seat["conference_ref"],
                offers[0]["offer_ref"],
                starts_at,
            )
        )

    def one(self, number: int) -> Modelled:
        return self.cases[number % len(self.cases)]

    @precondition(lambda self: self.cases)
    @rule(which=st.integers(0, 3), days=st.integers(10, 60))
    def move(self, which: int, days: int) -> None:
        case = self.one(which)
        starts_at = self.world.now + timedelta(days=days, hours=1, minutes=which)
        may = case.conference == "scheduled"
        self.says(
            f"/v1/conferences/{case.meeting_ref}/reschedule",
            {"starts_at": starts_at.isoformat()},
            may=may,
        )
        if may:
            case.starts_at = starts_at

    @precondition(lambda self: self.cases)
    @rule(which=st.integers(0, 3), because=st.sampled_from(["not-needed", "error"]))
    def cancel(self, which: int, because: str) -> None:
        case = self.one(which)
        may = case.conference == "scheduled"
        path = f"/v1/conferences/{case.meeting_ref}/cancel"
        self.says(path, {"reason": because}, may=may)
        if may:
            case.conference, case.cancelled_because = "cancelled", because

    @precondition(lambda self: self.cases)
    @rule(which=st.integers(0, 3))
    def reinstate(self, which: int) -> None:
        case = self.one(which)
        may = case.conference == "cancelled"
        self.says(f"/v1/conferences/{case.meeting_ref}/reinstate", {}, may=may)
        if may:
            case.conference = "scheduled"

    @precondition(lambda self: self.cases)
    @rule(which=st.integers(0, 3))
    def accept(self, which: int) -> None:
        case = self.one(which)
        may = case.offer == "standing"
        self.says(f"/v1/offers/{case.offer_ref}/accepted", {"heard_directly": True}, may=may)
        if may:
            case.answer = "yes"

    @precondition(lambda self: self.cases)
    @rule(which=st.integers(0, 3), heard=st.booleans())
    def decline(self, which: int, heard: bool) -> None:  # noqa: FBT001 -- hypothesis names it
        case = self.one(which)
        confirms = case.offer == "declined" and heard and not case.confirmed
        may = case.offer in {"standing", "accepted", "paused"} or confirms
        no = HEARD_FROM_THE_CHILD if heard else PASSED_ON
        self.says(f"/v1/offers/{case.offer_ref}/declined", no, may=may)
        if may:
            case.answer, case.confirmed, case.paused = "no", heard, False

    @precondition(lambda self: self.cases)
    @rule(which=st.integers(0, 3))
    def pause(self, which: int) -> None:
        case = self.one(which)
        may = case.offer in {"standing", "accepted"}
        self.says(f"/v1/offers/{case.offer_ref}/paused", {}, may=may)
        case.paused = case.paused or may

    @precondition(lambda self: self.cases)
    @rule(which=st.integers(0, 3))
    def resume(self, which: int) -> None:
        case = self.one(which)
        may = case.offer == "paused"
        self.says(f"/v1/offers/{case.offer_ref}/resumed", {}, may=may)
        case.paused = case.paused and not may

    @precondition(lambda self: self.cases)
    @rule(which=st.integers(0, 3))
    def withdraw(self, which: int) -> None:
        case = self.one(which)
        may = case.offer in {"standing", "accepted", "paused", "declined"}
        self.says(f"/v1/offers/{case.offer_ref}/withdrawn", {"reason": "error"}, may=may)
        case.withdrawn = case.withdrawn or may

    @precondition(lambda self: self.cases)
    @rule(which=st.integers(0, 3))
    def write_a_view(self, which: int) -> None:
        case = self.one(which)
        if case.view_ref:
            return
        said = self.says("/v1/child-views", _view(case), may=True)
        case.view_ref, case.view = said["view_ref"], "recorded"

    @precondition(lambda self: any(case.view_ref for case in self.cases))
    @rule(
        which=st.integers(0, 3),
        step=st.sampled_from(["approvals", "share", "receipt", "withdrawal"]),
    )
    def go_on_with_a_view(self, which: int, step: str) -> None:
        case = self.one(which)
        if not case.view_ref:
            return
        body: dict[str, Any] = {}
        if step == "approvals":
            approval = {"statement": 1, "audience": ["chair"], "approved": True}
            body = {**approval, "heard_from_child": True}
        before = {
            "approvals": {"recorded": "approved"},
            "share": {"approved": "shared"},
            "receipt": {"shared": "received"},
            "withdrawal": dict.fromkeys(
                ("recorded", "approved", "shared", "received"), "withdrawn"
            ),
        }[step]
        may = case.view in before
        self.says(f"/v1/child-views/{case.view_ref}/{step}", body, may=may)
        case.view = before.get(case.view, case.view)

    @invariant()
    def everybody_says_what_the_model_says(self) -> None:
        offers = {offer["offer_ref"]: offer["status"] for offer in self.people.ask("/v1/offers")}
        assert offers == {case.offer_ref: case.offer for case in self.cases}
        for case in self.cases:
            if case.view_ref:
                views = self.people.ask("/v1/child-views", conference_ref=case.conference_ref)
                assert [view["status"] for view in views] == [case.view]
        planned = Counter(
            (visit["conference_ref"], visit["kind"])
            for visit in self.people.ask("/v1/visits")
            if visit["status"] == "planned" and visit["kind"] != "closing"
        )
        assert planned == Counter(
            (case.conference_ref, kind) for case in self.cases for kind in case.visits
        )

    @invariant()
    def the_figures_are_the_models(self) -> None:
        answer = self.world.client.get("/v1/reports/funnel", params={"authority": AUTHORITY})
        funnel = {name: count for name, count in answer.json()["funnel"].items() if count}
        became = Counter(BECAME.get(case.offer, "open") for case in self.cases)
        assert funnel == ({"referred": len(self.cases), **became} if self.cases else {})


def _conference(number: int, child: int, starts_at: datetime) -> dict[str, Any]:
    return {
        "conference_id": f"EXAMPLE-{number}",
        "authority": AUTHORITY,
        "kind": "initial",
        "starts_at": starts_at.isoformat(),
        "format": "in-person",
        "chair": {"name": "Example Chair", "email": "chair@example.org"},
        "children": [
            {
                "la_child_id": f"EXAMPLECHILD{child}",
                "given_name": f"Example {child}",
                "family_name": "Example-Family",
                "date_of_birth": f"201{child}-03-01",
                "social_worker": {"name": "Example Worker", "email": "worker@example.org"},
            }
        ],
    }


def _view(case: Modelled) -> dict[str, Any]:
    return {
        "child_ref": case.child_ref,
        "conference_ref": case.conference_ref,
        "author": "child",
        "medium": "written",
        "provenance": "own-words",
        "statements": [{"text": "An example of what a child may want to be heard."}],
    }


@pytest.mark.timeout(600)
def test_every_order_of_commands_leads_where_the_model_says() -> None:
    run_state_machine_as_test(
        Commands,
        settings=settings(max_examples=STORIES, stateful_step_count=STEPS, deadline=None),
    )
