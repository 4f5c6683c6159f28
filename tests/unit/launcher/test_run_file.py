"""One launcher a folder: a second one is told so, and takes nothing from the first."""

import os
from pathlib import Path

import pytest

from services.chassis.errors import Misconfigured
from services.launcher.run_file import RunFile, RunState

STATE = RunState(4711, "http://127.0.0.1:8080", "faust", "system", {"kind": "embedded"})


def test_second_launcher_is_told_who_runs_and_clears_nothing(tmp_path: Path) -> None:
    first, second = RunFile(tmp_path), RunFile(tmp_path)
    first.claim()
    first.write(STATE)
    with pytest.raises(Misconfigured, match="4711"):
        second.claim()
    second.clear()
    assert first.read() == STATE
    assert second.is_claimed()
    first.release()
    assert not second.is_claimed()


def test_launcher_that_ends_leaves_nothing_of_itself(tmp_path: Path) -> None:
    run_file = RunFile(tmp_path)
    run_file.claim()
    run_file.write(STATE)
    run_file.clear()
    run_file.release()
    assert run_file.read() is None


def test_where_the_disk_is_full_the_error_names_the_file(tmp_path: Path) -> None:
    run_file = RunFile(tmp_path)
    run_file.claim()
    draft = run_file.folder / f"launcher.{os.getpid()}"
    draft.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as raised:
        run_file.write(STATE)
    assert raised.value.filename == str(draft)
    run_file.release()
