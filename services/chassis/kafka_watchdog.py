"""Notices what Faust does not: a topic that was renewed, a stream that stands still."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from services.chassis.bus import TopicState
from services.chassis.clock import monotonic
from services.chassis.errors import BusUnavailable

PATIENCE_S: Final = 60.0
_PERIOD_S: Final = 1.0
# One look may fall into the moment in which a broker has just come up.
_ABSENT_LOOKS: Final = 2


@dataclass(frozen=True, slots=True)
class Sight:
    """What a subscriber knows of itself.

    Args:
        topic_ids: the incarnations read at the assignment; None while nothing is assigned.
        following: per partition of ours, the offset it wants next.
        steps: rises with every batch that was processed.
        catching_up: whether a catch-up runs, which has its own pace.
    """

    topic_ids: Mapping[str, str] | None
    following: Mapping[tuple[str, int], int]
    steps: int
    catching_up: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """What a watchdog remembers between two looks; times are monotonic seconds."""

    assigned_at: float
    moved_at: float
    steps: int = 0
    absent: int = 0

    def look(self, sight: Sight, states: Mapping[str, TopicState], now: float) -> Watch | str:
        """Go on watching, or say in a few words why the process must be made anew."""
        if sight.topic_ids is None:
            if now - self.assigned_at >= PATIENCE_S:
                return "no assignment though the broker answers"
            return replace(self, moved_at=now, absent=0)
        ids = {name: state.topic_id for name, state in states.items()}
        if any(ids.get(name, known) != known for name, known in sight.topic_ids.items()):
            return "a topic was renewed"
        absent = self.absent + 1 if sight.topic_ids.keys() - ids.keys() else 0
        if absent >= _ABSENT_LOOKS:
            return "a topic is gone"
        moved = sight.catching_up or sight.steps != self.steps or not _lags(sight, states)
        if not moved and now - self.moved_at >= PATIENCE_S:
            return "there is more to read and nothing moves"
        return Watch(now, now if moved else self.moved_at, sight.steps, absent)


def _lags(sight: Sight, states: Mapping[str, TopicState]) -> bool:
    return any(
        topic in states and wanted < states[topic].ends.get(number, 0)
        for (topic, number), wanted in sight.following.items()
    )


class Describes(Protocol):
    """The part of an administration that a watchdog needs."""

    def describe(self, topics: Sequence[str]) -> Mapping[str, TopicState]: ...


class Watchdog:
    """A thread that looks once a second; an unreachable broker is no finding."""

    def __init__(
        self, topics: Sequence[str], sight: Callable[[], Sight], alarm: Callable[[str], None]
    ) -> None:
        self._topics = topics
        self._sight = sight
        self._alarm = alarm
        self._stopped = threading.Event()

    def start(self, admin: Describes) -> None:
        """Begin to look, with a connection of the thread's own."""
        threading.Thread(
            target=self._run, args=(admin,), name="kafka-watchdog", daemon=True
        ).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _run(self, admin: Describes) -> None:
        watch = _fresh()
        while not self._stopped.wait(_PERIOD_S):
            # Before the question: what is delivered while it is asked must not look like a lag.
            sight = self._sight()
            try:
                states = admin.describe(self._topics)
            except BusUnavailable:
                watch = _fresh()
                continue
            if self._stopped.is_set():
                return
            finding = watch.look(sight, states, monotonic())
            if isinstance(finding, str):
                self._alarm(finding)
                return
            watch = finding


def _fresh() -> Watch:
    now = monotonic()
    return Watch(assigned_at=now, moved_at=now)
