"""No committed file knows where its packages came from or whose machine it was written on."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.machine import ROOT

REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|npmjs\.(?:org|com)|repo1?\.maven|"
    r"--(?:extra-)?index-url|--find-links|--trusted-host|\"resolved\":",
    re.IGNORECASE,
)
MACHINE = re.compile(r"(?<![\w.:}/-])/(?:root|work|home|Users)/\w")


def addresses_in(text: str) -> list[str]:
    return [found.group() for pattern in (REGISTRY, MACHINE) for found in pattern.finditer(text)]


def test_no_tracked_file_names_a_registry_or_a_machine() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout: which files are committed is not known")
    found = {
        str(path.relative_to(ROOT)): addresses
        for path in tracked_files()
        if path != Path(__file__) and (addresses := addresses_in(text_of(path)))
    }
    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        '"resolved": "x"',
        "--index-url x",
        "see https://files.pythonhosted.org/x",
        "open('/root/x')",
        "cd /home/someone",
    ],
)
def test_a_planted_address_is_seen(planted: str) -> None:
    assert addresses_in(planted)


@pytest.mark.parametrize("fine", ["/v1/work/1", "https://example.org/home/x", "docs/work/plan"])
def test_an_ordinary_path_is_left_alone(fine: str) -> None:
    assert addresses_in(fine) == []


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")
