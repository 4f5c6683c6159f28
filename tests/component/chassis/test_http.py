"""What every API does the same way: replies, problems, idempotency, cursors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Annotated, Any
from uuid import UUID

import pytest
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict

from services.chassis.errors import Refused
from services.chassis.http import (
    Command,
    InHand,
    Paging,
    Problem,
    Reply,
    command_of,
    expect_version,
    page_of,
)
from services.chassis.service import Api
from services.chassis.web.dress import MAX_BODY
from services.chassis.work import Work
from tests.component.chassis.toy import CHILD, KnownChild, Toy, build
from tests.harness import World

ROUTER = APIRouter()
CANARY = "Canary Example-Child"
ToyCommand = Annotated[Command[Toy], Depends(command_of("scheduling"))]


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid")
    child_ref: UUID
    count: int = 1
    marks: dict[str, list[int]] = {}


@ROUTER.post("/v1/children")
def add(body: Given, command: ToyCommand) -> Response:
    def act(work: Work[Toy]) -> Reply:
        saved = work.save(CHILD, work.find(CHILD, body.child_ref) or KnownChild(body.child_ref))
        return Reply(
            202, {"version": saved.version}, f"/v1/children/{body.child_ref}", saved.version
        )

    return command.run(act)


@ROUTER.post("/v1/secrets")
def secret(command: ToyCommand) -> Response:
    return command.run(lambda work: Reply(201, {"token": str(work.random_ref())}, keep=False))


@ROUTER.get("/v1/looks")
def look(command: ToyCommand) -> Response:
    return command.run(lambda _work: Reply(200, PlainTextResponse("Zoe")))


@ROUTER.post("/v1/refused")
def refused(command: ToyCommand) -> Response:
    def act(work: Work[Toy]) -> Reply:
        work.save(CHILD, KnownChild(UUID("c4110000-0000-4000-8000-00000000000a")))
        raise Refused("child-said-no", "The child said no")

    return command.run(act)


@ROUTER.post("/v1/early")
def early(command: ToyCommand) -> Response:
    return command.run(lambda work: Reply(200, work.get(CHILD, "unknown")))


@ROUTER.post("/v1/bug")
def bug(command: ToyCommand) -> Response:
    def act(_work: Work[Toy]) -> Reply:
        raise ZeroDivisionError(CANARY)

    return command.run(act)


PARTS_DONE: list[str] = []
BOTH_AT_IT = Barrier(2)


@ROUTER.post("/v1/parts")
def parts(command: ToyCommand) -> Response:
    def act() -> Reply:
        PARTS_DONE.append("part")
        # Whoever does this alone waits in vain for somebody else who does it.
        with suppress(BrokenBarrierError):
            BOTH_AT_IT.wait(timeout=1)
        return Reply(200, {"done": len(PARTS_DONE)})

    return command.run_in_parts(act, lambda _: True)


@ROUTER.put("/v1/versions")
def versions(request: Request) -> dict[str, str]:
    expect_version(request, 3)
    return {"ok": "yes"}


@ROUTER.get("/v1/numbers")
def numbers(cursor: Paging) -> dict[str, Any]:
    start = int(cursor.after or -1) + 1
    return page_of(list(range(start, 10))[: cursor.size + 1], cursor, str)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, built=[replace(build(tmp_path), api=lambda: Api(routers=(ROUTER,)))])


@pytest.fixture
def client(world: World) -> TestClient:
    return TestClient(world.client.app, base_url="http://127.0.0.1", raise_server_exceptions=False)


BODY = {"child_ref": "c4110000-0000-4000-8000-000000000001"}


def children(world: World) -> int:
    rows: Any = world.desk("scheduling").read(lambda w: w.sql.rows("SELECT count(*) FROM children"))
    return int(rows[0][0])


def test_what_takes_several_transactions_is_done_once_when_it_is_asked_for_twice_at_once(
    client: TestClient,
) -> None:
    def ask(_: int) -> object:
        return client.post("/v1/parts", headers={"Idempotency-Key": "k"}).json()

    with ThreadPoolExecutor(2) as at_once:
        assert list(at_once.map(ask, range(2))) == [{"done": 1}] * 2


def test_who_asks_for_the_same_when_enough_wait_for_it_is_told_so_at_once() -> None:
    in_hand = InHand(most=1)
    with in_hand.turn(), pytest.raises(Problem) as refused, in_hand.turn():
        pass
    assert (refused.value.status, refused.value.code) == (409, "in-hand")
    with in_hand.turn():
        pass


def test_command_answers_with_location_and_version(client: TestClient) -> None:
    answer = client.post("/v1/children", json=BODY)
    assert answer.status_code == 202
    assert answer.headers["location"].endswith(BODY["child_ref"])
    assert answer.headers["etag"] == '"1"'


def test_same_key_and_body_are_answered_from_what_was_kept(client: TestClient) -> None:
    first = client.post("/v1/children", json=BODY, headers={"Idempotency-Key": "k"})
    again = client.post("/v1/children", json=BODY, headers={"Idempotency-Key": "k"})
    assert (again.status_code, again.json(), again.headers["etag"]) == (202, {"version": 1}, '"1"')
    assert first.json() == again.json()
    assert again.headers["idempotent-replay"] == "true"


def test_same_key_with_another_body_is_a_conflict_and_changes_nothing(
    client: TestClient, world: World
) -> None:
    client.post("/v1/children", json=BODY, headers={"Idempotency-Key": "k"})
    other = {**BODY, "child_ref": "c4110000-0000-4000-8000-000000000002"}
    answer = client.post("/v1/children", json=other, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency-key-reused")
    assert children(world) == 1


def test_secret_shown_once_is_not_kept(client: TestClient, world: World) -> None:
    first = client.post("/v1/secrets", headers={"Idempotency-Key": "k"})
    again = client.post("/v1/secrets", headers={"Idempotency-Key": "k"})
    assert (again.status_code, again.json()["code"]) == (409, "shown-once")
    rows: Any = world.desk("scheduling").read(lambda w: w.sql.rows("SELECT body FROM commands"))
    assert first.json()["token"] not in str(rows)


def test_reading_again_with_the_same_key_reads_again(client: TestClient) -> None:
    first = client.get("/v1/looks", headers={"Idempotency-Key": "k"})
    again = client.get("/v1/looks", headers={"Idempotency-Key": "k"})
    assert first.text == again.text == "Zoe"
    assert again.headers["content-type"] == first.headers["content-type"]


def test_broken_field_is_named_where_its_name_is_ours(client: TestClient) -> None:
    answer = client.post("/v1/children", json={"marks": {CANARY: ["x"]}, **BODY})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/marks/?/0"]


@pytest.mark.parametrize("declared", [True, False])
def test_body_that_is_too_large_is_refused_in_words_and_nothing_is_done(
    client: TestClient, world: World, *, declared: bool
) -> None:
    parts = (b" " * 1024 * 1024 for _ in range(1 + MAX_BODY // 1024**2))
    content = b"".join(parts) if declared else parts
    answer = client.post("/v1/children", content=content)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert answer.headers["content-type"] == "application/problem+json"
    assert children(world) == 0


def test_refused_command_says_why_and_leaves_nothing(client: TestClient, world: World) -> None:
    answer = client.post("/v1/refused", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["title"]) == ("child-said-no", "The child said no")
    assert children(world) == 0


def test_reference_that_is_not_known_yet_may_be_tried_again(client: TestClient) -> None:
    answer = client.post("/v1/early")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_yet_known")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "body",
    [
        {"child_ref": CANARY},
        {"Canary": 1, **BODY},
        {"count": CANARY, **BODY},
        {"marks": {CANARY: ["x"]}, **BODY},
        CANARY,
        None,
    ],
)
def test_broken_request_names_field_and_rule_and_never_what_was_sent(
    client: TestClient, body: object
) -> None:
    answer = client.post("/v1/children", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert "Canary" not in answer.text


def test_bug_is_an_internal_problem_without_its_words(client: TestClient) -> None:
    answer = client.post("/v1/bug")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "Canary" not in answer.text


def test_unknown_address_is_a_problem(client: TestClient) -> None:
    answer = client.get("/v1/nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_unknown_address_is_a_page_to_a_browser(client: TestClient) -> None:
    answer = client.get("/nowhere", headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Page not found" in answer.text
    assert client.get("/v1/nowhere", headers={"Accept": "text/html"}).json()["code"] == "not-found"


def test_changed_meanwhile_is_412(client: TestClient) -> None:
    assert client.put("/v1/versions", headers={"If-Match": '"3"'}).status_code == 200
    assert (
        client.put("/v1/versions", headers={"If-Match": '"2"'}).json()["code"]
        == "changed-meanwhile"
    )


def test_list_goes_on_where_its_cursor_says(client: TestClient) -> None:
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(
            "/v1/numbers", params={"size": 4, **({"cursor": cursor} if cursor else {})}
        ).json()
        seen += page["items"]
        cursor = page["next"]
    assert seen == list(range(10))


def test_cursor_of_somebody_elses_making_is_a_problem(client: TestClient) -> None:
    assert client.get("/v1/numbers", params={"cursor": "ÿ"}).json()["code"] == "cursor"


def test_health_and_metrics_answer(client: TestClient) -> None:
    assert client.get("/livez").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}
    assert "python_info" in client.get("/metrics").text


def test_docs_list_every_operation_and_load_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "/v1/children" in page.replace("<wbr>", "")
    assert "http" not in page.split("<main", 1)[1]
    assert "lambda" not in page.lower()


def test_openapi_shows_the_errors_that_are_really_given(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    shown = document["paths"]["/v1/children"]["post"]["responses"]["422"]["content"]
    given = client.post("/v1/children", json={})
    assert list(shown) == [given.headers["content-type"]]
    assert given.json().keys() <= document["components"]["schemas"]["Problem"]["properties"].keys()
    assert "HTTPValidationError" not in client.get("/openapi.json").text


def test_problem_is_raised_where_a_page_can_catch_it() -> None:
    assert Problem(409, "code", "title").status_code == 409
