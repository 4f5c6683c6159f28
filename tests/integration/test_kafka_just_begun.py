"""A broker that has just begun answers before it knows itself: that is no reason to die."""

import socketserver
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Final

import pytest

from tests.machine import ROOT

_METADATA: Final = 3
_VERSIONS: Final = 18
_UNSUPPORTED_VERSION: Final = 35
_ASK = """
import sys
from services.chassis.errors import BusUnavailable
from services.chassis.kafka_native import NativeTopics

try:
    NativeTopics(sys.argv[1]).reach()
except BusUnavailable as error:
    print("unavailable")
"""


class _Forgets(socketserver.StreamRequestHandler):
    """Speaks old protocols; lists itself as the only broker once, and afterwards nobody."""

    server: "_Server"

    def handle(self) -> None:
        while head := self.rfile.read(4):
            request = self.rfile.read(*struct.unpack(">i", head))
            kind, version, number = struct.unpack(">hhi", request[:8])
            body = _versions(version) if kind == _VERSIONS else self.server.metadata()
            self.wfile.write(struct.pack(">ii", 4 + len(body), number) + body)


def _versions(asked: int) -> bytes:
    """Version 0 of the answer, with one entry: Metadata in version 1 only."""
    return struct.pack(">hihhh", _UNSUPPORTED_VERSION if asked else 0, 1, _METADATA, 1, 1)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    knows_itself = True

    def metadata(self) -> bytes:
        """Version 1: brokers with identity, host, port, rack; the controller; topics."""
        if not self.knows_itself:
            return struct.pack(">iii", 0, -1, 0)
        self.knows_itself = False
        host, port = self.server_address[:2]
        return struct.pack(
            f">iih{len(host)}sihii", 1, 1, len(host), str(host).encode(), port, -1, 1, 0
        )


@pytest.fixture
def just_begun() -> Iterator[str]:
    with _Server(("127.0.0.1", 0), _Forgets) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_broker_that_lists_no_broker_yet_is_unavailable_and_ends_nobody(just_begun: str) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", _ASK, just_begun],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (asked.returncode, asked.stdout) == (0, "unavailable\n")
