"""Every service has the same rooms and no other, so that to know one is to know all."""

from pathlib import Path

import pytest

from tests.machine import ROOT

SERVICES = ("exchange", "referral", "scheduling", "feedback", "reporting")
NEEDED = (
    "README.md",
    "__init__.py",
    "__main__.py",
    "app.py",
    "settings.py",
    "subscriptions.py",
    "metrics.py",
    "domain/__init__.py",
    "storage/tables.py",
    "storage/repositories.py",
    "storage/migrations",
    "api/routes.py",
)
ROOMS = {needed.partition("/")[0] for needed in NEEDED} | {"handlers.py", "handlers"}
SAYING_NOTHING = ("utils", "helpers", "helper", "manager", "common", "misc", "util")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_every_room(name: str) -> None:
    home = ROOT / "services" / name
    missing = [needed for needed in NEEDED if not (home / needed).exists()]
    assert missing == []
    assert (home / "handlers.py").exists() or (home / "handlers" / "__init__.py").exists()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_other_room(name: str) -> None:
    found = {entry.name for entry in (ROOT / "services" / name).iterdir()}
    assert found - ROOMS - {"__pycache__"} == set()


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path for path in sources() if path.stem in SAYING_NOTHING] == []


def test_every_module_says_why_it_exists() -> None:
    silent = [path for path in sources() if not path.read_text("utf-8").startswith('"""')]
    assert silent == []


def sources() -> list[Path]:
    return [
        path.relative_to(ROOT)
        for path in (ROOT / "services").rglob("*.py")
        if "versions" not in path.parts
    ]
