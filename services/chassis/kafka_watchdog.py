"""Notices what Faust does not: a topic that was renewed, a stream that stands still."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from services.chassis.bus import TopicState
from services.chassis.clock import monotonic
from services.chassis.errors import BusUnavailable

PATIENCE_S: Final = 60.0
ASSIGNMENT_PATIENCE_S: Final = 30.0
_PERIOD_S: Final = 1.0
ORPHAN_PATIENCE_S: Final = 15.0

Place = tuple[str, int]


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
    following: Mapping[Place, int]
    steps: int
    catching_up: bool


@dataclass(frozen=True, slots=True)
class View:
    """What the broker says.

    Args:
        states: how the topics stand; absent ones are left out.
        owned: which partitions the group's members have; None while it is not settled.
    """

    states: Mapping[str, TopicState]
    owned: AbstractSet[Place] | None

    def topic_id(self, topic: str, otherwise: str) -> str:
        """Return which incarnation there is."""
        return self.states[topic].topic_id if topic in self.states else otherwise

    def end(self, place: Place) -> int:
        """Return the next offset of a partition."""
        topic, number = place
        return self.states[topic].ends.get(number, 0) if topic in self.states else 0

    @property
    def orphans(self) -> AbstractSet[Place]:
        """Partitions that no member has: Kafka keeps what a member had when it comes back."""
        if self.owned is None:
            return set()
        there = {(name, number) for name, state in self.states.items() for number in state.ends}
        return there - self.owned


@dataclass(frozen=True, slots=True)
class Watch:
    """What a watchdog remembers between two looks; times are monotonic seconds.

    Args:
        topic_ids: the incarnations of the last assignment, which a lost one does not make forget.
    """

    assigned_at: float
    moved_at: float
    covered_at: float
    steps: int = 0
    strange: str = ""
    topic_ids: Mapping[str, str] = field(default_factory=dict)

    def look(self, sight: Sight, view: View, now: float) -> Watch | str:
        """Go on watching, or say in a few words why the process must be made anew."""
        topic_ids = self.topic_ids if sight.topic_ids is None else sight.topic_ids
        if any(view.topic_id(name, known) != known for name, known in topic_ids.items()):
            return "a topic was renewed"
        strange = _strange(topic_ids, sight, view)
        if strange and strange == self.strange:
            return strange
        if sight.topic_ids is None:
            return self._look_for_assignment(sight, now, strange)
        moved = sight.catching_up or sight.steps != self.steps or not _lags(sight, view)
        if not moved and now - self.moved_at >= PATIENCE_S:
            return "there is more to read and nothing moves"
        if view.orphans and now - self.covered_at >= ORPHAN_PATIENCE_S:
            return "a partition belongs to nobody"
        return Watch(
            assigned_at=now,
            moved_at=now if moved else self.moved_at,
            covered_at=self.covered_at if view.orphans else now,
            steps=sight.steps,
            strange=strange,
            topic_ids=topic_ids,
        )

    def _look_for_assignment(self, sight: Sight, now: float, strange: str) -> Watch | str:
        fresh = replace(fresh_watch(now), strange=strange, topic_ids=self.topic_ids)
        if sight.catching_up:
            return fresh
        if now - self.assigned_at >= ASSIGNMENT_PATIENCE_S:
            return "no assignment though the broker answers"
        return replace(fresh, assigned_at=self.assigned_at)


def fresh_watch(now: float) -> Watch:
    """Begin to watch: everything was well a moment ago."""
    return Watch(assigned_at=now, moved_at=now, covered_at=now)


def _strange(topic_ids: Mapping[str, str], sight: Sight, view: View) -> str:
    """Name what is only believed when it is seen twice: a broker may just have come up."""
    if topic_ids.keys() - view.states.keys():
        return "a topic is gone"
    if any(wanted > view.end(place) for place, wanted in sight.following.items()):
        return "a log is shorter than it was"
    return ""


def _lags(sight: Sight, view: View) -> bool:
    return any(wanted < view.end(place) for place, wanted in sight.following.items())


class Looks(Protocol):
    """The part of an administration that a watchdog needs."""

    def describe(self, topics: Sequence[str]) -> Mapping[str, TopicState]: ...

    def owned(self, group: str) -> AbstractSet[Place] | None: ...

    def close(self) -> None: ...


class Watchdog:
    """A thread that looks once a second; an unreachable broker is no finding.

    Args:
        group: whose partitions are watched.
        topics: what the group reads.
        sight: asks the subscriber.
        alarm: is told why the process must be made anew.
    """

    def __init__(
        self,
        group: str,
        topics: Sequence[str],
        sight: Callable[[], Sight],
        alarm: Callable[[str], None],
    ) -> None:
        self._group = group
        self._topics = topics
        self._sight = sight
        self._alarm = alarm
        self._stopped = threading.Event()

    def start(self, admin: Looks) -> None:
        """Begin to look, with a connection of the thread's own, which it closes."""
        threading.Thread(
            target=self._run, args=(admin,), name="kafka-watchdog", daemon=True
        ).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _run(self, admin: Looks) -> None:
        watch = fresh_watch(monotonic())
        while not self._stopped.wait(_PERIOD_S):
            # Before the questions: what is done while they are asked is no shorter log.
            sight = self._sight()
            try:
                view = View(admin.describe(self._topics), admin.owned(self._group))
            except BusUnavailable:
                watch = fresh_watch(monotonic())
                continue
            finding = watch.look(sight, view, monotonic())
            if isinstance(finding, Watch):
                watch = finding
            elif not self._stopped.is_set():
                self._alarm(finding)
                break
        admin.close()
