"""Plays one simulated story on a whole installation, and says what is wrong with its end."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Final

from services.chassis import topics
from services.chassis.batch import Crashed
from services.chassis.bus import Message, Record
from services.chassis.errors import BusUnavailable, StoreUnavailable
from services.chassis.lease import LEASE_S
from tests.harness import ALL, PREFIX, Runner, World
from tests.invariants import kind_of, look, records, rows
from tests.machine import memory_folder
from tests.people import People, ServerFailed
from tests.simulation import plan
from tests.simulation.mishaps import Bug, Died, Mishaps, ShakyBus
from tests.simulation.plan import Move
from tests.simulation.virtual import VirtualTime, virtual_machine

_FIRST_DAY: Final = 2**64
"""A seed that is no story's: references of the first day come up in none."""
_SLOTS: Final = 2
_ROUNDS: Final = 2_000
_IDLE_ROUNDS: Final = 2
_IDLE_S: Final = 16.0


@dataclass
class Outcome:
    """What a story came to: a sentence for each thing that is wrong."""

    wrong: list[str] = field(default_factory=list)
    said: int = 0
    acknowledged: int = 0
    refused: int = 0
    mishaps: Counter[str] = field(default_factory=Counter)
    trace: list[str] = field(default_factory=list)


def tell(seed: int, moves: Sequence[Move]) -> Outcome:
    """Play the moves, let everything heal, and look."""
    first_day, people = _first_day()
    with (
        TemporaryDirectory(dir=memory_folder(), ignore_cleanup_errors=True) as folder,
        virtual_machine(seed) as time,
    ):
        copytree(first_day.name, folder, dirs_exist_ok=True)
        story = Story(Path(folder), time, people)
        try:
            # Entered, so that all requests share one event loop.
            with story.world.client:
                return story.tell(moves)
        finally:
            story.world.close()


@cache
def _first_day() -> tuple[TemporaryDirectory[str], People]:
    """Register who works here, once: each story begins with a copy."""
    folder = TemporaryDirectory(dir=memory_folder())
    with virtual_machine(_FIRST_DAY):
        world = World(Path(folder.name) / "data")
        people = People(world)
        with world.client:
            people.settle_in()
        world.close()
    return folder, people


