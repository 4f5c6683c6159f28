"""A process loads what it needs and no more: workers stay small, a command answers soon."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.chassis.database import open_database
from services.chassis.migrations import upgrade
from services.launcher.system import NAMES
from tests.machine import ROOT
from tests.waiting import until

PATIENCE_S = 120
pytestmark = [pytest.mark.timeout(2 * PATIENCE_S), pytest.mark.xdist_group("loads")]

NOBODY = "127.0.0.1:1"
"""A broker that is not there: a worker is then loaded whole, and waits."""

NOT_FOR_WORKERS = frozenset(
    {"alembic", "fastapi", "jinja2", "prometheus_client", "starlette", "typer", "uvicorn"}
)

NOT_TO_SHOW_SETTINGS = frozenset(
    {"kafka", "httpx2", "services.launcher.supervisor", "services.exchange.handlers"}
)
NOT_TO_SHOW_HELP = NOT_TO_SHOW_SETTINGS | {"pydantic", "sqlalchemy", "holidays"}


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Start a worker of each service at once, and return what each has loaded."""
    folder = tmp_path_factory.mktemp("workers")
    for name in NAMES:
        engine = open_database(name, folder / name / "data", None)
        upgrade(engine, name)
        engine.dispose()

    def worker(name: str) -> set[str]:
        return loaded_by(folder / name, "-m", f"services.{name}", "worker", says="waiting-for-bus")

    with ThreadPoolExecutor(len(NAMES)) as pool:
        return dict(zip(NAMES, pool.map(worker, NAMES), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_a_worker_on_kafka_loads_no_pages_no_revisions_and_no_commands(
    workers: dict[str, set[str]], name: str
) -> None:
    loaded = workers[name]

    assert {"faust", "sqlalchemy", f"services.{name}.handlers"} <= loaded
    assert loaded & NOT_FOR_WORKERS == set()
    assert f"services.{name}.api" not in loaded


@pytest.mark.parametrize(
    ("verb", "says", "needless"),
    [("--help", "reconcile", NOT_TO_SHOW_HELP), ("config", "kafka_jars", NOT_TO_SHOW_SETTINGS)],
)
def test_a_command_loads_what_its_verb_needs(
    tmp_path: Path, verb: str, says: str, needless: frozenset[str]
) -> None:
    loaded = loaded_by(tmp_path, "-m", "services.launcher", verb, says=says)

    assert "services.launcher.commands.demo" in loaded
    assert loaded & needless == set()


def test_to_count_working_days_no_other_country_is_loaded(tmp_path: Path) -> None:
    count = (
        "from datetime import date\n"
        "from services.chassis.working_days import NationCalendar\n"
        "from services.contracts.codes import Nation\n"
        "print(NationCalendar(Nation.WALES).add(date(2026, 12, 24), 1), flush=True)\n"
        "input()"
    )
    loaded = loaded_by(tmp_path, "-c", count, says="2026-12-29")

    assert "holidays" in loaded
    assert not any(name.startswith("holidays.countries") for name in loaded)


def test_what_a_process_loads_late_is_seen_too(tmp_path: Path) -> None:
    late = "import jinja2; print('done', flush=True); input()"
    assert loaded_by(tmp_path, "-c", late, says="done") & NOT_FOR_WORKERS == {"jinja2"}


def loaded_by(folder: Path, *arguments: str, says: str) -> set[str]:
    """Return the modules that a Python process has loaded when it says something."""
    said = folder / "said"
    settings = {"DATA": folder / "data", "KEYS": folder / "keys", "BROKER": "external"}
    variables = {f"ALONGSIDE_{name}": str(value) for name, value in settings.items()}
    with said.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-X", "importtime", *arguments],
            cwd=ROOT,
            env={**os.environ, **variables, "KAFKA_BOOTSTRAP_SERVERS": NOBODY},
            stdin=subprocess.PIPE,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    with process:
        try:
            until(lambda: says in said.read_text(), f"the process says {says}", PATIENCE_S)
        finally:
            process.kill()
    times = [line for line in said.read_text().splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in times}
