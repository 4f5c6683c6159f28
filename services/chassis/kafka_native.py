"""Kafka through librdkafka: the relay's publisher, and reading without a group; the fast client."""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from confluent_kafka import (
    OFFSET_INVALID,
    Consumer,
    KafkaError,
    KafkaException,
    Producer,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka import Message as NativeMessage
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._listoffsets import OffsetSpec
from confluent_kafka.admin._topic import TopicDescription

from services.chassis.bus import Headers, Message, Partition, Placed, Record, TopicState
from services.chassis.clock import monotonic, wait
from services.chassis.errors import BusUnavailable, Misconfigured
from services.chassis.logs import warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

T = TypeVar("T")

ANSWER_DEADLINE_S: Final = 5.0
SILENCE_S: Final = 10.0
"""After so long without an answer a connection is given up; no answer is held back for so long."""
# Shorter than the relay's lease (15 s): whoever has lost the lease has nothing on its way.
DELIVERY_DEADLINE_S: Final = 8.0
CHUNK: Final = 1_000
_QUIET_S: Final = 30.0
_BY_KEY: Final = -1
_BY_CLOCK: Final = 0
_PAUSE_S: Final = 0.02
_GONE: Final = frozenset({KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError.UNKNOWN_TOPIC_ID})
_MOVING: Final = frozenset(
    {
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.FENCED_LEADER_EPOCH,
        KafkaError.UNKNOWN_LEADER_EPOCH,
    }
)


_FOR_A_PERSON: Final = frozenset(
    {
        KafkaError.TOPIC_EXCEPTION,
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    }
)


class _Moving(BusUnavailable):
    """The leader of a partition is just changing, or the topic is just being made."""


class OutageLog:
    """Logs an outage once in a while: librdkafka reports every failed attempt to connect."""

    def __init__(self, client: str) -> None:
        self._client = client
        self._silent_until = 0.0

    def __call__(self, error: KafkaError) -> None:
        """Take a report of librdkafka."""
        now = monotonic()
        if error.fatal() or now >= self._silent_until:
            self._silent_until = now + _QUIET_S
            warn("kafka-client-complains", name=self._client, error=error.name())


def client_settings(bootstrap: str, client: str) -> dict[str, Any]:
    """Return what every librdkafka client of ours has in common."""
    return {
        "bootstrap.servers": bootstrap,
        "client.id": f"alongside-{client}",
        "reconnect.backoff.max.ms": 1_000,
        "socket.connection.setup.timeout.ms": 5_000,
        # A link that died without a word is noticed by an answer that does not come (default 60 s).
        "socket.timeout.ms": int(SILENCE_S * 1_000),
        "topic.metadata.refresh.interval.ms": 10_000,
        # The errors come through error_cb; the log lines would go to standard error, many a second.
        "log_level": 2,
        "error_cb": OutageLog(client),
    }


class NativePublisher:
    """Idempotent, in order, every message acknowledged by all replicas.

    After any failure a publisher is used up: what was on its way may or may not have arrived.
    """

    def __init__(self, bootstrap: str) -> None:
        self._used_up = False
        self._producer = Producer(
            {
                **client_settings(bootstrap, "publisher"),
                "enable.idempotence": True,
                "acks": "all",
                # The partitioner of Java and of aiokafka: the same key, the same partition.
                "partitioner": "murmur2_random",
                "linger.ms": 1,
                # How long a topic may be unknown before that is believed (default 30 s).
                "topic.metadata.propagation.max.ms": 3_000,
                "delivery.timeout.ms": int(DELIVERY_DEADLINE_S * 1_000),
                "request.timeout.ms": int(ANSWER_DEADLINE_S * 1_000),
            }
        )

    def publish(self, messages: Sequence[Message]) -> Sequence[Placed]:
        """Send all, in order, and wait until every one is acknowledged by all replicas.

        Raises:
            BusUnavailable: nothing may be assumed about any of the messages; make a new publisher.
        """
        if self._used_up:
            msg = "this publisher has failed before"
            raise BusUnavailable(msg)
        self._used_up = True
        placed: dict[int, Placed] = {}
        failures: list[str] = []
        try:
            for index, message in enumerate(messages):
                self._produce(message, partial(_note, placed, failures, index))
            self._producer.flush(DELIVERY_DEADLINE_S + 1)
        except (KafkaException, BufferError) as error:
            raise _unavailable("publish", error) from error
        if failures or len(placed) < len(messages):
            reason = failures[0] if failures else "not acknowledged in time"
            msg = f"kafka publish: {reason}"
            raise BusUnavailable(msg)
        self._used_up = False
        return [placed[index] for index in range(len(messages))]

    def close(self) -> None:
        """Let go of connections; what is still on its way is given up."""
        self._used_up = True
        self._producer.purge()
        self._producer.flush(0)

    def _produce(self, message: Message, on_delivery: partial[None]) -> None:
        self._producer.produce(
            message.topic,
            value=message.value,
            key=message.key,
            headers=list(message.headers),
            on_delivery=on_delivery,
            partition=_BY_KEY if message.partition is None else message.partition,
            timestamp=message.stamp_ms or _BY_CLOCK,
        )


def _note(
    placed: dict[int, Placed],
    failures: list[str],
    index: int,
    error: KafkaError | None,
    message: NativeMessage,
) -> None:
    partition, offset = message.partition(), message.offset()
    if error is not None or partition is None or offset is None or offset < 0:
        failures.append(error.name() if error else "acknowledged without an offset")
    else:
        placed[index] = Placed(partition, offset)


class NativeTopics:
    """Says how topics stand; a relay asks before it sends, so it must be quick."""

    def __init__(self, bootstrap: str) -> None:
        self._client = AdminClient(client_settings(bootstrap, "topics"))

    def describe(self, topics: Sequence[str]) -> Mapping[str, TopicState]:
        """Say how the topics stand; a topic that does not exist is absent from the answer.

        Identity and ends are two questions: a topic renewed in between has the new one's ends.

        Raises:
            BusUnavailable: the broker did not answer in time.
            Misconfigured: a name is none, or we may not know.
        """
        deadline = monotonic() + ANSWER_DEADLINE_S
        while True:
            try:
                return self._states(topics)
            except _Moving:
                if monotonic() >= deadline:
                    raise
                wait(_PAUSE_S)

    def topic_ids(self, topics: Sequence[str]) -> Mapping[str, str]:
        """Say which incarnation of each topic there is; absent topics are left out.

        Raises:
            BusUnavailable: the broker did not answer in time.
        """
        return {name: _identity(topic) for name, topic in self._descriptions(topics).items()}

    def reach(self) -> None:
        """Make sure that the broker answers.

        Raises:
            BusUnavailable: it did not in time.
        """
        try:
            # Not `describe_cluster`: it ends the process when a broker that has just begun answers
            # with no broker at all (librdkafka 2.16: Assertion `rko_result' failed).
            self._client.list_topics(timeout=ANSWER_DEADLINE_S)
        except KafkaException as error:
            raise _unavailable("topics", error) from error

    def _states(self, topics: Sequence[str]) -> Mapping[str, TopicState]:
        descriptions = self._descriptions(topics)
        ends: dict[str, dict[int, int]] = {name: {} for name in descriptions}
        for partition, end in self._ends(descriptions.values()):
            ends[partition.topic][partition.partition] = end
        return {
            name: TopicState(name, _identity(description), ends[name])
            for name, description in descriptions.items()
            if len(ends[name]) == len(description.partitions)
        }

    def _descriptions(self, topics: Sequence[str]) -> Mapping[str, TopicDescription]:
        if not topics:
            return {}
        asked = self._client.describe_topics(
            TopicCollection(list(topics)), request_timeout=ANSWER_DEADLINE_S
        )
        answers = {name: _answer(future) for name, future in asked.items()}
        return {name: answer for name, answer in answers.items() if answer is not None}

    def _ends(
        self, descriptions: Iterable[TopicDescription]
    ) -> Iterator[tuple[TopicPartition, int]]:
        latest = {
            TopicPartition(topic.name, partition.id): OffsetSpec.latest()  # type: ignore[no-untyped-call]
            for topic in descriptions
            for partition in topic.partitions
        }
        if not latest:
            return
        asked = self._client.list_offsets(latest, request_timeout=ANSWER_DEADLINE_S)
        for partition, future in asked.items():
            answer = _answer(future)
            if answer is not None:
                yield partition, answer.offset


class NativeReader:
    """Reads a range of one partition, outside of any consumer group; not shared between threads."""

    def __init__(self, bootstrap: str) -> None:
        self._topics = NativeTopics(bootstrap)
        self._consumer = Consumer(
            {
                **client_settings(bootstrap, "reader"),
                # Asked for by the library; without a subscription no group is joined.
                "group.id": "alongside-reader",
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "enable.partition.eof": True,
                # A hole must be an error here, never a silent jump.
                "auto.offset.reset": "error",
                "isolation.level": "read_uncommitted",
                "fetch.wait.max.ms": 1,
                "queued.max.messages.kbytes": 16_384,
            }
        )

    def read(self, partition: Partition, start: int, end: int) -> Iterator[Sequence[Record]]:
        """Yield the records with start <= offset < end in order, in chunks of at most 1,000.

        What the log no longer has is left out: the caller compares offsets. Of another incarnation
        of the topic than `partition.topic_id` the log has nothing.

        Raises:
            BusUnavailable: the broker did not answer in time.
        """
        position, end = self._range(partition, start, end)
        if position >= end:
            return
        try:
            self._consumer.assign([TopicPartition(partition.topic, partition.number, position)])
            while position < end:
                messages = self._consume(end - position)
                records = [record_of(partition.topic_id, message) for message in messages]
                # Identities never come back: still the same means these are its records.
                if not records or not self._is_there(partition):
                    return
                yield [record for record in records if record.offset < end]
                position = records[-1].offset + 1
        except KafkaException as error:
            raise _unavailable("read", error) from error
        finally:
            self._consumer.unassign()

    def close(self) -> None:
        """Let go of connections."""
        self._consumer.close()

    def _range(self, partition: Partition, start: int, end: int) -> tuple[int, int]:
        if not self._is_there(partition):
            return start, start
        where = TopicPartition(partition.topic, partition.number)
        try:
            low, high = self._consumer.get_watermark_offsets(where, timeout=ANSWER_DEADLINE_S)
        except KafkaException as error:
            raise _unavailable("read", error) from error
        return max(start, low), min(end, high)

    def _is_there(self, partition: Partition) -> bool:
        there = self._topics.topic_ids([partition.topic])
        return there.get(partition.topic) == partition.topic_id

    def _consume(self, wanted: int) -> Sequence[NativeMessage]:
        """Return the next messages; none at the end of the log."""
        got = self._consumer.consume(min(wanted, CHUNK), timeout=ANSWER_DEADLINE_S)
        if not got:
            msg = "kafka read: no record in time"
            raise BusUnavailable(msg)
        messages = []
        for message in got:
            error = message.error()
            if error is None:
                messages.append(message)
            elif error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 -- its public name
                raise KafkaException(error)
        return messages


def record_of(topic_id: str, message: NativeMessage) -> Record:
    return Record(
        topic=message.topic() or "",
        topic_id=topic_id,
        partition=message.partition() or 0,
        offset=_offset(message),
        key=message.key(),
        headers=_headers(message),
        value=message.value(),
    )


def _offset(message: NativeMessage) -> int:
    offset = message.offset()
    return OFFSET_INVALID if offset is None else offset


def _headers(message: NativeMessage) -> Headers:
    """Return the headers; none where a name is not UTF-8, so that the record is laid aside.

    There the library returns a list with a hole in it *and* an error, which a plain call, once the
    interpreter has specialised it, does not see: touching the list would end the process. `map`
    looks at both after each call.
    """
    try:
        found = next(map(NativeMessage.headers, (message,)))
    except (SystemError, UnicodeDecodeError):
        return ()
    pairs = cast("list[tuple[str, bytes | None]] | None", found)
    return tuple((name, value or b"") for name, value in pairs or ())


def _identity(topic: TopicDescription) -> str:
    """Return the topic id as Kafka's own tools write it; librdkafka uses the other base64."""
    return str(topic.topic_id).replace("+", "-").replace("/", "_")


def _answer(future: Future[T]) -> T | None:
    """Wait for an answer of the broker; None when what was asked about does not exist."""
    try:
        return future.result(ANSWER_DEADLINE_S + 1)
    except KafkaException as error:
        code = error.args[0].code()
        if code in _GONE:
            return None
        if code in _MOVING:
            raise _Moving(f"kafka topics: {error.args[0].name()}") from error
        if code in _FOR_A_PERSON:
            raise Misconfigured(f"Kafka refuses: {error.args[0].str()}") from error
        raise _unavailable("topics", error) from error
    except FutureTimeoutError as error:
        raise _unavailable("topics", error) from error


def _unavailable(doing: str, error: Exception) -> BusUnavailable:
    first = error.args[0] if error.args else None
    reason = first.name() if isinstance(first, KafkaError) else type(error).__name__
    return BusUnavailable(f"kafka {doing}: {reason}")
