"""When an installation is ready: its workers and its HTTP process are, which start side by side."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from services.chassis import topics
from services.chassis.buses import open_bus
from services.chassis.database import open_database
from services.chassis.desk import Desk
from services.chassis.installation import installation_id
from services.chassis.migrations import upgrade
from services.chassis.storage import moment
from services.launcher import room
from services.launcher.__main__ import APP
from services.launcher.desks import desk
from services.launcher.run_file import ProcessState, RunFile, RunState
from services.launcher.settings import LauncherSettings
from services.launcher.standing import Observer, next_step, status
from services.launcher.system import NAMES
from services.referral.domain.advocate import Advocate
from services.referral.handlers.advocates import register

WRONG_USE = 2
WAITING = (
    "INSERT INTO messages (message_ref, child_ref, purpose, recipient_role, page, happened_at,"
    " not_before, status, channel, reason, version) VALUES (?, 'c', 'tell-child', 'chair', '/x',"
    " ?, ?, 'waiting', 'email', ?, 1)"
)
WITHHELD = (
    "INSERT INTO messages (message_ref, child_ref, purpose, recipient_role, page, happened_at,"
    " not_before, status, channel, reason, version) VALUES ('m', 'c', 'tell-child', 'chair', '/x',"
    " ?, ?, 'withheld', 'email', 'nobody-to-write-to', 1)"
)


class Ready(BaseHTTPRequestHandler):
    """Answers as an HTTP process does that is ready."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[LauncherSettings]:
    """Make an installation whose workers all say that they have their partitions."""
    made = LauncherSettings(data=tmp_path / "data", keys=tmp_path / "keys", broker="embedded")
    for name in NAMES:
        engine = open_database(name, made.data, None)
        upgrade(engine, name)
        engine.dispose()
    topics.provision(open_bus(made), topics.specs(made.topic_prefix), installation_id(made.data))
    run_file = RunFile(made.data)
    run_file.claim()
    for name in NAMES:
        report = {"pid": os.getpid(), "clock_version": 0, "assigned": True}
        (run_file.folder / f"{name}-0.json").write_text(json.dumps(report))
    yield made
    run_file.release()


def as_a_person_sees_it(settings: LauncherSettings) -> str:
    keys = {"ALONGSIDE_KEYS": str(settings.keys)}
    return CliRunner(env=keys).invoke(APP, ["status", "--data", str(settings.data)]).output


def test_workers_alone_are_not_ready_and_the_next_step_names_the_pages(
    settings: LauncherSettings,
) -> None:
    with http_process() as address:
        says_it_runs(settings, address)
    stands = status(settings)
    assert (stands["ready"], str(stands["next_step"])[:14]) == (False, "pages and APIs")


def test_workers_with_an_http_process_that_answers_are_ready(settings: LauncherSettings) -> None:
    with http_process() as address:
        says_it_runs(settings, address)
        stands = status(settings)
    assert stands["ready"] is True
    assert str(stands["next_step"]).startswith("no advocate is registered")


def test_with_an_advocate_and_nothing_held_back_there_is_nothing_to_do(
    settings: LauncherSettings,
) -> None:
    register_an_advocate(settings)
    with http_process() as address:
        says_it_runs(settings, address)
        assert status(settings)["next_step"] == "nothing"


@pytest.mark.parametrize(("days", "next_step"), [(1, "messages are held back"), (8, "nothing")])
def test_message_without_an_addressee_is_counted_and_asks_for_people_for_a_week(
    settings: LauncherSettings, days: int, next_step: str
) -> None:
    register_an_advocate(settings)
    with desk("exchange", settings) as exchange:
        since = moment(exchange.clock.now() - timedelta(days=days))
        exchange.run(lambda work: work.sql.run(WITHHELD, (since, since)))
    with http_process() as address:
        says_it_runs(settings, address)
        stands = status(settings)
        shown = as_a_person_sees_it(settings)
    assert stands["messages"] == {
        "waiting": 0,
        "oldest_s": 0.0,
        "failed": 0,
        "later": None,
        "withheld": {"nobody-to-write-to": 1},
        "held_since": None,
    }
    assert str(stands["next_step"]).startswith(next_step)
    assert "1 held back: nobody-to-write-to" in shown


def test_looking_at_what_does_not_run_makes_no_bus(settings: LauncherSettings) -> None:
    RunFile(settings.data).clear()
    (settings.data / "bus.sqlite3").unlink()
    (settings.data / "kafka").mkdir()
    stopped = settings.model_copy(update={"broker": "auto"})
    with closing(Observer(stopped)) as observer:
        assert observer.ends() == {}
    assert not (settings.data / "bus.sqlite3").exists()


def test_messages_that_wait_for_the_morning_say_until_when(settings: LauncherSettings) -> None:
    register_an_advocate(settings)
    with desk("exchange", settings) as exchange:
        morning = datetime(2100, 7, 1, 7, 0, tzinfo=UTC)
        waiting(exchange, "m1", morning, None)
        waiting(exchange, "m2", morning, None)
        waiting(exchange, "m3", exchange.clock.now() - timedelta(seconds=1), None)
    with http_process() as address:
        says_it_runs(settings, address)
        stands = status(settings)
        shown = as_a_person_sees_it(settings)
    people = stands["messages"]
    assert isinstance(people, dict)
    assert people["later"] == {"count": 2, "until": "2100-07-01T08:00:00+01:00"}
    assert "2 wait until 08:00 on 1 July: nobody is written to before" in shown


