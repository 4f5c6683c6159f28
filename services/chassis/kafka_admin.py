"""Creates, deletes and describes topics on Kafka, and tells how far its groups say they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from kafka.admin import KafkaAdminClient, MemberToRemove
from kafka.errors import (
    AuthorizationError,
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    InvalidConfigurationError,
    InvalidPartitionsError,
    InvalidReplicationFactorError,
    InvalidTopicError,
    KafkaError,
    NoError,
    NotCoordinatorError,
    PolicyViolationError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
    for_code,
)

from services.chassis.bus import Message, TopicSpec, TopicState
from services.chassis.clock import monotonic, wait
from services.chassis.errors import BusUnavailable, Misconfigured, TopicMismatch
from services.chassis.kafka_native import NativePublisher, NativeTopics

T = TypeVar("T")

_ANSWER_DEADLINE_MS: Final = 5_000
_SEEN_DEADLINE_S: Final = 15.0
# Whoever created a topic begins it at once; only when that process has died does another do it.
_CREATOR_PATIENCE_S: Final = 2.0
_PAUSE_S: Final = 0.05
_COORDINATOR_MOVES: Final = (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    NotCoordinatorError,
)
_FOR_A_PERSON: Final = (
    AuthorizationError,
    InvalidConfigurationError,
    InvalidPartitionsError,
    InvalidReplicationFactorError,
    InvalidTopicError,
    PolicyViolationError,
)


class _Client(KafkaAdminClient):  # type: ignore[misc]  # it ships no types
    """Leaves no thread and no socket behind when it finds no broker."""

    def __init__(self, **settings: object) -> None:
        try:
            super().__init__(**settings)
        except KafkaError:
            self._closed = False
            self.close()
            raise


class KafkaAdmin:
    """Administration of one cluster; connects when first needed; not shared between threads."""

    def __init__(self, bootstrap: str, replication: int = 1) -> None:
        self._bootstrap = bootstrap
        self._replication = replication
        self._topics = NativeTopics(bootstrap)
        self._connected: KafkaAdminClient | None = None

    def describe(self, topics: Sequence[str]) -> Mapping[str, TopicState]:
        """Say how the topics stand; a topic that does not exist is absent from the answer.

        Raises:
            BusUnavailable: the broker did not answer in time.
        """
        return self._topics.describe(topics)

    def provision(
        self, specs: Sequence[TopicSpec], genesis: Callable[[TopicSpec, int], Message]
    ) -> Sequence[str]:
        """Create what is missing and put a genesis record into every empty partition.

        May be called again, and by several processes at once.

        Returns the names of the topics that this call created.

        Raises:
            TopicMismatch: a topic exists with another number of partitions.
            Misconfigured: the cluster does not let us create a topic.
            BusUnavailable: the broker did not answer in time.
        """
        there = self.describe([spec.name for spec in specs])
        _require_partitions(specs, there)
        created = self._create([spec for spec in specs if spec.name not in there])
        _require_partitions(specs, self._wait_until_seen(specs))
        mine = [spec for spec in specs if spec.name in created]
        self._begin(mine, genesis)
        others = [spec for spec in specs if spec.name not in created]
        self._wait_until_begun(others)
        self._begin(others, genesis)
        return created

    def delete(self, topic: str) -> None:
        """Delete a topic with all its records and wait until it is gone.

        Raises:
            BusUnavailable: the broker did not answer in time.
        """
        with _errors_named():
            answer = self._client().delete_topics([topic], raise_errors=False)
            for code in (one["error_code"] for one in answer["topics"]):
                if for_code(code) not in (NoError, UnknownTopicOrPartitionError):
                    raise for_code(code)
        _until(lambda: topic not in self.describe([topic]), _SEEN_DEADLINE_S)

    def version(self) -> str:
        """Return the broker's version as far as it tells: major and minor."""
        with _errors_named():
            features = self._client().get_broker_version_data(self._any_broker())
        return ".".join(str(part) for part in features.broker_version)

    def committed(self, group: str, topics: Sequence[str]) -> Mapping[tuple[str, int], int]:
        """Say up to which offset a group has told Kafka it is; a hint, never the truth.

        Raises:
            BusUnavailable: the broker did not answer in time.
        """
        with _errors_named():
            offsets = self._of_coordinator(lambda client: client.list_group_offsets(group)[group])
        return {
            (where.topic, where.partition): place.offset
            for where, place in offsets.items()
            if where.topic in topics and place.offset >= 0
        }

    def owned(self, group: str) -> AbstractSet[tuple[str, int]] | None:
        """Say which partitions the members of a settled group have; None while it is not settled.

        Raises:
            BusUnavailable: the broker did not answer in time.
        """
        with _errors_named():
            described = self._of_coordinator(lambda client: client.describe_groups([group])[group])
        if described["group_state"] != "Stable":
            return None
        return {
            (topic["topic"], number)
            for member in described["members"]
            for topic in (member["member_assignment"] or {}).get("assigned_partitions", ())
            for number in topic["partitions"]
        }

    def dismiss(self, group: str, instance: str) -> None:
        """Take a member that has gone out of a group, so that its partitions are given anew.

        Raises:
            BusUnavailable: the broker did not answer in time.
        """
        with _errors_named():
            member = MemberToRemove(group_instance_id=instance)
            self._of_coordinator(lambda client: client.remove_group_members(group, [member]))

    def consumer_lag(self, group: str, topics: Sequence[str]) -> Mapping[tuple[str, int], int]:
        """Say how many records of each partition a group has not told Kafka it has done.

        Raises:
            BusUnavailable: the broker did not answer in time.
        """
        committed = self.committed(group, topics)
        return {
            (topic, number): max(0, end - committed.get((topic, number), 0))
            for topic, state in self.describe(topics).items()
            for number, end in state.ends.items()
        }

    def close(self) -> None:
        """Let go of connections."""
        if self._connected is not None:
            self._connected.close()
            self._connected = None

    def _client(self) -> KafkaAdminClient:
        if self._connected is None:
            # kafka-python knocks at a closed door many times and leaves its sockets open.
            self._topics.reach()
            self._connected = _Client(
                bootstrap_servers=self._bootstrap.split(","),
                client_id="alongside-admin",
                request_timeout_ms=_ANSWER_DEADLINE_MS,
                bootstrap_timeout_ms=_ANSWER_DEADLINE_MS,
                reconnect_backoff_max_ms=1_000,
            )
        return self._connected

    def _any_broker(self) -> int:
        brokers = self._client().describe_cluster()["brokers"]
        return int(brokers[0]["broker_id"])

    def _create(self, specs: Sequence[TopicSpec]) -> Sequence[str]:
        if not specs:
            return []
        wanted = {spec.name: self._new_topic(spec) for spec in specs}
        with _errors_named():
            answer = self._client().create_topics(wanted, raise_errors=False)
            for topic in answer["topics"]:
                error = for_code(topic["error_code"])
                if error not in (NoError, TopicAlreadyExistsError):
                    raise error(topic["error_message"])
        return [one["name"] for one in answer["topics"] if one["error_code"] == NoError.errno]

    def _new_topic(self, spec: TopicSpec) -> Mapping[str, Any]:
        return {
            "num_partitions": spec.partitions,
            "replication_factor": self._replication,
            "configs": {
                "cleanup.policy": "delete",
                "retention.ms": "-1",
                "retention.bytes": "-1",
                # One copy may be away, and what was acknowledged is still on all others.
                "min.insync.replicas": str(max(1, self._replication - 1)),
            },
        }

    def _wait_until_seen(self, specs: Sequence[TopicSpec]) -> Mapping[str, TopicState]:
        names = [spec.name for spec in specs]
        with _errors_named():
            self._client().wait_for_topics(names, timeout_ms=int(_SEEN_DEADLINE_S * 1_000))
        _until(lambda: len(self.describe(names)) == len(set(names)), _SEEN_DEADLINE_S)
        return self.describe(names)

    def _empty(self, specs: Sequence[TopicSpec]) -> list[tuple[TopicSpec, int]]:
        states = self.describe([spec.name for spec in specs])
        return [
            (spec, number)
            for spec in specs
            for number, end in sorted(states[spec.name].ends.items())
            if end == 0
        ]

    def _wait_until_begun(self, specs: Sequence[TopicSpec]) -> None:
        deadline = monotonic() + _CREATOR_PATIENCE_S
        while self._empty(specs) and monotonic() < deadline:
            wait(_PAUSE_S)

    def _begin(
        self, specs: Sequence[TopicSpec], genesis: Callable[[TopicSpec, int], Message]
    ) -> None:
        empty = self._empty(specs)
        if not empty:
            return
        publisher = NativePublisher(self._bootstrap)
        try:
            publisher.publish([genesis(spec, number) for spec, number in empty])
        finally:
            publisher.close()

    def _of_coordinator(self, ask: Callable[[KafkaAdminClient], T]) -> T:
        """Ask the group's coordinator: it may just be made, or have moved."""
        deadline = monotonic() + _SEEN_DEADLINE_S
        while True:
            try:
                return ask(self._client())
            except _COORDINATOR_MOVES:
                if monotonic() >= deadline:
                    raise
                # The client keeps the coordinator it knows for as long as it lives.
                self.close()
                wait(_PAUSE_S)


def _require_partitions(specs: Sequence[TopicSpec], there: Mapping[str, TopicState]) -> None:
    for spec in specs:
        state = there.get(spec.name)
        if state is not None and len(state.ends) != spec.partitions:
            raise TopicMismatch(
                f"topic {spec.name} has {len(state.ends)} partitions and must have "
                f"{spec.partitions}: `alongside topics renew` makes it anew"
            )


def _until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = monotonic() + seconds
    while not condition():
        if monotonic() >= deadline:
            raise BusUnavailable("kafka topics: the change is not visible yet")
        wait(_PAUSE_S)


@contextmanager
def _errors_named() -> Iterator[None]:
    """Turn Kafka's errors into what must happen next."""
    try:
        yield
    except _FOR_A_PERSON as error:
        raise Misconfigured(f"Kafka refuses: {error}") from error
    except KafkaError as error:
        raise BusUnavailable(f"kafka admin: {type(error).__name__}") from error
