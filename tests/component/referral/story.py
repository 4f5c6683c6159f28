"""Children's stories as exchange and scheduling tell them to referral, and what referral says."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.contracts.codes import (
    CancelledBecause,
    ConferenceKind,
    ConferenceStatus,
    MeetingFormat,
    VisitKind,
    VisitStatus,
    YesNo,
)
from services.contracts.exchange_events import ChildState, ConferenceState
from services.contracts.scheduling_events import VisitState
from services.referral.domain.advocate import Advocate
from services.referral.domain.allocation import Allocation
from services.referral.domain.offer import Offer
from services.referral.storage.repositories import ADVOCATES, ALLOCATIONS, OFFERS
from tests.harness import World

KENT: Final = "E10000016"
"""A place without rules of its own: England's hold."""

MONDAY: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STARTS_AT: Final = datetime(2026, 12, 14, 10, 0, tzinfo=UTC)
"""Fifteen working days after that Monday."""
HELD_AT: Final = STARTS_AT.replace(minute=5)


def child_ref(number: int = 1) -> UUID:
    return UUID(f"c41d0000-0000-4000-8000-{number:012}")


def conference_ref(number: int = 1) -> UUID:
    return UUID(f"c0ff0000-0000-4000-8000-{number:012}")


def advocate_ref(number: int = 1) -> UUID:
    return UUID(f"adc00000-0000-4000-8000-{number:012}")


def meeting_ref(number: int = 1) -> UUID:
    return UUID(f"3ee70000-0000-4000-8000-{number:012}")


