"""The API of a running installation, over HTTP on this machine."""

from collections.abc import Mapping
from typing import Final, Self

import httpx2

from services.launcher.quarter.api import Body, Json, NotDone, Unanswered

PATIENCE_S: Final = 10.0
"""How long one request may take before it is made again."""

_LATER: Final = frozenset({502, 503, 504})
_TOO_EARLY: Final = frozenset({"not_yet_known", "changed-meanwhile"})


class HttpApi:
    """Asks and commands over HTTP; to be closed."""

    def __init__(self, address: str) -> None:
        self._client = httpx2.Client(base_url=address, timeout=PATIENCE_S, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def get(self, path: str, query: Mapping[str, str]) -> Json:
        return self._answer(self._client.build_request("GET", path, params=query))

    def post(self, path: str, body: Body, key: str) -> Json:
        headers = {"Idempotency-Key": key}
        return self._answer(self._client.build_request("POST", path, json=body, headers=headers))

    def _answer(self, request: httpx2.Request) -> Json:
        try:
            response = self._client.send(request)
        except httpx2.TransportError as broken:
            raise Unanswered(f"the API does not answer: {type(broken).__name__}") from None
        if response.is_success:
            return response.json()
        code = _code(response)
        if response.status_code in _LATER or code in _TOO_EARLY:
            raise Unanswered(f"{response.status_code} {code}")
        raise NotDone(response.status_code, code)


def _code(response: httpx2.Response) -> str:
    try:
        return str(response.json()["code"])
    except (KeyError, TypeError, ValueError):
        return "without a code"
