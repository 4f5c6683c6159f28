"""The HTTP process: the routers of one service, or of all of them on a single machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import uvicorn
from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from services.chassis import web
from services.chassis.clock import open_clock
from services.chassis.database import open_database
from services.chassis.desk import Desk
from services.chassis.errors import Misconfigured, StoreUnavailable
from services.chassis.http import install_problems
from services.chassis.logs import set_up
from services.chassis.metrics import StandingCollector
from services.chassis.migrations import migrate
from services.chassis.openapi import DESCRIPTION, DescribedApi

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.chassis.service import Service

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def make_app(desks: Sequence[Desk[Any]]) -> FastAPI:
    """Make the app of these services."""
    app = DescribedApi(
        title="Alongside",
        description=DESCRIPTION,
        version="1",
        # FastAPI's own pages load scripts from elsewhere; ours is a list that needs none.
        docs_url=None,
        redoc_url=None,
    )
    app.state.desks = {desk.service.name: desk for desk in desks}
    install_problems(app)
    web.dress(app)
    for desk in desks:
        for router in desk.service.api().routers:
            app.include_router(router)
    app.add_api_route("/docs", _operations, include_in_schema=False, response_model=None)
    _add_operations(app, desks)
    return app


def _add_operations(app: FastAPI, desks: Sequence[Desk[Any]]) -> None:
    def livez() -> dict[str, str]:
        """Say that this process answers."""
        return {"status": "alive"}

    def readyz() -> Response:
        """Say whether every database answers; 503 where one does not."""
        return _ready(desks)

    def metrics() -> Response:
        """Give the figures of this process and its services, for Prometheus."""
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    app.add_api_route("/livez", livez, tags=["operations"])
    app.add_api_route("/readyz", readyz, tags=["operations"], response_model=None)
    app.add_api_route("/metrics", metrics, tags=["operations"], response_class=Response)


def open_desks(services: Sequence[Service[Any]]) -> list[Desk[Any]]:
    """Open the databases of these services, brought to their newest revision."""
    desks = []
    for service in services:
        settings = service.settings
        migrate(service)
        engine = open_database(service.name, settings.data, settings.postgres)
        desks.append(Desk(service, engine, open_clock(settings.clock, settings.data)))
    return desks


def run_api(services: Sequence[Service[Any]]) -> None:
    """Be the HTTP process of these services.

    Raises:
        Misconfigured: an address other than loopback, as long as nobody has to sign in.
    """
    settings = services[0].settings
    if settings.http_host not in LOOPBACK:
        message = (
            "sign-in is not configured, so HTTP listens on loopback only: "
            "set ALONGSIDE_HTTP_HOST to 127.0.0.1"
        )
        raise Misconfigured(message)
    set_up("api", settings.log_level)
    desks = open_desks(services)
    REGISTRY.register(StandingCollector(desks))
    uvicorn.run(
        make_app(desks),
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=2,
        server_header=False,
    )


def _operations(request: Request) -> Response:
    app: FastAPI = request.app
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "says": operation.get("description") or operation.get("summary", ""),
        }
        for path, methods in sorted(app.openapi()["paths"].items())
        for method, operation in methods.items()
    ]
    return web.page(request, "operations.html", description=DESCRIPTION, operations=operations)


def _ready(desks: Sequence[Desk[Any]]) -> Response:
    try:
        for desk in desks:
            desk.read(lambda work: work.sql.rows("SELECT 1"))
    except StoreUnavailable:
        return Response('{"status": "waiting for a database"}', 503, media_type="application/json")
    return Response('{"status": "ready"}', media_type="application/json")
