"""The browser that CONTRIBUTING.md shows how to start, started as it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.machine import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.site import Site

pytestmark = pytest.mark.browser


def test_a_script_of_ones_own_finds_the_browser_of_the_tests(site: Site, tmp_path: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert "http://127.0.0.1:8080" in program
    script = tmp_path / "mine.py"
    script.write_text(program.replace("http://127.0.0.1:8080", site.url), "utf-8")
    told = subprocess.run(
        [sys.executable, script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "."},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert "Alongside" in told.stdout
