"""HTTP the same way everywhere: problem+json, idempotency keys, not-yet-known, cursors, ETags."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Annotated, Any, Final, Generic, TypeVar
from weakref import WeakValueDictionary

from fastapi import Depends, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import State
from starlette.exceptions import HTTPException

from services.chassis import ids
from services.chassis.desk import Desk
from services.chassis.errors import Fenced, NotYet, Refused, StoreUnavailable
from services.chassis.logs import place_of, warn
from services.chassis.storage import moment
from services.chassis.work import Cause, Work

if TYPE_CHECKING:
    from fastapi import FastAPI

C = TypeVar("C")

PROBLEM = "application/problem+json"
MAX_KEY = 200
RETRY_AFTER_S = 2

_KEY = "Idempotency-Key"
_READING = frozenset({"GET", "HEAD"})
_WITH_A_BODY = frozenset({200, 201})


class Problem(HTTPException):
    """An answer that says what was wrong: RFC 9457; never holds what was sent."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, title, dict(headers or {}))
        self.status = status
        self.code = code
        self.title = title
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command answers.

    Args:
        etag: the version of what was changed.
        keep: whether the body may be kept for a repeated request; a secret shown once may not.
    """

    status: int
    body: Any = None
    location: str | None = None
    etag: int | None = None
    keep: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)


class Command(Generic[C]):
    """Runs one command of one request."""

    def __init__(self, desk: Desk[C], request: Request, body: bytes) -> None:
        self.desk = desk
        self._request = request
        self._body = body

    def run(
        self, act: Callable[[Work[C]], Reply], key: str | None = None, *, reads: bool = False
    ) -> Response:
        """Do it once: the same Idempotency-Key with the same body is answered from what was kept.

        Args:
            key: the idempotency key of a form; otherwise the request's header counts.
            reads: it is a look, though asked for by POST.

        Raises:
            Problem: it was refused, came too early, or the key was used for something else.
        """
        # Reading is repeated, not replayed: each look is looked at and noted anew.
        reads = reads or self._request.method in _READING
        given = key or (None if reads else self._key())
        try:
            if given is None:
                return respond(self.desk.run(act))
            return self._once(given, act)
        except (Refused, NotYet, Fenced, StoreUnavailable) as error:
            raise as_problem(error) from None

    def run_in_parts(self, act: Callable[[], Reply], is_final: Callable[[Reply], bool]) -> Response:
        """Do what takes several transactions; its answer is kept once all of it is done.

        Broken off, it is done anew when it is asked for again: every part must bear that.

        Args:
            is_final: whether the same request would be answered so again.

        Raises:
            Problem: as `run`.
        """
        key = self._key()
        try:
            if key is None:
                return respond(act())
            name, digest = self._names(key)
            with _in_hand(name["principal"], name["key"]).turn():
                kept = self.desk.read(lambda work: _find(work, name))
                if kept is not None:
                    return _kept(kept, digest)
                reply = act()
                return self._once(key, lambda _: reply) if is_final(reply) else respond(reply)
        except (Refused, NotYet, Fenced, StoreUnavailable) as error:
            raise as_problem(error) from None

    def _key(self) -> str | None:
        given = self._request.headers.get(_KEY)
        if given is not None and not 0 < len(given) <= MAX_KEY:
            raise Problem(
                400, "idempotency-key", f"An Idempotency-Key has 1 to {MAX_KEY} characters"
            )
        return given

    def _names(self, key: str) -> tuple[dict[str, str], str]:
        """Return whose key it is, and the digest of what was asked with it."""
        # Keyed by what only the sender has: the digest of a child's few words could be guessed.
        url = self._request.url
        asked = f"{url.path}?{url.query}" if url.query else url.path
        said = b"\0".join((asked.encode(), self._body))
        digest = hmac.new(key.encode(), said, hashlib.sha256).hexdigest()
        return {
            "principal": self._principal(),
            "key": hashlib.sha256(key.encode()).hexdigest(),
        }, digest

    def _once(self, key: str, act: Callable[[Work[C]], Reply]) -> Response:
        name, digest = self._names(key)
        identifier = ids.derived("command", self.desk.service.name, name["principal"], name["key"])

        def guarded(work: Work[C]) -> Response:
            kept = _find(work, name)
            if kept is not None:
                return _kept(kept, digest)
            reply = act(work)
            response = respond(reply)
            body = bytes(response.body).decode() if reply.keep else ""
            row = {
                **name,
                "digest": digest,
                "status": response.status_code,
                "headers": json.dumps(
                    {k: v for k, v in response.headers.items() if k in {"location", "etag"}}
                ),
                "body": body,
                "at": moment(work.now),
            }
            work.staging.append("commands", row)
            return response

        return self.desk.run(guarded, Cause.command(identifier))

    def _principal(self) -> str:
        return str(getattr(self._request.state, "principal", "anonymous"))


MOST_AT_ONCE: Final = 3
"""How many may ask for the same at once: whoever waits keeps a thread from everybody else."""


class InHand:
    """What several ask for at once: one does it, and who waits meanwhile is told the same."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._seats = BoundedSemaphore(most)
        self._turn = Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn of whoever asks.

        Raises:
            Problem: enough of them wait.
        """
        if not self._seats.acquire(blocking=False):
            raise Problem(409, "in-hand", "The same is being done: ask again when it is done")
        try:
            with self._turn:
                yield
        finally:
            self._seats.release()


_IN_HAND: WeakValueDictionary[tuple[str, str], InHand] = WeakValueDictionary()
_LOOKING = Lock()


def _in_hand(principal: str, key: str) -> InHand:
    with _LOOKING:
        return _IN_HAND.setdefault((principal, key), InHand())


def _find(work: Work[Any], name: Mapping[str, str]) -> tuple[Any, ...] | None:
    kept = work.sql.rows(
        "SELECT digest, status, headers, body FROM commands WHERE principal = ? AND key = ?",
        (name["principal"], name["key"]),
    )
    return kept[0] if kept else None


def _kept(row: tuple[Any, ...], digest: str) -> Response:
    kept_digest, status, headers, body = row
    if kept_digest != digest:
        raise Problem(
            409, "idempotency-key-reused", "This Idempotency-Key was used for another request"
        )
    if not body and status in _WITH_A_BODY:
        raise Problem(
            409, "shown-once", "This was done, and its answer was shown that once: it is not kept"
        )
    return Response(
        body, status, {**json.loads(headers), "Idempotent-Replay": "true"}, "application/json"
    )


def respond(reply: Reply) -> Response:
    """Turn a reply into a response."""
    headers = dict(reply.headers)
    if reply.location is not None:
        headers["location"] = reply.location
    if reply.etag is not None:
        headers["etag"] = f'"{reply.etag}"'
    if isinstance(reply.body, Response):
        reply.body.headers.update(headers)
        return reply.body
    if reply.body is None:
        return Response(status_code=reply.status, headers=headers)
    return JSONResponse(jsonable_encoder(reply.body), reply.status, headers)


def expect_version(request: Request, version: int) -> None:
    """Compare `If-Match`, where it is given, with the version that is stored.

    Raises:
        Problem: 412, somebody else was faster.
    """
    wanted = request.headers.get("If-Match")
    if wanted is not None and wanted.strip('"') not in {str(version), "*"}:
        raise Problem(412, "changed-meanwhile", "This was changed meanwhile: read it again")


def as_problem(error: Exception) -> Problem:
    """Turn an error with a next step into an answer."""
    if isinstance(error, Refused):
        return Problem(409, error.code, error.detail)
    if isinstance(error, NotYet):
        title = "This reference is not known here yet: try again shortly"
        return Problem(409, "not_yet_known", title, headers={"Retry-After": str(RETRY_AFTER_S)})
    if isinstance(error, Fenced):
        return Problem(409, "changed-meanwhile", "This was changed meanwhile: read it again")
    title = "The database did not answer: nothing was done, try again shortly"
    return Problem(503, "store-unavailable", title, headers={"Retry-After": str(RETRY_AFTER_S)})


def desk_of(service: str) -> Callable[[Request], Desk[Any]]:
    """Make the dependency that gives a service's desk."""

    def dependency(request: Request) -> Desk[Any]:
        desk: Desk[Any] = request.app.state.desks[service]
        return desk

    return dependency


