"""A worker process of the toy, or of the feeder that speaks to it: what faults kill."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

from services.chassis.service import Service
from services.chassis.settings import ChassisSettings
from services.chassis.subscriptions import Subscriptions
from services.chassis.work import Work
from services.chassis.worker import run_worker
from services.contracts.catalogue import EVENTS
from tests.component.chassis.toy import METADATA, SUBSCRIPTIONS, Toy

FEEDER = "exchange"
TOY = "scheduling"


def feeder(settings: ChassisSettings) -> Service[None]:
    """A service that only speaks: its events are what a command puts into its outbox."""
    return Service(FEEDER, METADATA, Subscriptions(), None, settings)


def toy(settings: ChassisSettings) -> Service[Toy]:
    """The service that listens."""
    return Service(TOY, METADATA, SUBSCRIPTIONS, Toy(), settings)


def feed(work: Work[Any], states: list[dict[str, Any]]) -> None:
    """Say that these conferences were moved."""
    kind = EVENTS["conference.rescheduled"]
    for state in states:
        work.emit(kind.name, kind.model.model_validate(state), UUID(state["conference_ref"]))


if __name__ == "__main__":
    made: dict[str, Callable[[ChassisSettings], Service[Any]]] = {FEEDER: feeder, TOY: toy}
    run_worker(made[sys.argv[1]](ChassisSettings()))
