"""The demo as people start it: real processes on real Kafka, killed while the quarter is played."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.chassis.clock import DrivenClock
from services.launcher.recount import recount
from services.launcher.run_file import RunFile, RunState
from services.launcher.settings import LauncherSettings
from tests.journeys.printed import FUNNEL, PARTICIPATION
from tests.machine import ROOT
from tests.waiting import until

PATIENCE_S = 200


class Demo:
    """A demo that runs as a process of its own."""

    def __init__(self, data: Path, broker: str) -> None:
        self.data = data
        command = [sys.executable, "-m", "services.launcher", "demo", "--once", "--json"]
        command += ["--broker", broker, "--port", str(_free_port()), "--data", str(data)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def state(self) -> RunState:
        state = RunFile(self.data).read()
        assert state is not None
        return state

    def wait_for_move(self, number: int) -> None:
        """Wait until the clock was moved that often."""
        clock = DrivenClock(self.data / "clock.sqlite3")
        until(
            lambda: self._has_begun() and clock.version() >= number,
            f"move {number} of the clock",
            PATIENCE_S,
        )

    def _has_begun(self) -> bool:
        return (self.data / "clock.sqlite3").exists() and RunFile(self.data).read() is not None

    def kill(self, *names: str) -> None:
        processes = self.state().processes
        for name in names or processes:
            pid = processes[name].pid
            if pid is not None:
                _kill(pid)

    def kill_broker(self) -> None:
        pid = self.state().broker["pid"]
        assert isinstance(pid, int)
        _kill(pid)

    def take_records_away(self) -> None:
        self.kill_broker()
        shutil.rmtree(self.data / "kafka" / "records", ignore_errors=True)

    def result(self) -> dict[str, Any]:
        out, _ = self.process.communicate(timeout=PATIENCE_S * 3)
        assert self.process.returncode == 0
        result: dict[str, Any] = json.loads(out)
        return result


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Demo]]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    started: list[Demo] = []

    def start(broker: str) -> Demo:
        started.append(Demo(tmp_path / "demo", broker))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.terminate()
        one.process.wait(30)
        if one.process.stdout is not None:
            one.process.stdout.close()


@pytest.mark.kafka(own=True)
@pytest.mark.timeout(900)
def test_kills_and_a_wiped_broker_change_no_figure(demo: Callable[[str], Demo]) -> None:
    running = demo("kafka")
    running.wait_for_move(12)
    running.kill("referral", "reporting")
    running.wait_for_move(24)
    running.kill("api")
    running.wait_for_move(36)
    running.kill_broker()
    running.wait_for_move(48)
    running.kill()
    running.wait_for_move(60)
    running.take_records_away()
    result = running.result()
    assert result["broker"]["kind"] == "kafka"
    _expect_printed_figures(result)


@pytest.mark.timeout(900)
def test_the_embedded_bus_gives_the_same_figures(demo: Callable[[str], Demo]) -> None:
    ended = demo("embedded")
    result = ended.result()
    assert result["broker"]["kind"] == "embedded"
    _expect_printed_figures(result)
    counted = recount(LauncherSettings(data=ended.data))
    assert counted.checked["events and their effects"] == sum(result["events"].values())
    assert counted.differences == ()


def _expect_printed_figures(result: dict[str, Any]) -> None:
    assert set(result) == {
        "broker",
        "engine",
        "funnel",
        "participation",
        "events",
        "lost",
        "duplicated",
        "seconds",
    }
    assert (result["funnel"], result["participation"]) == (FUNNEL, PARTICIPATION)
    assert (result["lost"], result["duplicated"]) == (0, 0)


def _kill(pid: int) -> None:
    """Kill a process that may have ended by itself in this moment."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
