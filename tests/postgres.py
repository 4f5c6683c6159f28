"""A PostgreSQL server of our own from the machine's programs, so that nobody has to set one up."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from tests.waiting import until

PATIENCE_S = 30


def find_postgres() -> Path | None:
    """Return the folder of the newest server programs on this machine."""
    on_path = shutil.which("initdb")
    if on_path and Path(on_path).resolve().with_name("postgres").exists():
        return Path(on_path).resolve().parent
    packaged = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(packaged, key=lambda found: int(found.parts[-3]), default=None)
    return newest.parent if newest else None


def unprivileged_user() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None


class PrivatePostgres:
    """A server on a Unix socket in a folder of its own; gone with everything in it at the end."""

    def __init__(self) -> None:
        programs = find_postgres()
        assert programs is not None, "mark the test with `postgres`"
        self._programs = programs
        # Not under pytest's folder: its path is too long for a socket and closed to other users.
        self._folder = Path(tempfile.mkdtemp(prefix="alongside-postgres-"))
        self._as_user: tuple[str, ...] = ()
        self._server: subprocess.Popen[bytes] | None = None
        self._databases = 0

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            self._step_down()
        self._initialise()
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait(PATIENCE_S)
        shutil.rmtree(self._folder)

    def new_database(self) -> str:
        """Make an empty database and return its SQLAlchemy URL."""
        self._databases += 1
        name = f"alongside_{self._databases}"
        with psycopg.connect(self._conninfo(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def crash(self) -> None:
        """End the server at once, as a power cut of its process would, and start it again."""
        assert self._server is not None
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(PATIENCE_S)
        self._start()

    def _conninfo(self) -> str:
        return f"host={self._folder} user=postgres dbname=postgres"

    def _step_down(self) -> None:
        user = unprivileged_user()
        assert user is not None, "mark the test with `postgres`"
        os.chown(self._folder, user.pw_uid, user.pw_gid)
        ids = (f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
        # The server goes when we go, even after kill -9: INT is its fast shutdown.
        self._as_user = ("setpriv", *ids, "--pdeathsig=INT")

    def _initialise(self) -> None:
        options = ("--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
        subprocess.run(
            [*self._as_user, self._programs / "initdb", f"--pgdata={self._data}", *options],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def _start(self) -> None:
        with (self._folder / "server.log").open("wb") as log:
            options = (f"-D{self._data}", f"-k{self._folder}", "-clisten_addresses=", "-cfsync=off")
            self._server = subprocess.Popen(
                [*self._as_user, self._programs / "postgres", *options],
                cwd=self._folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(self._answers, "PostgreSQL comes up", PATIENCE_S)

    def _answers(self) -> bool:
        assert self._server is not None
        assert self._server.poll() is None, (self._folder / "server.log").read_text()
        try:
            psycopg.connect(self._conninfo()).close()
        except psycopg.OperationalError:
            return False
        return True

    @property
    def _data(self) -> Path:
        return self._folder / "data"
