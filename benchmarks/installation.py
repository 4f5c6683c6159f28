"""The whole system on a Kafka of its own, in a folder of its own, for as long as a block lasts."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx2

from benchmarks.families import advocate_body, advocates
from services.launcher.in_force import as_client
from services.launcher.run_file import RunFile
from services.launcher.settings import LauncherSettings

_PATIENCE_S: Final = 60.0
_MOST_CHILDREN: Final = 500
_TAKEN: Final = frozenset({201, 202})


@dataclass(frozen=True)
class Installation:
    """What runs: its settings as a client needs them, and where its API is."""

    settings: LauncherSettings
    address: str

    def client(self) -> httpx2.Client:
        """Open a connection to the API."""
        return httpx2.Client(base_url=self.address, timeout=_PATIENCE_S, trust_env=False)

    def pids(self) -> dict[str, int]:
        """Return the process ids by name, the broker's included."""
        state = RunFile(self.settings.data).read()
        if state is None:
            return {}
        processes = {name: process.pid for name, process in state.processes.items()}
        broker = state.broker["pid"]
        found = {**processes, "broker": int(broker) if broker else None}
        return {name: pid for name, pid in found.items() if pid is not None}


def post(client: httpx2.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Send something to be taken in; return the answer."""
    response = client.post(path, json=body)
    if response.status_code not in _TAKEN:
        message = f"POST {path} was answered with {response.status_code}"
        raise RuntimeError(message)
    answer: dict[str, Any] = response.json()
    return answer


def environment() -> dict[str, str]:
    """Return the environment without settings of an installation that may be there."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ALONGSIDE_") and name != "KAFKA_BOOTSTRAP_SERVERS"
    }


def jars() -> Path:
    """Return the folder of Kafka's jars."""
    return LauncherSettings().kafka_jars.absolute()


@contextmanager
def running() -> Iterator[Installation]:
    """Start the system, register advocates, and leave nothing behind."""
    with TemporaryDirectory(prefix="alongside-bench-") as folder:
        data, keys = Path(folder) / "data", Path(folder) / "keys"
        variables = {"ALONGSIDE_KEYS": str(keys), "ALONGSIDE_KAFKA_JARS": str(jars())}
        port = _free_port()
        _alongside(variables, "up", "--data", data, "--broker", "kafka", "--port", port, "--detach")
        try:
            settings = LauncherSettings(data=data, keys=keys, http_port=port)
            client = as_client(settings, RunFile(data).read())
            installation = Installation(client, f"http://127.0.0.1:{port}")
            _register(installation)
            yield installation
        finally:
            _alongside(variables, "stop", "--data", data)


def _alongside(variables: dict[str, str], *arguments: object) -> None:
    command = [sys.executable, "-m", "services.launcher", *map(str, arguments)]
    subprocess.run(
        command, env={**environment(), **variables}, check=True, stdout=subprocess.DEVNULL
    )


def _register(installation: Installation) -> None:
    with installation.client() as client:
        for advocate in advocates(_MOST_CHILDREN):
            post(client, "/v1/advocates", advocate_body(advocate))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
