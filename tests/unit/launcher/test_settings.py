"""Where things are looked for: what belongs to the clone is found from any folder."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.chassis.installation import installation_id
from services.launcher.__main__ import APP
from services.launcher.broker_choice import choose_broker
from services.launcher.settings import LauncherSettings
from tests.machine import JARS, ROOT


def test_from_any_folder_a_command_means_the_jars_and_policies_of_the_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ALONGSIDE_KAFKA_JARS", "ALONGSIDE_POLICIES"):
        monkeypatch.delenv(name, raising=False)
    told = subprocess.run(
        [Path(sys.executable).with_name("alongside"), "config", "--json"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        check=True,
    )
    shown = json.loads(told.stdout)
    assert (shown["kafka_jars"], shown["policies"]) == (str(JARS), str(ROOT / "policies"))


@pytest.fixture
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("ALONGSIDE_", "KAFKA_"))]:
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("nothing_set")
def test_where_nothing_runs_the_settings_are_those_it_would_have_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALONGSIDE_SMTP_URL", "smtp://somebody:secret@mail.example")
    monkeypatch.setenv("ALONGSIDE_DATABASE_URL", "postgresql://somebody:secret@db.example/x")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "there.example:9092")
    data = tmp_path / "data"
    told = CliRunner().invoke(APP, ["config", "--json", "--data", str(data)])
    shown = json.loads(told.output)
    sources = shown["sources"]
    assert set(sources) == shown.keys() - {"sources"}
    assert (shown["broker"], shown["kafka_bootstrap_servers"]) == ("external", "there.example:9092")
    assert sources["kafka_bootstrap_servers"] == "KAFKA_BOOTSTRAP_SERVERS"
    assert (shown["data"], sources["data"]) == (str(data), "option")
    assert "secret" not in told.output
    assert (shown["smtp_url"], sources["smtp_url"]) == ("**********", "ALONGSIDE_SMTP_URL")
    assert not data.exists()


@pytest.mark.kafka
@pytest.mark.usefixtures("nothing_set")
def test_a_broker_of_ours_is_shown_as_ours_and_settles_on_no_address_for_who_only_looks(
    tmp_path: Path,
) -> None:
    told = CliRunner().invoke(APP, ["config", "--json", "--data", str(tmp_path / "data")])
    shown = json.loads(told.output)
    assert (shown["broker"], shown["kafka_bootstrap_servers"]) == ("kafka", None)
    assert shown["sources"]["kafka_bootstrap_servers"].startswith("chosen by the launcher")
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("nothing_set")
def test_where_keys_lie_is_shown_also_where_nobody_chose_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("ALONGSIDE_BROKER", "embedded")
    folder = tmp_path / "config" / "alongside" / installation_id(tmp_path / "data")
    told = CliRunner().invoke(APP, ["config", "--json", "--data", str(tmp_path / "data")])
    shown = json.loads(told.output)
    assert shown["keys"] == str(folder)
    assert shown["feedback_key_file"] == str(folder / "feedback.key")


@pytest.mark.kafka
def test_from_any_folder_the_broker_of_the_clone_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ALONGSIDE_KAFKA_JARS", "KAFKA_BOOTSTRAP_SERVERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    choice = choose_broker(LauncherSettings(data=tmp_path, broker="auto"))
    assert (choice.kind, choice.own is not None) == ("kafka", True)
