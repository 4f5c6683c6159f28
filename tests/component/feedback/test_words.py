"""A child's words lie sealed, open only where they belong, and are nowhere else."""

import sqlite3
import stat
from pathlib import Path

import pytest

from services.chassis.errors import Misconfigured
from services.chassis.vault import Unreadable
from services.feedback.app import build
from services.feedback.settings import FeedbackSettings
from tests.component.feedback.story import Story

KEY = {"Idempotency-Key": "the same"}


def everything_kept(story: Story) -> str:
    """Every file of the installation, as text: database, bus, clock."""
    story.world.settle()
    with sqlite3.connect(story.world.data / "feedback.sqlite3") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files = [path for path in story.world.data.rglob("*") if path.is_file()]
    assert len(files) > 2
    return "".join(path.read_bytes().decode("utf-8", errors="replace") for path in files)


def test_the_words_are_nowhere_in_clear_neither_in_the_database_nor_on_the_bus(
    story: Story, capfd: pytest.CaptureFixture[str]
) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    assert "Canary-one" in story.read(view_ref).text
    story.sits()
    story.post(view_ref, "answer", answer="full", reason="agreed", words="Canary-three")
    again = story.world.client.get(
        f"/v1/child-views/{view_ref}", params={"audience": "chair"}, headers=KEY
    )
    assert "Canary-one" in again.text
    kept = everything_kept(story)
    assert view_ref in kept
    assert "Canary" not in kept
    captured = capfd.readouterr()
    assert "Canary" not in captured.out + captured.err


def test_the_key_file_lies_outside_the_data_and_is_feedbacks_own(story: Story) -> None:
    story.recorded()
    service = story.world.runners["feedback"].service
    path: Path = service.context.keys.path
    assert path.name == "feedback.key"
    assert not path.is_relative_to(story.world.data)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_file_inside_the_data_is_refused_in_one_sentence(tmp_path: Path) -> None:
    settings = FeedbackSettings(data=tmp_path, feedback_key_file=tmp_path / "feedback.key")
    with pytest.raises(Misconfigured, match="outside"):
        build(settings)


def test_words_copied_onto_another_statement_do_not_open(story: Story) -> None:
    view_ref = story.recorded()
    story.post(view_ref, "share")
    with sqlite3.connect(story.world.data / "feedback.sqlite3") as database:
        database.execute(
            "UPDATE words SET sealed = (SELECT sealed FROM words WHERE part = 'statement-2')"
            " WHERE part = 'statement-1'"
        )
    with pytest.raises(Unreadable):
        story.read(view_ref)


def test_the_same_request_sent_again_records_one_view(story: Story) -> None:
    body = {
        "child_ref": str(story.state().child_ref),
        "conference_ref": str(story.state().conference_ref),
        "author": "child",
        "medium": "written",
        "provenance": "own-words",
        "statements": [{"text": "Canary-one"}],
    }
    answers = [story.world.client.post("/v1/child-views", json=body, headers=KEY) for _ in range(2)]
    story.world.settle()
    assert answers[0].json() == answers[1].json()
    assert story.verbs() == ["recorded"]
