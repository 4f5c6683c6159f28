"""One child's story as exchange and referral tell it to scheduling, and what scheduling says."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.contracts.codes import (
    AllocationStatus,
    ConferenceKind,
    ConferenceStatus,
    MeetingFormat,
    Objection,
    OfferBasis,
    OfferMode,
    OfferRoute,
    OfferStatus,
    Permission,
    Told,
    VisitKind,
    YesNo,
)
from services.contracts.exchange_events import ConferenceState
from services.contracts.referral_events import AllocationState, OfferState
from services.contracts.scheduling_events import VisitState
from services.scheduling.domain.reminder import Reminder
from services.scheduling.domain.visit import Visit
from services.scheduling.storage.repositories import REMINDERS, VISITS
from tests.harness import World

CHILD: Final = UUID("c41d0000-0000-4000-8000-000000000001")
CONFERENCE: Final = UUID("c0ff0000-0000-4000-8000-000000000001")
MEETING: Final = UUID("3ee70000-0000-4000-8000-000000000001")
OFFER: Final = UUID("0ffe0000-0000-4000-8000-000000000001")
ALLOCATION: Final = UUID("a110c000-0000-4000-8000-000000000001")
ADVOCATE: Final = UUID("adc00000-0000-4000-8000-000000000001")
ANOTHER_ADVOCATE: Final = UUID("adc00000-0000-4000-8000-000000000002")

MONDAY: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Two weeks ahead of the conference."""
STARTS_AT: Final = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)


class Story:
    """Scheduling alone, with everybody it listens to played by hand."""

    def __init__(
        self, folder: Path, now: datetime = MONDAY, database_url: str | None = None
    ) -> None:
        self.world = World(folder, services=("scheduling",), now=now, database_url=database_url)
        self._conference = ConferenceState(
            version=1,
            authority="E09000020",
            kind=ConferenceKind.INITIAL,
            status=ConferenceStatus.SCHEDULED,
            starts_at=STARTS_AT,
            format=MeetingFormat.IN_PERSON,
            unborn=False,
            language="en",
            needs=(),
            disabilities=(),
            looked_after=YesNo.NO,
            in_custody=YesNo.NO,
            out_of_area=YesNo.NO,
            conference_ref=CONFERENCE,
            child_ref=CHILD,
            meeting_ref=MEETING,
            age_years=9,
        )
        self._offer = OfferState(
            version=1,
            offer_ref=OFFER,
            child_ref=CHILD,
            conference_ref=CONFERENCE,
            meeting_ref=MEETING,
            conference_version=1,
            authority="E09000020",
            kind=ConferenceKind.INITIAL,
            policy="rbkc@2013-01-01",
            mode=OfferMode.OPT_OUT,
            basis=OfferBasis.LOCAL_POLICY,
            route=OfferRoute.USUAL,
            status=OfferStatus.STANDING,
            told=Told.NOT_KNOWN,
            permission=Permission.NOT_NEEDED,
            objection=Objection.NONE,
            rung=0,
            overdue=False,
        )
        self._allocation = AllocationState(
            version=1,
            allocation_ref=ALLOCATION,
            offer_ref=OFFER,
            child_ref=CHILD,
            conference_ref=CONFERENCE,
            authority="E09000020",
            status=AllocationStatus.ALLOCATED,
            advocate_ref=ADVOCATE,
            reasons=(),
            attempts=1,
            alarmed=False,
        )
        self._said: set[str] = set()

    def conference(self, verb: str = "scheduled", **news: Any) -> str:
        self._conference = self._next("conference", self._conference, news)
        return self.world.publish(f"conference.{verb}", self._conference)

    def offer(self, verb: str = "made", **news: Any) -> str:
        self._offer = self._next("offer", self._offer, news)
        return self.world.publish(f"offer.{verb}", self._offer)

    def allocation(self, verb: str = "allocated", **news: Any) -> str:
        self._allocation = self._next("allocation", self._allocation, news)
        return self.world.publish(f"allocation.{verb}", self._allocation)

    def _next(self, entity: str, state: Any, news: dict[str, Any]) -> Any:
        given = {**state.model_dump(), **news}
        if entity in self._said and "version" not in news:
            given["version"] = state.version + 1
        self._said.add(entity)
        return type(state).model_validate(given)

    def begun(self) -> "Story":
        """Tell the usual beginning: scheduled, offered, an advocate found."""
        self.conference()
        self.offer()
        self.allocation()
        return self

    def visits(self) -> dict[VisitKind, Visit]:
        found = self.world.desk("scheduling").read(
            lambda work: work.select(VISITS, conference_ref=CONFERENCE)
        )
        return {visit.kind: visit for visit in found}

    def visit(self, kind: VisitKind) -> Visit:
        return self.visits()[kind]

    def visits_of(self, kind: VisitKind) -> list[Visit]:
        """Return every visit of a kind, what was held first."""
        found = self.world.desk("scheduling").read(
            lambda work: work.select(VISITS, conference_ref=CONFERENCE, kind=kind)
        )
        return sorted(found, key=lambda visit: visit.held_at is None)

    def reminders(self) -> list[Reminder]:
        found: list[Reminder] = self.world.desk("scheduling").read(
            lambda work: work.select(REMINDERS, offer_ref=OFFER)
        )
        return sorted(found, key=lambda r: (r.due_at, r.recipient_role))

    def said(self, name: str) -> list[Any]:
        return [event.data for event in self.world.events(name)]

    def said_of_visits(self) -> list[tuple[str, VisitKind]]:
        return [
            (event.type, event.data.kind)
            for event in self.world.events()
            if isinstance(event.data, VisitState)
        ]

    def dead_letters(self) -> list[str]:
        rows = self.world.desk("scheduling").read(
            lambda work: work.sql.rows("SELECT code FROM dead_letters")
        )
        return [row[0] for row in rows]

    def post(self, kind: VisitKind, path: str, **body: Any) -> Any:
        visit = self.visit(kind)
        answer = self.world.client.post(f"/v1/visits/{visit.visit_ref}/{path}", json=body)
        self.world.settle()
        return answer
