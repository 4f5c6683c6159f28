"""A disk that is full is named, with what is free on it, wherever somebody could meet it."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.launcher import room
from services.launcher.__main__ import APP
from services.launcher.broker_choice import choose_broker
from services.launcher.room import full_disk
from services.launcher.settings import LauncherSettings
from services.launcher.supervisor import Supervisor

WRONG_USE = 2
MORE_THAN_ANY_DISK = 1 << 62


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk of this machine count as full."""
    monkeypatch.setattr(room, "FULL_BELOW", MORE_THAN_ANY_DISK)


def test_a_disk_with_room_is_not_full(tmp_path: Path) -> None:
    assert full_disk(tmp_path) is None


@pytest.mark.usefixtures("full")
def test_a_full_disk_is_named_by_the_folder_that_is_there(tmp_path: Path) -> None:
    said = full_disk(tmp_path / "not" / "made" / "yet")
    assert said is not None
    assert said.startswith(f"the disk of {tmp_path} is full (")
    assert said.endswith(" MB free)")


def test_the_disk_of_each_folder_that_is_written_to_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kafka").mkdir()
    free: Callable[[Path], int] = lambda folder: 0 if folder.name == "kafka" else 10**9  # noqa: E731
    monkeypatch.setattr(room, "_free", free)
    assert full_disk(tmp_path) == f"the disk of {tmp_path / 'kafka'} is full (0.0 MB free)"


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("words", [(), ("--detach",)])
def test_up_is_refused_in_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    command = ["up", "--broker", "embedded", "--data", str(tmp_path / "data"), *words]
    told = CliRunner().invoke(APP, command)
    assert told.exit_code == WRONG_USE, told.exception
    assert "is full (" in told.stderr
    assert "make room, then start again" in told.stderr.replace("\n", " ")


@pytest.mark.usefixtures("full")
def test_a_file_that_cannot_be_written_says_how_full_the_disk_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_room(*_args: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(tmp_path / "a" / "file"))

    monkeypatch.setattr("services.launcher.commands.running.load_settings", without_room)
    told = CliRunner().invoke(APP, ["config"])
    assert told.exit_code == WRONG_USE
    assert told.stderr.startswith(f"alongside: the disk of {tmp_path} is full (")


def test_a_launcher_says_once_that_the_disk_is_full_and_once_that_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = LauncherSettings(data=tmp_path, broker="embedded")
    supervisor = Supervisor(settings, choose_broker(settings))
    monkeypatch.setattr("services.launcher.supervisor.LOOK_AT_DISK_S", 0.0)
    supervisor._kept = []
    supervisor.tick()
    assert capsys.readouterr().err == ""
    with monkeypatch.context() as patch:
        patch.setattr(room, "FULL_BELOW", MORE_THAN_ANY_DISK)
        supervisor.tick()
        supervisor.tick()
    supervisor.tick()
    said = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in said] == [
        "Attention",
        "There is room on the disk again; it goes on.",
    ]
    assert "nothing is lost, and it goes on by itself" in said[0]
