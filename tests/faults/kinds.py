"""The kinds of fault: each breaks one thing of a running system, and returns when it is over."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from types import MappingProxyType
from typing import Final, TypeAlias

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient
from sqlalchemy import create_engine, text

from services.chassis import topics
from services.chassis.bus import Message, Record, TopicSpec
from services.chassis.dead_letters import CRASHED
from services.chassis.errors import BusUnavailable
from services.chassis.installation import installation_id
from services.contracts.catalogue import TOPICS
from services.launcher.standing import reached_bus
from services.launcher.system import NAMES
from tests.faults.link import State
from tests.faults.system import System
from tests.faults.traps import BUG, POINTS, POISON, STORE
from tests.invariants import records
from tests.waiting import until

Fault: TypeAlias = Callable[[System, Random], None]

_BACK_S: Final = 240
_SESSION_S: Final = 12
"""Longer than Kafka counts a member that says nothing."""
_ANSWER_S: Final = 20
_PIECE: Final = 1 << 20
_HUGE: Final = 400_000
_TO_THE_END: Final = -1
_WRONG_USE: Final = 2


def kill_a_worker(system: System, luck: Random) -> None:
    system.signal(luck.choice(NAMES), signal.SIGKILL)


def kill_all_workers(system: System, _luck: Random) -> None:
    for name in NAMES:
        system.signal(name, signal.SIGKILL)


def end_a_worker(system: System, luck: Random) -> None:
    system.signal(luck.choice(NAMES), signal.SIGTERM)


def kill_the_api(system: System, _luck: Random) -> None:
    system.signal("api", signal.SIGKILL)


def kill_the_launcher(system: System, _luck: Random) -> None:
    """Kill the launcher: everything ends with it, and an operator starts it again."""
    pid = system.state.pid
    os.kill(pid, signal.SIGKILL)
    until(lambda: not _lives(pid), "the launcher has ended", _BACK_S)
    until(lambda: _started(system), "it starts again", _BACK_S)


def let_a_worker_die_at_a_point(system: System, luck: Random) -> None:
    """Let it die where it is worst: around a commit, or in the middle of sending."""
    trap = system.traps / luck.choice(NAMES)
    trap.write_text(f"{luck.choice(POINTS)} {luck.randint(0, 6)}")


def freeze_a_worker(system: System, luck: Random) -> None:
    """Freeze it for longer than its session and its lease last: it wakes as a zombie."""
    _freeze(system, luck.choice(NAMES), luck.uniform(7, 14))


def freeze_the_broker(system: System, luck: Random) -> None:
    _freeze(system, "broker", luck.uniform(3, 15))


def kill_the_broker(system: System, _luck: Random) -> None:
    _kill_broker(system)


def wipe_the_broker(system: System, _luck: Random) -> None:
    """Kill it and take all its records away."""
    _kill_broker(system)
    shutil.rmtree(system.data / "kafka" / "records", ignore_errors=True)


def renew_a_topic(system: System, luck: Random) -> None:
    """Delete a topic and make it anew, as the one remedy for a broken one."""
    system.alongside("topics", "renew", luck.choice(sorted(TOPICS)))


def hold_the_store(system: System, luck: Random) -> None:
    """Lock a database for longer than anybody waits; on PostgreSQL end its connections."""
    if (url := system.settings.postgres) is not None:
        engine = create_engine(url)
        with engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
            )
        engine.dispose()
        return
    file = system.data / f"{luck.choice(NAMES)}.sqlite3"
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        _rest(luck.uniform(1, 8))
        connection.execute("ROLLBACK")


def repeat_events(system: System, luck: Random) -> None:
    """Put some events, or all of a topic, at its end once more."""
    bus = reached_bus(system.settings)
    topic = luck.choice([spec.name for spec in topics.specs(system.settings.topic_prefix)])
    try:
        found = list(records(bus, topic))
    except BusUnavailable:
        return
    if luck.random() < 0.8:
        found = luck.sample(found, min(len(found), 20))
    _publish(system, found)


def put_garbage(system: System, luck: Random) -> None:
    """Put on a topic what is no event: bytes, something huge, something deep."""
    topic = luck.choice([spec.name for spec in topics.specs(system.settings.topic_prefix)])
    value = luck.choice(
        (luck.randbytes(40), b"\0" * _HUGE, b"[" * 20_000, b'{"a":' * 5_000, b"", b"\xff\xfe{}")
    )
    headers = luck.choice(((), (("ce_type", b"?"),), (("ce_id", luck.randbytes(8)),)))
    _publish(system, [Record(topic, "", 0, 0, luck.randbytes(4), headers, value)])


def cut_the_link(system: System, luck: Random) -> None:
    """Break every connection to the broker, and let none be made."""
    _with_link(system, State.CUT, luck.uniform(2, 12))


def let_the_link_go_dead(system: System, luck: Random) -> None:
    """Let nothing through and tell nobody: connections stay open at both ends."""
    _with_link(system, State.DEAD, luck.uniform(3, 15))


def slow_the_link(system: System, luck: Random) -> None:
    _with_link(system, State.SLOW, luck.uniform(5, 15))


def move_the_groups(system: System, luck: Random) -> None:
    """Put what Kafka believes to be read back, forward or away, while the workers are frozen."""
    pids = [pid for name in NAMES if (pid := system.pid(name))]
    try:
        for pid in pids:
            _signal(pid, signal.SIGSTOP)
        _rest(_SESSION_S)
        admin = AdminClient({"bootstrap.servers": str(system.settings.kafka_bootstrap_servers)})
        for name in NAMES:
            _move_group(admin, f"alongside.{name}.{installation_id(system.data)}", luck)
    finally:
        for pid in pids:
            _signal(pid, signal.SIGCONT)


def fail_commits(system: System, luck: Random) -> None:
    """Let one commit in twenty of every worker fail, for some seconds."""
    trap = system.traps / STORE
    trap.touch()
    _rest(luck.uniform(3, 8))
    trap.unlink(missing_ok=True)


def raise_in_a_handler_twice(system: System, luck: Random) -> None:
    """Let an exception escape a handler, and once more after the restart."""
    trap = system.traps / f"{luck.choice(NAMES)}{BUG}"
    trap.write_text("2")
    with suppress(AssertionError):  # nothing may come to this service for a while
        until(lambda: trap.read_text() == "0", "its handlers have raised", _SESSION_S)
    trap.unlink()


def crash_on_one_event_every_time(system: System, luck: Random) -> None:
    """Let one event crash its handler until it is laid aside; mend it, and hand it over again."""
    trap = system.traps / f"{luck.choice(NAMES)}{POISON}"
    trap.touch()
    with suppress(AssertionError):  # nothing may come to this service for a while
        until(trap.read_text, "an event is poisoned", _SESSION_S)
        until(lambda: _letters_of(system, CRASHED), "it is laid aside", _BACK_S)
    trap.unlink()
    for letter in _letters_of(system, CRASHED):
        system.alongside("dead-letters", "retry", letter)


def say_otherwise_under_the_same_id(system: System, luck: Random) -> None:
    """Put events on a topic once more, each with another content."""
    bus = reached_bus(system.settings)
    topic = luck.choice([spec.name for spec in topics.specs(system.settings.topic_prefix)])
    try:
        found = [record for record in records(bus, topic) if record.value]
    except BusUnavailable:
        return
    _publish(system, [_altered(record) for record in luck.sample(found, min(len(found), 5))])


def lose_old_records(system: System, luck: Random) -> None:
    """Let all that lies on a topic age out, and renew it, as the one remedy."""
    name = luck.choice(sorted(TOPICS))
    topic = f"{system.settings.topic_prefix}.{name}"
    admin = AdminClient({"bootstrap.servers": str(system.settings.kafka_bootstrap_servers)})
    with suppress(KafkaException):
        known = admin.list_topics(topic, timeout=_ANSWER_S).topics[topic]
        everything = [TopicPartition(topic, number, _TO_THE_END) for number in known.partitions]
        for deleted in admin.delete_records(everything, request_timeout=_ANSWER_S).values():
            deleted.result()
    _rest(luck.uniform(0, 5))
    system.alongside("topics", "renew", name)


def start_a_stranger_on_this_cluster(system: System, _luck: Random) -> None:
    """Let another installation of the same prefix try to run on this cluster."""
    specs = topics.specs(system.settings.topic_prefix)
    until(lambda: _is_begun(system, specs), "every topic is ours", _BACK_S)
    assert system.stranger() == _WRONG_USE


def let_weeks_pass(system: System, luck: Random) -> None:
    """Move the clock far at once, over a change of the hour now and then."""
    system.pass_time(timedelta(days=luck.randint(7, 60)))


def fill_the_disk(system: System, luck: Random) -> None:
    """Leave no byte on the disk of the databases and the broker, then make room."""
    filler = system.data / "filler"
    try:
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"\0" * _PIECE)
        _rest(luck.uniform(2, 8))
    finally:
        filler.unlink()


def restart_the_database(system: System, _luck: Random) -> None:
    """End the database server as at a crash, and start it again."""
    assert system.postgres is not None
    system.postgres.crash()


def let_guests_come_and_go(system: System, luck: Random) -> None:
    """Let second workers come and go, so that partitions change hands again and again."""
    for _ in range(luck.randint(1, 3)):
        guest = system.invite(luck.choice(NAMES))
        _rest(luck.uniform(2, 9))
        guest.send_signal(luck.choice((signal.SIGKILL, signal.SIGTERM)))
        guest.wait(_BACK_S)


KINDS: Final[Mapping[Fault, int]] = MappingProxyType(
    {
        kill_a_worker: 8,
        let_a_worker_die_at_a_point: 10,
        kill_all_workers: 3,
        end_a_worker: 3,
        kill_the_api: 3,
        kill_the_launcher: 1,
        freeze_a_worker: 2,
        freeze_the_broker: 2,
        kill_the_broker: 3,
        wipe_the_broker: 1,
        renew_a_topic: 2,
        hold_the_store: 3,
        repeat_events: 4,
        put_garbage: 3,
        cut_the_link: 3,
        let_the_link_go_dead: 2,
        slow_the_link: 2,
        move_the_groups: 2,
        fail_commits: 3,
        raise_in_a_handler_twice: 3,
        crash_on_one_event_every_time: 2,
        say_otherwise_under_the_same_id: 2,
        lose_old_records: 1,
        start_a_stranger_on_this_cluster: 1,
        let_weeks_pass: 1,
        fill_the_disk: 2,
        restart_the_database: 2,
        let_guests_come_and_go: 2,
    }
)
"""Each kind, and how often it comes beside the others."""


def name_of(kind: Fault) -> str:
    """Return what people call a kind."""
    return kind.__name__.replace("_", " ")


def kinds_for(system: System) -> Mapping[Fault, int]:
    """Return the kinds that can befall this system, and how often each comes."""
    lacks = {
        *(() if system.has_own_disk else (fill_the_disk,)),
        *(() if system.postgres else (restart_the_database, let_guests_come_and_go)),
    }
    return {kind: often for kind, often in KINDS.items() if kind not in lacks}


def _with_link(system: System, state: State, seconds: float) -> None:
    try:
        system.link.become(state)
        _rest(seconds)
    finally:
        system.link.become(State.WHOLE)


def _move_group(admin: AdminClient, group: str, luck: Random) -> None:
    """Move all that a group has told Kafka, or make Kafka forget the group; if it lets us."""
    try:
        found = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])
        told = found[group].result(_ANSWER_S).topic_partitions
        if luck.random() < 1 / 3:
            admin.delete_consumer_groups([group])[group].result(_ANSWER_S)
            return
        for place in told:
            place.offset = luck.choice((1, max(1, place.offset // 2), place.offset + 1_000))
        moved = admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(group, told)])
        moved[group].result(_ANSWER_S)
    except KafkaException:
        return  # the broker is away, or still counts a member


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _freeze(system: System, name: str, seconds: float) -> None:
    if (pid := system.pid(name)) is None:
        return
    _signal(pid, signal.SIGSTOP)
    _rest(seconds)
    _signal(pid, signal.SIGCONT)


def _kill_broker(system: System) -> None:
    until(lambda: system.pid("broker"), "there is a broker", _BACK_S)
    system.signal("broker", signal.SIGKILL)


def _letters_of(system: System, code: str) -> list[str]:
    found = json.loads(system.alongside("dead-letters", "list", "--json"))
    return [letter["id"] for letter in found if letter["code"] == code]


def _is_begun(system: System, specs: Sequence[TopicSpec]) -> bool:
    try:
        admin = reached_bus(system.settings).admin()
    except BusUnavailable:
        return False
    try:
        found = admin.describe([spec.name for spec in specs])
    except BusUnavailable:
        return False
    finally:
        admin.close()
    ours = [min(state.ends.values(), default=0) > 0 for state in found.values()]
    return len(ours) == len(specs) and all(ours)


def _altered(record: Record) -> Record:
    state = json.loads(record.value or b"{}")
    altered = json.dumps({**state, "version": state.get("version", 0) + 1})
    return replace(record, value=altered.encode())


def _publish(system: System, found: list[Record]) -> None:
    """Publish if the broker is there: what a stranger does to it is no promise of ours."""
    publisher = reached_bus(system.settings).publisher()
    try:
        publisher.publish([Message(r.topic, r.key, r.headers, r.value or b"") for r in found])
    except BusUnavailable:
        return
    finally:
        publisher.close()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _started(system: System) -> bool:
    """Start it; what it left running ends by itself, and may hold a port until then."""
    try:
        system.start()
    except AssertionError:
        return False
    return True


def _rest(seconds: float) -> None:
    threading.Event().wait(seconds)
