"""Gives an API process its pages' clothes in one call: static files, the guard, the limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.chassis.web.assets import Assets
from services.chassis.web.body import BodyLimit
from services.chassis.web.guard import Guard
from services.chassis.web.pages import nothing_there

if TYPE_CHECKING:
    from fastapi import FastAPI

MAX_BODY = 12 * 1024 * 1024
"""More than the largest file of conferences with the form around it."""


def dress(app: FastAPI, hosts: frozenset[str] = frozenset()) -> None:
    """Serve `/static` and guard everything; call it once, before the process starts.

    Args:
        app: the API process.
        hosts: names this installation answers to besides loopback.
    """
    app.mount("/static", Assets(), name="static")
    app.add_exception_handler(404, nothing_there)
    app.add_middleware(BodyLimit, most=MAX_BODY)
    app.add_middleware(Guard, hosts=hosts)
