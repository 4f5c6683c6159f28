"""The stream of boards over real HTTP: named events, at once, after news, and no longer."""

import json
import threading
from collections.abc import Callable, Iterator
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest
import uvicorn

from services.chassis.api import make_app
from tests.component.reporting.families import Family
from tests.harness import World

DEADLINE_S = 20.0


@pytest.fixture
def server(world: World) -> Iterator[uvicorn.Server]:
    app = make_app([world.desk("reporting")])
    config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1)
    made = uvicorn.Server(config)
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    until(lambda: made.started)
    yield made
    made.should_exit = True
    thread.join(DEADLINE_S)


def until(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + DEADLINE_S
    while not holds():
        assert monotonic() < deadline
        sleep(0.01)


def address(server: uvicorn.Server) -> str:
    port = server.servers[0].sockets[0].getsockname()[1]
    return f"http://127.0.0.1:{port}/v1/board/stream"


def boards(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        if line.startswith("data: "):
            assert name == "board"
            yield json.loads(line.removeprefix("data: "))


def test_a_reader_gets_named_boards_until_it_goes(world: World, server: uvicorn.Server) -> None:
    family = Family(world)
    family.conference()
    with httpx2.stream("GET", address(server), timeout=DEADLINE_S) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        heard = boards(answer.iter_lines())
        assert next(heard)["funnel"]["referred"] == 0
        family.offer()
        assert next(heard)["funnel"]["referred"] == 1
    until(lambda: not server.server_state.tasks)


def test_the_stream_of_one_authority_tells_of_no_other(
    world: World, server: uvicorn.Server
) -> None:
    Family(world).offer()
    wanted = f"{address(server)}?authority=E08000039"
    with httpx2.stream("GET", wanted, timeout=DEADLINE_S) as answer:
        assert next(boards(answer.iter_lines()))["funnel"]["referred"] == 0