def command_of(service: str) -> Callable[..., Any]:
    """Make the dependency that gives a command on a service's desk."""

    async def dependency(request: Request) -> Command[Any]:
        return Command(request.app.state.desks[service], request, await request.body())

    return dependency


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a list goes on, and how much of it is wanted."""

    after: str | None
    size: int


def _cursor(
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Cursor:
    return Cursor(_opened(cursor) if cursor else None, size)


Paging = Annotated[Cursor, Depends(_cursor)]


def page_of(items: Sequence[Any], cursor: Cursor, key: Callable[[Any], str]) -> dict[str, Any]:
    """Make a page of `size` items; give one more than `size` where there is one.

    Args:
        key: what the next page begins behind; the list is ordered by it.
    """
    shown = items[: cursor.size]
    more = len(items) > cursor.size
    following = base64.urlsafe_b64encode(key(shown[-1]).encode()).decode() if more else None
    return {"items": shown, "next": following}


def _opened(cursor: str) -> str:
    try:
        return base64.b64decode(cursor.encode(), b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise Problem(400, "cursor", "This cursor was not given out by this list") from None


def install_problems(app: FastAPI) -> None:
    """Let every error of this app be a problem."""
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(RequestValidationError, _validation_problem)
    for error in (Refused, NotYet, Fenced, StoreUnavailable):
        app.add_exception_handler(error, _named_problem)
    app.add_exception_handler(Exception, _bug)


def problem_response(problem: Problem) -> JSONResponse:
    """Write a problem."""
    body: dict[str, Any] = {
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
    }
    if problem.errors:
        body["errors"] = list(problem.errors)
    return JSONResponse(body, problem.status, problem.headers, PROBLEM)


def _http_problem(_request: Request, error: Exception) -> Response:
    if isinstance(error, Problem):
        return problem_response(error)
    status = getattr(error, "status_code", 500)
    words = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 401: "unauthorised"}
    titles = {404: "There is nothing at this address", 413: "The request is too large"}
    title = titles.get(status, words.get(status, "The request could not be answered"))
    return problem_response(Problem(status, words.get(status, f"http-{status}"), title))


def _validation_problem(request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    ours = _own_names(request.app.state, request.app.openapi)
    errors = [
        {"pointer": pointer(one["loc"][1:], ours), "detail": _rule(one, ours)}
        for one in found
        if not _follows_from_another(one, found)
    ]
    return problem_response(Problem(422, "invalid", "Some fields break a rule", errors))


def _own_names(state: State, openapi: Callable[[], object]) -> frozenset[str]:
    """Return the names of the API's own description; walked through once."""
    if not hasattr(state, "own_names"):
        state.own_names = names_in(openapi())
    names: frozenset[str] = state.own_names
    return names


