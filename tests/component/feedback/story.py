"""One child's view on its way, with the exchange played by hand; the words are made up."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.contracts.codes import ConferenceKind, ConferenceStatus, MeetingFormat, YesNo
from services.contracts.exchange_events import ConferenceState
from services.feedback.domain.child_view import ChildView
from services.feedback.storage.repositories import CHILD_VIEWS
from tests.harness import World

CHILD: Final = UUID("c41d0000-0000-4000-8000-000000000001")
CONFERENCE: Final = UUID("c0ff0000-0000-4000-8000-000000000001")
MEETING: Final = UUID("3ee70000-0000-4000-8000-000000000001")
NOW: Final = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
STARTS_AT: Final = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)

ROOM: Final = "Canary-one wants a room of her own"
DAD: Final = "Canary-two does not want to see Dad on Sundays"


class Story:
    """Feedback alone."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.world = World(folder, services=("feedback",), now=NOW, database_url=database_url)
        self._version = 0

    def conference(self, verb: str = "scheduled", **news: Any) -> str:
        self._version += 1
        return self.world.publish(f"conference.{verb}", self.state(**news))

    def sits(self) -> None:
        """The conference is held, now."""
        self.conference("held", status=ConferenceStatus.HELD, held_at=self.world.now)
        self.world.settle()

    def state(self, **news: Any) -> ConferenceState:
        usual = ConferenceState(
            version=self._version,
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
        return ConferenceState.model_validate({**usual.model_dump(), **news})

    def record(self, **other: Any) -> Any:
        body = {
            "child_ref": str(CHILD),
            "conference_ref": str(CONFERENCE),
            "author": "advocate",
            "medium": "spoken",
            "provenance": "own-words",
            "language": "en",
            "statements": [{"text": ROOM, "approved_for": ["chair"]}, {"text": DAD}],
            **other,
        }
        answer = self.world.client.post("/v1/child-views", json=body)
        self.world.settle()
        return answer

    def recorded(self, **other: Any) -> str:
        answer = self.record(**other)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["view_ref"])

    def post(self, view_ref: str, path: str, **body: Any) -> Any:
        answer = self.world.client.post(f"/v1/child-views/{view_ref}/{path}", json=body)
        self.world.settle()
        return answer

    def read(self, view_ref: str, audience: str = "chair") -> Any:
        return self.world.client.get(f"/v1/child-views/{view_ref}", params={"audience": audience})

    def view(self, view_ref: str) -> ChildView:
        found: ChildView = self.world.desk("feedback").read(
            lambda work: work.get(CHILD_VIEWS, view_ref)
        )
        return found

    def said(self, name: str | None = None) -> list[Any]:
        events = self.world.events(name)
        return [event.data for event in events if event.type.startswith("child-view.")]

    def verbs(self) -> list[str]:
        types = [event.type for event in self.world.events()]
        return [kind.partition(".")[2] for kind in types if kind.startswith("child-view.")]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.world.desk("feedback").read(
            lambda work: work.sql.rows(statement)
        )
        return found
