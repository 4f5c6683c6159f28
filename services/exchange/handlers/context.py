"""The unit of work as the exchange's handlers see it, and how a rule's denial becomes a refusal."""

from typing import TypeAlias, TypeVar

from services.chassis.errors import Refused
from services.chassis.work import Work
from services.exchange.domain.lifecycle import Denied
from services.exchange.settings import Exchange

T = TypeVar("T")

ExchangeWork: TypeAlias = Work[Exchange]


def allowed(decision: T | Denied) -> T:
    """Return what a rule decided.

    Raises:
        Refused: the rule denied it.
    """
    if isinstance(decision, Denied):
        raise Refused(decision.code, decision.sentence)
    return decision
