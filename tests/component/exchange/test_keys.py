"""The keys that names are sealed with belong to the data, and are looked for at the start."""

from pathlib import Path

import pytest

from services.chassis.errors import Misconfigured
from services.chassis.vault import KeyFile
from tests.component.exchange.story import post
from tests.harness import World


def test_a_database_sealed_with_other_keys_is_noticed_at_the_start(tmp_path: Path) -> None:
    world = World(tmp_path / "data", ("exchange",))
    desk = world.desk("exchange")
    desk.service.check(desk.engine)
    post(world)
    desk.service.check(desk.engine)
    other = KeyFile.open(tmp_path / "other.key", tmp_path / "data")
    with pytest.raises(Misconfigured, match="put back the file"):
        other.check(desk.engine)
