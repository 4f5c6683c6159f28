"""A worker on each engine under faults: what is lost or done twice is counted in its database."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.launcher.kafka_broker import KafkaBroker
from tests.integration.kafka_kit import (
    ENGINES,
    Effects,
    exit_code,
    kept_worker,
    new_topic,
    output,
    renew_topic,
    says,
    send,
    send_unreadable,
    state,
    until_long,
    worker,
)
from tests.integration.kafka_worker import NOT_OURS
from tests.machine import JARS

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def hurt_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    broker = KafkaBroker(tmp_path_factory.mktemp("hurt-kafka"), JARS)
    yield broker
    broker.stop()


@pytest.fixture
def own_broker(hurt_broker: KafkaBroker) -> KafkaBroker:
    """A broker that a test may hurt."""
    hurt_broker.start()
    return hurt_broker


@pytest.fixture(params=ENGINES)
def effects(request: pytest.FixtureRequest, tmp_path: Path) -> Effects:
    return Effects(tmp_path / "effects.sqlite3", request.param)


def test_killed_worker_s_successor_goes_on_without_loss_or_double_effect(
    kafka_broker: KafkaBroker, effects: Effects
) -> None:
    bootstrap = kafka_broker.bootstrap
    topic = new_topic(bootstrap)
    send(bootstrap, topic, range(300))
    with worker(bootstrap, topic, effects) as first:
        until_long(lambda: len(effects.values()) >= 300, "the first events are done")
        send(bootstrap, topic, range(300, 600))
        first.send_signal(signal.SIGKILL)
        assert exit_code(first) == -signal.SIGKILL
    send(bootstrap, topic, range(600, 700))
    with worker(bootstrap, topic, effects):
        until_long(lambda: effects.have(range(700)), "everything is done once")


def test_failing_batch_ends_the_process_and_nothing_of_it_is_lost(
    kafka_broker: KafkaBroker, effects: Effects
) -> None:
    bootstrap = kafka_broker.bootstrap
    topic = new_topic(bootstrap)
    send(bootstrap, topic, range(200))
    with worker(bootstrap, topic, effects, bad_value=120) as failing:
        assert exit_code(failing) == 70
        said = output(failing)
    assert "ValueError" in said
    assert "child's" not in said
    assert 120 not in effects.values()
    with worker(bootstrap, topic, effects):
        until_long(lambda: effects.have(range(200)), "everything is done once")


def test_what_only_a_person_can_change_is_said_in_its_sentence(
    kafka_broker: KafkaBroker, effects: Effects
) -> None:
    topic = new_topic(kafka_broker.bootstrap)
    with worker(kafka_broker.bootstrap, topic, effects, bad_value=NOT_OURS) as foreign:
        assert exit_code(foreign) == 2
        assert "belongs to another installation" in output(foreign)


def test_record_that_faust_cannot_fetch_ends_the_process_once_and_lies_behind_the_next(
    kafka_broker: KafkaBroker, tmp_path: Path
) -> None:
    bootstrap, effects = kafka_broker.bootstrap, Effects(tmp_path / "effects.sqlite3", "faust")
    topic = new_topic(bootstrap, partitions=1)
    send(bootstrap, topic, range(10))
    with worker(bootstrap, topic, effects) as ended:
        until_long(lambda: effects.have(range(10)), "the first are done")
        send_unreadable(bootstrap, topic, [10])
        assert exit_code(ended) == 70
    with worker(bootstrap, topic, effects) as process:
        until_long(lambda: effects.have(range(11)), "it is done all the same")
        send(bootstrap, topic, range(11, 20))
        until_long(lambda: effects.have(range(20)), "those after it are done")
        assert process.poll() is None


def test_record_that_faust_cannot_fetch_is_one_like_others_to_librdkafka(
    kafka_broker: KafkaBroker, tmp_path: Path
) -> None:
    bootstrap = kafka_broker.bootstrap
    effects = Effects(tmp_path / "effects.sqlite3", "librdkafka")
    topic = new_topic(bootstrap, partitions=1)
    send(bootstrap, topic, range(10))
    with worker(bootstrap, topic, effects) as process:
        until_long(lambda: effects.have(range(10)), "the first are done")
        send_unreadable(bootstrap, topic, [10])
        send(bootstrap, topic, range(11, 20))
        until_long(lambda: effects.have(range(20)), "all are done")
        assert process.poll() is None


def test_worker_that_begins_before_a_record_that_faust_cannot_fetch_never_asks_faust_for_it(
    kafka_broker: KafkaBroker, effects: Effects
) -> None:
    bootstrap = kafka_broker.bootstrap
    topic = new_topic(bootstrap, partitions=1)
    send_unreadable(bootstrap, topic, [0])
    with worker(bootstrap, topic, effects) as process:
        send(bootstrap, topic, range(1, 10))
        until_long(lambda: effects.have(range(10)), "everything is done")
        assert process.poll() is None


def test_term_signal_ends_a_worker_in_order(kafka_broker: KafkaBroker, effects: Effects) -> None:
    bootstrap = kafka_broker.bootstrap
    topic = new_topic(bootstrap)
    send(bootstrap, topic, range(50))
    with worker(bootstrap, topic, effects) as process:
        until_long(lambda: effects.have(range(50)), "everything is done")
        process.send_signal(signal.SIGTERM)
        assert exit_code(process) == 0
    # What was acknowledged in order does not come again.
    received = effects.received()
    send(bootstrap, topic, [50])
    with worker(bootstrap, topic, effects):
        until_long(lambda: effects.have(range(51)), "the last one is done")
    assert effects.received() == received + 1


def test_renewed_topic_ends_the_process_and_the_next_one_reads_it_anew(
    kafka_broker: KafkaBroker, effects: Effects
) -> None:
    bootstrap = kafka_broker.bootstrap
    topic = new_topic(bootstrap)
    send(bootstrap, topic, range(20))
    with worker(bootstrap, topic, effects) as process:
        until_long(lambda: effects.have(range(20)), "everything is done")
        renew_topic(bootstrap, topic)
        assert exit_code(process) == 70
        assert "a topic" in output(process)
    send(bootstrap, topic, range(20, 30))
    with worker(bootstrap, topic, effects):
        until_long(lambda: effects.have(range(30)), "the new topic's events are done")
    assert effects.assignments()[-1]["topic_id"] == state(bootstrap, topic).topic_id


def test_worker_lives_through_a_restart_and_a_crash_of_the_broker(
    own_broker: KafkaBroker, effects: Effects
) -> None:
    bootstrap = own_broker.bootstrap
    topic = new_topic(bootstrap)
    send(bootstrap, topic, range(100))
    with kept_worker(bootstrap, topic, effects) as looked_after:

        def done(count: int) -> bool:
            # librdkafka sends a commit again that the broker took with it, under the name it had
            # before it joined anew, takes the answer for a rival, and asks to be made anew.
            assert looked_after() <= (2 if effects.engine == "librdkafka" else 0)
            return effects.have(range(count))

        until_long(lambda: done(100), "the first are done")
        own_broker.stop()
        own_broker.start()
        send(bootstrap, topic, range(100, 200))
        until_long(lambda: done(200), "those after the restart are done")
        own_broker.kill()
        own_broker.start()
        send(bootstrap, topic, range(200, 300))
        until_long(lambda: done(300), "those after the crash are done")


def test_worker_waits_for_a_broker_that_comes_later_and_can_be_told_to_stop_waiting(
    own_broker: KafkaBroker, effects: Effects
) -> None:
    bootstrap = own_broker.bootstrap
    topic = new_topic(bootstrap)
    own_broker.stop()
    with worker(bootstrap, topic, effects) as impatient:
        says(impatient, "waits-for-broker")
        impatient.send_signal(signal.SIGTERM)
        assert exit_code(impatient) == 0
    with worker(bootstrap, topic, effects) as process:
        own_broker.start()
        send(bootstrap, topic, range(10))
        until_long(lambda: effects.have(range(10)), "it has started after all")
        assert process.poll() is None


def test_worker_told_to_stop_while_the_broker_is_away_stops(
    own_broker: KafkaBroker, effects: Effects
) -> None:
    bootstrap = own_broker.bootstrap
    topic = new_topic(bootstrap)
    send(bootstrap, topic, range(10))
    with worker(bootstrap, topic, effects) as process:
        until_long(lambda: effects.have(range(10)), "everything is done")
        own_broker.kill()
        process.send_signal(signal.SIGTERM)
        assert exit_code(process) == 0
