"""Guards a browser: no other site's page may act here, frame us, or learn what was read.

A machine that calls the API sends neither `Sec-Fetch-Site` nor `Origin` and passes; a browser
always sends one of them with an unsafe request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# `none` is a person who typed the address or re-sent their own form.
_OUR_OWN = frozenset({"same-origin", "none"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})

_CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _CONTENT,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # A page may name a child: nothing keeps it unless it says otherwise.
    "cache-control": "no-store",
}


def comes_from_elsewhere(method: str, headers: Headers) -> bool:
    """Say whether another site's page sent this unsafe request.

    `Sec-Fetch-Site` is the browser's own word and cannot be set by a page; browsers without it
    send `Origin`, which must then be the host that was asked.
    """
    if method in _SAFE_METHODS:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in _OUR_OWN
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def host_of(headers: Headers) -> str:
    """Return the host that was asked for, without its port."""
    asked = headers.get("host", "")
    return asked.split("]")[0] + "]" if asked.startswith("[") else asked.split(":")[0]


class Guard:
    """The middleware around pages and API.

    Args:
        app: what it guards.
        hosts: names this installation answers to besides loopback; a name that points at us
            without being ours is how a web site reaches a service on the reader's own machine.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str] = frozenset()) -> None:
        self._app = app
        self._hosts = hosts | _LOOPBACK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what comes from elsewhere; put the headers on what goes out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        guarded = _with_headers(send)
        if host_of(headers) not in self._hosts:
            await _refusal(421, "unknown-host", "this address is not ours")(scope, receive, guarded)
        elif comes_from_elsewhere(scope["method"], headers):
            refusal = _refusal(403, "other-site", "a page of another site may not do this")
            await refusal(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)


def _refusal(status: int, code: str, title: str) -> JSONResponse:
    return JSONResponse(
        {"type": f"/problems/{code}", "title": title, "status": status},
        status_code=status,
        media_type="application/problem+json",
    )


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