class Story:
    """One installation with two workers for each service, stepped by a list of moves."""

    def __init__(self, folder: Path, time: VirtualTime, people: People) -> None:
        self.mishaps = Mishaps(self._freeze)
        self.bus = ShakyBus(folder / "data" / "bus.sqlite3", self.mishaps)
        self.world = World(folder / "data", bus=self.bus)
        self.people = people.at(self.world)
        self.outcome = Outcome()
        self._time = time
        self._frozen: set[str] = set()
        self._workers: dict[tuple[str, int], Runner] = {}
        for name, first in self.world.runners.items():
            others = [self.world.another(name) for _ in range(_SLOTS - 1)]
            for slot, runner in enumerate((first, *others)):
                self._workers[name, slot] = runner
                self.mishaps.watch(runner.desk.engine)
                runner.desk.committed = self.mishaps.after_commit

    def tell(self, moves: Sequence[Move]) -> Outcome:
        """Play the moves; then let nothing go wrong any more, wait for rest, and look."""
        try:
            for move in moves:
                self._play(move)
                self._time.sleep(0.05)
            self._heal()
        except ServerFailed as error:
            self.outcome.wrong.append(f"the API failed: {error}")
        else:
            self.outcome.wrong += self._look()
        self.outcome.acknowledged = self.people.acknowledged
        self.outcome.refused = self.people.refused
        self.outcome.mishaps = self.mishaps.happened
        return self.outcome

    def _play(self, move: Move) -> None:
        luck = Random(move.luck)  # noqa: S311 -- a story must replay
        if move.who:
            self._play_on_worker(move, luck)
        elif move.what:
            self._play_on_topic(move, luck)
        elif move.kind == plan.ACT:
            self.people.act(luck)
        else:
            self._pass_time(luck)

    def _play_on_worker(self, move: Move, luck: Random) -> None:
        if move.kind == plan.STEP:
            self._step(move.who, move.slot, luck)
        elif move.kind == plan.KILL:
            self._restart(self._workers[move.who, move.slot])
        else:
            passes = luck.randint(0, plan.PASSES[move.what])
            self.mishaps.lie_in_wait(f"{move.who}/{move.slot}", move.what, passes)

    def _play_on_topic(self, move: Move, luck: Random) -> None:
        if move.kind == plan.REPEAT:
            self._repeat(move.what, luck)
        elif move.kind == plan.GARBAGE:
            self._put_garbage(move.what, luck)
        elif move.kind == plan.RENEW:
            self._renew([move.what])
        else:
            self._renew([spec.name for spec in topics.specs(PREFIX)])

    def _step(self, name: str, slot: int, luck: Random | None) -> bool:
        """Let one worker take a step of everything; whatever ends its process begins it anew."""
        worker, acting = self._workers[name, slot], f"{name}/{slot}"
        if acting in self._frozen:
            return False
        self.bus.luck = luck
        self.mishaps.acting = acting
        try:
            busy = worker.step()
        except (BusUnavailable, StoreUnavailable):
            busy = True
        except (Died, Bug, Crashed):
            self._restart(worker)
            busy = True
        finally:
            self.mishaps.acting = ""
        return busy

    def _freeze(self) -> None:
        """Stop who acts for longer than its lease lasts, while the others of its service go on."""
        frozen, luck = self.mishaps.acting, self.bus.luck
        self._frozen.add(frozen)
        name, _, slot = frozen.partition("/")
        self._time.sleep(LEASE_S / 2)
        for _ in range(3):
            self._step(name, 1 - int(slot), luck)
            self._time.sleep(LEASE_S)
        self._frozen.remove(frozen)
        self.mishaps.acting, self.bus.luck = frozen, luck

    @staticmethod
    def _restart(worker: Runner) -> None:
        worker.relay.close()
        worker.desk.engine.dispose()
        worker.start()

    def _pass_time(self, luck: Random) -> None:
        passed = luck.choice(
            (
                timedelta(minutes=luck.randint(1, 90)),
                timedelta(hours=luck.randint(1, 20)),
                timedelta(days=luck.randint(1, 9)),
            )
        )
        self._time.sleep(passed.total_seconds())
        self.world.clock.move(self.world.now + passed)

    def _repeat(self, topic: str, luck: Random) -> None:
        """Put a record that was sent before at the end of its partition once more."""
        found = list(records(self.bus, topic))
        if found:
            self._publish([luck.choice(found)])

    def _put_garbage(self, topic: str, luck: Random) -> None:
        value = luck.randbytes(luck.randint(0, 40))
        self._publish([Record(topic, "", 0, 0, luck.randbytes(4), (("ce_type", b"?"),), value)])

    def _publish(self, records: Sequence[Record]) -> None:
        publisher = self.bus.publisher()
        publisher.publish([Message(r.topic, r.key, r.headers, r.value or b"") for r in records])
        publisher.close()

    def _renew(self, names: Sequence[str]) -> None:
        admin = self.bus.admin()
        for name in names:
            admin.delete(name)
        admin.close()
        topics.provision(self.bus, topics.specs(PREFIX), self.world.installation)

    def _heal(self) -> None:
        """Nothing goes wrong any more: the workers come to rest by themselves."""
        self.mishaps.give_up()
        idle = 0
        for _ in range(_ROUNDS):
            busy = [self._step(name, slot, None) for name, slot in self._workers]
            if any(busy):
                idle = 0
                continue
            idle += 1
            if idle > _IDLE_ROUNDS:
                return
            self._time.sleep(_IDLE_S)
        self.outcome.wrong.append("the services do not come to rest")

    def _look(self) -> Sequence[str]:
        desks = {name: self.world.desk(name) for name in self.world.runners}
        found = look(desks, self.bus)
        self.outcome.said = found.said
        self.outcome.trace = [
            f"{row[0]} {row[1]} {row[2]} {kind_of(row[3])} {row[4]}"
            for name in ALL
            for row in rows(
                desks[name],
                "SELECT topic, id, sequence, headers, key FROM outbox ORDER BY number",
            )
        ]
        return found.wrong
