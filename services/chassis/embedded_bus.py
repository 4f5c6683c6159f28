"""A durable log in one SQLite file: the bus for a look, for tests, for a laptop without Java.

It serves all processes of one machine and no more; consumers read from their own positions.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from services.chassis import ids
from services.chassis.bus import Message, Partition, Placed, Record, TopicSpec, TopicState
from services.chassis.clock import wait
from services.chassis.database import retry_locked
from services.chassis.errors import BusUnavailable, Misconfigured, TopicMismatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from services.chassis.bus import Intake

R = TypeVar("R")

CHUNK = 1000
POLL_S = 0.004

_DAMAGED = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})

_SCHEMA = """
CREATE TABLE IF NOT EXISTS topics (
    name TEXT PRIMARY KEY, id TEXT NOT NULL, partitions INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS log (
    topic_id TEXT NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL,
    key BLOB, headers TEXT NOT NULL, value BLOB,
    PRIMARY KEY (topic_id, partition, offset)
);
"""


class EmbeddedBus:
    """The bus in the file `path`."""

    kind = "embedded"

    def __init__(self, path: Path) -> None:
        self._path = path

    def admin(self) -> EmbeddedAdmin:
        return EmbeddedAdmin(self._path)

    def publisher(self) -> EmbeddedPublisher:
        return EmbeddedPublisher(self._path)

    def reader(self) -> EmbeddedReader:
        return EmbeddedReader(self._path)

    def subscriber(self, group: str, topics: Sequence[str], slot: int = 0) -> EmbeddedSubscriber:  # noqa: ARG002
        return EmbeddedSubscriber(self._path, topics)


class _File:
    """A connection to the log; made anew by its owner when the file was taken away."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        with _damage_named(path):
            self.connection = self._open()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=0, isolation_level=None, check_same_thread=False
        )
        retry_locked(lambda: connection.execute("PRAGMA journal_mode=WAL"))
        connection.execute("PRAGMA synchronous=FULL")
        retry_locked(lambda: connection.executescript(_SCHEMA))
        self._inode = self.path.stat().st_ino
        return connection

    def write(self, act: Callable[[sqlite3.Connection], R]) -> R:
        """Do something in one writing transaction."""
        self.renew()
        try:
            with _damage_named(self.path):
                retry_locked(lambda: self.connection.execute("BEGIN IMMEDIATE"))
                result = act(self.connection)
                self.connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            message = f"the embedded bus cannot be written: {error}"
            raise BusUnavailable(message) from error
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        return result

    def renew(self) -> None:
        """Open the file anew where somebody took it away or put another in its place."""
        try:
            gone = self.path.stat().st_ino != self._inode
        except FileNotFoundError:
            gone = True
        if gone:
            self.connection.close()
            with _damage_named(self.path):
                self.connection = self._open()

    def ask(self, question: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Read rows."""
        with _damage_named(self.path):
            return self.connection.execute(question, values).fetchall()

    def version(self) -> tuple[int, int]:
        """Return something that changes whenever another connection wrote."""
        return self._inode, int(self.ask("PRAGMA data_version")[0][0])

    def topic(self, name: str) -> tuple[str, int] | None:
        """Return the id and the number of partitions of a topic."""
        rows = self.ask("SELECT id, partitions FROM topics WHERE name = ?", (name,))
        return (rows[0][0], rows[0][1]) if rows else None

    def end(self, topic_id: str, partition: int) -> int:
        """Return the next offset of a partition."""
        question = "SELECT max(offset) FROM log WHERE topic_id = ? AND partition = ?"
        ((last,),) = self.ask(question, (topic_id, partition))
        return 0 if last is None else int(last) + 1

    def append(self, topic_id: str, partition: int, message: Message) -> int:
        """Put a message at the end of a partition."""
        offset = self.end(topic_id, partition)
        headers = json.dumps([[name, value.decode("latin-1")] for name, value in message.headers])
        self.connection.execute(
            "INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)",
            (topic_id, partition, offset, message.key, headers, message.value),
        )
        return offset

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) not in _DAMAGED:
            raise
        message = (
            f"the embedded bus in {path} is damaged: move this file away and start again;"
            " everything in it is said anew (docs/operating.md, When the bus is damaged)"
        )
        raise Misconfigured(message) from None


class EmbeddedPublisher:
    """Puts messages into the log, durably, in one transaction a batch."""

    def __init__(self, path: Path) -> None:
        self._file = _File(path)

    def publish(self, messages: Sequence[Message]) -> Sequence[Placed]:
        return self._file.write(lambda _: [self._place(message) for message in messages])

    def _place(self, message: Message) -> Placed:
        topic = self._file.topic(message.topic)
        if topic is None:
            missing = f"the topic {message.topic} does not exist"
            raise BusUnavailable(missing)
        topic_id, partitions = topic
        partition = message.partition
        if partition is None:
            partition = zlib.crc32(message.key or b"") % partitions
        return Placed(partition, self._file.append(topic_id, partition, message))

    def close(self) -> None:
        self._file.close()


class EmbeddedReader:
    """Reads ranges of the log."""

    def __init__(self, path: Path) -> None:
        self._file = _File(path)

    def read(self, partition: Partition, start: int, end: int) -> Iterator[Sequence[Record]]:
        self._file.renew()
        while start < end:
            chunk = _fetch(self._file, partition, start, min(end, start + CHUNK))
            if not chunk:
                return
            yield chunk
            start = chunk[-1].offset + 1

    def close(self) -> None:
        self._file.close()


class EmbeddedAdmin:
    """Creates and describes the topics of the log."""

    def __init__(self, path: Path) -> None:
        self._file = _File(path)

    def describe(self, topics: Sequence[str]) -> Mapping[str, TopicState]:
        self._file.renew()
        found: dict[str, TopicState] = {}
        for name in topics:
            topic = self._file.topic(name)
            if topic is not None:
                topic_id, partitions = topic
                ends = {number: self._file.end(topic_id, number) for number in range(partitions)}
                found[name] = TopicState(name, topic_id, ends)
        return found

    def provision(
        self, specs: Sequence[TopicSpec], genesis: Callable[[TopicSpec, int], Message]
    ) -> Sequence[str]:
        return self._file.write(
            lambda _: [spec.name for spec in specs if self._create(spec, genesis)]
        )

    def _create(self, spec: TopicSpec, genesis: Callable[[TopicSpec, int], Message]) -> bool:
        topic = self._file.topic(spec.name)
        if topic is not None:
            if topic[1] != spec.partitions:
                message = f"the topic {spec.name} has {topic[1]} partitions, not {spec.partitions}"
                raise TopicMismatch(message)
            return False
        topic_id = str(ids.random_ref())
        self._file.connection.execute(
            "INSERT INTO topics VALUES (?, ?, ?)", (spec.name, topic_id, spec.partitions)
        )
        for number in range(spec.partitions):
            self._file.append(topic_id, number, genesis(spec, number))
        return True

    def delete(self, topic: str) -> None:
        self._file.write(lambda _: self._delete(topic))

    def _delete(self, name: str) -> None:
        topic = self._file.topic(name)
        if topic is not None:
            self._file.connection.execute("DELETE FROM log WHERE topic_id = ?", (topic[0],))
            self._file.connection.execute("DELETE FROM topics WHERE name = ?", (name,))

    def version(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def close(self) -> None:
        self._file.close()


class EmbeddedSubscriber:
    """Follows topics from the intake's own positions; one worker a service, so no groups."""

    def __init__(self, path: Path, topics: Sequence[str]) -> None:
        self._file = _File(path)
        self._topics = topics
        self._next: dict[Partition, int] = {}
        self._seen: object = None
        self._stopped = False
        self._assigned = False

    @property
    def assigned(self) -> bool:
        return self._assigned

    def run(self, intake: Intake) -> None:
        while not self._stopped:
            if not self.step(intake):
                wait(POLL_S)

    def step(self, intake: Intake) -> bool:
        """Deliver what is there; return whether there was anything."""
        self._file.renew()
        version = self._file.version()
        if version == self._seen:
            return False
        self._look_for_new_topics(intake)
        delivered = False
        for partition, start in list(self._next.items()):
            chunk = _fetch(self._file, partition, start, start + CHUNK)
            if chunk:
                intake.process(chunk)
                self._next[partition] = chunk[-1].offset + 1
                delivered = True
        if not delivered:
            self._seen = version
        return delivered

    def _look_for_new_topics(self, intake: Intake) -> None:
        marks = ", ".join("?" * len(self._topics))
        rows = self._file.ask(
            f"SELECT name, id, partitions FROM topics WHERE name IN ({marks})",  # noqa: S608
            tuple(self._topics),
        )
        present = [
            Partition(name, topic_id, n) for name, topic_id, count in rows for n in range(count)
        ]
        if set(present) != set(self._next):
            ends = {p: self._file.end(p.topic_id, p.number) for p in present}
            fresh = [p for p in present if p not in self._next]
            intake.assigned(fresh)
            self._next = {p: self._next.get(p, ends[p]) for p in present}
        self._assigned = len({p.topic for p in present}) == len(self._topics)

    def stop(self) -> None:
        self._stopped = True


def _fetch(file: _File, partition: Partition, start: int, end: int) -> list[Record]:
    rows = file.ask(
        "SELECT offset, key, headers, value FROM log"
        " WHERE topic_id = ? AND partition = ? AND offset >= ? AND offset < ? ORDER BY offset",
        (partition.topic_id, partition.number, start, end),
    )
    return [
        Record(
            partition.topic,
            partition.topic_id,
            partition.number,
            offset,
            key,
            tuple((name, text.encode("latin-1")) for name, text in json.loads(headers)),
            value,
        )
        for offset, key, headers, value in rows
    ]
