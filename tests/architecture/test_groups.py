"""Tests that share a broker, a server or a browser stay on one worker."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = """
import os
from pathlib import Path

import pytest


@pytest.mark.xdist_group("shared")
@pytest.mark.parametrize("number", range(12))
def test_of_the_group(number):
    Path(str(number)).write_text(os.environ["PYTEST_XDIST_WORKER"])
"""


def test_tests_of_a_group_stay_on_one_worker(tmp_path: Path) -> None:
    (tmp_path / "test_shared.py").write_text(TESTS)
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "xdist", "-n2", "--dist=loadgroup"],
        cwd=tmp_path,
        env={**bare, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    workers = [path.read_text() for path in tmp_path.iterdir() if path.name.isdigit()]
    assert len(workers) == 12
    assert len(set(workers)) == 1
