"""A story of one child, at its very beginning."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.component.referral.story import Story


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path / "data")


@pytest.fixture
def story_of_2011(tmp_path: Path) -> Story:
    """A story under the historical policy: opt-in, a parent permits first."""
    story = Story(
        tmp_path / "data",
        now=datetime(2011, 10, 3, 9, 0, tzinfo=UTC),
        starts_at=datetime(2011, 10, 17, 9, 0, tzinfo=UTC),
    )
    story.advocate(authorities=["E09000020"])
    story.conference(authority="E09000020")
    return story
