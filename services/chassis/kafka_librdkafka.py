"""Delivers events with librdkafka: the fast engine, whose membership lives in its own threads.

It begins at the end of the log; what lies before it the intake reads from the database's position
on. The group's committed offsets are written for those who look at lag, and never read.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import wait as wait_for
from functools import partial
from typing import Any, Final

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as NativeMessage

from services.chassis.bus import Intake, Record
from services.chassis.clock import monotonic, wait
from services.chassis.kafka_admin import KafkaAdmin
from services.chassis.kafka_member import GroupMember, Membership, leave_process
from services.chassis.kafka_native import client_settings, record_of
from services.chassis.kafka_watchdog import Place, Watchdog
from services.chassis.logs import log, warn
from services.chassis.pace import rest_after
from services.chassis.work_thread import WorkThread

BATCH: Final = 1_000
SESSION_S: Final = 6.0
COMMIT_EVERY_S: Final = 1.0
_LONGEST_POLL_S: Final = 0.2
_LOOK_AGAIN_S: Final = 0.25
_SERVE_EVERY_S: Final = 0.5
_STOP_S: Final = 2.5


class LibrdkafkaSubscriber:
    """Follows topics as member number `slot` of a group; one slot never runs twice at once."""

    def __init__(self, bootstrap: str, group: str, topics: Sequence[str], slot: int = 0) -> None:
        self._bootstrap = bootstrap
        self._membership = Membership(group, slot, tuple(topics))
        self._halt = threading.Event()
        self._member: GroupMember | None = None

    @property
    def assigned(self) -> bool:
        """Whether partitions are assigned and caught up."""
        return self._member is not None and self._member.sight.topic_ids is not None

    def run(self, intake: Intake) -> None:
        """Deliver until `stop` is called; any exception of the intake ends the process."""
        work = WorkThread(f"{self._membership.group}-work")
        member = GroupMember(self._membership, KafkaAdmin(self._bootstrap), intake, work)
        self._member = member
        if self._may_join(member):
            self._follow(member)
        member.close()
        if not work.close(_STOP_S):
            warn("stopped-in-the-middle", reason="the batch in hand took too long")

    def stop(self) -> None:
        """Ask `run` to return after the batch in hand, in 3 seconds at most."""
        self._halt.set()

    def _may_join(self, member: GroupMember) -> bool:
        """Wait for the broker and the topics."""
        said = False
        while not self._halt.is_set():
            lacks = member.lacks()
            wait_for([lacks], _LONGEST_POLL_S)
            while not lacks.done() and not self._halt.is_set():
                wait_for([lacks], _LONGEST_POLL_S)
            if lacks.done():
                if not lacks.result():
                    return True
                if not said:
                    log("waits-for-broker", reason=lacks.result())
                    said = True
            self._halt.wait(_LOOK_AGAIN_S)
        return False

    def _follow(self, member: GroupMember) -> None:
        membership = self._membership
        watchdog = Watchdog(
            membership.group, membership.topics, lambda: member.sight, leave_process
        )
        watchdog.start(KafkaAdmin(self._bootstrap))
        lane = _Lane(Consumer(_settings(self._bootstrap, membership)), member)
        try:
            lane.subscribe(membership.topics)
            while not self._halt.is_set():
                lane.step()
        except KafkaException as error:
            leave_process(error.args[0].name())
        finally:
            watchdog.stop()
        lane.close()


class _Lane:
    """What one consumer has fetched, on its way through the member; one thread's only."""

    def __init__(self, consumer: Consumer, member: GroupMember) -> None:
        self._consumer = consumer
        self._member = member
        self._fetched: list[NativeMessage] = []
        # Given to us, but not yet begun with.
        self._given: Sequence[TopicPartition] = ()
        self._done: dict[Place, int] = {}
        self._committed_at = monotonic()

    def subscribe(self, topics: Sequence[str]) -> None:
        """Join the group."""
        self._consumer.subscribe(list(topics), on_assign=self._on_assign, on_revoke=self._on_revoke)

    def step(self) -> None:
        """Fetch what is there, have it processed, say how far that came."""
        if self._given:
            self._begin()
        begun = monotonic()
        batch = self._next_batch()
        if batch:
            if self._process(batch):
                self._note(batch)
            if len(batch) < BATCH:
                wait(rest_after(begun))
        self._say_how_far()

    def close(self) -> None:
        """Leave; a member with a name of its own keeps its place until its session ends."""
        self._say_how_far(now=True)
        self._consumer.close()

    def _next_batch(self) -> Sequence[NativeMessage]:
        if not self._fetched:
            self._fetch(_LONGEST_POLL_S)
        batch, self._fetched = self._fetched[:BATCH], self._fetched[BATCH:]
        return batch

    def _fetch(self, patience_s: float) -> None:
        """Wait for one message, then take what else is there: `consume` alone waits to fill."""
        first = self._consumer.poll(patience_s)
        if first is None:
            return
        for message in (first, *self._consumer.consume(BATCH - 1, 0)):
            error = message.error()
            if error is None:
                self._fetched.append(message)
            else:
                _complain(error)

    def _process(self, batch: Sequence[NativeMessage]) -> bool:
        """Have the batch processed, and stay a member while that takes its time."""
        done = self._member.process(partial(_records, batch))
        wait_for([done], _SERVE_EVERY_S)
        if not done.done():
            self._consumer.pause(self._consumer.assignment())
            while not done.done():
                self._fetch(0)
                wait_for([done], _SERVE_EVERY_S)
            self._consumer.resume(self._consumer.assignment())
        return done.result()

    def _note(self, batch: Sequence[NativeMessage]) -> None:
        for message in batch:
            self._done[message.topic() or "", message.partition() or 0] = (
                message.offset() or 0
            ) + 1

    def _say_how_far(self, *, now: bool = False) -> None:
        if not self._done or not (now or monotonic() - self._committed_at > COMMIT_EVERY_S):
            return
        offsets = [TopicPartition(*place, offset) for place, offset in self._done.items()]
        self._done.clear()
        self._committed_at = monotonic()
        try:
            if now:
                self._consumer.commit(offsets=offsets, asynchronous=False)
            else:
                self._consumer.commit(offsets=offsets, asynchronous=True)
        except KafkaException as error:
            # Nobody relies on it: the database knows.
            log("offsets-not-committed", error=error.args[0].name())

    def _on_assign(self, consumer: Consumer, partitions: Sequence[TopicPartition]) -> None:
        self._fetched.clear()
        self._given = tuple(partitions)
        consumer.assign([])

    def _begin(self) -> None:
        """Follow what we were given from the end on; tried again while the broker does not say."""
        try:
            begins = {(one.topic, one.partition): self._end(one) for one in self._given}
        except KafkaException as error:
            log("bus-unavailable", error=error.args[0].name())
            return
        self._given = ()
        self._consumer.assign([TopicPartition(*place, end) for place, end in begins.items()])
        self._member.assigned(begins)

    def _end(self, partition: TopicPartition) -> int:
        ends = self._consumer.get_watermark_offsets(partition, timeout=_LOOK_AGAIN_S * 4)
        return ends[1]

    def _on_revoke(self, _consumer: Consumer, _partitions: Sequence[TopicPartition]) -> None:
        # What was fetched comes again to whoever has the partition next.
        self._fetched.clear()
        self._given = ()
        self._done.clear()
        self._member.revoked()


