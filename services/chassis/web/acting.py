"""Does what a form asks for, and says on the form what stands against it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final, TypeVar

from services.chassis.http import Command, Problem, Reply
from services.chassis.web.forms import Mistake
from services.chassis.web.wording import remark
from services.chassis.work import Work

C = TypeVar("C")

_FOR_PEOPLE: Final = MappingProxyType(
    {
        "idempotency-key-reused": "This form was sent already. Open it again to record more",
        "changed-meanwhile": "Somebody changed this meanwhile. Open the page again and look",
        "not_yet_known": "This is not known here yet. Wait a few seconds and send it again",
    }
)


def tried(command: Command[C], act: Callable[[Work[C]], Any], key: str) -> list[Mistake]:
    """Do it once, however often the form is sent; what the rules say against it is a mistake.

    Args:
        key: came with the form, so that a second click or a re-load does nothing twice.
    """

    def once(work: Work[C]) -> Reply:
        act(work)
        return Reply(HTTPStatus.NO_CONTENT)

    try:
        command.run(once, key)
    except Problem as problem:
        return [Mistake("", remark(_FOR_PEOPLE.get(problem.code, problem.title)))]
    return []
