"""Small parts of the Kafka tests: topics of their own, and workers as programs of their own."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from kafka import KafkaProducer

from services.chassis.bus import Message, Partition, Record, Subscriber, TopicSpec, TopicState
from services.chassis.kafka_admin import KafkaAdmin
from services.chassis.kafka_bus import KafkaBus
from services.chassis.kafka_member import EXIT_RESTART
from services.chassis.kafka_native import NativePublisher, NativeReader
from tests.machine import ROOT
from tests.waiting import until

# A broker and two workers start on a machine that may have other things to do.
LONG_S = 120


ENGINES = ("faust", "librdkafka")


def subscriber_of(
    engine: str, bootstrap: str, group: str, topics: Sequence[str], slot: int = 0
) -> Subscriber:
    return KafkaBus(bootstrap, engine=engine).subscriber(group, topics, slot)


def a_name(what: str) -> str:
    return f"{what}-{uuid4().hex[:12]}"


def genesis(spec: TopicSpec, number: int) -> Message:
    return Message(spec.name, b"genesis", (("ce_type", b"genesis"),), b"{}", number)


def new_topic(bootstrap: str, partitions: int = 4, name: str | None = None) -> str:
    topic = name or a_name("topic")
    with closing(KafkaAdmin(bootstrap)) as admin:
        admin.provision([TopicSpec(topic, partitions)], genesis)
    return topic


def renew_topic(bootstrap: str, topic: str) -> None:
    with closing(KafkaAdmin(bootstrap)) as admin:
        admin.delete(topic)
    new_topic(bootstrap, name=topic)


def state(bootstrap: str, topic: str) -> TopicState:
    with closing(KafkaAdmin(bootstrap)) as admin:
        return admin.describe([topic])[topic]


def send(bootstrap: str, topic: str, values: Sequence[int]) -> None:
    with closing(NativePublisher(bootstrap)) as publisher:
        publisher.publish([said(topic, value) for value in values])


def up_to_the_end(bootstrap: str, partition: Partition, start: int) -> Iterator[Sequence[Record]]:
    """What an intake reads when it is told that a partition is its own."""
    end = state(bootstrap, partition.topic).ends[partition.number]
    with closing(NativeReader(bootstrap)) as reader:
        yield from reader.read(partition, start, end)


def send_unreadable(bootstrap: str, topic: str, values: Sequence[int]) -> None:
    """Send records with a header whose name is not UTF-8."""
    headers = [("before", b"x"), (_NotUtf8("x"), b"x"), ("after", b"x")]
    with closing(KafkaProducer(bootstrap_servers=bootstrap)) as producer:
        for value in values:
            producer.send(topic, key=b"a child", value=str(value).encode(), headers=headers)
        producer.flush(30)


class _NotUtf8(str):
    __slots__ = ()

    def encode(self, *_: object, **__: object) -> bytes:
        return b"\xff\xfe"


def said(topic: str, value: int) -> Message:
    key = f"child-{value % 7}".encode()
    return Message(topic, key, (("ce_id", str(value).encode()),), str(value).encode())


def value_of(record: Record) -> int | None:
    return None if record.key == b"genesis" else int(record.value or b"-1")


SCHEMA = """
CREATE TABLE IF NOT EXISTS positions (topic_id, partition, next, PRIMARY KEY (topic_id, partition));
CREATE TABLE IF NOT EXISTS effects (number INTEGER PRIMARY KEY, value INTEGER UNIQUE);
CREATE TABLE IF NOT EXISTS received (count INTEGER);
CREATE TABLE IF NOT EXISTS assignments (number INTEGER PRIMARY KEY, topic_id, thread);
INSERT INTO received SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM received);
"""


@dataclass
class Effects:
    """What a worker program did to its database; see `kafka_worker.py`."""

    database: Path
    engine: str

    def __post_init__(self) -> None:
        with closing(sqlite3.connect(self.database)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(SCHEMA)

    def values(self) -> list[int]:
        return [int(row[0]) for row in self._rows("SELECT value FROM effects ORDER BY number")]

    def received(self) -> int:
        return int(self._rows("SELECT count FROM received")[0][0])

    def assignments(self) -> list[Mapping[str, str]]:
        rows = self._rows("SELECT topic_id, thread FROM assignments ORDER BY number")
        return [{"topic_id": row[0], "thread": row[1]} for row in rows]

    def have(self, values: Sequence[int]) -> bool:
        return sorted(self.values()) == sorted(values)

    def _rows(self, query: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self.database, timeout=10)) as connection:
            return connection.execute(query).fetchall()


@contextmanager
def worker(
    bootstrap: str, topic: str, effects: Effects, *, bad_value: int = -1
) -> Iterator[subprocess.Popen[str]]:
    process = _start(bootstrap, topic, effects, bad_value)
    try:
        yield process
    except AssertionError as error:
        process.kill()
        error.add_note(f"the worker ended with {process.wait()} and had said:\n{output(process)}")
        raise
    finally:
        _end(process)


@contextmanager
def kept_worker(bootstrap: str, topic: str, effects: Effects) -> Iterator[Callable[[], int]]:
    """Start a worker anew whenever it asks for it, as the launcher does.

    Yields what looks after it, and says how often it had to be started anew.
    """
    processes = [_start(bootstrap, topic, effects, -1)]

    def looked_after() -> int:
        if processes[-1].poll() is not None:
            assert processes[-1].returncode == EXIT_RESTART, output(processes[-1])
            processes.append(_start(bootstrap, topic, effects, -1))
        return len(processes) - 1

    try:
        yield looked_after
    finally:
        for process in processes:
            _end(process)


def _start(bootstrap: str, topic: str, effects: Effects, bad_value: int) -> subprocess.Popen[str]:
    program = [sys.executable, "-u", "-m", "tests.integration.kafka_worker", effects.engine]
    words = [bootstrap, f"group-of-{topic}", topic, str(effects.database), str(bad_value)]
    return subprocess.Popen(
        [*program, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


def exit_code(process: subprocess.Popen[str], deadline_s: float = LONG_S) -> int:
    until(lambda: process.poll() is not None, "the worker leaves", deadline_s)
    return process.wait()


def until_long(condition: Callable[[], object], what: str) -> None:
    until(condition, what, LONG_S)


def says(process: subprocess.Popen[str], word: str) -> None:
    """Read what it says up to the first line with `word`."""
    assert process.stdout is not None
    assert any(word in line for line in process.stdout), f"it ended without saying {word}"


def output(process: subprocess.Popen[str]) -> str:
    """Return what a process that has ended said."""
    return process.stdout.read() if process.stdout else ""
