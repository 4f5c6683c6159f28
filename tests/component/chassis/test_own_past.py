"""A service whose database is older than what it has said does not run: it would say it twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from services.chassis.bus import Message
from services.chassis.database import open_database
from services.chassis.embedded_bus import EmbeddedBus
from services.chassis.errors import Misconfigured
from services.chassis.main import _api
from services.chassis.own_past import require_own_past
from services.launcher.broker_choice import BrokerChoice
from services.launcher.settings import LauncherSettings
from services.launcher.supervisor import Supervisor
from tests.component.chassis.states import conference
from tests.component.chassis.toy import build
from tests.harness import PREFIX, World
from tests.invariants import records

SERVICE = "scheduling"
TOPIC = f"{PREFIX}.{SERVICE}.v1"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "data", built=[build(tmp_path / "data")])
    world.publish("conference.scheduled", conference())
    world.settle()
    assert world.events("reminder.came-due")
    return world


def look(world: World, folder: Path | None = None) -> None:
    engine = open_database(SERVICE, folder or world.data, None)
    try:
        require_own_past(SERVICE, PREFIX, engine, EmbeddedBus(world.data / "bus.sqlite3"))
    finally:
        engine.dispose()


def test_service_that_knows_all_it_said_may_run(world: World) -> None:
    look(world)


def test_empty_database_beside_events_of_its_service_is_refused(
    world: World, tmp_path: Path
) -> None:
    World(tmp_path / "empty", built=[build(tmp_path / "empty")])
    with pytest.raises(Misconfigured, match=f"database of {SERVICE} is missing, or older"):
        look(world, tmp_path / "empty")


def test_older_copy_of_a_database_is_refused_once_more_was_said(
    world: World, tmp_path: Path
) -> None:
    older = tmp_path / "older"
    older.mkdir()
    for file in world.data.glob(f"{SERVICE}.sqlite3*"):
        shutil.copy(file, older)
    look(world, older)
    world.publish("conference.scheduled", conference())
    world.settle()
    with pytest.raises(Misconfigured):
        look(world, older)


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("ce_id", b"\xff"),),
        (
            ("ce_specversion", b"1.0"),
            ("ce_id", b"nobody-said-this"),
            ("ce_type", b"alongside.reminder.came-due.v1"),
            ("ce_source", b"/services/somebody-else"),
            ("ce_subject", b"1"),
            ("ce_time", b"2026-11-23T09:00:00Z"),
            ("ce_sequence", b"1"),
        ),
    ],
)
def test_garbage_on_its_topic_does_not_stop_a_service(
    world: World, headers: tuple[tuple[str, bytes], ...]
) -> None:
    world.bus.publisher().publish([Message(TOPIC, b"1", headers, b"{", 0)])
    look(world)


def spoken(world: World) -> tuple[bytes, tuple[tuple[str, bytes], ...], bytes]:
    """Return key, headers and value of an event that the service said."""
    (record,) = [one for one in records(world.bus, TOPIC) if dict(one.headers)["ce_id"] != b""][-1:]
    return record.key or b"", record.headers, record.value or b""


def under(headers: tuple[tuple[str, bytes], ...], event_id: bytes) -> tuple[tuple[str, bytes], ...]:
    return tuple((name, event_id if name == "ce_id" else value) for name, value in headers)


STRANGE = b"01890000-0000-8000-8000-000000000001"


@pytest.mark.parametrize("what", ["other data", "another key"])
def test_what_only_looks_like_an_event_of_it_does_not_stop_a_service(
    world: World, what: str
) -> None:
    key, headers, value = spoken(world)
    strange = (key, b"{}") if what == "other data" else (b"another", value)
    forged = Message(TOPIC, strange[0], under(headers, STRANGE), strange[1])
    world.bus.publisher().publish([forged])
    look(world)


def test_a_stranger_s_event_stops_it_only_until_it_has_said_more(world: World) -> None:
    key, headers, value = spoken(world)
    world.bus.publisher().publish([Message(TOPIC, key, under(headers, STRANGE), value)])
    with pytest.raises(Misconfigured, match="missing, or older"):
        look(world)
    for _ in range(40):  # enough for one to lie behind it in its partition
        world.publish("conference.scheduled", conference())
    world.settle()
    look(world)


def test_older_database_accepts_nothing_either(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = world.runners[SERVICE].service
    served: list[object] = []
    monkeypatch.setattr("services.chassis.api.run_api", served.append)
    _api(service)
    assert served == [[service]]
    world.runners[SERVICE].desk.engine.dispose()
    for file in world.data.glob(f"{SERVICE}.sqlite3*"):
        file.unlink()
    World(world.data, built=[build(world.data)])
    with pytest.raises(Misconfigured, match="missing, or older"):
        _api(service)
    assert len(served) == 1


def test_system_whose_one_database_is_gone_starts_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALONGSIDE_KEYS", str(tmp_path / "keys"))
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    for runner in world.runners.values():
        runner.desk.engine.dispose()
    for file in world.data.glob(f"{SERVICE}.sqlite3*"):
        file.unlink()
    settings = LauncherSettings(data=world.data, keys=tmp_path / "keys", http_port=18_497)
    supervisor = Supervisor(settings, BrokerChoice("embedded", "you asked for it"))
    try:
        with pytest.raises(Misconfigured, match="put the newest one back"):
            supervisor.start()
        assert supervisor.pid("api") is None
    finally:
        supervisor.stop()
