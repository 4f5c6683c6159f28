"""The API over HTTP, against a real server: what may be asked again, and what may not."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from services.launcher.quarter.api import NotDone, Unanswered
from services.launcher.quarter.http_api import HttpApi


class Server(HTTPServer):
    answer: tuple[int, bytes] = (200, b"{}")
    asked: list[dict[str, Any]]


class Answers(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append({"path": self.path})
        self._say()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key = self.headers["Idempotency-Key"]
        self.server.asked.append({"path": self.path, "key": key, "body": json.loads(body)})
        self._say()

    def _say(self) -> None:
        status, body = self.server.answer
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Answers)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def api(server: Server) -> Iterator[HttpApi]:
    with HttpApi(f"http://127.0.0.1:{server.server_port}") as api:
        yield api


def test_a_command_carries_body_and_key(server: Server, api: HttpApi) -> None:
    server.answer = (201, b'{"view_ref": "a-view"}')
    assert api.post("/v1/child-views", {"medium": "drawn"}, "a-key") == {"view_ref": "a-view"}
    assert server.asked == [
        {"path": "/v1/child-views", "key": "a-key", "body": {"medium": "drawn"}}
    ]


def test_a_question_carries_its_query(server: Server, api: HttpApi) -> None:
    server.answer = (200, b'{"items": []}')
    assert api.get("/v1/offers", {"conference_ref": "a b"}) == {"items": []}
    assert server.asked == [{"path": "/v1/offers?conference_ref=a+b"}]


@pytest.mark.parametrize(
    "answer",
    [
        (503, b'{"code": "store-unavailable"}'),
        (502, b"<html>a gateway</html>"),
        (409, b'{"code": "not_yet_known"}'),
        (409, b'{"code": "changed-meanwhile"}'),
        (0, b""),
    ],
)
def test_what_passes_is_asked_again(
    server: Server, api: HttpApi, answer: tuple[int, bytes]
) -> None:
    server.answer = answer
    with pytest.raises(Unanswered):
        api.post("/v1/offers/a/accepted", {}, "a-key")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((409, b'{"code": "idempotency-key-reused"}'), "409 idempotency-key-reused"),
        ((422, b'{"code": "invalid"}'), "422 invalid"),
        ((500, b"{}"), "500 without a code"),
        ((404, b"[]"), "404 without a code"),
    ],
)
def test_what_never_passes_is_said(
    server: Server, api: HttpApi, answer: tuple[int, bytes], said: str
) -> None:
    server.answer = answer
    with pytest.raises(NotDone, match=said):
        api.post("/v1/offers/a/accepted", {}, "a-key")


def test_nobody_at_the_address_may_be_asked_again(server: Server) -> None:
    port = server.server_port
    server.server_close()
    with HttpApi(f"http://127.0.0.1:{port}") as api, pytest.raises(Unanswered):
        api.get("/v1/offers", {})
