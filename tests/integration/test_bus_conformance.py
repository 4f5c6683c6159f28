"""What every bus promises, asked of each of them with the same words."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.chassis import topics
from services.chassis.bus import Bus, Message, Partition, Record, TopicSpec, TopicState
from services.chassis.embedded_bus import EmbeddedBus
from services.chassis.envelope import GENESIS
from services.chassis.errors import BusUnavailable, TopicMismatch
from services.chassis.kafka_bus import KafkaBus
from tests.integration.kafka_kit import ENGINES, send_unreadable
from tests.waiting import until

INSTALLATION = "11111111-1111-4111-8111-111111111111"


KAFKA = [pytest.param(engine, marks=pytest.mark.kafka) for engine in ENGINES]


@pytest.fixture(params=["embedded", *KAFKA])
def bus(request: pytest.FixtureRequest, tmp_path: Path) -> Bus:
    if request.param == "embedded":
        return EmbeddedBus(tmp_path / "bus.sqlite3")
    return KafkaBus(request.getfixturevalue("kafka_broker").bootstrap, engine=request.param)


@pytest.fixture
def topic(bus: Bus) -> Iterator[str]:
    name = f"conformance-{uuid4().hex[:12]}"
    topics.provision(bus, [TopicSpec(name, 2)], INSTALLATION)
    yield name
    admin = bus.admin()
    admin.delete(name)
    admin.close()


def state_of(bus: Bus, topic: str) -> TopicState:
    admin = bus.admin()
    try:
        return admin.describe([topic])[topic]
    finally:
        admin.close()


def send(bus: Bus, topic: str, keys: Sequence[str]) -> list[tuple[int, int]]:
    publisher = bus.publisher()
    try:
        messages = [
            Message(
                topic, key.encode(), (("n", str(n).encode()), ("x", b"\xff\x00")), f"v{n}".encode()
            )
            for n, key in enumerate(keys)
        ]
        return [(p.partition, p.offset) for p in publisher.publish(messages)]
    finally:
        publisher.close()


def read_all(bus: Bus, topic: str) -> list[Record]:
    state, reader = state_of(bus, topic), bus.reader()
    try:
        return [
            record
            for number, end in state.ends.items()
            for chunk in reader.read(Partition(topic, state.topic_id, number), 0, end)
            for record in chunk
        ]
    finally:
        reader.close()


def test_every_partition_begins_with_a_genesis_record_of_the_installation(
    bus: Bus, topic: str
) -> None:
    first = [record for record in read_all(bus, topic) if record.offset == 0]
    assert len(first) == 2
    for record in first:
        headers = dict(record.headers)
        assert headers["ce_type"] == GENESIS.encode()
        assert headers["ce_source"].decode().endswith(INSTALLATION)


def test_provisioning_twice_creates_and_writes_nothing(bus: Bus, topic: str) -> None:
    before = state_of(bus, topic)
    assert list(topics.provision(bus, [TopicSpec(topic, 2)], INSTALLATION)) == []
    assert state_of(bus, topic) == before


def test_topic_with_other_partitions_is_refused(bus: Bus, topic: str) -> None:
    with pytest.raises(TopicMismatch):
        topics.provision(bus, [TopicSpec(topic, 3)], INSTALLATION)


def test_describing_leaves_out_what_does_not_exist(bus: Bus, topic: str) -> None:
    admin = bus.admin()
    assert set(admin.describe([topic, "nowhere-at-all"])) == {topic}
    admin.close()


def test_messages_of_a_key_lie_in_one_partition_in_order(bus: Bus, topic: str) -> None:
    keys = [f"key-{n % 7}" for n in range(200)]
    placed = send(bus, topic, keys)
    for key in set(keys):
        mine = [place for place, k in zip(placed, keys, strict=True) if k == key]
        assert len({partition for partition, _ in mine}) == 1
        assert mine == sorted(mine)
    assert len({partition for partition, _ in placed}) == 2


def test_record_comes_back_as_it_was_sent_and_where_the_publisher_said(
    bus: Bus, topic: str
) -> None:
    ((partition, offset),) = send(bus, topic, ["a child"])
    (record,) = [r for r in read_all(bus, topic) if (r.partition, r.offset) == (partition, offset)]
    assert record.key == b"a child"
    assert record.value == b"v0"
    assert dict(record.headers) == {"n": b"0", "x": b"\xff\x00"}
    assert record.topic_id == state_of(bus, topic).topic_id


def test_range_is_read_in_chunks_and_ends_where_it_was_asked_to(bus: Bus, topic: str) -> None:
    send(bus, topic, ["one key"] * 2500)
    state, reader = state_of(bus, topic), bus.reader()
    number = max(state.ends, key=lambda n: state.ends[n])
    chunks = list(reader.read(Partition(topic, state.topic_id, number), 10, 2210))
    assert [record.offset for chunk in chunks for record in chunk] == list(range(10, 2210))
    assert max(map(len, chunks)) <= 1000
    reader.close()


@pytest.mark.parametrize("bus", ["kafka"], indirect=True)
@pytest.mark.kafka
def test_record_with_a_header_name_that_is_no_text_comes_without_headers(
    request: pytest.FixtureRequest, bus: Bus, topic: str
) -> None:
    bootstrap = request.getfixturevalue("kafka_broker").bootstrap
    # By then the interpreter has specialised the code that reads them.
    send(bus, topic, ["one key"] * 500)
    send_unreadable(bootstrap, topic, range(100))
    send(bus, topic, ["one key"] * 500)
    odd = [record for record in read_all(bus, topic) if record.key == b"a child"]
    assert {record.headers for record in odd} == {()}
    assert [record.value for record in odd] == [str(value).encode() for value in range(100)]
    assert len(read_all(bus, topic)) == 1_102


def test_range_behind_the_end_is_empty(bus: Bus, topic: str) -> None:
    state, reader = state_of(bus, topic), bus.reader()
    assert list(reader.read(Partition(topic, state.topic_id, 0), 50, 60)) == []
    reader.close()


def test_renewed_topic_has_another_id(bus: Bus, topic: str) -> None:
    before = state_of(bus, topic).topic_id
    admin = bus.admin()
    admin.delete(topic)
    admin.close()
    topics.provision(bus, [TopicSpec(topic, 2)], INSTALLATION)
    assert state_of(bus, topic).topic_id != before


def test_sending_to_a_topic_that_does_not_exist_is_unavailable(bus: Bus) -> None:
    with pytest.raises(BusUnavailable):
        send(bus, "nowhere-at-all", ["key"])


class Listener:
    """An intake that remembers."""

    def __init__(self, on_record: Callable[[Record], None] = lambda _record: None) -> None:
        self.partitions: list[Partition] = []
        self.records: list[Record] = []
        self._on_record = on_record

    def assigned(self, partitions: Sequence[Partition]) -> None:
        self.partitions.extend(partitions)

    def process(self, batch: Sequence[Record]) -> None:
        for record in batch:
            self._on_record(record)
        self.records.extend(batch)

    @property
    def values(self) -> list[bytes | None]:
        return [record.value for record in self.records if record.key != b"genesis"]


@pytest.fixture
def following(bus: Bus, topic: str) -> Iterator[tuple[Listener, Any]]:
    listener = Listener()
    subscriber = bus.subscriber(f"group-{topic}", [topic])
    thread = threading.Thread(target=subscriber.run, args=(listener,))
    thread.start()
    until(lambda: subscriber.assigned, "the subscriber is assigned")
    yield listener, subscriber
    subscriber.stop()
    thread.join(timeout=20)
    assert not thread.is_alive()


def test_subscriber_is_told_its_partitions_before_records_come(
    topic: str, bus: Bus, following: tuple[Listener, Any]
) -> None:
    listener, _ = following
    topic_id = state_of(bus, topic).topic_id
    assert set(listener.partitions) == {
        Partition(topic, topic_id, 0),
        Partition(topic, topic_id, 1),
    }


def test_subscriber_delivers_everything_in_order_per_partition(
    topic: str, bus: Bus, following: tuple[Listener, Any]
) -> None:
    listener, _ = following
    send(bus, topic, [f"key-{n % 5}" for n in range(300)])
    until(lambda: len(set(listener.values)) == 300, "all records are delivered")
    for number in (0, 1):
        offsets = [r.offset for r in listener.records if r.partition == number]
        assert offsets == sorted(offsets)
