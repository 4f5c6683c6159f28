"""The broker of our own: it comes up, keeps what it has, and never outlives its launcher."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from services.chassis.bus import Partition
from services.chassis.errors import Misconfigured
from services.chassis.kafka_native import NativeReader
from services.launcher.java import java_major
from services.launcher.kafka_broker import KafkaBroker
from tests.integration.kafka_kit import new_topic, send, state, until_long
from tests.machine import JARS, ROOT

pytestmark = [pytest.mark.kafka(own=True), pytest.mark.timeout(600)]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[KafkaBroker]:
    broker = KafkaBroker(tmp_path / "kafka", JARS)
    yield broker
    broker.stop()


def runs(pid: int) -> bool:
    # A killed orphan may stay a zombie for a while: it no longer runs.
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8")
    except FileNotFoundError:
        return False


def test_records_and_address_outlive_a_stop_and_a_crash_and_end_with_a_wipe(
    broker: KafkaBroker, tmp_path: Path
) -> None:
    broker.start()
    address, topic = broker.bootstrap, new_topic(broker.bootstrap, partitions=1)
    send(address, topic, range(3))
    before = state(address, topic)
    broker.stop()
    assert not broker.alive
    again = KafkaBroker(tmp_path / "kafka", JARS)
    again.start()
    assert again.bootstrap == address
    assert state(address, topic) == before
    again.kill()
    assert not again.alive
    again.start()
    with closing(NativeReader(address)) as reader:
        partition = Partition(topic, before.topic_id, 0)
        assert [r.offset for chunk in reader.read(partition, 0, 4) for r in chunk] == [0, 1, 2, 3]
    again.stop()
    again.wipe()
    again.start()
    assert again.bootstrap == address
    assert state(address, new_topic(address, 1, topic)).topic_id != before.topic_id
    with pytest.raises(RuntimeError, match="stop it first"):
        again.wipe()
    again.stop()


def test_broker_dies_with_its_launcher(tmp_path: Path) -> None:
    # Started in a thread that has ended: the kernel binds a child to the thread that made it.
    launcher = f"""
import threading, time
from pathlib import Path
from services.launcher.kafka_broker import KafkaBroker
broker = KafkaBroker(Path({str(tmp_path)!r}), Path({str(JARS)!r}))
thread = threading.Thread(target=broker.start)
thread.start()
thread.join()
print(broker.pid, flush=True)
time.sleep(600)
"""
    with subprocess.Popen(
        [sys.executable, "-c", launcher], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        pid = int(process.stdout.readline() if process.stdout else "0")
        assert runs(pid)
        assert os.getpgid(pid) == pid
        process.send_signal(signal.SIGKILL)
    until_long(lambda: not runs(pid), "the broker is gone")


def test_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        broker = KafkaBroker(tmp_path, JARS, port=port)
        with pytest.raises(Misconfigured, match=rf"port {port} .* is taken") as refused:
            broker.start()
    assert "\n" not in str(refused.value)
    assert not broker.alive


def test_port_that_was_asked_for_is_used(tmp_path: Path) -> None:
    assert KafkaBroker(tmp_path, JARS, port=31_999).bootstrap == "127.0.0.1:31999"


def test_missing_jars_are_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"the jars of Apache Kafka .* are not in"):
        KafkaBroker(tmp_path / "kafka", tmp_path / "no-jars").start()


def test_format_that_was_interrupted_is_done_again(broker: KafkaBroker) -> None:
    (broker._records / "half").mkdir(parents=True)
    broker.start()
    assert broker.alive
    assert not (broker._records / "half").exists()


def test_folder_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "kafka").write_text("a file where the folder should be", "utf-8")
    with pytest.raises(Misconfigured, match=r"cannot be written to"):
        KafkaBroker(tmp_path / "kafka", JARS).start()


def java_that_says(folder: Path, version: str, then: str) -> Path:
    java = folder / "java-home" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(
        f"""#!/bin/sh
