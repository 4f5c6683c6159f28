"""A system that stays after its command: it says where it is, and is gone when `stop` says so."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from services.launcher.__main__ import APP
from services.launcher.run_file import RunFile
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.timeout(180),  # six processes start: on a busy machine for a minute
    pytest.mark.xdist_group("staying"),
]


@pytest.fixture(scope="module")
def staying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int, str]]:
    """Start a system on a port of its own; no setting of the machine counts."""
    folder = tmp_path_factory.mktemp("staying")
    data, port = folder / "data", free_port()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("ALONGSIDE_", "KAFKA_"))]:
            patch.delenv(name)
        patch.setenv("ALONGSIDE_KEYS", str(folder / "keys"))
        command = [sys.executable, "-m", "services.launcher", "up", "--detach", "--data", str(data)]
        words = ["--broker", "embedded", "--port", str(port)]
        told = subprocess.run([*command, *words], stdout=subprocess.PIPE, text=True, check=True)
        yield data, port, told.stdout
        say(data, "stop")


def test_it_says_which_bus_it_uses_and_where_its_pages_are(staying: tuple[Path, int, str]) -> None:
    data, port, said = staying
    state = RunFile(data).read()
    assert state is not None
    bus, pages = said.splitlines()
    assert bus.startswith("Bus: the embedded bus, because ")
    assert pages == f"Running (pid {state.pid}): http://127.0.0.1:{port}/"


def test_its_status_names_the_address_of_its_bus(staying: tuple[Path, int, str]) -> None:
    data, _, _ = staying
    told = CliRunner().invoke(APP, ["status", "--json", "--data", str(data)])
    assert json.loads(told.output)["broker"] == {
        "kind": "embedded",
        "version": None,
        "pid": None,
        "bootstrap": None,
    }


def test_settings_of_what_runs_are_shown_and_not_those_of_who_asks(
    staying: tuple[Path, int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, port, _ = staying
    for name, value in {"HTTP_PORT": "1", "BROKER": "kafka", "SMTP_URL": "smtp://a:b@c"}.items():
        monkeypatch.setenv(f"ALONGSIDE_{name}", value)
    told = CliRunner().invoke(APP, ["config", "--json", "--data", str(data)])
    shown = json.loads(told.output)
    assert (shown["http_port"], shown["broker"], shown["smtp_url"]) == (port, "embedded", None)
    assert shown["public_url"] == f"http://127.0.0.1:{port}"
    assert shown["keys"] == str(data.parent / "keys")
    sources = shown["sources"]
    assert (sources["http_port"], sources["engine"]) == ("option", "default")
    assert sources["keys"] == "ALONGSIDE_KEYS"
    assert sources["broker"].startswith("option: you asked for it")


def test_on_a_full_disk_it_goes_on_and_says_how_it_stands_when_there_is_room_again(
    staying: tuple[Path, int, str],
) -> None:
    data, _, _ = staying
    run_file = RunFile(data)
    before = run_file.read()
    assert before is not None
    worker = before.processes["feedback"].pid
    assert worker is not None
    draft = run_file.folder / f"launcher.{before.pid}"
    draft.symlink_to("/dev/full")
    os.kill(worker, signal.SIGKILL)
    log = data / "logs" / "launcher.log"
    until(lambda: "No space left on device; trying again" in log.read_text(), "a complaint")
    draft.unlink()
    until(lambda: restarts(run_file, "feedback") == 1, "word of the new process")
    assert run_file.is_claimed()


def restarts(run_file: RunFile, name: str) -> int | None:
    state = run_file.read()
    return state.processes[name].restarts if state else None


def say(data: Path, *words: str) -> str:
    told = CliRunner().invoke(APP, [*words, "--data", str(data)])
    assert told.exit_code == 0, told.output
    return told.output


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
