"""Whatever people do, in whatever order: every service says what a plain model of it says."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.harness import World
from tests.invariants import look
from tests.people import AUTHORITY, People

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

STORIES: Final = 12
MOST_TO_COME: Final = 3
STEPS: Final = 25
KINDS_OF_VISIT: Final = {"introduction", "before", "at-conference", "after"}
BOUND: Final = {"allocated", "confirmed"}
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
    had_an_advocate: bool = False
    advocate_came: bool = False
    given_up_by: set[str] = field(default_factory=set)

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
    def is_live(self) -> bool:
        return self.conference != "cancelled" and self.offer in {"standing", "accepted"}

    @property
    def may_have_an_advocate(self) -> bool:
        """A pause rests the advocate's work; it does not end who the child knows."""
        return self.conference != "cancelled" and (self.is_live or self.offer == "paused")

    @property
    def visits(self) -> set[str]:
        """Which kinds of visit are still to be made; the first advocate begins with them."""
        if not (self.is_live and self.had_an_advocate):
            return set()
        return KINDS_OF_VISIT if self.conference == "scheduled" else {"after"}

    @property
    def became(self) -> str:
        """What the funnel says of it: nobody has written down that any of these children was told.

        An adult's word that the child said yes or no comes from the child who knows of it.
        """
        if self.advocate_came:
            return "taken_up"
        if self.conference == "held" and self.offer == "standing":
            return "not_known_if_told"
        return BECAME.get(self.offer, "open")


@dataclass(frozen=True)
class Deed:
    """A command about one case: when it may be done, and what the model says afterwards."""

    path: str
    body: dict[str, Any]
    may: Callable[[Modelled], bool | None]
    becomes: dict[str, Any]


def _sits(case: Modelled) -> bool:
    return case.conference == "scheduled"


def _while_offer_is(*statuses: str) -> Callable[[Modelled], bool]:
    return lambda case: case.offer in statuses


def _while_view_is(*statuses: str) -> Callable[[Modelled], bool | None]:
    return lambda case: case.view in statuses if case.view_ref else None


def _may_be_shared(case: Modelled) -> bool | None:
    return case.view == "approved" and _sits(case) if case.view_ref else None


def _may_be_reopened(case: Modelled) -> bool | None:
    return case.offer in {"declined", "withdrawn"} if _sits(case) else None


def _may_confirm_a_no(case: Modelled) -> bool:
    is_confirmed = case.offer == "declined" and case.confirmed
    return case.offer in {"standing", "accepted", "paused", "declined"} and not is_confirmed


_OFFER, _VIEW = "/v1/offers/{case.offer_ref}", "/v1/child-views/{case.view_ref}"
_MEETING = "/v1/conferences/{case.meeting_ref}"
_APPROVAL: Final = {"statement": 1, "audience": ["chair"], "approved": True}
_NO: Final = {"answer": "no", "paused": False}
_OPEN_AGAIN: Final = {"answer": "", "confirmed": True, "withdrawn": False, "paused": False}

REINSTATE: Final = Deed(
    f"{_MEETING}/reinstate",
    {},
    lambda case: case.conference == "cancelled",
    {"conference": "scheduled"},
)
DEEDS: Final = (
    Deed(
        f"{_MEETING}/cancel",
        {"reason": "not-needed"},
        _sits,
        {"conference": "cancelled", "cancelled_because": "not-needed"},
    ),
    Deed(
        f"{_MEETING}/cancel",
        {"reason": "error"},
        _sits,
        {"conference": "cancelled", "cancelled_because": "error"},
    ),
    REINSTATE,
    Deed(
        f"{_OFFER}/accepted",
        {"heard_directly": True},
        _while_offer_is("standing"),
        {"answer": "yes"},
    ),
    Deed(
        f"{_OFFER}/declined",
        {"reported_by": "child", "heard_directly": True},
        _may_confirm_a_no,
        {**_NO, "confirmed": True},
    ),
    Deed(
        f"{_OFFER}/declined",
        {"reported_by": "social-worker", "heard_directly": False},
        _while_offer_is("standing", "accepted", "paused"),
        {**_NO, "confirmed": False},
    ),
    Deed(f"{_OFFER}/paused", {}, _while_offer_is("standing", "accepted"), {"paused": True}),
    Deed(f"{_OFFER}/resumed", {}, _while_offer_is("paused"), {"paused": False}),
    Deed(
        f"{_OFFER}/withdrawn",
        {"reason": "error"},
        _while_offer_is("standing", "accepted", "paused", "declined"),
        {"withdrawn": True},
    ),
    Deed(f"{_OFFER}/reopened", {}, _may_be_reopened, _OPEN_AGAIN),
    Deed(
        f"{_VIEW}/approvals",
        {**_APPROVAL, "heard_from_child": True},
        _while_view_is("recorded", "approved"),
        {"view": "approved"},
    ),
    Deed(f"{_VIEW}/share", {}, _may_be_shared, {"view": "shared"}),
    Deed(f"{_VIEW}/receipt", {}, _while_view_is("shared"), {"view": "received"}),
    Deed(
        f"{_VIEW}/withdrawal",
        {},
        _while_view_is("recorded", "approved", "shared", "received"),
        {"view": "withdrawn"},
    ),
)


