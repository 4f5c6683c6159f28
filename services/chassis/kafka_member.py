"""One member of a consumer group: what is its own, how far it has come, and its work on the intake.

Everything durable happens in its one work thread, in the order in which it was asked for.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, NoReturn

from services.chassis.bus import Intake, Partition, Record, TopicState
from services.chassis.clock import wait
from services.chassis.errors import BusUnavailable, Misconfigured
from services.chassis.kafka_admin import KafkaAdmin
from services.chassis.kafka_watchdog import Place, Sight
from services.chassis.logs import log, warn
from services.chassis.work_thread import WorkThread

EXIT_RESTART: Final = 70
EXIT_MISCONFIGURED: Final = 2
_PAUSE_S: Final = 0.25


def leave_process(reason: str, code: int = EXIT_RESTART) -> NoReturn:
    """End the process here and now: nothing is acknowledged, the launcher starts it anew."""
    try:
        warn("worker-leaves", reason=reason, exit=code)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        # Also when nobody reads our log any more.
        os._exit(code)


@dataclass(frozen=True, slots=True)
class Membership:
    """A numbered place in a group; it is taken by one process at a time."""

    group: str
    slot: int
    topics: Sequence[str]

    @property
    def instance(self) -> str:
        """Its name within the group, the same after every restart."""
        return f"{self.group}-{self.slot}"


class GroupMember:
    """Calls the intake; any exception of it ends the process.

    Args:
        membership: whose partitions are ours.
        admin: used in the work thread only.
        intake: who is called.
        work: the thread for all durable work.
    """

    def __init__(
        self, membership: Membership, admin: KafkaAdmin, intake: Intake, work: WorkThread
    ) -> None:
        self.membership = membership
        self._admin = admin
        self._intake = intake
        self._work = work
        self._lock = threading.Lock()
        self._assignment = 0
        self._sight = Sight(None, {}, 0, catching_up=False)
        self._topic_ids: Mapping[str, str] = {}

    @property
    def sight(self) -> Sight:
        """What it knows of itself; from any thread."""
        return self._sight

    def lacks(self) -> Future[str]:
        """Say what is missing before we can join the group; nothing when all is there."""
        return self._work.submit(self._lacks)

    def revoked(self) -> None:
        """Nothing is ours any more; what is in hand is still finished."""
        with self._lock:
            self._assignment += 1
            self._sight = replace(self._sight, topic_ids=None)

    def assigned(self, begins: Mapping[Place, int]) -> Future[None]:
        """These partitions are ours; the work thread catches up before its next batch.

        Args:
            begins: the first offset of each that will be delivered.
        """
        return self._work.submit(partial(self._take_over, begins, self._assignment))

    def process(self, records: Callable[[Mapping[str, str]], Sequence[Record]]) -> Future[bool]:
        """Process what `records` makes of the topics' identities; False when it was left alone."""
        return self._work.submit(partial(self._process, records))

    def close(self) -> None:
        """Let go of connections, after the work in hand."""
        self.revoked()
        self._work.submit(self._admin.close)

    def _lacks(self) -> str:
        topics = self.membership.topics
        try:
            states = self._admin.describe(topics)
            if missing := sorted(set(topics) - states.keys()):
                return f"there is no topic {missing[0]}"
            self._leave_old_assignment(states)
        except BusUnavailable:
            return "the broker does not answer yet"
        return ""

    def _leave_old_assignment(self, states: Mapping[str, TopicState]) -> None:
        """Have the partitions given anew where the group's assignment leaves some to nobody.

        A member that comes back under its name gets what it had, without a rebalance: nothing at
        all where its topic had just been deleted, and never a topic that is new to the service.
        """
        owned = self._admin.owned(self.membership.group)
        there = {(topic, number) for topic, state in states.items() for number in state.ends}
        if owned is not None and there - owned:
            self._admin.dismiss(self.membership.group, self.membership.instance)

    def _process(self, records: Callable[[Mapping[str, str]], Sequence[Record]]) -> bool:
        if not self._topic_ids:
            # The assignment was taken back before we knew what it was: it all comes again.
            return False
        batch = records(self._topic_ids)
        self._call(lambda: self._intake.process(batch))
        ends = {(record.topic, record.partition): record.offset + 1 for record in batch}
        with self._lock:
            following = {
                place: max(wanted, ends.get(place, 0))
                for place, wanted in self._sight.following.items()
            }
            self._sight = replace(self._sight, following=following, steps=self._sight.steps + 1)
        return True

    def _take_over(self, begins: Mapping[Place, int], assignment: int) -> None:
        """Read the topics' identities once, and let the intake catch up from its positions."""
        found = self._look(assignment)
        if found is None:
            return
        states, committed = found
        if missing := sorted(set(self.membership.topics) - states.keys()):
            leave_process(f"a topic is gone: {missing[0]}")
        self._topic_ids = {name: state.topic_id for name, state in states.items()}
        self._see(catching_up=True)
        partitions = [
            Partition(topic, self._topic_ids[topic], number) for topic, number in sorted(begins)
        ]
        self._call(lambda: self._intake.assigned(partitions))
        self._see(catching_up=False)
        with self._lock:
            if assignment == self._assignment:
                following = {
                    (topic, number): min(
                        max(committed.get((topic, number), 0), begin), states[topic].ends[number]
                    )
                    for (topic, number), begin in begins.items()
                }
                self._sight = replace(self._sight, topic_ids=self._topic_ids, following=following)
        log("assigned", count=len(begins))

    def _see(self, *, catching_up: bool) -> None:
        with self._lock:
            self._sight = replace(self._sight, catching_up=catching_up)

    def _look(self, assignment: int) -> tuple[Mapping[str, TopicState], Mapping[Place, int]] | None:
        topics = self.membership.topics
        while assignment == self._assignment:
            try:
                states = self._admin.describe(topics)
                return states, self._admin.committed(self.membership.group, topics)
            except BusUnavailable as error:
                log("bus-unavailable", error=str(error))
                wait(_PAUSE_S)
        return None

    def _call(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Misconfigured as error:
            leave_process(str(error), EXIT_MISCONFIGURED)
        except BaseException as error:  # noqa: BLE001 -- by the port any exception ends the process
            leave_process(type(error).__name__)
