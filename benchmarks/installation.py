"""The whole system on a Kafka of its own, in a folder of its own, for as long as a block lasts."""

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal, Self, get_args

from benchmarks.families import advocate_body, advocates
from services.launcher.in_force import as_client
from services.launcher.run_file import RunFile
from services.launcher.settings import LauncherSettings

Fetches = Literal["faust", "librdkafka"]
ENGINES: Final[tuple[Fetches, ...]] = get_args(Fetches)
_PATIENCE_S: Final = 60.0
_MOST_CHILDREN: Final = 500
_GOOD: Final = frozenset({200, 201, 202})


@dataclass(frozen=True)
class Installation:
    """What runs: its settings as a client needs them, and where its API is."""

    settings: LauncherSettings
    port: int

    def client(self) -> "Client":
        """Open a connection to the API."""
        return Client(self.port)

    def pids(self) -> dict[str, int]:
        """Return the process ids by name, the broker's included."""
        state = RunFile(self.settings.data).read()
        if state is None:
            return {}
        processes = {name: process.pid for name, process in state.processes.items()}
        broker = state.broker["pid"]
        found = {**processes, "broker": int(broker) if broker else None}
        return {name: pid for name, pid in found.items() if pid is not None}


class Client:
    """One connection to the API: a bare one, so that what asks costs as little as it can."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
        self._connection.connect()
        # Head and body are two packets: the second would wait 40 ms for the first one's receipt.
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, path: str) -> bytes:
        """Ask for something; return the answer."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send something to be taken in; return the answer."""
        answer: dict[str, Any] = json.loads(self._ask("POST", path, json.dumps(body)))
        return answer

    def _ask(self, method: str, path: str, body: str | None) -> bytes:
        self._connection.request(method, path, body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        answer = response.read()
        if response.status not in _GOOD:
            message = f"{method} {path} was answered with {response.status}"
            raise RuntimeError(message)
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
def running(engine: str) -> Iterator[Installation]:
    """Start the system, register advocates, and leave nothing behind."""
    with TemporaryDirectory(prefix="alongside-bench-") as folder:
        data, keys = Path(folder) / "data", Path(folder) / "keys"
        variables = {"ALONGSIDE_KEYS": str(keys), "ALONGSIDE_KAFKA_JARS": str(jars())}
        port = _free_port()
        chosen = ("--broker", "kafka", "--engine", engine)
        _alongside(variables, "up", "--data", data, *chosen, "--port", port, "--detach")
        try:
            settings = LauncherSettings(data=data, keys=keys, http_port=port)
            client = as_client(settings, RunFile(data).read())
            installation = Installation(client, port)
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
            client.post("/v1/advocates", advocate_body(advocate))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
