"""The same story on PostgreSQL: what SQLite lets pass, it does not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.contracts.codes import VisitKind, VisitStatus
from services.scheduling.handlers.diary import advocates
from services.scheduling.metrics import collect
from tests.component.scheduling.story import ADVOCATE, STARTS_AT, Story


@pytest.mark.postgres
def test_the_whole_story_of_a_conference_on_postgresql(
    tmp_path: Path, empty_postgres_url: str
) -> None:
    story = Story(tmp_path / "data", database_url=empty_postgres_url).begun()
    first = story.world.client.get("/v1/visits", params={"size": 3}).json()
    rest = story.world.client.get("/v1/visits", params={"cursor": first["next"]}).json()
    assert [item["kind"] for item in rest["items"]] == ["after"]
    story.post(VisitKind.BEFORE, "agreed", at="2026-12-01T15:00:00Z")
    made = story.world.client.post("/v1/calendars", json={"advocate_ref": str(ADVOCATE)}).json()
    assert story.world.client.get(made["url"]).text.count("BEGIN:VEVENT") == 4
    story.world.advance(datetime(2026, 12, 2, 10, tzinfo=UTC))
    assert {r.lead_working_days for r in story.said("reminder.came-due")} == {3}
    (load,) = story.world.desk("scheduling").read(advocates)
    assert (load.open, load.late) == (4, 2)
    late = {
        sample.labels["kind"]: sample.value
        for metric in collect(story.world.desk("scheduling"))
        for sample in metric.samples
        if sample.name == "alongside_scheduling_visits_late"
    }
    assert late == {"introduction": 1}
    story.conference("cancelled", status="cancelled", cancelled_because="not-needed")
    assert {v.status for v in story.visits().values()} == {VisitStatus.CANCELLED}
    assert story.visit(VisitKind.AFTER).conference_at is not None
    assert story.visit(VisitKind.AT_CONFERENCE).due_on == STARTS_AT.date()
