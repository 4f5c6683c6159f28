"""What runs in containers is what is in the tree: each service, its port and its paths."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.machine import ROOT

SERVICES = ("exchange", "referral", "scheduling", "feedback", "reporting")
VERBS = {"get", "post", "put", "patch", "delete"}
EVERYWHERE = ("/livez", "/readyz", "/metrics", "/docs", "/static")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))[
        "services"
    ]
    return services


@pytest.fixture(scope="module")
def gateway() -> str:
    return (ROOT / "docker/gateway.conf").read_text("utf-8")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_as_worker_and_api(compose: dict[str, Any], name: str) -> None:
    for role in ("worker", "api"):
        assert compose[f"{name}-{role}"]["command"] == ["python", "-m", f"services.{name}", role]


@pytest.mark.parametrize("name", SERVICES)
def test_gateway_and_scraper_find_the_api_of_a_service(
    compose: dict[str, Any], gateway: str, name: str
) -> None:
    port = compose[f"{name}-api"]["environment"]["ALONGSIDE_HTTP_PORT"]
    assert re.search(rf"upstream {name}\s+{{ server 127\.0\.0\.1:{port}; }}", gateway)
    scraped = yaml.safe_load((ROOT / "docker/prometheus.yml").read_text("utf-8"))
    targets = scraped["scrape_configs"][0]["static_configs"]
    assert {"targets": [f"127.0.0.1:{port}"], "labels": {"service": name}} in targets


@pytest.mark.parametrize("name", SERVICES)
def test_every_path_of_a_service_reaches_it_through_the_gateway(gateway: str, name: str) -> None:
    astray = {
        path: service
        for file in (ROOT / "services" / name / "api").rglob("*.py")
        for path in paths_in(file.read_text("utf-8"))
        if not path.startswith(EVERYWHERE) and (service := served_by(gateway, path)) != name
    }
    assert astray == {}


def test_a_path_is_found_in_a_router_and_sent_where_the_gateway_says(gateway: str) -> None:
    source = "@ROUTER.get('/v1/offers/{offer_ref}')\ndef offer(): ...\n"
    assert list(paths_in(source)) == ["/v1/offers/{offer_ref}"]
    assert served_by(gateway, "/v1/offers/{offer_ref}") == "referral"
    assert served_by(gateway, "/v1/offersome") == "reporting"


def test_only_the_gateway_opens_a_port_and_only_on_loopback(compose: dict[str, Any]) -> None:
    opened = {name: service["ports"] for name, service in compose.items() if "ports" in service}
    assert opened == {"gateway": ["127.0.0.1:8080:8080"]}


def test_the_image_copies_only_what_exists() -> None:
    dockerfile = (ROOT / "docker/Dockerfile").read_text("utf-8")
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    missing = [name for line in copied for name in line.split() if not Path(ROOT, name).exists()]
    assert copied
    assert missing == []


def paths_in(source: str) -> Iterator[str]:
    """Yield the path of every route that a module decorates."""
    for node in ast.walk(ast.parse(source)):
        for decorator in getattr(node, "decorator_list", ()):
            if isinstance(decorator, ast.Call) and _is_route(decorator):
                yield ast.literal_eval(decorator.args[0])


def _is_route(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in VERBS and bool(call.args)


def served_by(gateway: str, path: str) -> str:
    """Return the service the gateway's map sends a path to."""
    rules = re.findall(r"^\s+~(\S+) (\w+);$", gateway, re.MULTILINE)
    return next((service for pattern, service in rules if re.search(pattern, path)), "reporting")
