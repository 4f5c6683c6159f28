"""Delivers events with Faust, used to fetch and to belong to a group, and for nothing else.

Used as documented Faust loses events: it acknowledges what an agent failed to do, and a stream
that has failed twice delivers nothing more. So nothing ever leaves our one agent: whatever goes
wrong ends the process, and the database, not Kafka, says where the next one goes on.

Faust begins at the end of the log: what lies before it the intake reads from the database's
position on. A record that Faust cannot even fetch ends the process once, and then lies behind it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar, cast

import uvloop
from faust import App, Stream
from faust.types import TP, EventT, StreamT
from faust.types.core import HeadersArg
from faust.types.tuples import Message

from services.chassis.bus import Headers, Intake, Record
from services.chassis.clock import monotonic
from services.chassis.kafka_admin import KafkaAdmin
from services.chassis.kafka_faust_app import FaustApp, faust_app
from services.chassis.kafka_member import GroupMember, Membership, leave_process
from services.chassis.kafka_watchdog import Watchdog
from services.chassis.logs import log, warn
from services.chassis.pace import rest_after
from services.chassis.work_thread import WorkThread

T = TypeVar("T")

BATCH: Final = 1_000
# How long what has come waits for more.
WITHIN_S: Final = 0.002
_STOP_S: Final = 2.5
_LAST_BATCH_S: Final = 1.5
_PAUSE_S: Final = 0.25


class FaustSubscriber:
    """Follows topics as member number `slot` of a group; one slot never runs twice at once."""

    def __init__(self, bootstrap: str, group: str, topics: Sequence[str], slot: int = 0) -> None:
        self._bootstrap = bootstrap
        self._membership = Membership(group, slot, tuple(topics))
        self._work = WorkThread(f"{group}-work")
        self._engine: _Engine | None = None
        self._stop_at: float | None = None

    @property
    def assigned(self) -> bool:
        """Whether partitions are assigned and caught up."""
        return self._engine is not None and self._engine.member.sight.topic_ids is not None

    def run(self, intake: Intake) -> None:
        """Deliver until `stop` is called; any exception of the intake ends the process."""
        admin = KafkaAdmin(self._bootstrap)
        member = GroupMember(self._membership, admin, intake, self._work)
        self._engine = engine = _Engine(member, self._bootstrap)
        name = f"{self._membership.group}-faust"
        thread = threading.Thread(target=engine.run, name=name, daemon=True)
        thread.start()
        if self._stop_at is not None:
            engine.stop()
        # In slices, so that a signal's handler gets its turn.
        while thread.is_alive() and self._time_left() > 0:
            thread.join(_PAUSE_S)
        member.close()
        if not self._work.close(max(0.1, self._time_left())) or thread.is_alive():
            warn("stopped-in-the-middle", reason="the batch in hand or the broker took too long")

    def stop(self) -> None:
        """Ask `run` to return after the batch in hand, in 3 seconds at most."""
        self._stop_at = monotonic()
        if self._engine is not None:
            self._engine.stop()

    def _time_left(self) -> float:
        return _STOP_S if self._stop_at is None else self._stop_at + _STOP_S - monotonic()


class _Engine:
    """Faust and its event loop, in a thread of their own."""

    def __init__(self, member: GroupMember, bootstrap: str) -> None:
        self.member = member
        self._bootstrap = bootstrap
        self._loop = uvloop.new_event_loop()
        self._halt = asyncio.Event()
        # Between the loss of partitions and the next assignment nothing is handed on.
        self._open = asyncio.Event()
        self._idle = asyncio.Event()
        self._filled = asyncio.Event()
        self._room = asyncio.Event()
        self._waiting: list[EventT[bytes]] = []

    def run(self) -> None:
        """Deliver until `stop` is called."""
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._serve())
        except BaseException as error:  # noqa: BLE001 -- no failure of Faust may be survived
            if not self._halt.is_set():
                leave_process(type(error).__name__)
            warn("stopped-in-the-middle", reason=type(error).__name__)

    def stop(self) -> None:
        """Ask `run` to return; from any thread, or a signal's handler."""
        with contextlib.suppress(RuntimeError):  # the loop has just been closed
            self._loop.call_soon_threadsafe(self._halt.set)

    async def _serve(self) -> None:
        if not await self._may_join():
            return
        membership = self.member.membership
        watchdog = Watchdog(
            membership.group, membership.topics, lambda: self.member.sight, leave_process
        )
        watchdog.start(KafkaAdmin(self._bootstrap))
        app = self._app()
        live = asyncio.create_task(_live(app))
        deliver = asyncio.create_task(self._deliver())
        halt = asyncio.create_task(self._halt.wait())
        await asyncio.wait({live, deliver, halt}, return_when=asyncio.FIRST_COMPLETED)
        watchdog.stop()
        if not self._halt.is_set():
            reason = _reason(live) or _reason(deliver) or app.crash_reason
            leave_process(f"Faust has ended: {type(reason).__name__}")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), _LAST_BATCH_S)
        await app.stop()

    async def _may_join(self) -> bool:
        """Wait for the broker and the topics: without them Faust would end the process."""
        halt = asyncio.create_task(self._halt.wait())
        said = False
        while not self._halt.is_set():
            look = asyncio.wrap_future(self.member.lacks())
            either: set[asyncio.Future[Any]] = {look, halt}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not look.done():
                break
            if not look.result():
                return True
            if not said:
                log("waits-for-broker", reason=look.result())
                said = True
            await asyncio.wait({halt}, timeout=_PAUSE_S)
        return False

    def _app(self) -> FaustApp:
        app = faust_app(self._bootstrap, self.member.membership)
        app.loop = asyncio.get_running_loop()
        app.agent(app.topic(*self.member.membership.topics, key_type=bytes, value_type=bytes))(
            self._collect
        )
        app.on_partitions_revoked.connect(self._on_revoked)
        app.on_rebalance_complete.connect(self._on_assigned)
        app.finalize()
        return app

    async def _on_revoked(self, app: FaustApp, /, *_revoked: set[TP], **_: object) -> None:
        self._open.clear()
        # Faust seeks once more before the next assignment: not back to where this one began.
        app.begins = {}
        # Never acknowledged, so they come again to whoever has the partition next.
        self._waiting = []
        self.member.revoked()

    async def _on_assigned(self, app: FaustApp, /, *_assigned: object, **_: object) -> None:
        generation, mine = app.consumer_generation_id, app.consumer.assignment()
        ends = await app.consumer.highwaters(*mine) if mine else {}
        if app.consumer_generation_id != generation:
            return
        app.begins = ends
        self.member.assigned({(place.topic, place.partition): end for place, end in ends.items()})
        self._open.set()

    async def _collect(self, stream: StreamT[bytes]) -> None:
        """Take what Faust fetches while the work thread is busy with what came before."""
        try:
            async for events in cast("Stream[bytes]", stream).noack_take(BATCH, within=WITHIN_S):
                self._waiting.extend(cast("Sequence[EventT[bytes]]", events))
                self._filled.set()
                if len(self._waiting) >= BATCH:
                    self._room.clear()
                    await self._room.wait()
        except (asyncio.CancelledError, GeneratorExit):
            raise
        except BaseException as error:  # noqa: BLE001 -- what escapes an agent is lost
            leave_process(type(error).__name__)

    async def _deliver(self) -> None:
        """Hand on batch after batch, and acknowledge each, in order, when it is durably done."""
        while not self._halt.is_set():
            self._idle.set()
            await self._filled.wait()
            await self._open.wait()
            batch = self._next_batch()
            if not batch:
                continue
            self._idle.clear()
            begun = monotonic()
            records = partial(_records, [event.message for event in batch])
            if await asyncio.wrap_future(self.member.process(records)):
                for event in batch:
                    event.ack()
            if len(batch) < BATCH:
                await asyncio.sleep(rest_after(begun))
        self._idle.set()

    def _next_batch(self) -> Sequence[EventT[bytes]]:
        size = _rising(self._waiting[:BATCH])
        batch, self._waiting = self._waiting[:size], self._waiting[size:]
        if not self._waiting:
            self._filled.clear()
        self._room.set()
        return batch


async def _live(app: App) -> None:
    await app.start()
    await app.wait_until_stopped()


def _reason(task: asyncio.Task[None]) -> BaseException | None:
    return task.exception() if task.done() and not task.cancelled() else None


def _rising(events: Sequence[EventT[bytes]]) -> int:
    """Count the events before the first that steps back in its partition.

    Around a rebalance something that was on its way can come before what is fetched again.
    """
    last: dict[TP, int] = {}
    for count, event in enumerate(events):
        place, offset = event.message.tp, event.message.offset
        if offset <= last.get(place, -1):
            return count
        last[place] = offset
    return len(events)


def _records(messages: Sequence[Message], topic_ids: Mapping[str, str]) -> Sequence[Record]:
    return [
        Record(
            topic=message.topic,
            topic_id=topic_ids[message.topic],
            partition=message.partition,
            offset=message.offset,
            key=message.key,
            headers=_headers(message.headers),
            value=message.value,
        )
        for message in messages
    ]


def _headers(headers: HeadersArg | None) -> Headers:
    pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
    return tuple((name, value or b"") for name, value in pairs)
