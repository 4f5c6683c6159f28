"""The link between everybody and the broker: it can be cut, go dead without a word, or grow slow.

The broker advertises this address, so nobody gets round it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from typing import Final

_PIECE: Final = 65_536
_SLOW_S: Final = 0.15
_HOST: Final = "127.0.0.1"


class State(Enum):
    """How the link is."""

    WHOLE = auto()
    CUT = auto()
    """Every connection breaks, and none is made."""
    DEAD = auto()
    """Nothing comes through and nobody is told: what was sent then is gone, its connection too."""
    SLOW = auto()


class Link:
    """A port on loopback that leads to another one.

    Args:
        target: the port it leads to; None while there is none yet.
    """

    def __init__(self, target: Callable[[], int | None]) -> None:
        self.state = State.WHOLE
        self._target = target
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, _HOST, 0))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def become(self, state: State) -> None:
        """Be another link from now on."""
        self.state = state
        if state is State.CUT:
            self._loop.call_soon_threadsafe(self._break_all)

    def close(self) -> None:
        """Be no link any more."""
        self._loop.call_soon_threadsafe(self._break_all)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _break_all(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = self._target()
        if self.state is State.CUT or port is None:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(_HOST, port)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self._open |= both
        try:
            await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))
        finally:
            self._open -= both
            for end in both:
                end.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        is_dead = False
        with suppress(OSError):
            while piece := await reader.read(_PIECE):
                # A connection from which something was lost never is one again.
                is_dead = is_dead or self.state is State.DEAD
                if is_dead:
                    continue
                if self.state is State.SLOW:
                    await asyncio.sleep(_SLOW_S)
                writer.write(piece)
                await writer.drain()
        writer.transport.abort()
