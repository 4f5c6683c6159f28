"""Delivers events with Faust, used to fetch and to belong to a group, and for nothing else.

Used as documented Faust loses events: it acknowledges what an agent failed to do, and a stream
that has failed twice delivers nothing more. So nothing ever leaves our one agent: whatever goes
wrong ends the process, and the database, not Kafka, says where the next one goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, Final, NoReturn, TypeVar

import uvloop
from faust import App
from faust.types import TP, EventT, StreamT
from faust.types.tuples import Message

from services.chassis.bus import Headers, Intake, Partition, Record, TopicState
from services.chassis.clock import monotonic, wait
from services.chassis.errors import BusUnavailable, Misconfigured
from services.chassis.kafka_admin import KafkaAdmin
from services.chassis.kafka_faust_app import faust_app
from services.chassis.kafka_native import NativeTopics
from services.chassis.kafka_watchdog import Sight, Watchdog
from services.chassis.logs import log, warn
from services.chassis.work_thread import WorkThread

T = TypeVar("T")

EXIT_RESTART: Final = 70
EXIT_MISCONFIGURED: Final = 2
BATCH: Final = 1_000
# Faust waits this out unless a batch fills: it is most of the way of an event on a quiet day.
WITHIN_S: Final = 0.005
_STOP_S: Final = 2.8
_LAST_BATCH_S: Final = 1.5
_PAUSE_S: Final = 0.25


class FaustSubscriber:
    """One member of a group, with an event loop, a thread for durable work and a watchdog."""

    def __init__(self, bootstrap: str, group: str, topics: Sequence[str], slot: int = 0) -> None:
        self._bootstrap = bootstrap
        self._group = group
        self._topics = list(topics)
        self._slot = slot
        self._worker = WorkThread(f"{group}-work")
        self._intake: Intake | None = None
        self._stop_at: float | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._halt = asyncio.Event()
        self._open = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._room = asyncio.Event()
        self._filled = asyncio.Event()
        self._waiting: list[EventT[bytes]] = []
        self._lock = threading.Lock()
        self._assignment = 0
        self._sight = Sight(None, {}, 0, catching_up=False)
        # Of the work thread alone:
        self._admin: KafkaAdmin | None = None
        self._topic_ids: Mapping[str, str] = {}

    @property
    def assigned(self) -> bool:
        """Whether partitions are assigned and caught up."""
        return self._sight.topic_ids is not None

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Do other durable work in the thread in which the intake is called."""
        return self._worker.submit(work)

    def run(self, intake: Intake) -> None:
        """Deliver until `stop` is called; any exception of the intake ends the process."""
        self._intake = intake
        watchdog = Watchdog(self._topics, lambda: self._sight, self._leave)
        engine = threading.Thread(
            target=self._engine, args=(watchdog,), name=f"{self._group}-faust", daemon=True
        )
        engine.start()
        # In slices, so that a signal's handler gets its turn.
        while engine.is_alive() and self._time_left() > 0:
            engine.join(_PAUSE_S)
        watchdog.stop()
        self.submit(self._hang_up)
        if not self._worker.close(max(0.1, self._time_left())) or engine.is_alive():
            warn("stopped-in-the-middle", reason="the batch in hand or the broker took too long")

    def stop(self) -> None:
        """Ask `run` to return after the batch in hand, in 3 seconds at most."""
        self._stop_at = monotonic()
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # it has just been closed
                loop.call_soon_threadsafe(self._halt.set)

    def _time_left(self) -> float:
        return _STOP_S if self._stop_at is None else self._stop_at + _STOP_S - monotonic()

    def _leave(self, reason: str, code: int = EXIT_RESTART) -> NoReturn:
        """End the process here and now: nothing is acknowledged, the launcher starts it anew."""
        warn("worker-leaves", reason=reason, exit=code)
        sys.stderr.flush()
        sys.stdout.flush()
        os._exit(code)

    # The event loop ---------------------------------------------------------------------------

    def _engine(self, watchdog: Watchdog) -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._serve(watchdog))
        except BaseException as error:  # noqa: BLE001 -- nothing of Faust may be survived
            self._leave(type(error).__name__)

    async def _serve(self, watchdog: Watchdog) -> None:
        self._loop = asyncio.get_running_loop()
        if self._stop_at is not None or not await self._topics_are_there():
            return
        watchdog.start(lambda: NativeTopics(self._bootstrap))
        app = self._app()
        life = asyncio.create_task(_live(app))
        deliver = asyncio.create_task(self._deliver())
        halt = asyncio.create_task(self._halt.wait())
        await asyncio.wait({life, halt, deliver}, return_when=asyncio.FIRST_COMPLETED)
        if not self._halt.is_set():
            self._leave(f"Faust ended: {type(app.crash_reason).__name__}")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), _LAST_BATCH_S)
        await app.stop()
        life.cancel()

    async def _topics_are_there(self) -> bool:
        """Wait for the broker and the topics: Faust would end the process without them."""
        said = False
        topics = NativeTopics(self._bootstrap)
        halt = asyncio.create_task(self._halt.wait())
        while not self._halt.is_set():
            look = asyncio.wrap_future(self.submit(partial(_missing, topics, self._topics)))
            await asyncio.wait({look, halt}, return_when=asyncio.FIRST_COMPLETED)
            if look.done() and not look.result():
                return True
            if not said and look.done():
                log("waits-for-broker", reason=look.result())
                said = True
            await asyncio.wait({halt}, timeout=_PAUSE_S)
        return False

    def _app(self) -> App:
        app = faust_app(self._bootstrap, self._group, self._slot)
        app.loop = asyncio.get_running_loop()
        app.agent(app.topic(*self._topics, key_type=bytes, value_type=bytes))(self._collect)
        app.on_partitions_revoked.connect(self._on_revoked)
        app.on_partitions_assigned.connect(self._on_assigned)
        app.finalize()
        return app

    async def _on_revoked(self, _app: App, _revoked: set[TP], **_: Any) -> None:
        self._open.clear()
        self._waiting = []
        with self._lock:
            self._assignment += 1
            self._sight = Sight(None, {}, self._sight.steps, catching_up=False)

    async def _on_assigned(self, _app: App, assigned: set[TP], **_: Any) -> None:
        partitions = sorted((tp.topic, tp.partition) for tp in assigned)
        self.submit(partial(self._take_over, partitions, self._assignment))
        self._open.set()

    async def _collect(self, stream: StreamT[bytes]) -> None:
        """Take what Faust fetched, while the work thread is busy with what came before; never fail."""
        try:
            async for events in stream.noack_take(BATCH, within=WITHIN_S):
                await self._open.wait()
                self._waiting.extend(events)
                self._filled.set()
                if len(self._waiting) >= BATCH:
                    self._room.clear()
                    await self._room.wait()
        except (asyncio.CancelledError, GeneratorExit):
            raise
        except BaseException as error:  # noqa: BLE001 -- what escapes an agent is lost
            self._leave(type(error).__name__)

    async def _deliver(self) -> None:
        """Hand batches to the work thread, and acknowledge each in order when it is done."""
        while True:
            self._idle.set()
            await self._filled.wait()
            await self._open.wait()
            if self._halt.is_set():
                return
            batch = self._next_batch()
            if batch:
                self._idle.clear()
                messages = [event.message for event in batch]
                done = self.submit(partial(self._process, messages))
                if await asyncio.shield(asyncio.wrap_future(done)):
                    for event in batch:
                        event.ack()

    def _next_batch(self) -> Sequence[EventT[bytes]]:
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        if not self._waiting:
            self._filled.clear()
            self._room.set()
        return batch

    # The work thread --------------------------------------------------------------------------

    def _process(self, messages: Sequence[Message]) -> bool:
        if any(message.topic not in self._topic_ids for message in messages):
            return False
        records = [_record(message, self._topic_ids[message.topic]) for message in messages]
        self._intake_does(lambda intake: intake.process(records))
        ends = {(record.topic, record.partition): record.offset + 1 for record in records}
        with self._lock:
            following = {
                place: max(wanted, ends.get(place, 0))
                for place, wanted in self._sight.following.items()
            }
            steps = self._sight.steps + 1
            self._sight = Sight(self._sight.topic_ids, following, steps, catching_up=False)
        return True

    def _take_over(self, places: Sequence[tuple[str, int]], assignment: int) -> None:
        """Read the topics' identities once, and let the intake catch up from its positions."""
        found = self._look(assignment)
        if found is None:
            return
        states, committed = found
        self._topic_ids = {name: state.topic_id for name, state in states.items()}
        if any(topic not in states for topic, _ in places):
            self._leave("a topic is gone")
        with self._lock:
            steps = self._sight.steps
            self._sight = Sight(None, {}, steps, catching_up=True)
        partitions = [Partition(topic, states[topic].topic_id, n) for topic, n in places]
        self._intake_does(lambda intake: intake.assigned(partitions))
        with self._lock:
            if assignment == self._assignment:
                following = {place: committed.get(place, 0) for place in places}
                self._sight = Sight(self._topic_ids, following, steps + 1, catching_up=False)
        log("assigned", count=len(places))

    def _hang_up(self) -> None:
        if self._admin is not None:
            self._admin.close()

    def _look(
        self, assignment: int
    ) -> tuple[Mapping[str, TopicState], Mapping[tuple[str, int], int]] | None:
        if self._admin is None:
            self._admin = KafkaAdmin(self._bootstrap)
        while assignment == self._assignment and self._stop_at is None:
            try:
                states = self._admin.describe(self._topics)
                return states, self._admin.committed(self._group, self._topics)
            except BusUnavailable as error:
                log("bus-unavailable", error=str(error))
                wait(_PAUSE_S)
        return None

    def _intake_does(self, act: Callable[[Intake], None]) -> None:
        assert self._intake is not None  # noqa: S101 -- `run` sets it
        try:
            act(self._intake)
        except Misconfigured as error:
            self._leave(str(error), EXIT_MISCONFIGURED)
        except BaseException as error:  # noqa: BLE001 -- see the port: it ends the process
            self._leave(type(error).__name__)


async def _live(app: App) -> None:
    await app.start()
    await app.wait_until_stopped()


def _missing(admin: NativeTopics, topics: Sequence[str]) -> str:
    """Say in a few words what is missing before a start makes sense; nothing when all is there."""
    try:
        missing = set(topics) - admin.describe(topics).keys()
    except BusUnavailable:
        return "the broker does not answer"
    return f"missing topics: {', '.join(sorted(missing))}" if missing else ""


def _record(message: Message, topic_id: str) -> Record:
    return Record(
        topic=message.topic,
        topic_id=topic_id,
        partition=message.partition,
        offset=message.offset,
        key=message.key,
        headers=_headers(message.headers),
        value=message.value,
    )


def _headers(headers: Any) -> Headers:
    pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
    return tuple((name, value or b"") for name, value in pairs)