@pytest.mark.parametrize(("count", "said"), [(1, "1 message waits"), (3, "3 messages wait")])
def test_messages_that_wait_for_the_family_are_counted_and_what_to_do_is_said(
    settings: LauncherSettings, count: int, said: str
) -> None:
    register_an_advocate(settings)
    with desk("exchange", settings) as exchange:
        for number in range(count):
            waiting(exchange, f"m{number}", datetime(2100, 7, 1, tzinfo=UTC), "family-not-informed")
    with http_process() as address:
        says_it_runs(settings, address)
        step = str(status(settings)["next_step"])
    assert step.startswith(f"{said} until the family is informed of the conference")
    assert "family_informed_on" in step


def waiting(exchange: Desk[Any], ref: str, not_before: datetime, reason: str | None) -> None:
    values = (ref, moment(not_before), moment(not_before), reason)
    exchange.run(lambda work: work.sql.run(WAITING, values))


def test_on_a_full_disk_nothing_is_ready_and_the_next_step_is_to_make_room(
    settings: LauncherSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "FULL_BELOW", 1 << 62)
    with http_process() as address:
        says_it_runs(settings, address)
        stands = status(settings)
    assert stands["ready"] is False
    assert str(stands["next_step"]).startswith(f"the disk of {settings.data} is full (")
    assert "nothing is lost" in str(stands["next_step"])


def test_what_does_not_run_is_named_with_its_folder_and_how_to_start_it(
    settings: LauncherSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_file = RunFile(settings.data)
    (run_file.folder / "lock").unlink()
    step = status(settings)["next_step"]
    assert step == f"nothing runs on {settings.data}: alongside up --data {settings.data}"
    monkeypatch.chdir(settings.data.parent)
    settings.data.rename(settings.data.parent / ".alongside")
    usual = settings.model_copy(update={"data": Path(".alongside")})
    step = status(usual)["next_step"]
    assert step == f"nothing runs on {settings.data.parent}/.alongside: alongside up"


@pytest.mark.parametrize(
    ("broker", "lag", "said"),
    [
        ({"kind": "kafka", "pid": 1}, None, "the broker does not answer yet: it is started again"),
        (
            {"kind": "kafka", "pid": 1, "trouble": "its port is taken"},
            0,
            "the broker does not answer yet (its port is taken): it is started again",
        ),
        ({"kind": "kafka", "pid": None}, None, "the broker at there:9092 does not answer: see to"),
        ({"kind": "embedded", "pid": None}, None, "the embedded bus cannot be read"),
    ],
)
def test_a_broker_that_does_not_answer_is_named_before_a_service_that_waits_for_it(
    settings: LauncherSettings,
    broker: dict[str, str | int | None],
    lag: int | None,
    said: str,
) -> None:
    state = RunState(
        1, "http://127.0.0.1:1", "faust", "system", {**broker, "bootstrap": "there:9092"}
    )
    services: dict[str, dict[str, object]] = {
        "exchange": {"lag": lag, "up": False, "pid": 5, "dead_letters": 0}
    }
    step = next_step(settings, state, services, serves=False)
    assert step.startswith(said)
    assert ("kafka/logs/broker.log" in step) == (broker["pid"] == 1)


@pytest.mark.parametrize(
    ("pid", "said"), [(5, "exchange is not ready yet"), (None, "exchange is d")]
)
def test_a_service_that_is_not_up_is_named_with_its_log(
    settings: LauncherSettings, pid: int | None, said: str
) -> None:
    state = RunState(1, "http://127.0.0.1:1", "faust", "system", {"kind": "embedded", "pid": None})
    services: dict[str, dict[str, object]] = {
        "exchange": {"lag": 0, "up": False, "pid": pid, "dead_letters": 0}
    }
    step = next_step(settings, state, services, serves=True)
    assert step.startswith(said)
    assert str(settings.data / "logs" / "exchange.log") in step


def register_an_advocate(settings: LauncherSettings) -> None:
    with desk("referral", settings) as referral:
        day = referral.clock.now().date()
        advocate = Advocate(
            advocate_ref=UUID(int=1),
            authorities=("E09000020",),
            languages=("en",),
            skills=(),
            capacity=5,
            active=True,
            employed_by="provider",
            conflicts=(),
            checks_valid_until=day,
            training_valid_until=day,
        )
        referral.run(lambda work: register(work, advocate))


def test_second_launcher_that_is_to_stay_is_refused_and_does_not_pass_for_the_first(
    settings: LauncherSettings,
) -> None:
    with http_process() as address:
        says_it_runs(settings, address)
        words = ("up", "--detach", "--broker", "embedded", "--data", str(settings.data))
        told = CliRunner().invoke(APP, [*words, "--port", "18499"])
    assert told.exit_code == WRONG_USE, told.output
    assert f"already runs on {settings.data} (pid {os.getpid()}" in told.output.replace("\n", " ")


def says_it_runs(settings: LauncherSettings, address: str) -> None:
    pid = os.getpid()
    bus: dict[str, str | int | None] = {"kind": "embedded", "version": None, "pid": None}
    processes = {name: ProcessState(pid, 0) for name in NAMES}
    state = RunState(pid, address, "faust", "system", {**bus, "bootstrap": None}, processes)
    RunFile(settings.data).write(state)


@contextmanager
def http_process() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Ready) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
