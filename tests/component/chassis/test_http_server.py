"""What a client on a real connection sees: here a server could cut it off before it has read."""

from __future__ import annotations

import http.client
import threading
from typing import TYPE_CHECKING, Annotated

import pytest
import uvicorn
from fastapi import Body, FastAPI

from services.chassis.http import install_problems
from services.chassis.web import dress
from services.chassis.web.dress import MAX_BODY
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE = b" " * 1024 * 1024


def take(body: Annotated[bytes, Body()]) -> int:
    return len(body)


@pytest.fixture
def port() -> Iterator[int]:
    app = FastAPI()
    app.add_api_route("/v1/anything", take, methods=["POST"])
    install_problems(app)
    dress(app)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, "the server starts")
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


def test_client_that_sends_too_much_reads_the_answer_and_is_not_cut_off(port: int) -> None:
    size = 2 * MAX_BODY
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest("POST", "/v1/anything")
    connection.putheader("Content-Length", str(size))
    connection.putheader("Connection", "close")
    connection.endheaders()
    try:
        for _ in range(size // len(MEGABYTE)):
            connection.send(MEGABYTE)
        answer = connection.getresponse()
    finally:
        connection.close()
    assert (answer.status, answer.headers["content-type"]) == (413, "application/problem+json")
