"""Kills workers and the broker while events flow, then recounts what became of every event."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

from services.chassis.bus import Partition
from services.chassis.clock import SystemClock
from services.chassis.database import open_database
from services.chassis.desk import Desk
from services.chassis.kafka_bus import KafkaBus
from services.chassis.settings import ChassisSettings
from services.chassis.work import Cause
from services.launcher.kafka_broker import KafkaBroker
from tests.component.chassis.toy import METADATA
from tests.faults.toy_worker import FEEDER, TOY, feed, feeder, toy
from tests.waiting import until

CHILDREN = 12
PREFIX = "alongside"


@dataclass
class Outcome:
    """What a campaign found."""

    said: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    seconds: float = 0.0


class Campaign:
    """One seeded campaign against a broker, a feeder and a listener of their own."""

    def __init__(self, folder: Path, jars: Path, seed: int, database_url: str | None) -> None:
        self._random = random.Random(seed)  # noqa: S311
        self._broker = KafkaBroker(folder / "kafka", jars)
        self._broker.start()
        self._settings = ChassisSettings(
            data=folder / "data",
            broker="external",
            kafka_bootstrap_servers=self._broker.bootstrap,
            database_url=database_url,  # type: ignore[arg-type]
        )
        self._url = database_url
        self._desks = {name: self._desk(name) for name in (FEEDER, TOY)}
        self._workers: dict[str, subprocess.Popen[bytes]] = {}
        self._sent: Counter[str] = Counter()
        self.outcome = Outcome()

    def run(self, kills: int) -> Outcome:
        """Feed, kill, wait until all is quiet, recount."""
        started = monotonic()
        done = threading.Event()
        try:
            self._keep_workers()
            threading.Thread(target=self._feed, args=(done,), daemon=True).start()
            for _ in range(kills):
                self._pause(0.6, 2.5)
                self._fault()
                self._keep_workers()
            done.set()
            self._keep_alive_until(self._is_quiet, "everything said is handled", 120)
            self._recount()
        finally:
            done.set()
            for worker in self._workers.values():
                worker.kill()
                worker.wait()
            self._broker.stop()
            for desk in self._desks.values():
                desk.engine.dispose()
        self.outcome.seconds = monotonic() - started
        return self.outcome

    def _desk(self, name: str) -> Desk[Any]:
        made: Any = feeder(self._settings) if name == FEEDER else toy(self._settings)
        engine = open_database(name, self._settings.data, self._settings.postgres)
        METADATA.create_all(engine)
        return Desk(made, engine, SystemClock())

    def _keep_workers(self) -> None:
        for name in (FEEDER, TOY):
            worker = self._workers.get(name)
            if worker is None or worker.poll() is not None:
                self._workers[name] = self._start(name)

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "ALONGSIDE_DATA": str(self._settings.data),
            "ALONGSIDE_BROKER": "external",
            "KAFKA_BOOTSTRAP_SERVERS": self._broker.bootstrap,
        }
        if self._url:
            environment["ALONGSIDE_DATABASE_URL"] = self._url
        log = self._settings.data / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as file:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.faults.toy_worker", name],
                env=environment,
                stdout=file,
                stderr=file,
            )

    def _feed(self, done: threading.Event) -> None:
        number = 0
        while not done.wait(0.02):
            number += 1
            child = number % CHILDREN
            state = _state(child, number)
            self._desks[FEEDER].run(partial(feed, states=[state]), Cause.command(f"n{number}"))
            self._sent[state["conference_ref"]] += 1

    def _fault(self) -> None:
        kind = self._random.choice(
            [
                "kill-toy",
                "kill-toy",
                "kill-feeder",
                "term-toy",
                "kill-both",
                "broker-kill",
                "broker-wipe",
                "freeze-toy",
            ]
        )
        self.outcome.kills[kind] += 1
        if kind.startswith("broker"):
            self._broker.kill()
            if kind == "broker-wipe":
                self._broker.wipe()
            self._broker.start()
        elif kind == "freeze-toy":
            self._workers[TOY].send_signal(signal.SIGSTOP)
            self._pause(6.5, 8)
            self._workers[TOY].send_signal(signal.SIGCONT)
        else:
            number = signal.SIGTERM if kind.startswith("term") else signal.SIGKILL
            for name in {"toy": [TOY], "feeder": [FEEDER], "both": [TOY, FEEDER]}[
                kind.split("-")[1]
            ]:
                self._workers[name].send_signal(number)
                self._workers[name].wait()

    def _pause(self, shortest: float, longest: float) -> None:
        threading.Event().wait(self._random.uniform(shortest, longest))

    def _keep_alive_until(self, condition: Any, what: str, deadline_s: float) -> None:
        def look() -> bool:
            self._keep_workers()
            return bool(condition())

        until(look, what, deadline_s)

    def _is_quiet(self) -> bool:
        unsent = "SELECT count(*) FROM outbox WHERE log_offset IS NULL"
        heard = self._heard()
        return all(
            desk.read(lambda w: w.sql.rows(unsent))[0][0] == 0 for desk in self._desks.values()
        ) and sum(heard.values()) >= sum(self._sent.values())

    def _heard(self) -> dict[str, int]:
        rows = self._desks[TOY].read(
            lambda w: w.sql.rows("SELECT conference_ref, heard FROM things")
        )
        return dict(rows)

    def _recount(self) -> None:
        heard = self._heard()
        self.outcome.said = sum(self._sent.values())
        for ref, sent in self._sent.items():
            difference = sent - heard.get(ref, 0)
            self.outcome.lost += max(0, difference)
            self.outcome.doubled += max(0, -difference)
        self._recount_bus()

    def _recount_bus(self) -> None:
        """Every answer is on the bus, and the first time each was said they come in order."""
        bus = KafkaBus(self._broker.bootstrap)
        admin, reader = bus.admin(), bus.reader()
        state = admin.describe([f"{PREFIX}.{TOY}.v1"])[f"{PREFIX}.{TOY}.v1"]
        last: dict[bytes, int] = {}
        ids: set[bytes] = set()
        for number, end in state.ends.items():
            for chunk in reader.read(Partition(state.topic, state.topic_id, number), 1, end):
                for record in chunk:
                    headers = dict(record.headers)
                    if "ce_sequence" not in headers:  # the genesis record
                        continue
                    if headers["ce_id"] not in ids:
                        sequence = int(headers["ce_sequence"])
                        if sequence != last.get(record.key or b"", 0) + 1:
                            self.outcome.out_of_order += 1
                        last[record.key or b""] = sequence
                    ids.add(headers["ce_id"])
        admin.close()
        reader.close()
        self.outcome.lost += max(0, self.outcome.said - len(ids))
        self.outcome.doubled += max(0, len(ids) - self.outcome.said)


def _state(child: int, number: int) -> dict[str, Any]:
    return {
        "conference_ref": str(UUID(int=0xC0F0 << 100 | child, version=4)),
        "child_ref": str(UUID(int=0xC411 << 100 | child, version=4)),
        "meeting_ref": str(UUID(int=0x3EE7 << 100 | child, version=4)),
        "version": number,
        "authority": "E09000020",
        "kind": "initial",
        "status": "scheduled",
        "starts_at": "2099-01-05T10:00:00Z",
        "format": "in-person",
        "age_years": 9,
        "unborn": False,
        "language": "en",
        "needs": (),
        "disabilities": (),
        "looked_after": "no",
        "in_custody": "no",
        "out_of_area": "no",
    }
