"""Fetches the jars of Apache Kafka, once: `python -m services.launcher.kafka_jars DIR`."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from services.chassis.errors import Misconfigured
from services.launcher.java import find_java
from services.launcher.kafka_broker import KafkaBroker
from services.launcher.kafka_home import (
    KAFKA_VERSION,
    LOG4J_VERSION,
    PINS,
    USUAL_FOLDER,
    KafkaHome,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKSUMS: Final = Path(__file__).with_name("kafka_jars.sha256")
_PLUGIN: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_NO_NETWORK: Final = (
    "Unknown host",
    "Connection refused",
    "Connect timed out",
    "No route to host",
    "Network is unreachable",
    "Could not transfer artifact",
    "Temporary failure in name resolution",
)

# slf4j-api comes as 1.7, so it is log4j's binding for slf4j *1*.
_POM: Final = f"""\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>alongside</groupId>
  <artifactId>broker</artifactId>
  <version>{KAFKA_VERSION}</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>{KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>{LOG4J_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-core</artifactId>
      <version>{LOG4J_VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""


def fetch_jars(folder: Path) -> None:
    """Fill `folder` with everything a broker needs; what is complete already is left alone.

    Raises:
        Misconfigured: one sentence says what is missing.
    """
    home = KafkaHome(folder.absolute())
    if home.complete:
        return
    find_java()
    maven = shutil.which("mvn")
    if maven is None:
        msg = "the jars of Apache Kafka are fetched by Maven and there is no mvn on this machine"
        raise Misconfigured(msg)
    home.folder.mkdir(parents=True, exist_ok=True)
    with _alone_in(home.folder):
        if not home.complete:
            _fetch(home, maven)


def _fetch(home: KafkaHome, maven: str) -> None:
    home.marker.unlink(missing_ok=True)
    home.archive.unlink(missing_ok=True)
    shutil.rmtree(home.library, ignore_errors=True)
    _copy_dependencies(home, maven)
    _verify(home)
    with tempfile.TemporaryDirectory(dir=home.folder, prefix="training-") as scratch:
        KafkaBroker(Path(scratch), home.folder).train_archive()
    home.marker.write_text(f"{PINS}\n", "utf-8")


def _copy_dependencies(home: KafkaHome, maven: str) -> None:
    pom = home.folder / "pom.xml"
    pom.write_text(_POM, "utf-8")
    log = home.folder / "maven.log"
    options = ("-DincludeScope=runtime", f"-DoutputDirectory={home.library}")
    command = [maven, "-B", "--strict-checksums", "-f", str(pom), _PLUGIN, *options]
    with log.open("w", encoding="utf-8") as output:
        answer = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if answer.returncode != 0:
        raise _fetch_failed(log)


def _fetch_failed(log: Path) -> Misconfigured:
    said = log.read_text("utf-8", errors="replace")
    reason = f"{log} says why"
    if "No space left on device" in said:
        reason = f"the disk of {log.parent} is full"
    elif any(sign in said for sign in _NO_NETWORK):
        reason = "Maven reaches no repository from here (no network?)"
    return Misconfigured(f"the jars of Apache Kafka could not be fetched: {reason}")


def _verify(home: KafkaHome) -> None:
    """Hold the jars against the committed checksums, so that everybody runs the same bytes."""
    there = {jar.name: _sha256(jar) for jar in home.library.glob("*.jar")}
    lines = CHECKSUMS.read_text("ascii").splitlines()
    wanted = {name: digest for digest, name in (line.split() for line in lines)}
    for name in sorted(there.keys() | wanted.keys()):
        if there.get(name) != wanted.get(name):
            msg = f"{name} in {home.library} is not the file that {CHECKSUMS.name} names"
            raise Misconfigured(msg)


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Let one fetch at a time work in `folder`; the kernel frees it when we die."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Fetch into the folder given, or into the usual one."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else USUAL_FOLDER
    try:
        fetch_jars(folder)
    except Misconfigured as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
