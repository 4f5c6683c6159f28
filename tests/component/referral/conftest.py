"""A story of one child, at its very beginning."""

from pathlib import Path

import pytest

from tests.component.referral.story import Story


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path / "data")
