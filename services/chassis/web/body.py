"""Bounds what a request may send: more than that is read no further into memory, and refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers

from services.chassis.http import Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LARGE: Final = 413
READ_ON: Final = 256 * 1024 * 1024
"""How much of a refused body is read and thrown away: a client that is cut off while it still sends
sees a broken connection, and not the answer that says why."""


class BodyLimit:
    """The middleware that counts what comes in.

    Args:
        app: what it bounds.
        most: bytes of a body; a place that takes less says so itself.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is too large, whether it says so beforehand or only turns out to be."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        body = _Body(receive, self._most, int(declared) if declared.isdecimal() else 0)
        await self._app(scope, body.receive, body.answering(send))


class _Body:
    """One request's body on its way in."""

    def __init__(self, receive: Receive, most: int, declared: int) -> None:
        self._receive = receive
        self._most = most
        self._declared = declared
        self._read = 0
        self._more = True

    async def receive(self) -> Message:
        """Hand on a part of the body.

        Raises:
            Problem: 413, it is too much, or is going to be.
        """
        message = await self._next() if self._declared <= self._most else None
        if message is None or self._read > self._most:
            title = "The request is too large: send it in parts"
            raise Problem(TOO_LARGE, "too-large", title)
        return message

    def answering(self, send: Send) -> Send:
        """Return a `send` that first lets a refused client finish, so that it reads the answer."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == TOO_LARGE:
                while self._more and self._read < READ_ON:
                    await self._next()
            await send(message)

        return answer

    async def _next(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        self._more = message["type"] == "http.request" and message.get("more_body", False)
        return message
