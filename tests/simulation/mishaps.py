"""What can go wrong at which point: a process dies there, or what it asked for does not answer."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from services.chassis.bus import (
    Intake,
    LogReader,
    Message,
    Partition,
    Placed,
    Publisher,
    Record,
    TopicState,
)
from services.chassis.embedded_bus import EmbeddedAdmin, EmbeddedBus, EmbeddedSubscriber, _fetch
from services.chassis.errors import BusUnavailable

_AT_ONCE: Final = 4

BEFORE_COMMIT: Final = "dies before a commit"
AFTER_COMMIT: Final = "dies after a commit"
BEFORE_SENDING: Final = "dies before it sends"
AFTER_SENDING: Final = "dies after it sent, before it marks"
HALF_SENT: Final = "dies when a part is sent"
BUS_AWAY: Final = "the bus does not answer"
ANSWER_LOST: Final = "the bus takes it in and does not answer"
STORE_AWAY: Final = "the database does not answer"
FROZEN_BEFORE_SENDING: Final = "is frozen before it sends"
FROZEN_AFTER_SENDING: Final = "is frozen after it sent, before it marks"
BUG: Final = "a statement fails as only a bug can"

POINTS: Final = (
    BEFORE_COMMIT,
    AFTER_COMMIT,
    BEFORE_SENDING,
    AFTER_SENDING,
    HALF_SENT,
    BUS_AWAY,
    ANSWER_LOST,
    STORE_AWAY,
    FROZEN_BEFORE_SENDING,
    FROZEN_AFTER_SENDING,
    BUG,
)

OFTEN: Final = frozenset({BEFORE_COMMIT, AFTER_COMMIT, BUS_AWAY, STORE_AWAY, BUG})
"""Points that a worker comes by many times in a step."""


class Died(BaseException):
    """The process ends here, as by kill -9: nothing in it catches this."""


class Bug(Exception):
    """What escapes from a mistake in the code."""


class Mishaps:
    """Which mishap waits for whom: the n-th time the one who acts comes by that point.

    Args:
        freeze: lets the others go on, longer than a lease lasts.
    """

    def __init__(self, freeze: Callable[[], None]) -> None:
        self._freeze = freeze
        self._waiting: dict[tuple[str, str], int] = {}
        self.acting = ""
        self.happened: Counter[str] = Counter()

    def lie_in_wait(self, who: str, point: str, passes: int) -> None:
        self._waiting[who, point] = passes

    def give_up(self) -> None:
        self._waiting.clear()

    def strikes(self, point: str) -> bool:
        """Whether it happens now; each happens once."""
        passes = self._waiting.get((self.acting, point))
        if passes is None:
            return False
        if passes > 0:
            self._waiting[self.acting, point] = passes - 1
            return False
        del self._waiting[self.acting, point]
        self.happened[point] += 1
        return True

    def die_at(self, point: str) -> None:
        if self.strikes(point):
            raise Died(point)

    def freeze_at(self, point: str) -> None:
        if self.strikes(point):
            self._freeze()

    def watch(self, engine: Engine) -> None:
        """Let mishaps happen at this database."""

        @event.listens_for(engine, "commit")
        def commit(_connection: Any) -> None:
            self.die_at(BEFORE_COMMIT)

        @event.listens_for(engine, "before_cursor_execute")
        def execute(*_: Any) -> None:
            if self.strikes(STORE_AWAY):
                locked = sqlite3.OperationalError("database is locked")
                raise OperationalError("simulated", {}, locked)
            if self.strikes(BUG):
                raise Bug

    def after_commit(self) -> None:
        self.die_at(AFTER_COMMIT)


class ShakyBus(EmbeddedBus):
    """The embedded bus, whose doors now and then stick."""

    def __init__(self, path: Path, mishaps: Mishaps) -> None:
        super().__init__(path)
        self._file = path
        self._mishaps = mishaps
        self.luck: Random | None = None

    def admin(self) -> EmbeddedAdmin:
        return _ShakyAdmin(self._file, self._mishaps)

    def publisher(self) -> Any:
        return _ShakyPublisher(super().publisher(), self._mishaps)

    def reader(self) -> Any:
        return _ShakyReader(super().reader(), self._mishaps)

    def subscriber(self, group: str, topics: Sequence[str], slot: int = 0) -> EmbeddedSubscriber:  # noqa: ARG002
        return _ShakySubscriber(self._file, topics, lambda: self.luck)


class _ShakyPublisher:
    def __init__(self, inner: Publisher, mishaps: Mishaps) -> None:
        self._inner = inner
        self._mishaps = mishaps

    def publish(self, messages: Sequence[Message]) -> Sequence[Placed]:
        self._mishaps.die_at(BEFORE_SENDING)
        self._mishaps.freeze_at(FROZEN_BEFORE_SENDING)
        _stay_away(self._mishaps)
        if self._mishaps.strikes(HALF_SENT):
            self._inner.publish(messages[: len(messages) // 2])
            raise Died(HALF_SENT)
        placed = self._inner.publish(messages)
        if self._mishaps.strikes(ANSWER_LOST):
            raise BusUnavailable(ANSWER_LOST)
        self._mishaps.die_at(AFTER_SENDING)
        self._mishaps.freeze_at(FROZEN_AFTER_SENDING)
        return placed

    def close(self) -> None:
        self._inner.close()


class _ShakyReader:
    def __init__(self, inner: LogReader, mishaps: Mishaps) -> None:
        self._inner = inner
        self._mishaps = mishaps

    def read(self, partition: Partition, start: int, end: int) -> Iterator[Sequence[Record]]:
        _stay_away(self._mishaps)
        return self._inner.read(partition, start, end)

    def close(self) -> None:
        self._inner.close()


class _ShakyAdmin(EmbeddedAdmin):
    def __init__(self, path: Path, mishaps: Mishaps) -> None:
        super().__init__(path)
        self._mishaps = mishaps

    def describe(self, topics: Sequence[str]) -> Mapping[str, TopicState]:
        _stay_away(self._mishaps)
        return super().describe(topics)


def _stay_away(mishaps: Mishaps) -> None:
    if mishaps.strikes(BUS_AWAY):
        raise BusUnavailable(BUS_AWAY)


class _ShakySubscriber(EmbeddedSubscriber):
    """Delivers as a fetch layer may: in any order of partitions, again, or with some left out."""

    def __init__(
        self, path: Path, topics: Sequence[str], luck: Callable[[], Random | None]
    ) -> None:
        super().__init__(path, topics)
        self._luck = luck

    def step(self, intake: Intake) -> bool:
        luck = self._luck()
        if luck is None:
            return super().step(intake)
        self._file.renew()
        self._look_for_new_topics(intake)
        delivered = False
        partitions = sorted(self._next, key=repr)
        for partition in luck.sample(partitions, min(_AT_ONCE, len(partitions))):
            following = self._next[partition]
            start = max(0, following + luck.choice((0, 0, 0, 0, -3, 2)))
            chunk = _fetch(self._file, partition, start, start + luck.choice((1, 2, 5, 1000)))
            if chunk:
                intake.process(chunk)
                self._next[partition] = max(following, chunk[-1].offset + 1)
                delivered = True
        return delivered
