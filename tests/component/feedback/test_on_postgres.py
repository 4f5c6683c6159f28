"""The same story on PostgreSQL: what SQLite lets pass, it does not."""

from pathlib import Path

import pytest

from services.feedback.metrics import collect
from tests.component.feedback.story import ROOM, Story


@pytest.mark.postgres
def test_a_view_goes_its_whole_way_on_postgresql(tmp_path: Path, empty_postgres_url: str) -> None:
    story = Story(tmp_path / "data", database_url=empty_postgres_url)
    story.conference()
    view_ref = story.recorded()
    story.post(view_ref, "share")
    assert [one["text"] for one in story.read(view_ref).json()["statements"]] == [ROOM]
    story.sits()
    story.post(view_ref, "answer", answer="full", reason="agreed", words="Yes")
    assert story.rows("SELECT approved, heard_from_child FROM approvals") == [(True, True)]
    assert [
        s.value for metric in collect(story.world.desk("feedback")) for s in metric.samples
    ] == [1]
    assert story.post(view_ref, "withdrawal").json()["already_read"] is True
    assert story.rows("SELECT sealed FROM words") == [(None,)] * 3
