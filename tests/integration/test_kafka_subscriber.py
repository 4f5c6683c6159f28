"""Each engine as a subscriber: everything comes, in order, in one thread, and ends when told to."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from services.chassis.bus import Message, Partition, Record, Subscriber
from services.chassis.kafka_admin import KafkaAdmin
from services.chassis.kafka_native import NativePublisher
from services.launcher.kafka_broker import KafkaBroker
from tests.integration.kafka_kit import (
    ENGINES,
    a_name,
    new_topic,
    send,
    state,
    subscriber_of,
    until_long,
    up_to_the_end,
    value_of,
)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]


@dataclass
class Notebook:
    """An intake that catches up and writes down what it is told."""

    bootstrap: str
    told: list[Sequence[Partition] | Sequence[Record]] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def assigned(self, partitions: Sequence[Partition]) -> None:
        self._note(partitions)
        for partition in partitions:
            seen = [r.offset for r in self.records if _place(r) == partition]
            start = max(seen, default=-1) + 1
            for chunk in up_to_the_end(self.bootstrap, partition, start):
                self._note(chunk)

    def process(self, batch: Sequence[Record]) -> None:
        self._note(batch)
        self.gate.wait()

    def _note(self, what: Sequence[Partition] | Sequence[Record]) -> None:
        self.told.append(what)
        self.threads.add(threading.current_thread().name)

    @property
    def partitions(self) -> list[Partition]:
        return [one for what in self.told for one in what if isinstance(one, Partition)]

    @property
    def share(self) -> Sequence[Partition | Record]:
        """What it was told last of its own."""
        told = [what for what in self.told if what and isinstance(what[0], Partition)]
        return told[-1] if told else ()

    @property
    def records(self) -> list[Record]:
        return [one for what in self.told for one in what if isinstance(one, Record)]


def _place(record: Record) -> Partition:
    return Partition(record.topic, record.topic_id, record.partition)


@contextmanager
def following(engine: str, group: str, *topics: str, notebook: Notebook) -> Iterator[Subscriber]:
    subscriber = subscriber_of(engine, notebook.bootstrap, group, topics)
    thread = threading.Thread(target=subscriber.run, args=(notebook,))
    thread.start()
    try:
        yield subscriber
    finally:
        notebook.gate.set()
        subscriber.stop()
        thread.join(10)
    assert not thread.is_alive()


def test_everything_of_all_topics_comes_once_and_in_order(
    kafka_broker: KafkaBroker, engine: str
) -> None:
    bootstrap, notebook = kafka_broker.bootstrap, Notebook(kafka_broker.bootstrap)
    topics = [new_topic(bootstrap, partitions=2) for _ in range(2)]
    for topic in topics:
        send(bootstrap, topic, range(700))
    with following(engine, a_name("group"), *topics, notebook=notebook) as subscriber:
        until_long(lambda: subscriber.assigned, "it follows")
        for topic in topics:
            send(bootstrap, topic, range(700, 1_500))
        until_long(lambda: len(notebook.records) >= 2 * 1_502, "everything has come")
    for topic in topics:
        known = state(bootstrap, topic)
        for number, end in known.ends.items():
            lane = [r for r in notebook.records if (r.topic, r.partition) == (topic, number)]
            assert [record.offset for record in lane] == list(range(end))
            assert {record.topic_id for record in lane} == {known.topic_id}
        values = [value_of(record) for record in notebook.records if record.topic == topic]
        assert sorted(value for value in values if value is not None) == list(range(1_500))


@pytest.mark.parametrize("moved_to", [1, 400, 100_000])
def test_what_kafka_was_told_of_the_group_counts_for_nothing(
    kafka_broker: KafkaBroker, engine: str, moved_to: int
) -> None:
    bootstrap, notebook = kafka_broker.bootstrap, Notebook(kafka_broker.bootstrap)
    topic, group = new_topic(bootstrap, partitions=1), a_name("group")
    send(bootstrap, topic, range(700))
    with following(engine, group, topic, notebook=notebook):
        until_long(lambda: len(notebook.records) == 701, "all has come")
    move(bootstrap, group, topic, moved_to)
    with following(engine, group, topic, notebook=notebook) as subscriber:
        until_long(lambda: subscriber.assigned, "it follows")
        send(bootstrap, topic, range(700, 710))
        until_long(lambda: 710 in {record.offset for record in notebook.records}, "the new come")
    assert {record.offset for record in notebook.records} == set(range(711))


def move(bootstrap: str, group: str, topic: str, offset: int) -> None:
    """Tell Kafka how far a group is, as somebody with its tools could, once it is empty."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    place = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, 0, offset)])

    def moved() -> bool:
        try:
            done = admin.alter_consumer_group_offsets([place])[group].result(10)
        except KafkaException:
            return False  # it still counts its last member
        return all(one.error is None for one in done.topic_partitions)

    until_long(moved, "the group is moved")


