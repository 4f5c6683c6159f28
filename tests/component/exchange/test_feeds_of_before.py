"""What agencies were sent before a revision is remembered by it: that is taken back too."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.chassis.database import writing
from services.chassis.migrations import upgrade
from tests.component.exchange.story import a_view, an_offer, post
from tests.component.exchange.test_feed import agree
from tests.component.exchange.test_taking_back import act, end, heard
from tests.harness import World

TO_0005 = (
    "ALTER TABLE children RENAME COLUMN died TO mourned",
    "ALTER TABLE children RENAME COLUMN stopped TO contact_stopped",
    "DROP TABLE holds",
    "DROP TABLE views_seen",
    "DROP TABLE visits_seen",
    "ALTER TABLE allocations_seen DROP COLUMN parted",
    "ALTER TABLE messages DROP COLUMN about_ref",
    "ALTER TABLE messages DROP COLUMN may_be_told_since",
    *(
        f"ALTER TABLE offers_seen DROP COLUMN {name}"
        for name in ("status", "told", "permission", "objection", "heard_directly", "rung")
    ),
    "ALTER TABLE offers_seen DROP COLUMN conference_version",
    "ALTER TABLE offers_seen ADD COLUMN said_no BOOLEAN DEFAULT false NOT NULL",
    "ALTER TABLE offers_seen ADD COLUMN ended BOOLEAN DEFAULT false NOT NULL",
)
TO_0003 = (
    *TO_0005,
    "ALTER TABLE feed_subjects DROP COLUMN told",
    "ALTER TABLE feed_entries DROP COLUMN owed",
    "ALTER TABLE children DROP COLUMN mourned",
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
    "INSERT INTO alembic_version VALUES ('0003')",
)


def remembered(world: World) -> dict[str, list[Any]]:
    statement = "SELECT pseudonym, told FROM feed_subjects"
    rows = world.desk("exchange").read(lambda work: work.sql.rows(statement))
    return {
        subject: sorted(json.loads(told), key=lambda one: str(one["thing"]))
        for subject, told in rows
    }


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_what_was_sent_before_the_revision_is_taken_back_after_it(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    url = request.getfixturevalue("empty_postgres_url") if database == "postgres" else None
    world = World(tmp_path / "data", services=("exchange",), database_url=url)
    agreement = agree(world, events=["conference.scheduled", "offer.made", "child-view.shared"])
    posted = post(world)
    world.publish("offer.made", an_offer(posted))
    world.publish("child-view.shared", a_view(posted))
    kept = remembered(world)
    engine = world.desk("exchange").engine
    with writing(engine) as connection:
        for statement in TO_0003:
            connection.execute(text(statement))
    upgrade(engine, "exchange")
    assert remembered(world) == kept
    assert len(next(iter(kept.values()))) == 3
    end(world, agreement)
    act(world, f"{posted.url}/cancel", reason="error")
    assert heard(world)[-1] == "conference.cancelled"
