"""People who act: each act is one request, made from what the API knows at that moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, Protocol, Self, TypeAlias
from uuid import UUID

from services.contracts.codes import AdjournedBecause, CancelledBecause, ConferenceKind

AUTHORITY: Final = "E09000020"
AGENCY: Final = "example-trust"
AGREED: Final = (
    "conference.scheduled",
    "conference.rescheduled",
    "conference.cancelled",
    "offer.made",
    "offer.declined",
    "visit.held",
)
EMPLOYER: Final = "example-provider"

Request: TypeAlias = tuple[str, dict[str, Any]]


class Place(Protocol):
    """Where they act: an API, and the time that it goes by."""

    @property
    def client(self) -> Any:
        """What sends `post(path, json=, headers=)` and `get(path, params=)`."""

    @property
    def now(self) -> datetime:
        """The time there."""


class ServerFailed(AssertionError):
    """The API answered as it never may."""


@dataclass
class People:
    """All who use one installation, and what they remember of its answers."""

    place: Place
    families: int = 4
    acknowledged: int = 0
    refused: int = 0
    conferences: list[dict[str, Any]] = field(default_factory=list)
    views: list[str] = field(default_factory=list)
    advocates: list[str] = field(default_factory=list)
    _count: int = 0

    def settle_in(self) -> None:
        """Register who works here, and one agency with few events."""
        self.say("/v1/people", _person("advocacy-provider", "Provider"))
        self.say("/v1/people", _person("safeguarding-service", "Safeguarding"))
        for number in (1, 2):
            ref = self.say("/v1/people", _person("advocate", f"Advocate {number}"))["person_ref"]
            self.say("/v1/advocates", _advocate(ref, capacity=number))
            self.advocates.append(ref)
        self.say("/v1/agencies", {"agency_ref": AGENCY, "name": "Example Trust"})
        self.say("/v1/agreements", _agreement(self.place.now))

    def at(self, place: Place) -> Self:
        """Return the same people at a copy of their place, with a memory of their own."""
        return replace(
            self,
            place=place,
            conferences=list(self.conferences),
            views=list(self.views),
            advocates=list(self.advocates),
        )

    def say(self, path: str, body: dict[str, Any], *, twice: bool = False) -> Any:
        """Send it; sent `twice` as by somebody whose first answer was lost.

        Raises:
            ServerFailed: the API failed by itself, or answered the same request otherwise.
        """
        self._count += 1
        answers = [self._post(path, body) for _ in range(2 if twice else 1)]
        statuses = {answer.status_code for answer in answers}
        if statuses & {500, 502, 504} or (twice and answers[0].is_success and len(statuses) > 1):
            raise ServerFailed(path, statuses, answers[-1].text)
        if not answers[-1].is_success:
            self.refused += 1
            return {}
        self.acknowledged += 1
        return answers[-1].json() if answers[-1].content else {}

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        headers = {"Idempotency-Key": f"act-{self._count}"}
        return self.place.client.post(path, json=body, headers=headers)

    def ask(self, path: str, **query: str) -> list[dict[str, Any]]:
        answer = self.place.client.get(path, params=query)
        if not answer.is_success:
            raise ServerFailed(path, answer.status_code, answer.text)
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def act(self, luck: Random) -> None:
        """Do one thing that somebody may do now."""
        doing = luck.choice(ACTS)
        request = doing(self, luck)
        if request is None:
            return
        answer = self.say(*request, twice=luck.random() < 0.2)
        if request[0] == "/v1/conferences" and answer:
            self.conferences.append(answer)
        elif request[0] == "/v1/child-views" and answer:
            self.views.append(answer["view_ref"])


Act: TypeAlias = Callable[[People, Random], Request | None]


def _person(role: str, name: str) -> dict[str, Any]:
    return {
        "role": role,
        "name": f"Example {name}",
        "email": f"{name.replace(' ', '.').lower()}@example.org",
        "authorities": [AUTHORITY],
    }


def _advocate(ref: str, capacity: int) -> dict[str, Any]:
    return {
        "advocate_ref": ref,
        "authorities": [AUTHORITY],
        "languages": ["en"],
        "skills": [],
        "capacity": capacity,
        "employed_by": EMPLOYER,
        "checks_valid_until": "2099-12-31",
        "training_valid_until": "2099-12-31",
    }


def _agreement(now: datetime) -> dict[str, Any]:
    return {
        "agency_ref": AGENCY,
        "events": list(AGREED),
        "purpose": "health",
        "legal_basis": "public-task",
        "authorities": [AUTHORITY],
        "starts_on": now.date().isoformat(),
        "expires_on": (now + timedelta(days=300)).date().isoformat(),
    }


def schedule(people: People, luck: Random) -> Request:
    number = len(people.conferences) + 1
    begins = people.place.now + timedelta(days=luck.randint(1, 30), hours=luck.randint(0, 8))
    informed = luck.random() < 0.8
    return "/v1/conferences", {
        "conference_id": f"SIM-{number}",
        "authority": AUTHORITY,
        "kind": luck.choice(list(ConferenceKind)).value,
        "starts_at": begins.isoformat(),
        "format": "in-person",
        "family_informed_on": people.place.now.date().isoformat() if informed else None,
        "chair": {"name": "Example Chair", "email": "chair@example.org"},
        "children": [
            _child(luck.randint(1, people.families)) for _ in range(luck.choice((1, 1, 2)))
        ],
    }


def _child(number: int) -> dict[str, Any]:
    return {
        "la_child_id": f"SIMCHILD{number}",
        "given_name": f"Example {number}",
        "family_name": "Example-Family",
        "date_of_birth": f"201{number % 10}-03-01",
        "social_worker": {"name": "Example Worker", "email": "worker@example.org"},
    }


def change_a_meeting(people: People, luck: Random) -> Request | None:
    """Move, put off, call off, take back, or hold a meeting; or take one child off."""
    if not people.conferences:
        return None
    meeting = luck.choice(people.conferences)
    path = f"/v1/conferences/{meeting['meeting_ref']}"
    seat = luck.choice(meeting["children"])
    at = people.place.now + timedelta(days=luck.randint(1, 30))
    reason = {"reason": luck.choice(list(CancelledBecause)).value}
    requests: Sequence[Request] = (
        (f"{path}/reschedule", {"starts_at": at.isoformat()}),
        (f"{path}/adjourn", {"reason": luck.choice(list(AdjournedBecause)).value}),
        (f"{path}/cancel", reason),
        (f"{path}/reinstate", {}),
        (f"{path}/children/{seat['child_ref']}/cancel", reason),
        (f"{path}/children/{seat['child_ref']}/reinstate", {}),
        (f"{path}/held", _held(people.place.now, meeting["children"], luck)),
    )
    return luck.choice(requests)


def _held(now: datetime, seats: Sequence[dict[str, Any]], luck: Random) -> dict[str, Any]:
    sessions = [
        {
            "child_ref": seat["child_ref"],
            "attendance": luck.choice(("attended", "did-not-attend")),
            "voice": luck.choice(("self", "advocate", "not-recorded")),
            "advocate_present": luck.random() < 0.5,
        }
        for seat in seats
    ]
    return {"held_at": now.isoformat(), "participation": sessions}


def answer_an_offer(people: People, luck: Random) -> Request | None:
    """Record what a child or somebody else said about an offer."""
    offers = people.ask("/v1/offers")
    if not offers:
        return None
    path = f"/v1/offers/{luck.choice(offers)['offer_ref']}"
    requests: Sequence[Request] = (
        ("explained", {"by_role": "social-worker"}),
        ("accepted", {"heard_directly": luck.random() < 0.7}),
        ("declined", {"reported_by": "child", "heard_directly": True}),
        ("declined", {"reported_by": "social-worker", "heard_directly": False}),
        ("objected", {"by_role": "parent"}),
        ("objection-decided", {"child_wants": luck.random() < 0.5}),
        ("explained-confirmed", {}),
        ("paused", {}),
        ("resumed", {}),
        ("reopened", {}),
        ("withdrawn", {"reason": "error"}),
    )
    step, body = luck.choice(requests)
    return f"{path}/{step}", body


def record_a_visit(people: People, luck: Random) -> Request | None:
    """Record what became of a visit."""
    visits = people.ask("/v1/visits")
    if not visits:
        return None
    path = f"/v1/visits/{luck.choice(visits)['visit_ref']}"
    later = (people.place.now + timedelta(days=luck.randint(0, 5))).isoformat()
    requests: Sequence[Request] = (
        ("offered", {}),
        ("agreed", {"at": later}),
        ("moved", {"at": later, "reason": "advocate-ill"}),
        ("held", {"held_at": people.place.now.isoformat(), "seen_alone": "yes"}),
        ("declined", {"by_role": "child"}),
        ("not-possible", {"reason": "other"}),
        ("missed", {}),
    )
    step, body = luck.choice(requests)
    return f"{path}/{step}", body


def bring_a_view(people: People, luck: Random) -> Request | None:
    """Write down, approve, share, receive, answer or take back what a child wants heard."""
    if not people.conferences:
        return None
    if not people.views or luck.random() < 0.2:
        seat = luck.choice(luck.choice(people.conferences)["children"])
        return "/v1/child-views", {
            "child_ref": seat["child_ref"],
            "conference_ref": seat["conference_ref"],
            "author": "child",
            "medium": "written",
            "provenance": "own-words",
            "statements": [{"text": "An example of what a child may want to be heard."}],
        }
    approval = {
        "statement": 1,
        "audience": ["chair"],
        "approved": luck.random() < 0.8,
        "heard_from_child": True,
    }
    requests: Sequence[Request] = (
        ("approvals", approval),
        ("share", {}),
        ("receipt", {}),
        ("answer", {"answer": "part", "reason": "partly-possible"}),
        ("told", {"at": people.place.now.isoformat(), "understood": "yes"}),
        ("withdrawal", {}),
    )
    step, body = luck.choice(requests)
    return f"/v1/child-views/{luck.choice(people.views)}/{step}", body


def change_who_may_help(people: People, luck: Random) -> Request | None:
    """Stop or resume contact with a child; pass an allocation on."""
    if not people.conferences:
        return None
    child = luck.choice(luck.choice(people.conferences)["children"])["child_ref"]
    offers = people.ask("/v1/offers")
    offer_ref = luck.choice(offers)["offer_ref"] if offers else str(UUID(int=0, version=4))
    allocations = people.ask("/v1/allocations", offer_ref=offer_ref)
    requests: list[Request] = [
        (f"/v1/children/{child}/contact-stopped", {}),
        (f"/v1/children/{child}/contact-resumed", {}),
        (f"/v1/children/{child}/death-taken-back", {}),
    ]
    if allocations:
        ref = luck.choice(allocations)["allocation_ref"]
        requests += [
            (f"/v1/allocations/{ref}/{step}", {}) for step in ("confirm", "refuse", "release")
        ]
    return luck.choice(requests)


ACTS: Final[Sequence[Act]] = (
    schedule,
    schedule,
    change_a_meeting,
    change_a_meeting,
    answer_an_offer,
    answer_an_offer,
    answer_an_offer,
    record_a_visit,
    record_a_visit,
    bring_a_view,
    change_who_may_help,
)
