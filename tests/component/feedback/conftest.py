"""A story of one child whose conference is known."""

from pathlib import Path

import pytest

from tests.component.feedback.story import Story


@pytest.fixture
def story(tmp_path: Path) -> Story:
    story = Story(tmp_path / "data")
    story.conference()
    return story