def _settings(bootstrap: str, membership: Membership) -> dict[str, Any]:
    return {
        **client_settings(bootstrap, membership.instance),
        "group.id": membership.group,
        # A member that comes back within the session gets its partitions back without a rebalance.
        "group.instance.id": membership.instance,
        "partition.assignment.strategy": "range",
        "session.timeout.ms": int(SESSION_S * 1_000),
        "heartbeat.interval.ms": int(SESSION_S * 1_000 / 3),
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "earliest",
        "allow.auto.create.topics": False,
        "isolation.level": "read_uncommitted",
        "fetch.wait.max.ms": 500,
        "fetch.error.backoff.ms": 50,
        "queued.max.messages.kbytes": 16_384,
    }


def _records(batch: Sequence[NativeMessage], topic_ids: Mapping[str, str]) -> Sequence[Record]:
    return [record_of(topic_ids[message.topic() or ""], message) for message in batch]


def _complain(error: KafkaError) -> None:
    """End the process where the client will never deliver again; the rest passes by itself."""
    # A place still held by a member that is dead comes as a message that says it is not fatal.
    if error.fatal() or error.code() == KafkaError._FATAL:  # noqa: SLF001 -- its public name
        leave_process(error.name())
    warn("kafka-client-complains", name="subscriber", error=error.name())
