"""`python -m services.<name> worker | api | migrate`: the same three commands for every service."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

from services.chassis.errors import Misconfigured
from services.chassis.installation import keep_private

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from services.chassis.service import Service
    from services.chassis.settings import ChassisSettings

S = TypeVar("S", bound="ChassisSettings")

USAGE_EXIT = 2


def main(build: Callable[[S], Service[Any]], settings: type[S]) -> None:
    """Be the process that the first argument names."""
    keep_private()
    acts = {"worker": _worker, "api": _api, "migrate": _migrate}
    wanted = sys.argv[1] if len(sys.argv) == USAGE_EXIT else ""
    if wanted not in acts:
        sys.stderr.write("usage: python -m services.<name> worker | api | migrate\n")
        raise SystemExit(USAGE_EXIT)
    try:
        acts[wanted](build(settings()))
    except Misconfigured as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(USAGE_EXIT) from None


def _worker(service: Service[Any]) -> None:
    from services.chassis.migrations import migrate  # noqa: PLC0415
    from services.chassis.worker import run_worker  # noqa: PLC0415

    migrate(service)
    run_worker(service)


def _api(service: Service[Any]) -> None:
    from services.chassis.api import run_api  # noqa: PLC0415
    from services.chassis.buses import open_bus  # noqa: PLC0415
    from services.chassis.own_past import require_known_own_past  # noqa: PLC0415

    require_known_own_past(service, open_bus(service.settings))
    run_api([service])


def _migrate(service: Service[Any]) -> None:
    from services.chassis.migrations import migrate  # noqa: PLC0415

    migrate(service)
