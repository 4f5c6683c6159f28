"""The fast clients: what is acknowledged lies where they say, and what is asked for comes."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition

from services.chassis.bus import Message, Partition
from services.chassis.errors import BusUnavailable, Misconfigured
from services.chassis.kafka_native import NativePublisher, NativeReader, NativeTopics
from services.launcher.kafka_broker import KafkaBroker
from tests.integration.kafka_kit import new_topic, renew_topic, said, send, state
from tests.machine import JARS
from tests.waiting import until

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]


@pytest.fixture
def publisher(kafka_broker: KafkaBroker) -> Iterator[NativePublisher]:
    with closing(NativePublisher(kafka_broker.bootstrap)) as publisher:
        yield publisher


@pytest.fixture
def reader(kafka_broker: KafkaBroker) -> Iterator[NativeReader]:
    with closing(NativeReader(kafka_broker.bootstrap)) as reader:
        yield reader


@pytest.fixture
def topic(kafka_broker: KafkaBroker) -> str:
    return new_topic(kafka_broker.bootstrap, partitions=1)


def offsets(reader: NativeReader, partition: Partition, start: int, end: int) -> Sequence[int]:
    return [record.offset for chunk in reader.read(partition, start, end) for record in chunk]


def the_only(bootstrap: str, topic: str) -> Partition:
    return Partition(topic, state(bootstrap, topic).topic_id, 0)


def test_offsets_come_back_in_the_order_of_the_messages_and_rise(
    publisher: NativePublisher, topic: str
) -> None:
    first = publisher.publish([said(topic, value) for value in range(2_000)])
    second = publisher.publish([said(topic, 1)])
    # Offset 0 is the genesis record.
    assert [place.offset for place in [*first, *second]] == list(range(1, 2_002))


def test_same_key_lies_where_java_would_put_it(kafka_broker: KafkaBroker) -> None:
    topic = new_topic(kafka_broker.bootstrap, partitions=4)
    keys = (b"21", b"foobar", b"a-little-bit-long-string", b"")
    # murmur2 of these as in the tests of Kafka's own Utils, made positive, modulo 4.
    hashes = (-973932308, -790332482, -985981536, 275646681)
    with closing(NativePublisher(kafka_broker.bootstrap)) as publisher:
        placed = publisher.publish([Message(topic, key, (), b"x") for key in keys])
    assert [place.partition for place in placed] == [(h & 0x7FFFFFFF) % 4 for h in hashes]


def test_record_is_stamped_as_its_message_says_and_else_with_now(
    kafka_broker: KafkaBroker, publisher: NativePublisher, topic: str
) -> None:
    stamped = Message(topic, b"k", (), b"x", stamp_ms=86_400_000)
    publisher.publish([stamped, Message(topic, b"k", (), b"x")])
    with closing(KafkaConsumer(bootstrap_servers=kafka_broker.bootstrap)) as consumer:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        consumer.seek(partition, 1)
        stamps: list[int] = []
        until(lambda: len(_read(consumer, stamps)) == 2, "both are read")
    assert stamps[0] == 86_400_000
    assert stamps[1] > 86_400_000


def _read(consumer: KafkaConsumer, stamps: list[int]) -> list[int]:
    for records in consumer.poll(500).values():
        stamps += [record.timestamp for record in records]
    return stamps


def test_publishing_nothing_is_nothing(publisher: NativePublisher) -> None:
    assert publisher.publish([]) == []


def test_publisher_that_failed_once_is_used_up(publisher: NativePublisher, topic: str) -> None:
    with pytest.raises(BusUnavailable):
        publisher.publish([Message(topic, b"k", (), b"x" * 2_000_000)])
    with pytest.raises(BusUnavailable):
        publisher.publish([said(topic, 1)])


def test_range_comes_in_chunks_and_only_the_range(
    kafka_broker: KafkaBroker, reader: NativeReader, topic: str
) -> None:
    send(kafka_broker.bootstrap, topic, range(2_500))
    partition = the_only(kafka_broker.bootstrap, topic)
    sizes = [len(chunk) for chunk in reader.read(partition, 5, 2_205)]
    assert sizes == [1_000, 1_000, 200]
    assert offsets(reader, partition, 5, 2_205) == list(range(5, 2_205))


def test_what_lies_beyond_the_end_is_left_out(
    kafka_broker: KafkaBroker, reader: NativeReader, topic: str
) -> None:
    send(kafka_broker.bootstrap, topic, range(10))
    partition = the_only(kafka_broker.bootstrap, topic)
    assert offsets(reader, partition, 8, 1_000) == [8, 9, 10]
    assert offsets(reader, partition, 11, 1_000) == []
    assert offsets(reader, partition, 5, 5) == []


def test_older_incarnation_of_a_topic_has_nothing(
    kafka_broker: KafkaBroker, reader: NativeReader, topic: str
) -> None:
    before = the_only(kafka_broker.bootstrap, topic)
    renew_topic(kafka_broker.bootstrap, topic)
    assert offsets(reader, before, 0, 10) == []
    assert offsets(reader, the_only(kafka_broker.bootstrap, topic), 0, 10) == [0]


def test_topic_s_identity_is_written_as_kafka_s_own_tools_write_it(
    kafka_broker: KafkaBroker, topic: str
) -> None:
    written = (kafka_broker._records / f"{topic}-0" / "partition.metadata").read_text("utf-8")
    assert f"topic_id: {state(kafka_broker.bootstrap, topic).topic_id}" in written.splitlines()


def test_name_that_is_no_topic_s_name_is_for_a_person(kafka_broker: KafkaBroker) -> None:
    with pytest.raises(Misconfigured):
        NativeTopics(kafka_broker.bootstrap).describe(["no topic's name!"])


def test_everything_says_unavailable_while_the_broker_is_away_and_works_again_after(
    tmp_path: Path,
) -> None:
    broker = KafkaBroker(tmp_path, JARS)
    broker.start()
    topic = new_topic(broker.bootstrap, partitions=1)
    partition = the_only(broker.bootstrap, topic)
    topics = NativeTopics(broker.bootstrap)
    reader = NativeReader(broker.bootstrap)
    broker.kill()
    with closing(NativePublisher(broker.bootstrap)) as publisher, ThreadPoolExecutor() as pool:
        asked: list[Future[Any]] = [
            pool.submit(topics.describe, [topic]),
            pool.submit(offsets, reader, partition, 0, 1),
            pool.submit(publisher.publish, [said(topic, 1)]),
        ]
    assert [type(answer.exception()) for answer in asked] == [BusUnavailable] * 3
    broker.start()
    assert topics.describe([topic])[topic].topic_id == partition.topic_id
    assert offsets(reader, partition, 0, 1) == [0]
    send(broker.bootstrap, topic, [1])
    reader.close()
    broker.stop()
