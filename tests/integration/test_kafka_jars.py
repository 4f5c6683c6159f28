"""Fetching the jars: a stand-in for Maven copies what is here already, or fails as Maven does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.launcher.kafka_home import KafkaHome
from tests.machine import JARS, ROOT

pytestmark = [pytest.mark.kafka(own=True), pytest.mark.timeout(300)]

COPIES = f"""
for word; do case "$word" in -DoutputDirectory=*) to="${{word#*=}}";; esac; done
mkdir -p "$to" && cp {JARS}/lib/*.jar "$to"
"""


@pytest.fixture
def maven(tmp_path: Path) -> Path:
    """The only `mvn` there is; its script counts its runs."""
    program = tmp_path / "bin" / "mvn"
    program.parent.mkdir()
    return program


def fetch(
    folder: Path, maven: Path, script: str | None = COPIES
) -> subprocess.CompletedProcess[str]:
    if script is not None:
        counting = f"#!/bin/sh\necho run >> {maven.parent}/runs\n"
        maven.write_text(counting + script, "utf-8")
        maven.chmod(0o755)
    paths = [str(maven.parent), "/usr/bin", "/bin"] if script else [str(java_alone(maven))]
    return subprocess.run(
        [sys.executable, "-m", "services.launcher.kafka_jars", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PATH": ":".join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )


def java_alone(maven: Path) -> Path:
    """Make a folder for PATH with no Maven in it."""
    folder = maven.parent / "java-alone"
    folder.mkdir()
    java = subprocess.run(["which", "java"], capture_output=True, text=True, check=True).stdout
    (folder / "java").symlink_to(java.strip())
    return folder


def runs(maven: Path) -> int:
    return len((maven.parent / "runs").read_text("utf-8").splitlines())


def test_interrupted_fetch_is_done_again_and_a_complete_one_is_not(
    tmp_path: Path, maven: Path
) -> None:
    folder = tmp_path / "jars"
    (folder / "lib").mkdir(parents=True)
    (folder / "lib" / "half.jar").write_bytes(b"half")
    assert fetch(folder, maven).returncode == 0
    assert KafkaHome(folder).complete
    assert KafkaHome(folder).archive.is_file()
    assert not (folder / "lib" / "half.jar").exists()
    assert fetch(folder, maven).returncode == 0
    assert runs(maven) == 1


def test_jar_with_other_bytes_is_refused(tmp_path: Path, maven: Path) -> None:
    tampered = COPIES + 'echo more >> "$to"/kafka-clients-4.3.1.jar\n'
    answer = fetch(tmp_path / "jars", maven, tampered)
    assert answer.returncode == 2
    assert "kafka-clients-4.3.1.jar" in answer.stderr
    assert not KafkaHome(tmp_path / "jars").complete


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("Unknown host repository", "no network"),
        ("Could not transfer artifact: Connection refused", "no network"),
        ("write: No space left on device", "is full"),
        ("something new", "maven.log says why"),
    ],
)
def test_failing_maven_is_said_in_one_sentence(
    tmp_path: Path, maven: Path, says: str, sentence: str
) -> None:
    answer = fetch(tmp_path / "jars", maven, f"echo '[ERROR] {says}'; exit 1")
    assert answer.returncode == 2
    assert sentence in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_machine_without_maven_is_told_so(tmp_path: Path, maven: Path) -> None:
    answer = fetch(tmp_path / "jars", maven, None)
    assert answer.returncode == 2
    assert "there is no mvn on this machine" in answer.stderr
