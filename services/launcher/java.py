"""Finds a Java that can run the broker: the one part of it that a machine must bring along."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import Final

from services.chassis.errors import Misconfigured

OLDEST_JAVA: Final = 17
_VERSION_LINE: Final = re.compile(r'version "(?:1\.)?(\d+)')


def find_java() -> str:
    """Return the path of a Java that is new enough; JAVA_HOME wins over PATH.

    Raises:
        Misconfigured: there is none, or it is too old.
    """
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if java is None:
        where = "in JAVA_HOME" if home else "on this machine"
        msg = f"Apache Kafka needs Java {OLDEST_JAVA} or newer and there is no java {where}"
        raise Misconfigured(msg)
    major = java_major(_version_text(java))
    if major is None:
        msg = f"{java} does not say its version; Apache Kafka needs Java {OLDEST_JAVA} or newer"
        raise Misconfigured(msg)
    if major < OLDEST_JAVA:
        msg = f"Apache Kafka needs Java {OLDEST_JAVA} or newer and {java} is Java {major}"
        raise Misconfigured(msg)
    return java


def java_major(version_text: str) -> int | None:
    """Read the major version from what `java -version` prints; `1.8.0` is 8."""
    found = _VERSION_LINE.search(version_text)
    return int(found.group(1)) if found else None


def _version_text(java: str) -> str:
    try:
        answer = subprocess.run(
            [java, "-version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stderr + answer.stdout
