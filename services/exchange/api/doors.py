"""How a request reaches the exchange: its desk, its commands, and an agency's own key."""

from typing import Annotated, TypeAlias

from fastapi import Depends, Request

from services.chassis.desk import Desk
from services.chassis.http import Command, Problem, command_of, desk_of
from services.exchange.domain.agreement import Agency, Agreement
from services.exchange.domain.meeting import CANCELLED_HERE
from services.exchange.handlers.agencies import agency_with_key, agreement_in_force
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.intake import Outcome, Taken
from services.exchange.settings import Exchange

ExchangeDesk: TypeAlias = Annotated[Desk[Exchange], Depends(desk_of("exchange"))]
ExchangeCommand: TypeAlias = Annotated[Command[Exchange], Depends(command_of("exchange"))]


def _bearer(request: Request) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


ApiKey: TypeAlias = Annotated[str, Depends(_bearer)]


def whole(taken: Taken) -> Taken:
    """Return a meeting that was taken in with every child: one request is done whole or not at all.

    Raises:
        Problem: 409, a child was taken off the meeting here.
    """
    if left_off := taken.with_outcome(Outcome.CANCELLED_HERE):
        code, sentence = CANCELLED_HERE.code, CANCELLED_HERE.sentence
        errors = [
            {"pointer": f"/children/{at}", "detail": sentence, "code": code} for at in left_off
        ]
        raise Problem(409, code, sentence, errors)
    return taken


def agency_of(work: ExchangeWork, key: str) -> Agency:
    """Return the agency whose key this is.

    Raises:
        Problem: 401, it is nobody's, or not live any more.
    """
    agency = agency_with_key(work, key)
    if agency is None:
        headers = {"WWW-Authenticate": "Bearer"}
        raise Problem(401, "unauthorised", "A live key of an agency is needed", headers=headers)
    return agency


def agreement_of(work: ExchangeWork, key: str) -> Agreement:
    """Return the agreement in force of the agency whose key this is.

    Raises:
        Problem: 401 without a live key, 403 without an agreement that counts today.
    """
    agreement = agreement_in_force(work, agency_of(work, key))
    if agreement is None:
        raise no_agreement()
    return agreement


def no_agreement() -> Problem:
    """Say that an agency may see nothing today."""
    return Problem(403, "no-agreement", "No agreement is in force today")