def _follows_from_another(error: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a list is too short only because what is wrong in it was not counted."""
    place = tuple(error["loc"])
    return error["type"] == "too_short" and any(
        len(one["loc"]) > len(place) and tuple(one["loc"][: len(place)]) == place for one in found
    )


def names_in(schema: object) -> frozenset[str]:
    """Return every name that the API's own description gives to a field or a parameter."""
    if isinstance(schema, list):
        return frozenset[str]().union(*map(names_in, schema))
    if not isinstance(schema, dict):
        return frozenset()
    found = names_in(list(schema.values()))
    fields, name = schema.get("properties"), schema.get("name")
    if isinstance(fields, dict):
        found |= fields.keys()
    return found | {name} if isinstance(name, str) and "in" in schema else found


def pointer(place: Sequence[object], ours: Collection[str]) -> str:
    """Say where it is wrong; a made-up name may be a child's and is not repeated."""
    return "/" + "/".join(
        str(part) if isinstance(part, int) or part in ours else "?" for part in place
    )


def _rule(error: Mapping[str, Any], ours: Collection[str]) -> str:
    """Say which rule a field breaks, in the words of whoever checked it where they hold no input.

    A service that refuses an `unknown_code` itself names the codes there are.
    """
    safe = {
        "missing": "is required",
        "json_invalid": "is not JSON",
        "model_attributes_type": _NO_OBJECT,
        "model_type": _NO_OBJECT,
    }
    kind = str(error["type"])
    if kind in safe:
        return safe[kind]
    if kind == "extra_forbidden":
        given = str(error["loc"][-1])
        meant = get_close_matches(given, sorted(set(ours) - {given}), 1)
        return "is not a field of this request" + (f"; {meant[0]} is one" if meant else "")
    if kind in _LENGTHS:
        return _LENGTHS[kind].format(**error["ctx"])
    return str(error["msg"]) if kind in _WORDS_WITHOUT_INPUT else kind.replace("_", " ")


_NO_OBJECT = "is not a JSON object: send one, with Content-Type: application/json"

_LENGTHS = {
    "too_short": "needs at least {min_length}",
    "too_long": "takes at most {max_length}",
}

_WORDS_WITHOUT_INPUT = frozenset(
    {"string_type", "string_too_short", "string_too_long", "int_type", "int_parsing", "bool_type"}
    | {"bool_parsing", "date_type", "greater_than", "greater_than_equal", "less_than", "enum"}
    | {"less_than_equal", "timezone_aware", "uuid_parsing", "unknown_code"}
    | {"date_from_datetime_parsing", "datetime_from_date_parsing", "datetime_parsing"}
)


def _named_problem(_request: Request, error: Exception) -> Response:
    return problem_response(as_problem(error))


def _bug(request: Request, error: Exception) -> Response:
    route = getattr(request.scope.get("route"), "path", "?")
    warn("api-bug", route=route, error=type(error).__name__, path=place_of(error))
    return problem_response(Problem(500, "internal", "Something went wrong here; it was recorded"))
