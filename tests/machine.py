"""Which parts this machine has, so that a test without its part says what is missing."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from services.chassis.errors import Misconfigured
from services.launcher.java import find_java
from services.launcher.kafka_home import KafkaHome
from tests.postgres import find_postgres, unprivileged_user

ROOT = Path(__file__).parents[1]
JARS = ROOT / ".alongside-broker"
BUILT_PAGES = ROOT / "services/chassis/web/static/alongside.css"
AXE = ROOT / "node_modules/axe-core/axe.min.js"


def lacks_kafka() -> str | None:
    try:
        find_java()
        KafkaHome(JARS).require_complete()
    except Misconfigured as missing:
        return str(missing)
    return None


def lacks_postgres() -> str | None:
    if find_postgres() is None:
        return "initdb and postgres are not on this machine"
    if os.geteuid() == 0 and unprivileged_user() is None:
        return "a PostgreSQL server does not run as root and there is no user postgres"
    return None


def lacks_browser() -> str | None:
    if find_chromium() is None:
        return "there is no Chromium on this machine"
    if not (BUILT_PAGES.is_file() and AXE.is_file()):
        return "the style sheet is not built: `make setup`"
    return None


def find_chromium() -> Path | None:
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if found := shutil.which(name):
            return Path(found)
    return None


# Marker of a part -> one sentence about what is missing, or None.
PARTS: dict[str, Callable[[], str | None]] = {
    "kafka": lacks_kafka,
    "postgres": lacks_postgres,
    "browser": lacks_browser,
}


def memory_folder() -> str | None:
    """Return a folder that lies in memory, where there is one: for what does not test the disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
