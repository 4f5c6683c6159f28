"""Goes back to a copy: all databases at once, the topics anew, and nothing sent to anybody.

What was said after the copy was made is in no database any more. It is read from the bus, if that
is still there, and written into a list for people; nothing is taken over from it, for what names a
child was never on the bus (decision 0014).
"""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from services.chassis import topics
from services.chassis.bus import Partition
from services.chassis.buses import open_bus
from services.chassis.clock import SystemClock
from services.chassis.database import open_database, reading
from services.chassis.embedded_bus import EmbeddedBus
from services.chassis.envelope import head_from
from services.chassis.errors import Misconfigured, Refused
from services.chassis.installation import installation_id, is_installed
from services.chassis.sql import Sql
from services.contracts.catalogue import by_ce_type
from services.launcher import backup
from services.launcher.all_topics import all_topics
from services.launcher.desks import desk
from services.launcher.kafka_broker import KafkaBroker
from services.launcher.recount import opened_desks
from services.launcher.run_file import RunFile
from services.launcher.system import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from services.chassis.bus import Bus, Record
    from services.chassis.desk import Desk
    from services.chassis.envelope import Head
    from services.launcher.settings import LauncherSettings

_MARK: Final = "restore-is-not-finished"
_SHOWN: Final = ("authority", "child_ref", "conference_ref", "meeting_ref", "status")
_COLUMNS: Final = ("time", "event", *_SHOWN, "id")
_PARTS: Final = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What is back, where what it replaced lies, and what was said after the copy was made."""

    copy: backup.Copy
    replaced: Path | None
    later: Counter[str]
    listed: Path | None


def require_finished(data: Path) -> None:
    """See that no restore was broken off.

    Raises:
        Misconfigured: one was; some databases may be newer than others.
    """
    if (data / _MARK).exists():
        raise Misconfigured(f"a restore of {data.absolute()} was broken off: run it once more")


def restore(settings: LauncherSettings, source: Path) -> Restored:
    """Put the databases of a copy in the place of those that are there.

    What is replaced is kept beside them. If it is broken off, nothing starts until it was run once
    more.

    Raises:
        Misconfigured: the system runs, the copy is damaged or of another installation, or what it
            needs is not here. Nothing was changed.
        BusUnavailable: the broker did not answer; nothing was changed.
    """
    copy = backup.copy_in(source)
    _require_same(settings, copy)
    run_file = RunFile(settings.data)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    run_file.claim()
    try:
        with _buses(settings) as buses:
            mark = settings.data / _MARK
            mark.touch()
            replaced = _set_aside(settings)
            _put_back(settings, copy)
            _hold_messages(settings)
            later, listed = _listed(settings, copy, buses)
            for bus in buses:
                _forget_topics(settings, bus)
        mark.unlink()
    finally:
        run_file.release()
    return Restored(copy, replaced, later, listed)


def _require_same(settings: LauncherSettings, copy: backup.Copy) -> None:
    if is_installed(settings.data) and installation_id(settings.data) != copy.installation:
        where = settings.data.absolute()
        raise Misconfigured(f"{where} holds another installation's data: name its own with --data")
    if bool(settings.postgres) != (copy.database == backup.POSTGRES):
        other = "needs" if copy.database == backup.POSTGRES else "was made without"
        raise Misconfigured(f"this backup {other} ALONGSIDE_DATABASE_URL, a PostgreSQL of yours")


@contextmanager
def _buses(settings: LauncherSettings) -> Iterator[Sequence[Bus]]:
    """Open every bus that this installation has used and that is here; an own broker is started."""
    found: list[Bus] = []
    if (settings.data / "bus.sqlite3").exists():
        found.append(EmbeddedBus(settings.data / "bus.sqlite3"))
    if settings.kafka_bootstrap_servers:
        found.append(open_bus(settings.model_copy(update={"broker": "external"})))
    own = KafkaBroker(settings.data / "kafka", settings.kafka_jars)
    if not (settings.data / "kafka" / "records").exists():
        yield found
        return
    own.start()
    try:
        at = {"broker": "external", "kafka_bootstrap_servers": own.bootstrap}
        yield [*found, open_bus(settings.model_copy(update=at))]
    finally:
        own.stop()


def _set_aside(settings: LauncherSettings) -> Path | None:
    """Move or copy what is replaced into a folder of its own; None where there is nothing."""
    stamp = f"before-the-restore-{SystemClock().now():%Y%m%dT%H%M%S}"
    names = chain((stamp,), (f"{stamp}-{number}" for number in count(2)))
    folder = next(one for name in names if not (one := settings.data / name).exists())
    if settings.postgres:
        if not _has_schemas(settings.postgres, settings.data):
            return None
        backup.back_up(settings, folder)
        return folder
    there = [
        file
        for name in NAMES
        for part in _PARTS
        if (file := settings.data / f"{name}.sqlite3{part}").exists()
    ]
    if not there:
        return None
    folder.mkdir(mode=0o700)
    for file in there:
        file.rename(folder / file.name)
    return folder


def _has_schemas(url: str, data: Path) -> bool:
    engine = open_database(NAMES[0], data, url)
    try:
        with reading(engine) as connection:
            found = connection.exec_driver_sql(
                "SELECT count(*) FROM information_schema.tables WHERE table_name = 'outbox'"
            ).scalar_one()
    finally:
        engine.dispose()
    return int(found) == len(NAMES)


def _put_back(settings: LauncherSettings, copy: backup.Copy) -> None:
    if settings.postgres:
        backup.program(
            "pg_restore",
            settings.postgres,
            "--clean",
            "--if-exists",
            "--no-owner",
            "--single-transaction",
            f"--dbname={backup.database_name(settings.postgres)}",
            str(copy.folder / backup.DUMP),
        )
    else:
        for name in NAMES:
            _copied(copy.folder / f"{name}.sqlite3", settings.data)
    for name in backup.BESIDES:
        if (copy.folder / name).exists() and not (settings.data / name).exists():
            _copied(copy.folder / name, settings.data)


def _copied(file: Path, into: Path) -> None:
    draft = into / f".{file.name}.restored"
    shutil.copyfile(file, draft)
    backup.fsync(draft)
    draft.rename(into / file.name)
    backup.fsync(into)


def _hold_messages(settings: LauncherSettings) -> None:
    from services.exchange.handlers.holding import hold  # noqa: PLC0415

    for name in NAMES:
        # Each is brought to this release, and its keys are tried.
        with desk(name, settings) as opened:
            opened.service.check(opened.engine)
            if name == "exchange":
                opened.run(hold)


def _listed(
    settings: LauncherSettings, copy: backup.Copy, buses: Sequence[Bus]
) -> tuple[Counter[str], Path | None]:
    """Write what was said after the copy was made into a list; none where there is nothing."""
    with opened_desks(settings) as desks:
        later = {row["id"]: row for bus in buses for row in _said_later(settings, bus, desks)}
    if not later:
        return Counter(), None
    made = datetime.fromisoformat(copy.made_at)
    file = settings.data / f"said-after-{made:%Y%m%dT%H%M%S}.csv"
    with file.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, _COLUMNS)
        writer.writeheader()
        writer.writerows(sorted(later.values(), key=itemgetter("time")))
    return Counter(row["event"] for row in later.values()), file


def _said_later(
    settings: LauncherSettings, bus: Bus, desks: Mapping[str, Desk[Any]]
) -> Iterator[dict[str, str]]:
    """Yield what lies on a bus and is in no outbox that is back."""
    for records in _chunks(settings, bus):
        said = {head.id: (head, record) for head, record in _heads(records)}
        for desk_of_service in desks.values():
            with reading(desk_of_service.engine) as connection:
                for (known,) in Sql(connection).select("outbox", ("id",), "id", list(said)):
                    said.pop(known, None)
        yield from (_row(head, record) for head, record in said.values())


def _chunks(settings: LauncherSettings, bus: Bus) -> Iterator[Sequence[Record]]:
    with closing(bus.admin()) as admin, closing(bus.reader()) as reader:
        names = [spec.name for spec in topics.specs(settings.topic_prefix)]
        for name, state in sorted(admin.describe(names).items()):
            for number, end in sorted(state.ends.items()):
                yield from reader.read(Partition(name, state.topic_id, number), 0, end)


def _heads(records: Sequence[Record]) -> Iterator[tuple[Head, Record]]:
    """Yield the events of ours; garbage, and what begins a topic, are none."""
    for record in records:
        with suppress(Refused):
            head = head_from(record.headers)
            if by_ce_type(head.type) is not None:
                yield head, record


def _row(head: Head, record: Record) -> dict[str, str]:
    said: dict[str, Any] = {}
    with suppress(ValueError):
        said = json.loads(record.value or b"{}")
    kind = by_ce_type(head.type)
    return {
        "time": head.time.isoformat(),
        "event": kind.name if kind else head.type,
        **{name: str(said.get(name) or "") for name in _SHOWN},
        "id": head.id,
    }


def _forget_topics(settings: LauncherSettings, bus: Bus) -> None:
    """Delete the topics: they are made anew at the next start, and everything is said again."""
    with closing(bus.admin()) as admin:
        for name in all_topics(settings):
            admin.delete(name)
