"""What holds for every test: the parts it needs are there, nothing of the machine leaks in."""

import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, settings

from services.launcher.kafka_broker import KafkaBroker
from tests import harness
from tests.machine import JARS, PARTS, find_chromium, memory_folder
from tests.postgres import PrivatePostgres

IN_CI = os.environ.get("CI") == "true"

ROOM_NEEDED = 6 * 2**30

# This machine is shared and slow at times: what a rule does is tested, never how fast.
settings.register_profile(
    "alongside", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("alongside")


def pytest_configure(config: pytest.Config) -> None:
    _write_into_memory(config)
    for name in [name for name in os.environ if name.startswith(("ALONGSIDE_", "KAFKA_"))]:
        del os.environ[name]


def _write_into_memory(config: pytest.Config) -> None:
    """Let what tests write lie in memory where there is room: no test asks what a disk does."""
    memory = memory_folder()
    if config.option.basetemp is None and memory and shutil.disk_usage(memory).free > ROOM_NEEDED:
        folder = mkdtemp(prefix="alongside-tests-", dir=memory)
        config.option.basetemp = folder
        # A worker of xdist is told the folder by the one who started it.
        config.add_cleanup(partial(shutil.rmtree, folder, ignore_errors=True))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what may take long, and start each broker or server that is shared once.

    Tests that share one stay on one worker; one that brings its own can go anywhere.
    """
    items.sort(key=_may_take, reverse=True)
    for item in items:
        for part in PARTS:
            marker = item.get_closest_marker(part)
            if marker and not marker.kwargs.get("own"):
                # A browser and its site live for one file, the others for the whole run.
                group = item.path.stem if part == "browser" else part
                item.add_marker(pytest.mark.xdist_group(group))
                break


def _may_take(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker else 0.0


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for part, lacking in PARTS.items():
        if item.get_closest_marker(part) and (reason := lacking()):
            _do_without(f"needs {part}: {reason}")


def _do_without(reason: str) -> None:
    if IN_CI:
        pytest.fail(f"{reason} (nothing is skipped with CI=true)", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def _close_worlds() -> Iterator[None]:
    yield
    for world in list(harness.OPEN):
        world.close()


@pytest.fixture(scope="session")
def kafka_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    broker = KafkaBroker(tmp_path_factory.mktemp("kafka"), JARS)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PrivatePostgres]:
    with PrivatePostgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PrivatePostgres) -> str:
    """One database for the whole session; use `empty_postgres_url` for one of your own."""
    return postgres_server.new_database()


@pytest.fixture
def empty_postgres_url(postgres_server: PrivatePostgres) -> str:
    return postgres_server.new_database()


@pytest.fixture(scope="session")
def chromium() -> Path:
    found = find_chromium()
    assert found is not None, "mark the test with `browser`"
    return found
