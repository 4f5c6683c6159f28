"""Administration: topics as they must be, made once however often and by however many."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource

from services.chassis.bus import Partition, TopicSpec
from services.chassis.errors import BusUnavailable, Misconfigured, TopicMismatch
from services.chassis.kafka_admin import KafkaAdmin
from services.chassis.kafka_bus import KafkaBus
from services.chassis.kafka_native import NativeReader
from services.launcher.kafka_broker import KafkaBroker
from tests.integration.kafka_kit import a_name, genesis, new_topic, renew_topic, send, state

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]


@pytest.fixture
def admin(kafka_broker: KafkaBroker) -> Iterator[KafkaAdmin]:
    with closing(KafkaAdmin(kafka_broker.bootstrap)) as admin:
        yield admin


def test_new_topics_begin_with_a_genesis_record_in_each_partition(
    kafka_broker: KafkaBroker, admin: KafkaAdmin
) -> None:
    specs = [TopicSpec(a_name("one"), 1), TopicSpec(a_name("four"), 4)]
    assert sorted(admin.provision(specs, genesis)) == sorted(spec.name for spec in specs)
    for spec, topic in zip(specs, admin.describe([s.name for s in specs]).values(), strict=True):
        assert topic.ends == dict.fromkeys(range(spec.partitions), 1)
        with closing(NativeReader(kafka_broker.bootstrap)) as reader:
            partition = Partition(topic.topic, topic.topic_id, spec.partitions - 1)
            ((record,),) = reader.read(partition, 0, 1)
        assert record.headers == (("ce_type", b"genesis"),)


def test_provisioning_again_adds_only_what_is_new(admin: KafkaAdmin) -> None:
    old, new = TopicSpec(a_name("old"), 2), TopicSpec(a_name("new"), 2)
    admin.provision([old], genesis)
    before = admin.describe([old.name])
    assert admin.provision([old, new], genesis) == [new.name]
    assert admin.provision([old, new], genesis) == []
    assert admin.describe([old.name]) == before


def test_two_that_provision_at_once_make_one_topic_with_one_beginning(
    kafka_broker: KafkaBroker,
) -> None:
    specs = [TopicSpec(a_name("shared"), 3) for _ in range(3)]
    created: list[str] = []

    def provision() -> None:
        with closing(KafkaAdmin(kafka_broker.bootstrap)) as admin:
            created.extend(admin.provision(specs, genesis))

    threads = [threading.Thread(target=provision) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(created) == sorted(spec.name for spec in specs)
    for spec in specs:
        assert state(kafka_broker.bootstrap, spec.name).ends == {0: 1, 1: 1, 2: 1}


def test_topic_keeps_everything_for_ever(kafka_broker: KafkaBroker) -> None:
    resource = ConfigResource(ConfigResource.Type.TOPIC, new_topic(kafka_broker.bootstrap))
    client = AdminClient({"bootstrap.servers": kafka_broker.bootstrap})
    settings = client.describe_configs([resource])[resource].result(10)
    assert settings["cleanup.policy"].value == "delete"
    assert settings["retention.ms"].value == "-1"
    assert settings["retention.bytes"].value == "-1"


def test_topic_with_other_partitions_is_refused_before_anything_is_made(
    kafka_broker: KafkaBroker, admin: KafkaAdmin
) -> None:
    topic, other = new_topic(kafka_broker.bootstrap, partitions=2), a_name("other")
    with pytest.raises(TopicMismatch, match="has 2 partitions and must have 3"):
        admin.provision([TopicSpec(other, 1), TopicSpec(topic, 3)], genesis)
    assert admin.describe([other]) == {}


def test_more_copies_than_there_are_brokers_is_for_a_person(kafka_broker: KafkaBroker) -> None:
    bus = KafkaBus(kafka_broker.bootstrap, replication=3)
    with closing(bus.admin()) as admin, pytest.raises(Misconfigured, match="replication factor"):
        admin.provision([TopicSpec(a_name("copies"), 1)], genesis)


def test_topic_made_anew_has_another_identity_and_deleting_twice_is_fine(
    kafka_broker: KafkaBroker, admin: KafkaAdmin
) -> None:
    topic = new_topic(kafka_broker.bootstrap)
    before = admin.describe([topic])[topic].topic_id
    renew_topic(kafka_broker.bootstrap, topic)
    assert admin.describe([topic])[topic].topic_id != before
    admin.delete(topic)
    assert admin.describe([topic]) == {}
    admin.delete(topic)


def test_group_that_has_done_nothing_lags_by_everything(
    kafka_broker: KafkaBroker, admin: KafkaAdmin
) -> None:
    topic = new_topic(kafka_broker.bootstrap, partitions=1)
    send(kafka_broker.bootstrap, topic, range(5))
    assert admin.consumer_lag(a_name("nobody"), [topic]) == {(topic, 0): 6}
    assert admin.owned(a_name("nobody")) is None


def test_version_is_the_broker_s(admin: KafkaAdmin) -> None:
    assert KafkaBroker.version.startswith(admin.version())
    assert admin.version().count(".") == 1


def test_broker_that_is_away_is_unavailable() -> None:
    with closing(KafkaAdmin("127.0.0.1:1")) as admin, pytest.raises(BusUnavailable):
        admin.version()
