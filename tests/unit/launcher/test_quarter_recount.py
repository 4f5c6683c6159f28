"""The recount finds what is lost and what is there twice: each test damages one thing only."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from services.chassis.errors import Misconfigured
from services.chassis.work import Work
from services.launcher.kept_rows import KEPT
from services.launcher.quarter.acts import OFFICE_CLOSES, at
from services.launcher.quarter.player import Player
from services.launcher.quarter.script import quarter
from services.launcher.recount import recount
from services.launcher.settings import LauncherSettings
from tests.harness import World
from tests.journeys.playing import WorldApi, WorldStage, effects_in, world_in_2011

pytestmark = pytest.mark.xdist_group("recount")

DAYS = quarter()[:4]

NOT_IN_FOUR_DAYS = {
    ("exchange", "agencies"),
    ("exchange", "dead_letters_seen"),
    ("feedback", "child_views"),
    ("referral", "children"),
    ("scheduling", "reminders"),
}
"""What nobody has said anything of by then."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Play four days, in which three conferences are scheduled and the first advocates found."""
    folder = tmp_path_factory.mktemp("played")
    world = world_in_2011(folder)
    Player(WorldApi(world), WorldStage(world)).play(DAYS)
    world.close()
    return folder


@pytest.fixture
def world(played: Path, tmp_path: Path) -> World:
    """The same four days, in files of one's own."""
    shutil.copytree(played, tmp_path / "copy")
    return World(tmp_path / "copy" / "data", now=at(DAYS[-1].on, OFFICE_CLOSES))


def damage(world: World, service: str, statement: str, *values: str) -> None:
    changed = world.desk(service).run(lambda work: work.sql.run(statement, values))
    assert changed > 0


def test_where_nothing_was_damaged_nothing_is_found(world: World) -> None:
    effects = effects_in(world)
    assert effects.said > 50
    assert (effects.lost, effects.duplicated) == ((), ())


def test_an_event_that_is_not_in_the_log_is_lost(world: World) -> None:
    damage(
        world,
        "reporting",
        "DELETE FROM event_log WHERE event_id ="
        " (SELECT min(event_id) FROM event_log WHERE type = 'offer.made')",
    )
    lost = _only_lost(world)
    assert lost.startswith("offer.made")
    assert lost.endswith("is missing in: the log")


def test_an_event_that_was_logged_with_other_content_is_lost(world: World) -> None:
    damage(
        world,
        "reporting",
        "UPDATE event_log SET digest = 'another' WHERE event_id ="
        " (SELECT min(event_id) FROM event_log WHERE type = 'visit.planned')",
    )
    assert _only_lost(world).startswith("visit.planned")


def test_an_event_that_a_subscriber_has_not_come_to_is_lost(world: World) -> None:
    damage(
        world,
        "scheduling",
        "UPDATE key_states SET sequence = sequence - 1 WHERE topic = 'alongside.referral.v1'"
        " AND key = (SELECT max(key) FROM key_states WHERE topic = 'alongside.referral.v1')",
    )
    assert _only_lost(world).endswith("is missing in: scheduling")


def test_an_event_that_a_subscriber_left_a_hole_for_is_lost(world: World) -> None:
    damage(
        world,
        "referral",
        "INSERT INTO holes (topic, key, sequence, since) SELECT topic, key, sequence, '2011'"
        " FROM key_states WHERE topic = 'alongside.exchange.v1' LIMIT 1",
    )
    assert _only_lost(world).endswith("is missing in: referral")


@pytest.mark.parametrize(("service", "state"), [("scheduling", "open"), ("scheduling", "closed")])
def test_an_event_that_lies_aside_is_not_lost_and_is_found_until_somebody_saw_to_it(
    world: World, service: str, state: str
) -> None:
    event_id = world.desk("referral").read(
        lambda work: work.sql.rows("SELECT min(id) FROM outbox WHERE key <> ''")
    )[0][0]
    damage(
        world,
        service,
        "INSERT INTO dead_letters (id, event_id, event_type, subject, topic, partition, log_offset,"
        " code, detail, state, since, version) VALUES ('a-letter', ?, 'x', 'x',"
        " 'alongside.referral.v1', 0, 1, 'crashed', 'x', ?, '2011', 1)",
        event_id,
        state,
    )
    effects = effects_in(world)
    assert effects.lost == ()
    laid_aside = [one.partition(" by ")[2] for one in effects.laid_aside]
    wanted = [f"{service}: alongside dead-letters show a-letter"] if state == "open" else []
    assert laid_aside == wanted