class Story:
    """One installation, and what its people do to it: the dice say who acts next."""

    def __init__(self, world: World, dice: Random) -> None:
        self.world = world
        self.dice = dice
        self.people = People(world)
        self.cases: list[Modelled] = []
        self.conflicts: set[tuple[str, str]] = set()
        self.told: list[str] = []

    def go_on(self) -> None:
        """Take one turn; where its kind has nothing to act upon, a new conference is scheduled."""
        turns: list[tuple[int, Callable[[], None], bool]] = [
            (6, self.do_what_may_be_done, bool(self.pairs(allowed=True))),
            (1, self.try_what_may_not_be_done, bool(self.pairs(allowed=False))),
            (1, self.move, any(_sits(case) for case in self.cases)),
            (1, self.hold, any(_sits(case) for case in self.cases)),
            (1, self.go_on_with_a_bond, bool(self.to_come)),
            (1, self.choose_an_advocate, bool(self.to_come)),
            (1, self.write_a_view, any(not case.view_ref for case in self.to_come)),
            (2 if len(self.to_come) < MOST_TO_COME else 0, self.schedule, True),
        ]
        possible = [(weight, turn) for weight, turn, is_possible in turns if is_possible]
        weights, choices = zip(*possible, strict=True)
        self.dice.choices(choices, weights)[0]()

    def says(self, path: str, body: dict[str, Any], *, may: bool) -> Any:
        """Post it; it is done exactly where the model says that it may be."""
        self.told.append(f"{'may' if may else 'may not'}: {path} {body}")
        key = {"Idempotency-Key": f"command-{len(self.told)}"}
        answer = self.world.client.post(path, json=body, headers=key)
        assert answer.is_success == may, f"{answer.status_code} {answer.text}"
        assert answer.status_code in {200, 201, 202, 409}, answer.text
        self.world.settle()
        return answer.json() if answer.is_success else None

    def days_ahead(self) -> datetime:
        """Give an hour of its own: no two conferences of one child are told apart by less."""
        days = timedelta(days=self.dice.randint(10, 60))
        return self.world.now + days + timedelta(minutes=len(self.told))

    def schedule(self) -> None:
        starts_at = self.days_ahead()
        child = self.dice.randint(1, 3)
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

    @property
    def to_come(self) -> list[Modelled]:
        return [case for case in self.cases if case.conference != "held"]

    def move(self) -> None:
        case = self.dice.choice([case for case in self.cases if _sits(case)])
        case.starts_at = self.days_ahead()
        news = {"starts_at": case.starts_at.isoformat()}
        self.says(f"/v1/conferences/{case.meeting_ref}/reschedule", news, may=True)

    def pairs(self, *, allowed: bool) -> list[tuple[Deed, Modelled]]:
        """Every deed and case where the model says that it may, or may not, be done now."""
        now = self.world.now
        return [
            (deed, case)
            for case in self.to_come
            for deed in DEEDS
            if deed.may(case) is allowed and not (deed is REINSTATE and case.starts_at <= now)
        ]

    def do_what_may_be_done(self) -> None:
        deed, case = self.dice.choice(self.pairs(allowed=True))
        self.says(deed.path.format(case=case), deed.body, may=True)
        for what, became in deed.becomes.items():
            setattr(case, what, became)

    def try_what_may_not_be_done(self) -> None:
        deed, case = self.dice.choice(self.pairs(allowed=False))
        self.says(deed.path.format(case=case), deed.body, may=False)

    def hold(self) -> None:
        scheduled = [case for case in self.cases if _sits(case)]
        case = min(scheduled, key=lambda each: each.starts_at)
        self.world.advance(case.starts_at + timedelta(hours=1))
        case.advocate_came = self.dice.random() < 1 / 2
        session = {
            "child_ref": case.child_ref,
            "attendance": "did-not-attend",
            "voice": "advocate" if case.advocate_came else "none",
            "advocate_present": case.advocate_came,
        }
        held = {"held_at": case.starts_at.isoformat(), "participation": [session]}
        self.says(f"/v1/conferences/{case.meeting_ref}/held", held, may=True)
        case.conference = "held"

    def go_on_with_a_bond(self) -> None:
        case = self.dice.choice(self.to_come)
        bonds = self.bonds(case)
        step = self.dice.choice(["confirm", "refuse", "release", "conflict"])
        if not bonds or (step == "confirm" and bonds[0]["status"] == "confirmed"):
            return
        self.says(f"/v1/allocations/{bonds[0]['allocation_ref']}/{step}", {}, may=True)
        if step == "conflict":
            self.conflicts.add((case.child_ref, bonds[0]["advocate_ref"]))
        elif step != "confirm":
            case.given_up_by.add(bonds[0]["advocate_ref"])

    def choose_an_advocate(self) -> None:
        case = self.dice.choice(self.to_come)
        advocate = self.dice.choice(self.people.advocates)
        if advocate in {bond["advocate_ref"] for bond in self.bonds(case)}:
            return
        chosen = {"advocate_ref": advocate, "reason": "chosen-by-person"}
        may = case.may_have_an_advocate and (case.child_ref, advocate) not in self.conflicts
        said = self.says(f"/v1/offers/{case.offer_ref}/allocation", chosen, may=may)
        assert said is None or said["advocate_ref"] == advocate

    def bonds(self, case: Modelled) -> list[dict[str, Any]]:
        found = self.people.ask("/v1/allocations", offer_ref=case.offer_ref)
        bonds = [each for each in found if each["status"] in BOUND]
        case.had_an_advocate = case.is_live and (case.had_an_advocate or bool(bonds))
        return bonds

    def write_a_view(self) -> None:
        case = self.dice.choice([case for case in self.to_come if not case.view_ref])
        said = self.says("/v1/child-views", _view(case), may=True)
        case.view_ref, case.view = said["view_ref"], "recorded"

    def everybody_says_what_the_model_says(self) -> None:
        offers = {offer["offer_ref"]: offer["status"] for offer in self.people.ask("/v1/offers")}
        for case in self.cases:
            if case.conference == "held" and offers[case.offer_ref] == "lapsed":
                # Nobody answered within the grace after the conference.
                assert case.offer == "standing"
                offers[case.offer_ref] = "standing"
            if case.view_ref:
                views = self.people.ask("/v1/child-views", conference_ref=case.conference_ref)
                assert [view["status"] for view in views] == [case.view]
        assert offers == {case.offer_ref: case.offer for case in self.cases}

    def every_child_who_waits_has_its_visits_planned(self) -> None:
        for case in self.cases:
            if case.conference == "held" and case.offer == "standing":
                continue
            self.bonds(case)
            visits = self.people.ask("/v1/visits", conference_ref=case.conference_ref)
            planned = [visit["kind"] for visit in visits if visit["status"] == "planned"]
            assert sorted(set(planned) - {"closing"}) == sorted(case.visits), case
            assert len(planned) == len(set(planned))

    def every_child_who_may_has_one_advocate_unless_there_is_nobody(self) -> None:
        bonds = {case.offer_ref: self.bonds(case) for case in self.cases}
        with_whom: dict[str, set[str]] = {ref: set() for ref in self.people.advocates}
        for case in self.cases:
            for bond in bonds[case.offer_ref]:
                with_whom[bond["advocate_ref"]].add(case.child_ref)
        advocates = {one["advocate_ref"]: one for one in self.people.ask("/v1/advocates")}
        loads = {ref: one["load"] for ref, one in advocates.items()}
        assert loads == {ref: len(children) for ref, children in with_whom.items()}
        for case in self.cases:
            found = [bond["advocate_ref"] for bond in bonds[case.offer_ref]]
            assert len(found) <= (1 if case.may_have_an_advocate else 0)
            if case.is_live and case.conference == "scheduled" and not found:
                free = {
                    ref
                    for ref, one in advocates.items()
                    if one["load"] < one["capacity"] or case.child_ref in with_whom[ref]
                }
                barred = {ref for child, ref in self.conflicts if child == case.child_ref}
                assert free <= case.given_up_by | barred, f"{case}: {free} {bonds}"
            assert not {(case.child_ref, ref) for ref in found} & self.conflicts

    def the_figures_are_the_models(self) -> None:
        answer = self.world.client.get("/v1/reports/funnel", params={"authority": AUTHORITY})
        funnel = Counter(answer.json()["funnel"])
        became = Counter(case.became for case in self.cases)
        alone = [case for case in self.cases if case.became == "open" and not self.bonds(case)]
        waiting = [case for case in alone if case.is_live and case.conference == "scheduled"]
        assert len(waiting) <= funnel["unmet"] <= len(alone)
        funnel.update(open=funnel.pop("unmet"))
        assert +funnel == +Counter(referred=len(self.cases), **became)


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
@pytest.mark.parametrize("seed", range(1, STORIES + 1))
def test_every_order_of_commands_leads_where_the_model_says(seed: int, tmp_path: Path) -> None:
    with closing(World(tmp_path / "data")) as world, world.client:
        story = Story(world, Random(seed))  # noqa: S311 -- dice, not a secret
        story.people.settle_in()
        world.settle()
        try:
            for _ in range(STEPS):
                story.go_on()
                story.everybody_says_what_the_model_says()
                story.every_child_who_waits_has_its_visits_planned()
                story.every_child_who_may_has_one_advocate_unless_there_is_nobody()
                story.the_figures_are_the_models()
        except AssertionError as wrong:
            for line in story.told:
                wrong.add_note(line)
            raise
        world.settle()
        assert look({name: world.desk(name) for name in world.runners}, world.bus).wrong == []
