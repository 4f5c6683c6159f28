"""Synthetic families and what happens to them, told through the exchange's own doors."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

from httpx2 import Response

from services.chassis.desk import Desk
from services.exchange.domain.message import Message
from services.exchange.settings import Exchange
from services.exchange.storage import queries
from tests.harness import World

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STARTS = "2026-12-10T14:00:00Z"
OFFER = UUID("0ffe0000-0000-4000-8000-000000000001")
ADVOCATE_AT = "advocate@advocacy.example"
PROVIDER_AT = "duty@advocacy.example"
SAFEGUARDING_AT = "desk@council.example"
WORKER_AT = "worker@council.example"
CHAIR_AT = "chair@council.example"


def a_child(**changes: Any) -> dict[str, Any]:
    return {
        "la_child_id": "A1",
        "given_name": "Zoe",
        "family_name": "Testchild",
        "date_of_birth": "2016-01-01",
        "social_worker": {"name": "Sam Sample", "email": WORKER_AT},
        **changes,
    }


def a_meeting(**changes: Any) -> dict[str, Any]:
    return {
        "conference_id": "C1",
        "authority": "E09000020",
        "kind": "initial",
        "starts_at": STARTS,
        "format": "in-person",
        "place": "Town Hall",
        "family_informed_on": "2026-11-20",
        "chair": {"name": "Chris Chairperson", "email": CHAIR_AT},
        "children": [a_child()],
        **changes,
    }


@dataclass
class Posted:
    """A meeting that was posted; the first child's references at hand."""

    meeting: str
    children: list[dict[str, str]]

    @property
    def child(self) -> str:
        return self.children[0]["child_ref"]

    @property
    def conference(self) -> str:
        return self.children[0]["conference_ref"]

    @property
    def url(self) -> str:
        return f"/v1/conferences/{self.meeting}"


def post(world: World, **changes: Any) -> Posted:
    answer = world.client.post("/v1/conferences", json=a_meeting(**changes))
    assert answer.status_code in {200, 202}, answer.text
    world.settle()
    return Posted(answer.json()["meeting_ref"], answer.json()["children"])


def register(world: World, role: str, email: str, **changes: Any) -> str:
    body = {"role": role, "name": "Robin Registered", "email": email, **changes}
    answer = world.client.post("/v1/people", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["person_ref"])


def said(world: World) -> list[str]:
    return sorted(event.type for event in world.events())


def an_offer(posted: Posted, **changes: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "offer_ref": OFFER,
        "child_ref": posted.child,
        "conference_ref": posted.conference,
        "meeting_ref": posted.meeting,
        "conference_version": 1,
        "authority": "E09000020",
        "kind": "initial",
        "policy": "rbkc@2013-01-01",
        "mode": "opt-out",
        "basis": "local-policy",
        "route": "usual",
        "status": "standing",
        "told": "not-known",
        "permission": "not-needed",
        "objection": "none",
        "rung": 0,
        "rung_role": "social-worker",
        "overdue": False,
        **changes,
    }


def an_allocation(posted: Posted, **changes: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "allocation_ref": UUID("a110c000-0000-4000-8000-000000000001"),
        "offer_ref": OFFER,
        "child_ref": posted.child,
        "conference_ref": posted.conference,
        "authority": "E09000020",
        "status": "allocated",
        "reasons": ["has-room"],
        "attempts": 1,
        "alarmed": False,
        **changes,
    }


def a_visit(posted: Posted, **changes: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "visit_ref": UUID("71517000-0000-4000-8000-000000000001"),
        "child_ref": posted.child,
        "conference_ref": posted.conference,
        "offer_ref": OFFER,
        "authority": "E09000020",
        "conference_version": 1,
        "kind": "before",
        "status": "planned",
        "due_on": "2026-12-08",
        "seen_alone": "unknown",
        "overdue": False,
        "moves": 0,
        **changes,
    }


def a_reminder(posted: Posted, **changes: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "reminder_ref": UUID("4e310000-0000-4000-8000-000000000001"),
        "child_ref": posted.child,
        "conference_ref": posted.conference,
        "about": "conference",
        "lead_working_days": 3,
        "recipient_role": "social-worker",
        "due_at": NOW,
        "status": "came-due",
        **changes,
    }


def a_view(posted: Posted, **changes: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "view_ref": UUID("71e00000-0000-4000-8000-000000000001"),
        "child_ref": posted.child,
        "conference_ref": posted.conference,
        "author": "child",
        "medium": "written",
        "provenance": "own-words",
        "status": "shared",
        "statements": 2,
        "approved_for": ["chair"],
        "shared_at": NOW,
        **changes,
    }


def a_dead_letter(posted: Posted, **changes: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "dead_letter_ref": UUID("dead0000-0000-4000-8000-000000000001"),
        "service": "referral",
        "event_id": "unknown",
        "event_type": "unknown",
        "child_ref": posted.child,
        "code": "not-json",
        "open": True,
        **changes,
    }


def messages(world: World) -> list[Message]:
    desk: Desk[Exchange] = world.desk("exchange")
    found = desk.read(lambda work: queries.messages_after(work, None, 100))
    return sorted(found, key=lambda message: (message.purpose, message.recipient_role))


def mails(world: World) -> list[EmailMessage]:
    folder: Path = world.data / "messages"
    raw = [path.read_bytes() for path in sorted(folder.glob("*.eml"))]
    return [message_from_bytes(one, _class=EmailMessage, policy=policy.default) for one in raw]


def sent_to(world: World) -> list[str]:
    return sorted(str(mail["To"]) for mail in mails(world))


def pointers(answer: Response) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
