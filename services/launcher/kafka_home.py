"""Where the jars of Apache Kafka lie on this machine, and how a JVM is started on them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from services.chassis.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Sequence

KAFKA_VERSION: Final = "4.3.1"
LOG4J_VERSION: Final = "2.25.3"
# What a marker must say; a fetch of other versions is no fetch.
PINS: Final = f"kafka {KAFKA_VERSION}, log4j {LOG4J_VERSION}"
# In the clone, wherever a command is given.
USUAL_FOLDER: Final = Path(__file__).resolve().parents[2] / ".alongside-broker"

_JVM: Final = (
    "-Xmx512m",
    "-XX:+UseSerialGC",
    # The second compiler would take half of a small machine for minutes, for a load it never sees.
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    # The JVM speaks on standard output, where we listen for the broker: errors only.
    "-Xlog:disable",
    "-Xlog:all=error",
)


@dataclass(frozen=True, slots=True)
class KafkaHome:
    """A folder filled by `services.launcher.kafka_jars`."""

    folder: Path

    @property
    def library(self) -> Path:
        """The folder of the jars."""
        return self.folder / "lib"

    @property
    def archive(self) -> Path:
        """The class data archive (AppCDS) that halves the time a broker needs to start."""
        return self.folder / "kafka.jsa"

    @property
    def marker(self) -> Path:
        """Written when everything else is there."""
        return self.folder / "complete"

    @property
    def complete(self) -> bool:
        """Whether the right jars were fetched to the end."""
        return self.marker.is_file() and self.marker.read_text("utf-8").strip() == PINS

    def require_complete(self) -> None:
        """Say in one sentence what is missing.

        Raises:
            Misconfigured: the jars are not there.
        """
        if not self.complete:
            msg = f"the jars of Apache Kafka {KAFKA_VERSION} are not in {self.folder}: `make setup`"
            raise Misconfigured(msg)

    def command(self, java: str, options: Sequence[str], main: Sequence[str]) -> list[str]:
        """Return the command line of one of Kafka's programs."""
        jars = ":".join(str(jar) for jar in sorted(self.library.glob("*.jar")))
        return [java, *_JVM, *options, "-cp", jars, *main]
