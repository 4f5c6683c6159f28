"""Where a rule's no becomes the refusal of a command."""

from typing import TypeVar

from services.chassis.errors import Refused
from services.referral.domain.denied import Denied

T = TypeVar("T")


def granted(outcome: T | Denied) -> T:
    """Return what a rule decided.

    Raises:
        Refused: it said no.
    """
    if isinstance(outcome, Denied):
        raise Refused(outcome.code, outcome.detail)
    return outcome
