"""A page of another site can neither act here nor reach us under a name of its own."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.datastructures import Headers

from services.chassis.web import dress
from services.chassis.web.guard import comes_from_elsewhere, host_of

OURS = "http://127.0.0.1:8080"


def client(**settings: frozenset[str]) -> TestClient:
    app = FastAPI()
    acted: list[str] = []

    @app.post("/acts")
    def acts() -> dict[str, int]:
        acted.append("once")
        return {"acted": len(acted)}

    dress(app, **settings)
    return TestClient(app, base_url=OURS)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": OURS}, 403),
        ({"origin": OURS}, 200),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_unsafe_request_passes_only_from_our_own_pages_or_from_machines(
    headers: dict[str, str], status: int
) -> None:
    answer = client().post("/acts", headers=headers)

    assert answer.status_code == status


def test_refused_request_is_answered_as_a_problem_and_acts_nowhere() -> None:
    browser = client()

    refused = browser.post("/acts", headers={"sec-fetch-site": "cross-site"})
    first = browser.post("/acts")

    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/other-site"
    assert first.json() == {"acted": 1}


def test_reading_from_a_link_of_another_site_is_allowed() -> None:
    assert not comes_from_elsewhere("GET", Headers({"sec-fetch-site": "cross-site"}))


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", ""]
)
def test_a_foreign_name_that_points_at_us_reaches_nothing(host: str) -> None:
    answer = client().post("/acts", headers={"host": host})

    assert answer.status_code == 421


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080"])
def test_loopback_is_always_ours(host: str) -> None:
    assert client().post("/acts", headers={"host": host}).status_code == 200


def test_a_gateways_name_is_ours_when_it_is_configured() -> None:
    browser = client(hosts=frozenset({"alongside.example"}))

    assert browser.post("/acts", headers={"host": "alongside.example"}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "host"), [("[::1]:8080", "[::1]"), ("a.example:80", "a.example"), ("a", "a")]
)
def test_the_host_is_read_without_its_port(asked: str, host: str) -> None:
    assert host_of(Headers({"host": asked})) == host


def test_every_answer_forbids_foreign_scripts_frames_and_keeping() -> None:
    answer = client().get("/no-such-page")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


def test_our_own_files_are_kept_by_fingerprint_and_checked_without_it() -> None:
    browser = client()

    named = browser.get("/static/start.js?v=0123456789ab")
    plain = browser.get("/static/start.js")

    assert "immutable" in named.headers["cache-control"]
    assert plain.headers["cache-control"] == "no-cache"
