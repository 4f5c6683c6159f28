"""The ports to the event log: what a broker must be able to do for us, whichever broker it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

Headers: TypeAlias = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition of one incarnation of a topic; a renewed topic has another `topic_id`."""

    topic: str
    topic_id: str
    number: int


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it lies in the log."""

    topic: str
    topic_id: str
    partition: int
    offset: int
    key: bytes | None
    headers: Headers
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Message:
    """One record on its way to the log; `partition` is only given for genesis records.

    `stamp_ms` is when the log is to say that it was written, where that is not for everybody.
    """

    topic: str
    key: bytes | None
    headers: Headers
    value: bytes
    partition: int | None = None
    stamp_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an acknowledged message lies."""

    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it must exist: its full name and its fixed number of partitions."""

    name: str
    partitions: int


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic as it does exist; `ends` is the next offset of each partition."""

    topic: str
    topic_id: str
    ends: Mapping[int, int] = field(default_factory=dict)


class Publisher(Protocol):
    """Sends to the log; not shared between threads."""

    def publish(self, messages: Sequence[Message]) -> Sequence[Placed]:
        """Send all, in order, and wait until every one is acknowledged by all replicas.

        Raises:
            BusUnavailable: nothing may be assumed about any of the messages; make a new publisher.
        """

    def close(self) -> None:
        """Let go of connections."""


class LogReader(Protocol):
    """Reads a range of one partition, outside of any consumer group; not shared between threads."""

    def read(self, partition: Partition, start: int, end: int) -> Iterator[Sequence[Record]]:
        """Yield the records with start <= offset < end in order, in chunks of at most 1,000.

        What the log no longer has is left out: the caller compares offsets.

        Raises:
            BusUnavailable: the broker did not answer in time.
        """

    def close(self) -> None:
        """Let go of connections."""


class BusAdmin(Protocol):
    """Creates and describes topics; not shared between threads."""

    def describe(self, topics: Sequence[str]) -> Mapping[str, TopicState]:
        """Say how the topics stand; a topic that does not exist is absent from the answer."""

    def provision(
        self, specs: Sequence[TopicSpec], genesis: Callable[[TopicSpec, int], Message]
    ) -> Sequence[str]:
        """Create what is missing and put a genesis record into every empty partition.

        Returns the names of the topics that were created.

        Raises:
            TopicMismatch: a topic exists with another number of partitions.
        """

    def delete(self, topic: str) -> None:
        """Delete a topic with all its records."""

    def version(self) -> str:
        """The broker's version, for people."""

    def close(self) -> None:
        """Let go of connections."""


class Intake(Protocol):
    """What a subscriber hands records to; both calls come from one thread at a time."""

    def assigned(self, partitions: Sequence[Partition]) -> None:
        """These partitions are ours from now on: catch up from the database's positions."""

    def process(self, batch: Sequence[Record]) -> None:
        """Process the batch durably; when this returns the batch may be acknowledged.

        The batch may mix partitions; within one partition offsets rise.
        """


class Subscriber(Protocol):
    """Delivers the records of some topics to an intake, at least once, in order per partition."""

    def run(self, intake: Intake) -> None:
        """Deliver until `stop` is called; blocks. Any exception of the intake ends the process."""

    def stop(self) -> None:
        """Ask `run` to return after the batch in hand; from any thread, or a signal."""

    @property
    def assigned(self) -> bool:
        """Whether partitions are assigned and caught up: readiness."""


class Bus(Protocol):
    """One broker, as a factory of its four doors."""

    @property
    def kind(self) -> str:
        """`kafka` or `embedded`."""

    def admin(self) -> BusAdmin: ...

    def publisher(self) -> Publisher: ...

    def reader(self) -> LogReader: ...

    def subscriber(self, group: str, topics: Sequence[str], slot: int = 0) -> Subscriber: ...