def test_an_event_that_lies_aside_with_who_keeps_the_log_is_not_lost_there(world: World) -> None:
    ((event_id,),) = world.desk("reporting").read(
        lambda work: work.sql.rows("SELECT min(event_id) FROM event_log WHERE type = 'offer.made'")
    )
    damage(world, "reporting", "DELETE FROM event_log WHERE event_id = ?", event_id)
    damage(
        world,
        "reporting",
        "INSERT INTO dead_letters (id, event_id, event_type, subject, topic, partition, log_offset,"
        " code, detail, state, since, version) VALUES ('a-letter', ?, 'x', 'x',"
        " 'alongside.referral.v1', 0, 1, 'crashed', 'x', 'open', '2011', 1)",
        event_id,
    )
    effects = effects_in(world)
    assert effects.lost == ()
    assert effects.laid_aside == (
        f"offer.made {event_id} by reporting: alongside dead-letters show a-letter",
    )


@pytest.mark.parametrize(
    ("service", "table"),
    sorted({(kept.service, kept.table) for kept in KEPT} - NOT_IN_FOUR_DAYS),
)
def test_a_row_that_is_gone_is_lost_whatever_the_counters_say(
    world: World, service: str, table: str
) -> None:
    damage(world, service, f"DELETE FROM {table}")  # noqa: S608
    assert any(
        one.endswith(f"is missing in the rows of {service}: {table}")
        for one in effects_in(world).lost
    )


def test_a_row_that_is_older_than_what_was_handled_is_lost(world: World) -> None:
    damage(
        world,
        "scheduling",
        "UPDATE offers SET as_of = as_of - 1 WHERE offer_ref = (SELECT min(offer_ref) FROM offers)",
    )
    assert _only_lost(world).endswith("is missing in the rows of scheduling: offers")


def test_an_event_that_a_person_saw_to_otherwise_needs_no_row(world: World) -> None:
    handled = world.desk("exchange").read(
        lambda work: work.sql.rows("SELECT id FROM outbox WHERE headers LIKE '%conference.%'")
    )
    for number, (event_id,) in enumerate(handled):
        damage(
            world,
            "feedback",
            "INSERT INTO dead_letters (id, event_id, event_type, subject, topic, partition,"
            " log_offset, code, detail, state, since, version) VALUES (?, ?, 'x', 'x',"
            " 'alongside.exchange.v1', 0, 1, 'crashed', 'x', 'discarded', '2011', 2)",
            f"letter-{number}",
            event_id,
        )
    damage(world, "feedback", "DELETE FROM conferences")
    assert effects_in(world).lost == ()


def test_an_event_that_a_person_discarded_need_not_be_in_the_log(world: World) -> None:
    ((event_id,),) = world.desk("reporting").read(
        lambda work: work.sql.rows("SELECT min(event_id) FROM event_log WHERE type = 'offer.made'")
    )
    damage(world, "reporting", "DELETE FROM event_log WHERE event_id = ?", event_id)
    letter = (
        "INSERT INTO dead_letters (id, event_id, event_type, subject, topic, partition,"
        " log_offset, code, detail, state, since, version) VALUES ('a-letter', ?, 'x', 'x',"
        " 'alongside.referral.v1', 0, 1, 'crashed', 'x', ?, '2011', 2)"
    )
    damage(world, "reporting", letter, event_id, "handled")
    assert _only_lost(world).endswith("is missing in: the log")
    damage(world, "reporting", "UPDATE dead_letters SET state = 'discarded'")
    assert effects_in(world).lost == ()


