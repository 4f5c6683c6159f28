"""What the launcher finds in the services it knows."""

from pathlib import Path

import pytest

from services.launcher.settings import LauncherSettings
from services.launcher.system import NAMES, aggregate_of, build


@pytest.mark.parametrize("name", NAMES)
def test_whose_work_for_later_it_is_can_be_found_for_every_timer(name: str, tmp_path: Path) -> None:
    settings = LauncherSettings(data=tmp_path / "data", keys=tmp_path / "keys", broker="embedded")
    for timer in build(name, settings).subscriptions.later:
        entity = timer.rpartition(".")[0]
        aggregate = aggregate_of(name, entity)
        assert aggregate is not None, timer
        assert aggregate.has_timers


def test_what_no_service_keeps_is_not_found() -> None:
    assert aggregate_of("referral", "unknown") is None