if [ "$1" = -version ]; then echo 'openjdk version "{version}"' >&2; exit 0; fi
echo '{then}'; exit 1
""",
        "utf-8",
    )
    java.chmod(0o755)
    return java.parents[1]


def test_old_java_is_said_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(java_that_says(tmp_path, "11.0.2", "nothing")))
    with pytest.raises(Misconfigured, match=r"needs Java 17 or newer and .* is Java 11"):
        KafkaBroker(tmp_path / "kafka", JARS).start()


def test_full_disk_is_said_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = java_that_says(tmp_path, "17.0.9", "java.io.IOException: No space left on device")
    monkeypatch.setenv("JAVA_HOME", str(home))
    with pytest.raises(Misconfigured, match=r"the disk of .* is full$"):
        KafkaBroker(tmp_path / "kafka", JARS).start()


@pytest.mark.parametrize(
    ("text", "major"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_292"', 8),
        ('openjdk version "25" 2025-09-16', 25),
        ("Unable to locate a Java Runtime.", None),
    ],
)
def test_java_s_version_is_read_as_it_is_written(text: str, major: int | None) -> None:
    assert java_major(text) == major


def aside_of(broker: KafkaBroker) -> Path | None:
    return broker.set_aside


def delete_metadata(records: Path) -> None:
    """Delete what says which topics there are; the rest stays, as after a delete by hand."""
    shutil.rmtree(records / "__cluster_metadata-0")


def delete_metadata_and_wait_in_vain(records: Path) -> None:
    """Leave what a start without it leaves behind: an empty log and no checkpoint."""
    delete_metadata(records)
    (records / "__cluster_metadata-0").mkdir()
    (records / "__cluster_metadata-0" / "00000000000000000000.log").touch()


def delete_identity(records: Path) -> None:
    (records / "meta.properties").unlink()


def spoil_a_checkpoint(records: Path) -> None:
    """Write what Kafka cannot read: it ends at once, at every start."""
    (records / "recovery-point-offset-checkpoint").write_text("spoilt\n", "utf-8")


@pytest.mark.parametrize(
    "spoil",
    [delete_metadata, delete_metadata_and_wait_in_vain, delete_identity, spoil_a_checkpoint],
    ids=lambda spoil: spoil.__name__,
)
def test_records_that_cannot_be_used_are_moved_aside_and_the_broker_starts_on_new_ones(
    broker: KafkaBroker, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    broker.start()
    assert aside_of(broker) is None
    topic = new_topic(broker.bootstrap, partitions=1)
    send(broker.bootstrap, topic, range(3))
    before = state(broker.bootstrap, topic)
    broker.kill()
    spoil(tmp_path / "kafka" / "records")
    broker.start()
    aside = tmp_path / "kafka" / "records-set-aside-1"
    assert aside_of(broker) == aside
    assert (aside / f"{topic}-0" / "00000000000000000000.log").stat().st_size
    assert state(broker.bootstrap, new_topic(broker.bootstrap, 1, topic)) != before
    broker.kill()
    broker.start()
    assert aside_of(broker) is None


@pytest.mark.parametrize(
    "said",
    [
        "java.nio.file.AccessDeniedException: {records}/meta.properties",
        "java.io.IOException: {records}: No space left on device",
        "java.lang.IllegalStateException: something else altogether",
    ],
)
def test_records_stay_where_they_are_when_something_else_hinders_the_broker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    records = tmp_path / "kafka" / "records"
    (records / "__cluster_metadata-0").mkdir(parents=True)
    (records / "__cluster_metadata-0" / "0.checkpoint").write_text("kept", "utf-8")
    (records / "meta.properties").write_text("kept", "utf-8")
    (tmp_path / "kafka" / "formatted").touch()
    home = java_that_says(tmp_path, "17.0.9", said.format(records=records))
    monkeypatch.setenv("JAVA_HOME", str(home))
    broker = KafkaBroker(tmp_path / "kafka", JARS)
    with pytest.raises(Misconfigured):
        broker.start()
    assert (records / "meta.properties").read_text("utf-8") == "kept"
    assert broker.set_aside is None


def test_broker_whose_address_was_lost_in_a_power_cut_settles_on_another(tmp_path: Path) -> None:
    (tmp_path / "ports.json").touch()
    broker = KafkaBroker(tmp_path, JARS)
    assert not broker.has_address
    assert KafkaBroker(tmp_path, JARS).bootstrap.startswith("127.0.0.1:")
    assert broker.has_address