def test_a_message_that_is_gone_is_lost(world: World) -> None:
    damage(world, "exchange", "DELETE FROM messages")
    unasked = [one for one in effects_in(world).lost if one.endswith("nobody was asked")]
    assert {one.split()[0] for one in unasked} >= {"allocation.allocated", "offer.made"}


def test_an_entry_of_an_agencys_feed_that_is_gone_is_lost(world: World) -> None:
    terms = {
        "agency_ref": "health",
        "events": ["conference.cancelled"],
        "purpose": "health",
        "legal_basis": "public-task",
        "authorities": ["E09000020"],
        "starts_on": "2011-01-01",
        "expires_on": "2012-01-01",
    }
    world.client.post("/v1/agencies", json={"agency_ref": "health", "name": "A synthetic agency"})
    world.client.post("/v1/agreements", json=terms)
    meeting = world.client.get("/v1/conferences").json()["items"][0]["meeting_ref"]
    world.client.post(f"/v1/conferences/{meeting}/cancel", json={"reason": "error"})
    world.settle()
    assert effects_in(world).lost == ()
    damage(world, "exchange", "DELETE FROM feed_entries")
    lost = effects_in(world).lost
    assert lost
    assert all(one.endswith("is missing in the feed of health") for one in lost)


def test_an_event_that_never_reached_the_bus_is_lost_for_everybody(world: World) -> None:
    damage(
        world,
        "referral",
        "INSERT INTO outbox (id, topic, key, sequence, headers, value, said_at)"
        " SELECT 'unsaid', topic, key, sequence + 1000, headers, value, said_at FROM outbox"
        " WHERE number = (SELECT min(number) FROM outbox)",
    )
    lost = _only_lost(world)
    assert all(name in lost for name in ("the bus", "the log", "reporting"))


def test_one_fact_under_two_ids_is_found(world: World) -> None:
    damage(
        world,
        "referral",
        "INSERT INTO outbox (id, topic, key, sequence, headers, value, said_at)"
        " SELECT 'again', topic, key, sequence + 1000, headers, value, said_at FROM outbox"
        " WHERE number = (SELECT min(number) FROM outbox)",
    )
    assert any("was said 2 times" in sentence for sentence in effects_in(world).duplicated)


def test_an_effect_that_nobody_caused_is_found(world: World) -> None:
    damage(
        world,
        "reporting",
        "INSERT INTO event_log SELECT 'nobody-said-this', type, service, subject, sequence + 1000,"
        " happened_at, happened_on, child_ref, conference_ref, authority, correlation_id,"
        " causation_id, data, digest FROM event_log LIMIT 1",
    )
    assert _duplicated(world) == ["event nobody-said-this was logged, and nobody said it"]


def test_a_second_live_offer_for_a_conference_is_found(world: World) -> None:
    _copy_row(world, "referral", "offers")
    assert [one.split(" has ")[1] for one in _duplicated(world)] == ["2 live offers"]


def test_a_second_visit_of_a_kind_is_found(world: World) -> None:
    _copy_row(world, "scheduling", "visits")
    (found,) = _duplicated(world)
    assert " has 2 visits of the kind " in found


def test_an_installation_whose_broker_does_not_run_is_not_counted_as_lost(tmp_path: Path) -> None:
    (tmp_path / "kafka").mkdir()
    with pytest.raises(Misconfigured, match="does not run"):
        recount(LauncherSettings(data=tmp_path))


def _copy_row(world: World, service: str, table: str) -> None:
    """Write a row a second time, into a table without the constraints that would refuse it."""

    def copy(work: Work[Any]) -> None:
        work.sql.run(f"CREATE TABLE copied AS SELECT * FROM {table}")  # noqa: S608
        work.sql.run(f"INSERT INTO copied SELECT * FROM {table} LIMIT 1")  # noqa: S608
        work.sql.run(f"DROP TABLE {table}")
        work.sql.run(f"ALTER TABLE copied RENAME TO {table}")

    world.desk(service).run(copy)


def _only_lost(world: World) -> str:
    (sentence,) = effects_in(world).lost
    return sentence


def _duplicated(world: World) -> list[str]:
    return list(effects_in(world).duplicated)
