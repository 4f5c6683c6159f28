"""Journeys made anew from the log: what was wrong is right again, the rest is left alone."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from services.chassis.database import open_database, writing
from services.chassis.migrations import upgrade
from services.chassis.sql import Sql
from services.launcher.__main__ import APP
from services.reporting.handlers.rebuilding import Rebuilt, look, rebuild
from services.reporting.handlers.reconciling import reconcile
from services.reporting.storage import repositories
from tests.component.reporting.test_reconcile import some_journeys, spoil
from tests.harness import World

Ask = Callable[..., Any]


def rows(world: World) -> list[tuple[Any, ...]]:
    with writing(world.desk("reporting").engine) as connection:
        return list(Sql(connection).rows("SELECT * FROM journeys ORDER BY conference_ref", ()))


def rebuilt(world: World) -> list[Rebuilt]:
    """Go through all parts, as the command does."""
    parts: list[Rebuilt] = []
    while not parts or parts[-1].conferences:
        last = parts[-1].conferences[-1] if parts else ""
        parts.append(world.desk("reporting").run(partial(rebuild, after=last)))
    return parts[:-1]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE journeys SET outcome = 'objected' WHERE conference_ref = ?",
        "UPDATE journeys SET visits_overdue = 9 WHERE conference_ref = ?",
        "DELETE FROM journeys WHERE conference_ref = ?",
    ],
)
def test_a_damaged_journey_is_as_the_log_gives_it(world: World, ask: Ask, damage: str) -> None:
    families = some_journeys(world)
    spoil(world, damage, str(families[2].conference_ref))
    (part,) = rebuilt(world)
    assert all(str(families[2].conference_ref) in said for said in part.differences)
    assert part.differences
    assert ask(reconcile).differences == ()


def test_a_journey_the_log_does_not_know_is_removed(world: World, ask: Ask) -> None:
    families = some_journeys(world)
    spoil(world, "DELETE FROM event_log WHERE conference_ref = ?", str(families[0].conference_ref))
    (part,) = rebuilt(world)
    assert len(part.differences) == 1
    assert ask(reconcile).differences == ()


def test_who_only_looks_changes_nothing(world: World, ask: Ask) -> None:
    families = some_journeys(world)
    spoil(
        world,
        "UPDATE journeys SET rung = 9 WHERE conference_ref = ?",
        str(families[0].conference_ref),
    )
    before = rows(world)
    found: Rebuilt = ask(lambda work: look(work, ""))
    assert found.differences == (
        f"journey {families[0].conference_ref}: rung is not what the log gives",
    )
    assert rows(world) == before


def test_what_is_right_is_not_written_again(world: World) -> None:
    some_journeys(world)
    before = rows(world)
    (part,) = rebuilt(world)
    assert part.differences == ()
    assert rows(world) == before


def test_every_part_is_looked_at(world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    some_journeys(world, count=5)
    monkeypatch.setattr(repositories, "CHUNK", 2)
    spoil(world, "UPDATE journeys SET rung = 9 WHERE rung <> ?", 9)
    assert [len(part.conferences) for part in rebuilt(world)] == [2, 2, 1]
    assert ask(reconcile).differences == ()


def test_an_event_after_it_is_learned_as_ever(world: World, ask: Ask) -> None:
    family = some_journeys(world)[0]
    spoil(world, "DELETE FROM journeys WHERE conference_ref = ?", str(family.conference_ref))
    rebuilt(world)
    family.held()
    assert ask(reconcile).differences == ()


def say(world: World, *words: str) -> Result:
    return CliRunner().invoke(APP, ["rebuild", *words, "--data", str(world.data)])


@pytest.fixture
def installed(tmp_path: Path) -> World:
    """Make it as the launcher does: a command looks at how far the tables were brought."""
    engine = open_database("reporting", tmp_path, None)
    upgrade(engine, "reporting")
    engine.dispose()
    return World(tmp_path, services=("reporting",))


def test_an_operator_looks_first_and_then_writes(installed: World) -> None:
    families = some_journeys(installed)
    damaged = str(families[1].conference_ref)
    spoil(installed, "UPDATE journeys SET rung = 9 WHERE conference_ref = ?", damaged)

    looked = say(installed, "reporting")
    assert looked.exit_code == 1
    assert f"DIFFERENCE: journey {damaged}: rung is not what the log gives" in looked.output
    assert "Nothing was changed: --yes does it." in looked.output

    written = say(installed, "reporting", "--yes")
    assert written.exit_code == 0
    assert "what differed was made anew" in written.output

    again = say(installed, "reporting")
    assert again.exit_code == 0
    assert "6 conferences of children were worked out from the log: no difference." in again.output


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("scheduling", "scheduling has nothing that could be worked out anew"),
        ("payroll", "there is no service payroll: exchange, "),
    ],
)
def test_a_service_without_projections_is_said_in_one_sentence(
    world: World, service: str, said: str
) -> None:
    told = say(world, service)
    assert told.exit_code == 2
    assert said in told.output
    assert len(told.output.strip().splitlines()) == 1
