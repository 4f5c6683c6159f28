"""An embedded bus whose file is damaged is named in one sentence, before anything is started."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from services.chassis import topics
from services.chassis.bus import Message
from services.chassis.embedded_bus import EmbeddedBus
from services.chassis.errors import Misconfigured
from services.chassis.installation import installation_id
from services.launcher.broker_choice import BrokerChoice
from services.launcher.settings import LauncherSettings
from services.launcher.supervisor import Supervisor
from tests.harness import PREFIX

PAGE = 4096


def overwritten(file: Path) -> None:
    file.write_bytes(b"this is no database " * 1_000)


def cut_in_the_middle(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: PAGE * 2 + 100])


def with_a_page_of_noise(file: Path) -> None:
    told = bytearray(file.read_bytes())
    told[PAGE:] = b"\xa5" * (len(told) - PAGE)
    file.write_bytes(told)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a bus on which something was said, and from which everybody has gone."""
    data = tmp_path / "data"
    bus = EmbeddedBus(data / "bus.sqlite3")
    topics.provision(bus, topics.specs(PREFIX), installation_id(data))
    publisher = bus.publisher()
    said = Message(f"{PREFIX}.exchange.v1", b"1", (), b"{" * 500)
    publisher.publish([said] * 200)
    publisher.close()
    return data


@pytest.mark.parametrize("damage", [overwritten, cut_in_the_middle, with_a_page_of_noise])
def test_system_on_a_damaged_bus_starts_nothing_and_names_the_file(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None]
) -> None:
    monkeypatch.setenv("ALONGSIDE_KEYS", str(tmp_path / "keys"))
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    damage(data / "bus.sqlite3")
    settings = LauncherSettings(data=data, keys=tmp_path / "keys", http_port=18_496)
    supervisor = Supervisor(settings, BrokerChoice("embedded", "you asked for it"))
    try:
        with pytest.raises(Misconfigured, match=r"bus\.sqlite3 is damaged: move this file away"):
            supervisor.start()
        assert supervisor.pid("exchange") is None
    finally:
        supervisor.stop()