def test_partitions_are_told_before_their_records_and_all_in_one_thread(
    kafka_broker: KafkaBroker, engine: str
) -> None:
    bootstrap, notebook = kafka_broker.bootstrap, Notebook(kafka_broker.bootstrap)
    topic = new_topic(bootstrap, partitions=2)
    with following(engine, a_name("group"), topic, notebook=notebook):
        until_long(lambda: len(notebook.records) == 2, "the genesis records have come")
    topic_id = state(bootstrap, topic).topic_id
    assert notebook.told[0] == [Partition(topic, topic_id, 0), Partition(topic, topic_id, 1)]
    assert len(notebook.threads) == 1


def test_records_come_as_they_are(kafka_broker: KafkaBroker, engine: str) -> None:
    bootstrap, notebook = kafka_broker.bootstrap, Notebook(kafka_broker.bootstrap)
    topic = new_topic(bootstrap, partitions=1)
    headers = (("ce_id", b"1"), ("twice", b"a"), ("twice", b"\xff"), ("empty", b""))
    messages = [Message(topic, None, headers, b""), Message(topic, b"\xff", (), b"{}")]
    with following(engine, a_name("group"), topic, notebook=notebook) as subscriber:
        until_long(lambda: subscriber.assigned, "it follows")
        with closing(NativePublisher(bootstrap)) as publisher:
            publisher.publish(messages)
        until_long(lambda: len(notebook.records) == 3, "all have come")
    _, odd, plain = notebook.records
    assert (odd.key, odd.headers, odd.value) == (None, headers, b"")
    assert (plain.key, plain.headers, plain.value) == (b"\xff", (), b"{}")


def test_batch_in_hand_is_finished_and_acknowledged_before_a_stop(
    kafka_broker: KafkaBroker, engine: str
) -> None:
    bootstrap, group = kafka_broker.bootstrap, a_name("group")
    notebook = Notebook(bootstrap)
    topic = new_topic(bootstrap, partitions=1)
    with following(engine, group, topic, notebook=notebook) as subscriber:
        until_long(lambda: len(notebook.records) == 1, "the genesis record has come")
        notebook.gate.clear()
        send(bootstrap, topic, range(5))
        until_long(lambda: len(notebook.records) > 1, "a batch is in hand")
        subscriber.stop()
        done = len(notebook.records)
        notebook.gate.set()
    with closing(KafkaAdmin(bootstrap)) as admin:
        assert admin.committed(group, [topic]) == {(topic, 0): done}


def test_stop_before_the_start_is_a_stop(kafka_broker: KafkaBroker, engine: str) -> None:
    topic = new_topic(kafka_broker.bootstrap)
    subscriber = subscriber_of(engine, kafka_broker.bootstrap, "g", [topic])
    notebook = Notebook(kafka_broker.bootstrap)
    subscriber.stop()
    subscriber.run(notebook)
    assert notebook.records == []
    assert not subscriber.assigned


def test_second_member_takes_its_share_and_gives_it_back(
    kafka_broker: KafkaBroker, engine: str
) -> None:
    bootstrap, group = kafka_broker.bootstrap, a_name("group")
    topic = new_topic(bootstrap, partitions=2)
    notebooks = [Notebook(bootstrap), Notebook(bootstrap)]
    subscribers = [subscriber_of(engine, bootstrap, group, [topic], slot) for slot in range(2)]
    threads = [
        threading.Thread(target=subscriber.run, args=(notebook,))
        for subscriber, notebook in zip(subscribers, notebooks, strict=True)
    ]
    for thread in threads:
        thread.start()
    until_long(lambda: all(len(book.share) == 1 for book in notebooks), "they share")
    send(bootstrap, topic, range(100))
    seen = [record for book in notebooks for record in book.records]
    until_long(
        lambda: {value_of(r) for book in notebooks for r in book.records} >= set(range(100)),
        f"everything comes to one of them, {len(seen)} so far",
    )
    for subscriber in subscribers:
        subscriber.stop()
    for thread in threads:
        thread.join(10)
