"""One reporting service with its own bus, databases and clock."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from tests.harness import World

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, services=("reporting",))


@pytest.fixture
def ask(world: World) -> "Callable[..., Any]":
    """Ask one of reporting's questions."""

    def asked(question: "Callable[..., T]", *arguments: Any) -> T:
        return world.desk("reporting").read(lambda work: question(work, *arguments))

    return asked