class Story:
    """Referral alone, with everybody it listens to played by hand; children are numbered from 1."""

    def __init__(
        self,
        folder: Path,
        now: datetime = MONDAY,
        starts_at: datetime = STARTS_AT,
        database_url: str | None = None,
    ) -> None:
        self.world = World(folder, services=("referral",), now=now, database_url=database_url)
        self.starts_at = starts_at
        self._states: dict[int, list[ConferenceState]] = {}
        self._children: dict[int, ChildState] = {}
        self._visits = 0

    def conference(self, verb: str = "scheduled", *, number: int = 1, **news: Any) -> None:
        """Say something of conference `number`; it is about the child of that number."""
        sequence = news.pop("sequence", None)
        silent = news.pop("silent", False)
        before = self._states.get(number, [])
        if before:
            given = {**before[-1].model_dump(), "version": before[-1].version + 1, **news}
        else:
            given = {**self._first(number).model_dump(), **news}
        self._states[number] = [*before, ConferenceState.model_validate(given)]
        if not silent:
            self.again(len(before) + 1, verb, number=number, sequence=sequence)

    def again(
        self, version: int, verb: str, *, number: int = 1, sequence: int | None = None
    ) -> None:
        """Say a state of a conference that was there before (or that was kept back)."""
        head = {} if sequence is None else {"sequence": sequence}
        self.world.publish(f"conference.{verb}", self._states[number][version - 1], **head)

    def _first(self, number: int) -> ConferenceState:
        return ConferenceState(
            version=1,
            authority=KENT,
            kind=ConferenceKind.INITIAL,
            status=ConferenceStatus.SCHEDULED,
            starts_at=self.starts_at,
            format=MeetingFormat.IN_PERSON,
            unborn=False,
            language="en",
            needs=(),
            disabilities=(),
            looked_after=YesNo.NO,
            in_custody=YesNo.NO,
            out_of_area=YesNo.NO,
            conference_ref=conference_ref(number),
            child_ref=child_ref(number),
            meeting_ref=meeting_ref(number),
            age_years=9,
        )

    def held(self, number: int = 1) -> None:
        self.conference("held", number=number, status=ConferenceStatus.HELD, held_at=HELD_AT)

    def cancelled(self, because: CancelledBecause, number: int = 1) -> None:
        status = ConferenceStatus.CANCELLED
        self.conference("cancelled", number=number, status=status, cancelled_because=because)

    def child(self, verb: str, *, contact_stopped: bool, version: int | None = None) -> None:
        known = self._children.get(1)
        self._children[1] = ChildState(
            version=version or (known.version + 1 if known else 1),
            child_ref=child_ref(),
            authority=KENT,
            unborn=False,
            language="en",
            needs=(),
            disabilities=(),
            looked_after=YesNo.NO,
            in_custody=YesNo.NO,
            out_of_area=YesNo.NO,
            contact_stopped=contact_stopped,
        )
        self.world.publish(f"child.{verb}", self._children[1])

    def visited(self, offer_ref: UUID, kind: VisitKind = VisitKind.BEFORE) -> None:
        self._visits += 1
        visit = VisitState(
            version=1,
            visit_ref=UUID(f"71517000-0000-4000-8000-{self._visits:012}"),
            child_ref=child_ref(),
            conference_ref=conference_ref(),
            offer_ref=offer_ref,
            authority=KENT,
            conference_version=1,
            kind=kind,
            status=VisitStatus.HELD,
            due_on=date(2026, 12, 10),
            held_at=self.world.now,
            seen_alone=YesNo.YES,
            overdue=False,
            moves=0,
        )
        self.world.publish("visit.held", visit)

    def advocate(self, number: int = 1, *, change: bool = False, **facts: Any) -> Any:
        """Register (or change) an advocate who fits everybody in Kent, but for these facts."""
        body = {
            "authorities": [KENT],
            "languages": ["en"],
            "capacity": 5,
            "employed_by": "kent-voices",
            "checks_valid_until": "2029-01-01",
            "training_valid_until": "2029-01-01",
            **facts,
        }
        ref = str(advocate_ref(number))
        client = self.world.client
        answer = (
            client.put(f"/v1/advocates/{ref}", json=body)
            if change
            else client.post("/v1/advocates", json={"advocate_ref": ref, **body})
        )
        self.world.settle()
        return answer

    def begun(self) -> "Story":
        """Tell the usual beginning: an advocate with room, and a conference."""
        self.advocate()
        self.conference()
        return self

    def offer(self, number: int = 1) -> Offer:
        (found,) = self._offers(number)
        return found

    def has_offer(self, number: int = 1) -> bool:
        return bool(self._offers(number))

    def _offers(self, number: int) -> list[Offer]:
        ref = conference_ref(number)
        found: list[Offer] = self.world.desk("referral").read(
            lambda work: work.select(OFFERS, conference_ref=ref)
        )
        return found

    def allocations(self, number: int = 1) -> list[Allocation]:
        """Return the allocations of a child, in the order they were said first."""
        found: list[Allocation] = self.world.desk("referral").read(
            lambda work: work.select(ALLOCATIONS, child_ref=child_ref(number))
        )
        order = [e.data.allocation_ref for e in self.world.events() if "allocation." in e.type]
        return sorted(found, key=lambda one: order.index(one.allocation_ref))

    def bond(self, number: int = 1) -> Allocation:
        (found,) = [one for one in self.allocations(number) if one.is_open]
        return found

    def known(self, number: int = 1) -> Advocate:
        found: Advocate = self.world.desk("referral").read(
            lambda work: work.get(ADVOCATES, advocate_ref(number))
        )
        return found

    def said(self, name: str) -> list[Any]:
        return [event.data for event in self.world.events(name)]

    def story_of(self, number: int = 1) -> list[str]:
        """Return what referral said about a child, in order."""
        return [
            event.type
            for event in self.world.events()
            if event.source == "/services/referral" and event.subject == str(child_ref(number))
        ]

    def dead_letters(self) -> list[str]:
        rows = self.world.desk("referral").read(
            lambda work: work.sql.rows("SELECT code FROM dead_letters")
        )
        return [row[0] for row in rows]

    def waits_for(self) -> list[str]:
        """Return what events that came too early wait for."""
        rows = self.world.desk("referral").read(
            lambda work: work.sql.rows("SELECT waits_for FROM later WHERE waits_for IS NOT NULL")
        )
        return [row[0] for row in rows]

    def post(self, verb: str, number: int = 1, **body: Any) -> Any:
        """Record something about a child's offer."""
        return self._post(f"/v1/offers/{self.offer(number).offer_ref}/{verb}", body)

    def about_bond(self, verb: str, number: int = 1) -> Any:
        """Record something about a child's advocate."""
        return self._post(f"/v1/allocations/{self.bond(number).allocation_ref}/{verb}", {})

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = self.world.client.post(path, json=body)
        self.world.settle()
        return answer
