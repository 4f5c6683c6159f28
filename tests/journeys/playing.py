"""The quarter on a world: one thread, real databases, the embedded bus, the real API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.chassis.errors import Refused
from services.launcher.quarter.api import Body, NotDone, Unanswered
from tests.harness import World


@dataclass
class WorldApi:
    """The API of all services, without a network between."""

    world: World

    def get(self, path: str, query: Mapping[str, str]) -> Any:
        return _answer(self.world.client.get(path, params=query))

    def post(self, path: str, body: Body, key: str) -> Any:
        return _answer(self.world.client.post(path, json=body, headers={"Idempotency-Key": key}))


@dataclass
class WorldStage:
    """A world, whose services take their steps one after another."""

    world: World

    def settle(self) -> None:
        self.world.settle()

    def move(self, to: datetime) -> None:
        self.world.clock.move(to)

    def rest(self) -> None:
        self.world.settle()


def _answer(response: Any) -> Any:
    if response.is_success:
        return response.json()
    problem = response.json()
    if problem["code"] == "not_yet_known":
        raise Unanswered(problem["title"])
    raise NotDone(response.status_code, f"{problem['code']}: {problem}")
