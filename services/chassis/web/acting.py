"""Does what a form asks for, and says on the form what stands against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, TypeVar

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


_NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a form: the page to go to, or what stands against it."""

    address: str = ""
    mistakes: tuple[Mistake, ...] = ()


def tried(
    command: Command[C],
    act: Callable[[Work[C]], str],
    key: str,
    fields: Mapping[str, str] = _NO_FIELDS,
) -> Tried:
    """Do it once, however often the form is sent; what the rules say against it is a mistake.

    Args:
        act: the command; returns the page that is shown next.
        key: came with the form, so that a second click or a re-load does nothing twice.
        fields: the field that a refusal is about, by its code; others are about the whole form.
    """
    try:
        reply = command.run(lambda work: Reply(HTTPStatus.SEE_OTHER, location=act(work)), key)
    except Problem as problem:
        return Tried(mistakes=(_against(problem, fields.get(problem.code, "")),))
    return Tried(reply.headers["location"])


def _against(problem: Problem, field: str) -> Mistake:
    return Mistake(field, remark(_FOR_PEOPLE.get(problem.code, problem.title)))
