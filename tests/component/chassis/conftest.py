"""A world with the toy in it, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.component.chassis.toy import Toy, build
from tests.harness import World


@pytest.fixture
def toy() -> Toy:
    return Toy()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, tmp_path: Path, toy: Toy) -> World:
    url = request.getfixturevalue("empty_postgres_url") if request.param == "postgres" else None
    return World(tmp_path, built=[build(tmp_path, toy, database_url=url)])
