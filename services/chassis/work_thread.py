"""One thread for all durable work of a worker, so that the engine's loop stays free."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, Final, TypeVar

T = TypeVar("T")
_NO_MORE: Final = None


class WorkThread:
    """Runs what it is given one after the other.

    Unlike an executor's its thread is a daemon: work that hangs cannot keep the process from
    ending, and a transaction it leaves open was never committed.
    """

    def __init__(self, name: str) -> None:
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Do `work` after everything submitted before it; its error, too, is in the future."""
        future: Future[T] = Future()
        self._work.put(lambda: _do(work, future))
        return future

    def close(self, patience_s: float) -> bool:
        """Finish what was submitted; False when that took longer than `patience_s` seconds."""
        self._work.put(_NO_MORE)
        self._thread.join(patience_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (work := self._work.get()) is not _NO_MORE:
            work()


def _do(work: Callable[[], T], future: Future[Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 -- it belongs to whoever asked for the work
        future.set_exception(error)
    else:
        future.set_result(result)
