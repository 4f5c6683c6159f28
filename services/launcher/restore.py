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
from functools import partial
from itertools import chain, count, islice
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
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from services.chassis.bus import Bus
    from services.launcher.settings import LauncherSettings

_MARK: Final = "restore-is-not-finished"
_SHOWN: Final = ("authority", "child_ref", "conference_ref", "meeting_ref", "status")
_COLUMNS: Final = ("time", "event", *_SHOWN, "id")
_TOPICS: Final = "SELECT DISTINCT topic FROM outbox"
_UNSENT: Final = "SELECT headers, value FROM outbox WHERE log_offset IS NULL ORDER BY number"
_AT_ONCE: Final = 500
_PARTS: Final = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What is back, where what it replaced lies, and what was said after the copy was made."""

    copy: backup.Copy
    replaced: Path | None
    later: Counter[str]
    listed: Path | None


class _Mark:
    """Says that a restore has begun, and in which list it writes down what came later."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def said(self) -> str:
        """Return the list of a restore that was broken off; "" where none was."""
        return self._path.read_text() if self._path.exists() else ""

    def say(self, listed: str) -> None:
        self._path.write_text(listed)
        backup.fsync(self._path)
        backup.fsync(self._path.parent)

    @contextmanager
    def said_unless_refused(self, listed: str) -> Iterator[None]:
        """Say it for what is done whole or not at all: if it is refused, nothing has begun."""
        before = self.said()
        self.say(listed)
        try:
            yield
        except Misconfigured:
            if not before:
                self.take_away()
            raise

    def take_away(self) -> None:
        self._path.unlink()


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
    copy = restorable(settings, source)
    run_file = RunFile(settings.data)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    run_file.claim()
    try:
        with _buses(settings) as buses:
            mark = _Mark(settings.data / _MARK)
            # One that was broken off had begun a list, and may have deleted the topics by now.
            listed = settings.data / (mark.said() or _new_list(settings, copy))
            forgotten = set(_topics_there(settings))
            _write(listed, {row["id"]: row for row in (*_noted(listed), *_unsent(settings))})
            replace = _replace_schemas if settings.postgres else _replace_files
            replaced = replace(settings, copy, mark, listed)
            _put_besides(settings, copy)
            _begin_anew(settings)
            later = _later(settings, listed, buses)
            _write(listed, later)
            forgotten.update(all_topics(settings))
            for bus in buses:
                _forget_topics(bus, forgotten)
            mark.take_away()
    finally:
        run_file.release()
    said = Counter(row["event"] for row in later.values())
    return Restored(copy, replaced, said, listed if later else None)


def restorable(settings: LauncherSettings, source: Path) -> backup.Copy:
    """Return the copy in a folder, if these data can go back to it now.

    Raises:
        Misconfigured: the system runs, or the copy is damaged or of another installation.
    """
    copy = backup.copy_in(source)
    _require_same(settings, copy)
    if settings.data.exists():
        run_file = RunFile(settings.data)
        run_file.claim()
        run_file.release()
    return copy


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


def _new_list(settings: LauncherSettings, copy: backup.Copy) -> str:
    made = datetime.fromisoformat(copy.made_at)
    return _unused(settings.data, f"said-after-{made:%Y%m%dT%H%M%S}", ".csv").name


def _unused(folder: Path, name: str, ending: str = "") -> Path:
    """Return a path that nothing lies at: what an earlier restore kept stays."""
    names = chain((name,), (f"{name}-{number}" for number in count(2)))
    return next(path for each in names if not (path := folder / f"{each}{ending}").exists())


def _set_aside(settings: LauncherSettings) -> Path:
    stamp = f"before-the-restore-{SystemClock().now():%Y%m%dT%H%M%S}"
    return _unused(settings.data, stamp)


def _replace_files(
    settings: LauncherSettings, copy: backup.Copy, mark: _Mark, listed: Path
) -> Path | None:
    """Move what is there into a folder of its own; returns it, or None where there was nothing."""
    there = [
        file
        for name in NAMES
        for part in _PARTS
        if (file := settings.data / f"{name}.sqlite3{part}").exists()
    ]
    folder = _set_aside(settings) if there else None
    mark.say(listed.name)
    if folder is not None:
        folder.mkdir(mode=0o700)
        for file in there:
            file.rename(folder / file.name)
    for name in NAMES:
        _copied(copy.folder / f"{name}.sqlite3", settings.data)
    return folder


def _replace_schemas(
    settings: LauncherSettings, copy: backup.Copy, mark: _Mark, listed: Path
) -> Path | None:
    """Copy what is there into a folder of its own; then replace it in one transaction."""
    url = str(settings.postgres)
    script = settings.data / ".databases.sql"
    folder = _set_aside(settings) if _has_schemas(url, settings.data) else None
    backup.require_programs("pg_dump", "pg_restore", "psql")
    try:
        backup.program(
            "pg_restore", url, "--no-owner", f"--file={script}", str(copy.folder / backup.DUMP)
        )
        if folder is not None:
            backup.back_up(settings, folder)
        # Whole: a release may have more tables than the copy.
        drop = f"DROP SCHEMA IF EXISTS {', '.join(NAMES)} CASCADE"
        wanted = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction")
        with mark.said_unless_refused(listed.name):
            backup.program("psql", url, *wanted, f"--command={drop}", f"--file={script}")
    finally:
        script.unlink(missing_ok=True)
    return folder


