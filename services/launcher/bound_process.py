"""Runs a program that never outlives us, so that no broker is left behind by a killed launcher."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# Linux sends the signal of PR_SET_PDEATHSIG (1) when the *thread* that forked ends; if that has
# happened before prctl was called nobody sends it any more, hence the look at the parent.
_EXEC: Final = """
import os, sys
if sys.platform == "linux":
    import ctypes
    ctypes.CDLL(None).prctl(1, 9)
    if os.getppid() != int(sys.argv[1]):
        os._exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""
_LINES_KEPT: Final = 50


class BoundProcess:
    """A program in a process group of its own that is killed as soon as this process is gone.

    A thread forks it, reads what it prints and lives exactly as long as it does: the kernel binds
    a child to the thread that made it. Other systems than Linux have no such binding.
    """

    def __init__(
        self,
        command: Sequence[str],
        on_line: Callable[[str], None],
        on_end: Callable[[], None],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._environment = environment
        self._command = command
        self._on_line = on_line
        self._on_end = on_end
        self._lines: deque[str] = deque(maxlen=_LINES_KEPT)
        self._forked = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._live, name="bound-process", daemon=True)

    def start(self) -> None:
        """Start the program.

        Raises:
            OSError: it could not be started.
        """
        self._thread.start()
        self._forked.wait()
        if self._error is not None:
            raise self._error

    @property
    def pid(self) -> int | None:
        """The process id, also after it has ended; None before the start."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs, negative where a signal ended it."""
        return self._process.poll() if self._process else None

    @property
    def last_lines(self) -> Sequence[str]:
        """The end of what it printed."""
        return tuple(self._lines)

    def stop(self, patience_s: float) -> None:
        """Ask it to end (SIGTERM), and after `patience_s` seconds make it (SIGKILL)."""
        if not self._signal(signal.SIGTERM).wait_s(patience_s):
            self.kill()

    def kill(self) -> None:
        """End it at once (SIGKILL) and wait until it is gone."""
        self._signal(signal.SIGKILL).wait_s(None)

    def wait_s(self, seconds: float | None) -> bool:
        """Wait until it has ended; False when it still runs after that time."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _signal(self, number: signal.Signals) -> BoundProcess:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)
        return self

    def _live(self) -> None:
        wrapper = [sys.executable, "-I", "-S", "-c", _EXEC, str(os.getpid())]
        try:
            process = subprocess.Popen(
                [*wrapper, *self._command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                process_group=0,
                text=True,
                errors="replace",
                env=self._environment,
            )
        except OSError as error:
            self._error = error
            self._forked.set()
            return
        with process:
            self._process = process
            self._forked.set()
            for line in process.stdout or ():
                self._lines.append(line.rstrip())
                self._on_line(line)
        self._on_end()
