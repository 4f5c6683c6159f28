"""The demo's own installation: empties nothing but a demo, takes no real system's settings."""

import os
from pathlib import Path

import pytest

from services.chassis.errors import Misconfigured
from services.chassis.vault import KeyFile, default_key_file
from services.launcher.quarter import installation
from services.launcher.run_file import RunFile


def test_a_folder_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "referral.sqlite3").write_text("somebody's")
    with pytest.raises(Misconfigured, match="no demo"):
        installation._empty(tmp_path)
    assert (tmp_path / "referral.sqlite3").read_text() == "somebody's"


def test_an_earlier_demo_is_emptied(tmp_path: Path) -> None:
    installation._empty(tmp_path / "demo")
    (tmp_path / "demo" / "referral.sqlite3").write_text("of the last time")
    installation._empty(tmp_path / "demo")
    assert [path.name for path in (tmp_path / "demo").iterdir()] == ["demo"]


def test_the_keys_of_an_earlier_demo_go_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    data = tmp_path / "demo"
    installation._empty(data)
    earlier = default_key_file("exchange", data)
    KeyFile.open(earlier, data)
    installation._empty(data)
    assert not earlier.parent.exists()
    assert default_key_file("exchange", data) != earlier


def test_an_empty_folder_becomes_a_demo(tmp_path: Path) -> None:
    installation._empty(tmp_path)
    installation._empty(tmp_path)


def test_a_demo_that_runs_is_left_alone(tmp_path: Path) -> None:
    installation._empty(tmp_path)
    running = RunFile(tmp_path)
    running.claim()
    with pytest.raises(Misconfigured, match="runs"):
        installation._empty(tmp_path)
    running.release()
    assert (tmp_path / "run" / "lock").exists()


def test_a_real_systems_database_mail_and_rules_are_not_taken_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DATABASE_URL", "SMTP_URL", "DATA", "POLICIES", "CLOCK", "TOPIC_PREFIX", "KEYS"):
        monkeypatch.setenv(f"ALONGSIDE_{name}", "real")
    monkeypatch.setenv("ALONGSIDE_ENGINE", "faust")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092")
    installation.forget_environment()
    left = {name for name in os.environ if name.startswith(("ALONGSIDE_", "KAFKA_"))}
    assert left == {"ALONGSIDE_ENGINE", "KAFKA_BOOTSTRAP_SERVERS"}
