"""When an installation is ready: its workers and its HTTP process are, which start side by side."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from services.chassis import topics
from services.chassis.buses import open_bus
from services.chassis.database import open_database
from services.chassis.installation import installation_id
from services.chassis.migrations import upgrade
from services.chassis.storage import moment
from services.launcher.__main__ import APP
from services.launcher.desks import desk
from services.launcher.run_file import ProcessState, RunFile, RunState
from services.launcher.settings import LauncherSettings
from services.launcher.standing import Observer, status
from services.launcher.system import NAMES
from services.referral.domain.advocate import Advocate
from services.referral.handlers.advocates import register

WRONG_USE = 2
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
        shown = CliRunner().invoke(APP, ["status", "--data", str(settings.data)]).output
    assert stands["messages"] == {
        "waiting": 0,
        "oldest_s": 0.0,
        "failed": 0,
        "withheld": {"nobody-to-write-to": 1},
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


def test_settings_of_what_runs_are_shown_and_not_those_of_who_asks(
    settings: LauncherSettings,
) -> None:
    says_it_runs(settings, "http://127.0.0.1:18480")
    told = CliRunner().invoke(APP, ["config", "--json", "--data", str(settings.data)])
    shown = json.loads(told.output)
    assert (shown["http_port"], shown["broker"]) == (18480, "embedded")


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
