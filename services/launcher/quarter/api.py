"""The one door through which the quarter is played: the same HTTP API that everybody has."""

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

from services.chassis.errors import AlongsideError, Transient

Json: TypeAlias = Any
Body: TypeAlias = Mapping[str, Json]


class Unanswered(Transient):
    """Nobody answered, or only that it is too early: the same request may be made again."""


class NotDone(AlongsideError):
    """The API refused; made again, the same request would be refused again.

    Args:
        status: the HTTP status.
        code: the problem's code.
    """

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


class Api(Protocol):
    """Asks and commands, over whatever carries them."""

    def get(self, path: str, query: Mapping[str, str]) -> Json:
        """Ask.

        Raises:
            Unanswered, NotDone: there is no answer.
        """

    def post(self, path: str, body: Body, key: str) -> Json:
        """Command; the same `key` again does nothing again and gives the same answer.

        Raises:
            Unanswered: it may have been done or not; the same again is safe.
            NotDone: it was refused.
        """
