"""What the pages say of an advocate whose checks or training have ended."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from services.chassis.web.wording import day
from services.referral.domain.advocate import Advocate, Barrier, lapsed_on

LAPSED: Final[Mapping[Barrier, str]] = MappingProxyType(
    {
        Barrier.CHECKS_LAPSED: "The checks ended on {day}.",
        Barrier.TRAINING_LAPSED: "The safeguarding training ended on {day}.",
    }
)
UNTIL_THEN: Final = (
    "Until there are new ones no child is given to this advocate, and another is found for those "
    "whose conference is to come. Decide who sees the others."
)


def says_lapsed(advocate: Advocate, today: date) -> str:
    """Say what has ended for an advocate, and what that means; nothing where nothing has."""
    ended = [LAPSED[what].format(day=day(last)) for what, last in lapsed_on(advocate, today)]
    return " ".join([*ended, UNTIL_THEN]) if ended else ""
