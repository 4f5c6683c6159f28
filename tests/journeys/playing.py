"""The quarter on a world: one thread, real databases, the embedded bus, the real API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from services.launcher.quarter.acts import OFFICE_CLOSES, at
from services.launcher.quarter.api import Body, NotDone, Unanswered
from services.launcher.quarter.families import FIRST_DAY
from services.launcher.recount import Effects, effects_of
from tests.harness import STEPS_ALLOWED, Runner, World


@dataclass
class WorldApi:
    """The API of all services, without a network between."""

    world: World

    def get(self, path: str, query: Mapping[str, str]) -> Any:
        return _answer(self.world.client.get(path, params=query))

    def post(self, path: str, body: Body, key: str) -> Any:
        return _answer(self.world.client.post(path, json=body, headers={"Idempotency-Key": key}))


@dataclass
class ForgetfulApi(WorldApi):
    """An API that dies after every third command was done and before it could say so."""

    commands: int = 0

    def post(self, path: str, body: Body, key: str) -> Any:
        answer = super().post(path, body, key)
        self.commands += 1
        if self.commands % 3 == 0:
            raise Unanswered("the answer was lost")
        return answer


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


@dataclass
class ShakyStage(WorldStage):
    """A world in which a worker dies after every `often`-th step and begins with nothing known."""

    often: int = 41
    steps: int = 0
    deaths: int = 0

    def settle(self) -> None:
        for _ in range(STEPS_ALLOWED):
            steps = [self._step(runner) for runner in self.world.runners.values()]
            if not any(steps):
                return
        message = "the services do not come to rest"
        raise AssertionError(message)

    def rest(self) -> None:
        self.settle()

    def _step(self, runner: Runner) -> bool:
        busy = runner.step()
        self.steps += 1
        if self.steps % self.often == 0:
            runner.relay.close()
            runner.start()
            # The dead process held the relay's lease; the next one sees that it is gone.
            runner.desk.run(lambda work: work.sql.run("DELETE FROM leases"))
            self.deaths += 1
            return True
        return busy


def world_in_2011(folder: Path) -> World:
    return World(folder / "data", now=at(FIRST_DAY, OFFICE_CLOSES))


def effects_in(world: World) -> Effects:
    return effects_of({name: world.desk(name) for name in world.runners}, world.bus)


def _answer(response: Any) -> Any:
    if response.is_success:
        return response.json()
    problem = response.json()
    if problem["code"] == "not_yet_known":
        raise Unanswered(problem["title"])
    raise NotDone(response.status_code, problem["code"])
