"""The kinds of fault: each breaks one thing of a running system, and returns when it is over."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from random import Random
from types import MappingProxyType
from typing import Final, TypeAlias

from sqlalchemy import create_engine, text

from services.chassis import topics
from services.chassis.bus import Message, Record
from services.chassis.errors import BusUnavailable
from services.launcher.standing import reached_bus
from services.launcher.system import NAMES
from tests.faults.system import System
from tests.faults.traps import POINTS
from tests.invariants import records
from tests.waiting import until

Fault: TypeAlias = Callable[[System, Random], None]

_BACK_S: Final = 240
_HUGE: Final = 400_000


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
    system.alongside("topics", "renew", f"{luck.choice(NAMES)}.v1")


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
    }
)
"""Each kind, and how often it comes beside the others."""


def _freeze(system: System, name: str, seconds: float) -> None:
    pid = system.pid(name)
    if pid is None:
        return
    try:
        os.kill(pid, signal.SIGSTOP)
        _rest(seconds)
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        return


def _kill_broker(system: System) -> None:
    until(lambda: system.pid("broker"), "there is a broker", _BACK_S)
    system.signal("broker", signal.SIGKILL)


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
