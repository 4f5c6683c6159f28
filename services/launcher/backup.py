"""Copies of all databases at one cut: what one service has heard, another has said in it too.

A copy holds no key: whoever has it and not the key files reads no name and no child's word. It
holds no topic either: everything that was ever said lies in the databases and is said again.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from services.chassis.clock import SystemClock
from services.chassis.database import (
    address_of,
    named_errors,
    open_database,
    reading,
    writing,
)
from services.chassis.errors import Misconfigured
from services.chassis.installation import installation_id
from services.launcher.system import NAMES

if TYPE_CHECKING:
    from services.launcher.settings import LauncherSettings

SQLITE: Final = "sqlite"
POSTGRES: Final = "postgresql"
DUMP: Final = "databases.dump"
ABOUT: Final = "about.json"
BESIDES: Final = ("installation", "clock.sqlite3")
"""What belongs to the databases: which installation they are of, and its driven clock if any."""

_FORM: Final = 1


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy is of; `said` is how many events each service had said by then."""

    folder: Path
    made_at: str
    installation: str
    database: str
    said: dict[str, int]
    form: int = _FORM


def back_up(settings: LauncherSettings, into: Path) -> Copy:
    """Copy all databases at one cut, while the system runs or not; nobody waits for the copying.

    Raises:
        Misconfigured: the folder holds something, or nothing lies above it, or there is no room,
            or PostgreSQL's programs lack.
        StoreUnavailable: a database does not answer.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise Misconfigured(f"{into.absolute()} holds something already: name a new folder")
    if not into.absolute().parent.is_dir():
        parent = into.absolute().parent
        raise Misconfigured(f"there is no folder {parent}: is that disk there? Nothing was copied")
    draft = into.absolute().with_name(f".{into.name}.{os.getpid()}")
    draft.mkdir(mode=0o700)
    try:
        copy = _filled(settings, draft)
        if into.exists():
            into.rmdir()
        draft.rename(into)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return Copy(**{**asdict(copy), "folder": into})


def copy_in(folder: Path) -> Copy:
    """Read what a folder says of the copy in it, and see that the copy is whole.

    Raises:
        Misconfigured: there is none, or it is damaged.
    """
    try:
        told: dict[str, Any] = json.loads((folder / ABOUT).read_text())
        copy = Copy(folder=folder, **told)
    except (OSError, ValueError, TypeError):
        raise Misconfigured(f"{folder.absolute()} holds no backup: it lacks {ABOUT}") from None
    if copy.form != _FORM:
        raise Misconfigured(f"{folder.absolute()} was made by a later release than this one")
    if copy.database == SQLITE:
        for name in NAMES:
            _require_whole(folder / f"{name}.sqlite3")
    elif not (folder / DUMP).is_file():
        raise Misconfigured(f"the backup in {folder.absolute()} lacks {DUMP}")
    return copy


def require_programs(*names: str) -> list[str]:
    """Return where these programs of PostgreSQL's lie.

    Raises:
        Misconfigured: one is not on this machine.
    """
    found = [shutil.which(name) for name in names]
    for name, path in zip(names, found, strict=True):
        if path is None:
            message = f"{name} is not on this machine: install PostgreSQL's client programs"
            raise Misconfigured(message)
    return [path for path in found if path is not None]


def program(name: str, url: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on the database of this address.

    Raises:
        Misconfigured: it is not on this machine, or it complained.
    """
    (found,) = require_programs(name)
    address = address_of(url)
    told = {
        "PGHOST": address.query.get("host") or address.host,
        "PGPORT": address.query.get("port") or address.port,
        "PGUSER": address.username,
        "PGPASSWORD": address.password,
        "PGDATABASE": address.database,
    }
    # Not among the arguments: any user of the machine can read those.
    environment = {**os.environ, **{k: str(v) for k, v in told.items() if v is not None}}
    done = subprocess.run(
        [found, *arguments], env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[0]
        raise Misconfigured(f"{name} did not succeed: {said.removeprefix(f'{name}: error: ')}")


def _filled(settings: LauncherSettings, draft: Path) -> Copy:
    made_at = SystemClock().now().isoformat(timespec="seconds")
    url = settings.postgres
    said = _from_postgres(url, draft) if url else _from_sqlite(settings, draft)
    for name in BESIDES:
        if (settings.data / name).exists():
            shutil.copyfile(settings.data / name, draft / name)
    database = POSTGRES if url else SQLITE
    copy = Copy(draft, made_at, installation_id(settings.data), database, said)
    about = {name: value for name, value in asdict(copy).items() if name != "folder"}
    (draft / ABOUT).write_text(json.dumps(about, indent=2))
    for path in (*draft.iterdir(), draft):
        fsync(path)
    return copy


def _from_sqlite(settings: LauncherSettings, draft: Path) -> dict[str, int]:
    """Hold all writers for the moment in which every copy begins; then copy what it was then."""
    with ExitStack() as copying:
        sources = {
            name: copying.enter_context(closing(_opened(settings.data / f"{name}.sqlite3")))
            for name in NAMES
        }
        with ExitStack() as holding:
            for name in NAMES:
                engine = open_database(name, settings.data, None)
                holding.callback(engine.dispose)
                holding.enter_context(writing(engine))
            said = {name: _begun(source) for name, source in sources.items()}
        for name, source in sources.items():
            with named_errors(), closing(sqlite3.connect(draft / f"{name}.sqlite3")) as target:
                source.backup(target)
                # One file, that whoever looks into it does not change.
                target.execute("PRAGMA journal_mode=DELETE")
    for name in NAMES:
        _require_whole(draft / f"{name}.sqlite3")
    return said


def _opened(file: Path) -> sqlite3.Connection:
    if not file.exists():
        raise Misconfigured(f"{file.absolute()} is missing: there is nothing whole to copy")
    return sqlite3.connect(file, isolation_level=None)


def _begun(source: sqlite3.Connection) -> int:
    """Begin to read: from here on this connection sees the database as it is now."""
    with named_errors():
        source.execute("BEGIN")
        return int(source.execute("SELECT count(*) FROM outbox").fetchone()[0])


def _from_postgres(url: str, draft: Path) -> dict[str, int]:
    """Let PostgreSQL copy all schemas as they are in one snapshot."""
    schemas = [f"--schema={name}" for name in NAMES]
    program("pg_dump", url, "--format=custom", f"--file={draft / DUMP}", *schemas)
    return {name: _said(name, draft, url) for name in NAMES}


def _said(name: str, data: Path, url: str) -> int:
    engine = open_database(name, data, url)
    try:
        with reading(engine) as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one())
    finally:
        engine.dispose()


def _require_whole(file: Path) -> None:
    if not file.is_file():
        raise Misconfigured(f"the backup in {file.parent.absolute()} lacks {file.name}")
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    if verdict != "ok":
        raise Misconfigured(f"{file.absolute()} is damaged: take another backup")


def fsync(path: Path) -> None:
    """Let a file, or what a folder says of its files, outlast a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