def _has_schemas(url: str, data: Path) -> bool:
    engine = open_database(NAMES[0], data, url)
    try:
        with reading(engine) as connection:
            found = connection.exec_driver_sql(
                "SELECT table_schema FROM information_schema.tables WHERE table_name = 'outbox'"
            ).scalars()
            return set(found) >= set(NAMES)
    finally:
        engine.dispose()


def _put_besides(settings: LauncherSettings, copy: backup.Copy) -> None:
    for name in backup.BESIDES:
        if (copy.folder / name).exists() and not (settings.data / name).exists():
            _copied(copy.folder / name, settings.data)


def _copied(file: Path, into: Path) -> None:
    draft = into / f".{file.name}.restored"
    shutil.copyfile(file, draft)
    backup.fsync(draft)
    draft.rename(into / file.name)
    backup.fsync(into)


def _begin_anew(settings: LauncherSettings) -> None:
    """Bring each database to this release, try its keys, and be careful with everybody outside."""
    from services.exchange.handlers.feed import begin_anew  # noqa: PLC0415
    from services.exchange.handlers.holding import hold  # noqa: PLC0415

    for name in NAMES:
        with desk(name, settings) as opened:
            opened.service.check(opened.engine)
            if name == "exchange":
                opened.run(hold)
                opened.run(partial(begin_anew, at=SystemClock().now()))


def _topics_there(settings: LauncherSettings) -> Iterator[str]:
    for name in NAMES:
        yield from (str(row[0]) for row in _still_readable(settings, name, _TOPICS))


def _unsent(settings: LauncherSettings) -> Iterator[dict[str, str]]:
    """Yield what was accepted and is on no bus yet: it is nowhere else."""
    for name in NAMES:
        for headers, value in _still_readable(settings, name, _UNSENT):
            pairs = tuple((each, text.encode()) for each, text in json.loads(headers))
            yield from _rows([(pairs, bytes(value))])


def _still_readable(settings: LauncherSettings, name: str, question: str) -> list[tuple[Any, ...]]:
    """Ask a database that is about to be replaced; a damaged one answers nothing."""
    if not settings.postgres and not (settings.data / f"{name}.sqlite3").exists():
        return []
    engine = open_database(name, settings.data, settings.postgres)
    try:
        with reading(engine) as connection:
            return Sql(connection).rows(question, ())
    except Exception:  # noqa: BLE001 -- it may be damaged in any way: that may be why it is replaced
        return []
    finally:
        engine.dispose()


def _later(
    settings: LauncherSettings, listed: Path, buses: Sequence[Bus]
) -> dict[str, dict[str, str]]:
    """Return what was noted or lies on a bus, and is in no outbox that is back, by its id."""
    found = chain(_noted(listed), *(_on_bus(settings, bus) for bus in buses))
    later: dict[str, dict[str, str]] = {}
    with opened_desks(settings) as desks:
        while part := {row["id"]: row for row in islice(found, _AT_ONCE)}:
            for desk_of_service in desks.values():
                with reading(desk_of_service.engine) as connection:
                    for (known,) in Sql(connection).select("outbox", ("id",), "id", list(part)):
                        part.pop(known, None)
            later.update(part)
    return later


def _on_bus(settings: LauncherSettings, bus: Bus) -> Iterator[dict[str, str]]:
    with closing(bus.admin()) as admin, closing(bus.reader()) as reader:
        names = [spec.name for spec in topics.specs(settings.topic_prefix)]
        for name, state in sorted(admin.describe(names).items()):
            for number, end in sorted(state.ends.items()):
                for records in reader.read(Partition(name, state.topic_id, number), 0, end):
                    yield from _rows((record.headers, record.value or b"{}") for record in records)


def _rows(
    records: Iterable[tuple[tuple[tuple[str, bytes], ...], bytes]],
) -> Iterator[dict[str, str]]:
    """Yield a line of the list for each event of ours; what else lies on a topic is none."""
    for headers, value in records:
        with suppress(Refused):
            head = head_from(headers)
            kind = by_ce_type(head.type)
            if kind is None:
                continue
            said: dict[str, Any] = {}
            with suppress(ValueError):
                said = json.loads(value)
            yield {
                "time": head.time.isoformat(),
                "event": kind.name,
                **{name: str(said.get(name) or "") for name in _SHOWN},
                "id": head.id,
            }


def _noted(listed: Path) -> list[dict[str, str]]:
    if not listed.exists():
        return []
    with listed.open(newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def _write(listed: Path, rows: Mapping[str, dict[str, str]]) -> None:
    """Write the list anew, whole or not at all; where there is nothing to list there is none."""
    if not rows:
        listed.unlink(missing_ok=True)
        return
    draft = listed.with_name(f".{listed.name}")
    with draft.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, _COLUMNS)
        writer.writeheader()
        writer.writerows(sorted(rows.values(), key=itemgetter("time")))
    backup.fsync(draft)
    draft.rename(listed)
    backup.fsync(listed.parent)


def _forget_topics(bus: Bus, names: Iterable[str]) -> None:
    """Delete the topics: they are made anew at the next start, and everything is said again."""
    with closing(bus.admin()) as admin:
        for name in sorted(names):
            admin.delete(name)
