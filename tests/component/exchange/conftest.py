"""An exchange alone: its own database and the embedded bus; other services' events are played."""

from pathlib import Path

import pytest

from tests.harness import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "data", services=("exchange",))
