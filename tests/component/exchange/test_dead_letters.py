"""A child about whom something was laid aside is silent, until a person has seen to it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.chassis.database import open_database
from services.chassis.migrations import upgrade
from services.launcher.__main__ import APP
from services.launcher.system import NAMES
from tests.component.exchange.story import post
from tests.component.exchange.test_feed import agree
from tests.harness import World, build_service
from tests.machine import ROOT

FINDING, WRONG_USE = 1, 2
NOWHERE = "S12000033"
"""An authority for which the clone has no rules."""


@pytest.fixture(autouse=True)
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The clone's rules, in a folder to which an operator can add some."""
    for name in [name for name in os.environ if name.startswith(("ALONGSIDE_", "KAFKA_"))]:
        monkeypatch.delenv(name)
    folder = tmp_path / "policies"
    shutil.copytree(ROOT / "policies", folder)
    monkeypatch.setenv("ALONGSIDE_POLICIES", str(folder))
    monkeypatch.setenv("ALONGSIDE_BROKER", "embedded")
    monkeypatch.setenv("ALONGSIDE_CLOCK", "driven")
    monkeypatch.setenv("ALONGSIDE_KEYS", str(tmp_path / "data-keys"))
    return folder


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bring the databases to their newest revision, as a command finds them."""
    folder = tmp_path_factory.mktemp("installation")
    for name in NAMES:
        engine = open_database(name, folder, None)
        upgrade(engine, name)
        engine.dispose()
    return folder


@pytest.fixture
def world(
    tmp_path: Path, installation: Path, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> World:
    """An installation in which only exchange was given the rules of a place in Scotland."""
    data = Path(shutil.copytree(installation, tmp_path / "data"))
    others = [build_service(name, data) for name in NAMES if name != "exchange"]
    knowing = Path(shutil.copytree(policies, tmp_path / "policies-of-exchange"))
    add_rules_for(NOWHERE, knowing)
    with monkeypatch.context() as context:
        context.setenv("ALONGSIDE_POLICIES", str(knowing))
        built = [build_service("exchange", data), *others]
    world = World(data, built=built)
    post(world, authority=NOWHERE)
    return world


def say(world: World, *words: str) -> Result:
    return CliRunner().invoke(APP, ["dead-letters", *words, "--data", str(world.data)])


def the_letter(world: World) -> str:
    told = say(world, "list", "--json")
    assert told.exit_code == FINDING
    (letter,) = json.loads(told.output)
    assert (letter["service"], letter["code"]) == ("referral", "policy-unknown")
    return str(letter["id"])


def silenced(world: World) -> bool:
    rows = world.desk("exchange").read(
        lambda work: work.sql.rows("SELECT open FROM dead_letters_seen")
    )
    return any(row[0] for row in rows)


def add_rules_for(authority: str, policies: Path) -> None:
    text = (policies / "england.toml").read_text()
    text = text.replace('authorities = ["*E"]', f'authorities = ["{authority}"]')
    text = text.replace('nation = "ENG"', 'nation = "SCT"')
    (policies / "elsewhere.toml").write_text(text.replace('id = "england"', 'id = "elsewhere"'))


def test_when_the_cause_is_mended_a_retry_makes_the_offer_and_the_child_is_silent_no_more(
    world: World, policies: Path
) -> None:
    assert silenced(world)
    assert world.events("offer.made") == []
    letter = the_letter(world)
    add_rules_for(NOWHERE, policies)
    world.close()
    world = World(world.data)
    told = say(world, "retry", letter)
    assert (told.exit_code, told.output) == (0, "Handled, and closed.\n")
    world.settle()
    assert not silenced(world)
    assert len(world.events("offer.made")) == 1
    assert say(world, "list").exit_code == 0


def test_while_the_cause_is_there_a_retry_says_so_and_the_letter_stays_open(world: World) -> None:
    told = say(world, "retry", the_letter(world))
    assert told.exit_code == FINDING
    assert told.output.startswith("Still open: policy-unknown")
    assert the_letter(world)
    assert silenced(world)


def test_a_letter_that_is_discarded_for_a_reason_silences_nobody(world: World) -> None:
    letter = the_letter(world)
    assert say(world, "discard", letter).exit_code == WRONG_USE
    assert say(world, "discard", letter, "--reason", "her name was Zoe").exit_code == WRONG_USE
    assert say(world, "discard", letter, "--reason", "done-otherwise").exit_code == 0
    world.settle()
    assert not silenced(world)
    again = say(world, "retry", letter)
    assert (again.exit_code, "closed already" in again.output) == (WRONG_USE, True)
    shown = json.loads(say(world, "show", letter, "--json").output)
    assert (shown["state"], shown["next"]) == ("discarded", "nothing: a person closed it")


def test_what_was_wrong_is_shown_in_words_and_nothing_of_the_child(world: World) -> None:
    told = say(world, "show", the_letter(world)).output
    assert "No file of rules covers the authority" in told
    assert "alongside.exchange.v1, offset" in told
    assert not [word for word in ("Zoe", "Testchild", "2016", "Sample") if word in told]


def test_a_letter_that_nobody_has_is_named_in_one_sentence(world: World) -> None:
    told = say(world, "show", "no-such-letter")
    assert told.exit_code == WRONG_USE
    assert "there is no dead letter with this id" in told.output


def test_an_operator_sees_the_topics_of_agencies_among_the_others(world: World) -> None:
    agree(world, authorities=[NOWHERE])
    post(world, conference_id="another", authority=NOWHERE)
    told = CliRunner().invoke(APP, ["topics", "list", "--json", "--data", str(world.data)])
    assert told.exit_code == 0, told.output
    (health,) = [one for one in json.loads(told.output) if ".agency." in one["topic"]]
    assert health["topic"] == "alongside.agency.health.v1"
    assert health["id"]
