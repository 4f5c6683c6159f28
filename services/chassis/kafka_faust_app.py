"""Sets Faust up as the thin layer it is for us: no web, no files, no monitor, no own topics."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar, cast

import faust
import uvloop
from faust.transport.consumer import ThreadDelegateConsumer
from faust.transport.drivers.aiokafka import Consumer
from faust.types import TP
from faust.types.transports import ConsumerT
from mode.threads import ServiceThread, WorkerThread
from mode.types import ServiceT
from mode.utils.times import want_seconds

from services.chassis.clock import monotonic
from services.chassis.kafka_member import Membership
from services.chassis.kafka_native import SILENCE_S
from services.chassis.logs import warn
from services.chassis.pace import LONGEST_REST_S

T = TypeVar("T")

_FAUST_LOG: Final = logging.getLogger("faust")
SESSION_S: Final = 6.0
_QUIET_S: Final = 30.0
# Not needed as far as we know: should a signal ever be missed, this is how long an event rests.
_LONGEST_WAIT_S: Final = 0.5
# Records of a fetch that are worth waiting for more.
_FEW: Final = 100


class _DaemonThread(WorkerThread):
    """Does not keep the process alive: with the broker away Faust's consumer never ends."""

    def __init__(self, service: ServiceThread) -> None:
        super().__init__(service)
        self.daemon = True


class _Consumer(Consumer):
    """Begins where it is told to, and hands a message on at once where nothing stands in its way.

    Faust makes two tasks for every message, so that a rebalance can interrupt one that has to wait:
    a third of its cost. With room in the queue and the flow open none has to.
    """

    app: FaustApp
    logger = _FAUST_LOG
    _rests_until = 0.0

    async def perform_seek(self) -> None:
        await super().perform_seek()
        mine = self.assignment()
        # What Kafka was told may lie behind, or, moved by somebody, beyond the end: then nothing
        # would be fetched before the log has grown as far.
        elsewhere = {
            place: begin
            for place, begin in self.app.begins.items()
            if place in mine and begin != (self._committed_offset.get(place) or 0)
        }
        if elsewhere:
            await self.seek_wait(elsewhere)
            # Else it would wait for what lies between to be acknowledged.
            self._committed_offset.update(elsewhere)

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:  # noqa: ASYNC109 -- Faust's
        # Fewer, larger fetches on a busy bus; where it is quiet, an event waits for nothing.
        await asyncio.sleep(max(0.0, self._rests_until - monotonic()))
        records = await super()._getmany(active_partitions, timeout)
        if 0 < sum(map(len, records.values())) < _FEW:
            self._rests_until = monotonic() + LONGEST_REST_S
        return records

    async def wait_first(self, *coros: Any, timeout: object = None) -> Any:  # noqa: ASYNC109 -- Faust's
        if not self.flow_active or any(channel.queue.full() for channel in self.app.topics):
            return await super().wait_first(*coros, timeout=cast("float", timeout))
        handing_on, suspended = coros
        suspended.close()
        return await handing_on


class FaustApp(faust.App):
    """Faust without the parts that leave traces or cost time.

    `begins`: per partition the first offset that is wanted from Faust at all.
    """

    logger = _FAUST_LOG
    begins: Mapping[TP, int] = MappingProxyType({})

    def _create_directories(self) -> None:
        """Keep nothing in files: there are no tables."""

    def on_init_dependencies(self) -> Iterable[ServiceT]:
        services = super().on_init_dependencies()
        # Its hooks run several times for every event and nobody reads them.
        self.sensors.remove(self.monitor)
        return services

    def _new_consumer(self) -> ConsumerT:
        # It makes a loop for a thread of its own, by the policy of which there is one a process.
        self.transport.Consumer = _Consumer  # type: ignore[misc]  # Faust asks the instance
        before = asyncio.get_event_loop_policy()
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
        try:
            consumer = cast("ThreadDelegateConsumer", super()._new_consumer())
        finally:
            asyncio.set_event_loop_policy(before)
        consumer._thread.Worker = _DaemonThread  # noqa: SLF001 -- there is no other way to it
        return consumer


class _PromptStream(faust.Stream[bytes]):
    """Ends the wait for a batch soon after something has come.

    Faust waits a batch's time out, 200 times a second for nothing, and 5 ms for an event: the
    longest part of its way on a quiet day.
    """

    logger = _FAUST_LOG

    def __post_init__(self) -> None:
        super().__post_init__()
        self._arrived = asyncio.Event()

    async def on_merge(self, value: T | None = None) -> T | None:
        self._arrived.set()
        return value

    async def wait_for_stopped(self, *_coros: object, timeout: object = None) -> bool:  # noqa: ASYNC109 -- Faust's
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._arrived.wait(), _LONGEST_WAIT_S)
        self._arrived.clear()
        await asyncio.sleep(want_seconds(cast("float", timeout)))
        return bool(self.should_stop)


class _OutageHandler(logging.Handler):
    """Says once in a while that the client complains: in an outage it does 30 times a second."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._silent_until: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        now = monotonic()
        if now >= self._silent_until.get(record.name, 0.0):
            self._silent_until[record.name] = now + _QUIET_S
            warn("kafka-client-complains", name=record.name, code=record.levelname.lower())


_OUTAGES: Final = _OutageHandler()


def faust_app(bootstrap: str, membership: Membership) -> FaustApp:
    """Make an application that takes this place in its group."""
    _keep_quiet()
    return FaustApp(
        membership.group,
        broker=";".join(f"kafka://{server}" for server in bootstrap.split(",")),
        broker_client_id=f"alongside-{membership.instance}",
        # A member that comes back within the session gets its partitions back without a rebalance.
        consumer_group_instance_id=membership.instance,
        broker_session_timeout=SESSION_S,
        # A link that died without a word is noticed by an answer that does not come (default 90 s).
        broker_request_timeout=SILENCE_S,
        broker_heartbeat_interval=SESSION_S / 3,
        broker_rebalance_timeout=SESSION_S,
        broker_commit_interval=1.0,
        processing_guarantee="at_least_once",
        consumer_auto_offset_reset="earliest",
        # Only with acknowledgements by hand: a stop must not wait for a batch that hangs.
        stream_wait_empty=False,
        stream_publish_on_commit=False,
        key_serializer="raw",
        value_serializer="raw",
        producer_threaded=False,
        table_standby_replicas=0,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        # Takes what lies in the queue without a turn of the loop for each.
        cython_optimizations=True,
        autodiscover=False,
        Stream=_PromptStream,
    )


def _keep_quiet() -> None:
    # Faust warns at every rebalance that nobody counts it.
    levels = {"faust": logging.ERROR, "mode": logging.ERROR, "aiokafka": logging.WARNING}
    for name, level in levels.items():
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.propagate = False
        if _OUTAGES not in logger.handlers:
            logger.addHandler(_OUTAGES)
