"""A whole worker on real Kafka meets a record that no client of ours can read."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from services.chassis import topics
from services.chassis.bus import Message
from services.chassis.database import open_database, reading
from services.chassis.envelope import Head, headers_of
from services.chassis.installation import installation_id
from services.chassis.kafka_bus import KafkaBus
from services.chassis.kafka_native import NativePublisher
from services.chassis.sql import Sql
from services.contracts.catalogue import EVENTS
from services.launcher.kafka_broker import KafkaBroker
from tests.component.chassis.states import CHILD, conference
from tests.component.chassis.toy import METADATA
from tests.harness import START
from tests.integration.kafka_kit import a_name, exit_code, send_unreadable, until_long
from tests.integration.toy_worker import TOY
from tests.machine import ROOT

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]

RESTART = 70


class Toy:
    """The toy's worker as a process of its own, on topics of its own."""

    def __init__(self, bootstrap: str, data: Path) -> None:
        self.bootstrap, self._data, self._prefix = bootstrap, data, a_name("hostile")
        self.topic = f"{self._prefix}.exchange.v1"
        topics.provision(KafkaBus(bootstrap), topics.specs(self._prefix), installation_id(data))
        self._engine = open_database(TOY, data, None)
        METADATA.create_all(self._engine)

    @contextmanager
    def running(self, until: Callable[[], bool], what: str) -> Iterator[subprocess.Popen[str]]:
        """Run it, and go on when this is so.

        A broker that is slow to answer ends the worker, and it is begun again, as the launcher
        does.
        """
        process = self._start()
        try:
            while not until():
                until_long(lambda: until() or process.poll() is not None, what)  # noqa: B023
                if process.poll() is not None and not until():
                    assert process.returncode == RESTART
                    process = self._start()
            yield process
        finally:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "ALONGSIDE_DATA": str(self._data),
            "ALONGSIDE_BROKER": "external",
            "ALONGSIDE_TOPIC_PREFIX": self._prefix,
            "KAFKA_BOOTSTRAP_SERVERS": self.bootstrap,
        }
        program = [sys.executable, "-m", "tests.integration.toy_worker", TOY]
        return subprocess.Popen(program, cwd=ROOT, env=environment, text=True)

    def say(self, sequence: int) -> None:
        """Say that the conference was moved."""
        kind = EVENTS["conference.rescheduled"]
        state = kind.model.model_validate(conference(version=sequence))
        source, key = f"/services/{kind.service}", str(CHILD)
        head = Head(f"e{sequence}", kind.ce_type, source, key, START, sequence, "said", None)
        with closing(NativePublisher(self.bootstrap)) as publisher:
            publisher.publish(
                [
                    Message(
                        self.topic, key.encode(), headers_of(head), state.model_dump_json().encode()
                    )
                ]
            )

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with reading(self._engine) as connection:
            return Sql(connection).rows(statement)

    def heard(self) -> object:
        found = self.rows("SELECT heard FROM things")
        return found[0][0] if found else 0


def test_record_no_client_can_read_is_laid_aside_after_one_restart_and_the_next_events_handled(
    kafka_broker: KafkaBroker, tmp_path: Path
) -> None:
    toy = Toy(kafka_broker.bootstrap, tmp_path)
    toy.say(1)
    with toy.running(lambda: toy.heard() == 1, "the first event is handled") as ended:
        send_unreadable(toy.bootstrap, toy.topic, [0])
        toy.say(2)
        assert exit_code(ended) == RESTART
    with toy.running(lambda: toy.heard() == 2, "what came meanwhile is handled") as process:
        toy.say(3)
        until_long(lambda: toy.heard() == 3, "what comes now is handled")
        assert process.poll() is None
    assert toy.rows("SELECT code FROM dead_letters") == [("not-cloudevents",)]
    assert toy.rows("SELECT 1 FROM crashes") == []
