"""A test whose part is missing is skipped at a desk, with the reason, and fails in CI."""

import os
import subprocess
import sys

from tests.machine import ROOT

ASKED_FOR = "tests/architecture/test_parts.py::test_the_shared_broker_is_up"


def run_without_java(ci: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", ASKED_FOR],
        cwd=ROOT,
        env={**bare, "PATH": "", "JAVA_HOME": "", "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )


def test_at_a_desk_the_missing_part_is_named_at_the_end() -> None:
    run = run_without_java(ci="")
    assert run.returncode == 0, run.stdout
    assert "SKIPPED" in run.stdout
    assert "needs kafka: Apache Kafka needs Java" in run.stdout


def test_in_ci_the_missing_part_fails() -> None:
    run = run_without_java(ci="true")
    assert run.returncode == 1, run.stdout
    assert "nothing is skipped with CI=true" in run.stdout
