"""What may follow what in the life of a meeting and of each child's conference at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.contracts.codes import ConferenceStatus


class Step(StrEnum):
    """What can be done with a meeting, or with one child's conference."""

    MOVE = "move"
    CHANGE = "change"
    ADJOURN = "adjourn"
    CANCEL = "cancel"
    REINSTATE = "reinstate"
    HOLD = "hold"
    TAKE_PART = "take-part"


_SCHEDULED, _ADJOURNED, _HELD, _CANCELLED = (
    ConferenceStatus.SCHEDULED,
    ConferenceStatus.ADJOURNED,
    ConferenceStatus.HELD,
    ConferenceStatus.CANCELLED,
)

TRANSITIONS: Final[Mapping[tuple[ConferenceStatus, Step], ConferenceStatus]] = MappingProxyType(
    {
        (_SCHEDULED, Step.MOVE): _SCHEDULED,
        (_SCHEDULED, Step.CHANGE): _SCHEDULED,
        (_SCHEDULED, Step.ADJOURN): _ADJOURNED,
        (_SCHEDULED, Step.CANCEL): _CANCELLED,
        (_SCHEDULED, Step.HOLD): _HELD,
        (_ADJOURNED, Step.MOVE): _SCHEDULED,
        (_ADJOURNED, Step.CHANGE): _ADJOURNED,
        (_ADJOURNED, Step.ADJOURN): _ADJOURNED,
        (_ADJOURNED, Step.CANCEL): _CANCELLED,
        (_ADJOURNED, Step.HOLD): _HELD,
        (_ADJOURNED, Step.TAKE_PART): _ADJOURNED,
        (_HELD, Step.TAKE_PART): _HELD,
        (_CANCELLED, Step.REINSTATE): _SCHEDULED,
    }
)
"""Everything that may happen; a pair that is not here is refused."""

LIVE: Final = frozenset({_SCHEDULED, _ADJOURNED})


@dataclass(frozen=True, slots=True)
class Denied:
    """A step that may not be taken, as a code and as a sentence for the person who tried."""

    code: str
    sentence: str


def denied(status: ConferenceStatus, step: Step) -> Denied | None:
    """Say why a step cannot follow, or None if it can."""
    if (status, step) in TRANSITIONS:
        return None
    if step is Step.REINSTATE and status in LIVE:
        return Denied("not-cancelled", "The meeting stands: there is nothing to take back.")
    if status in LIVE:
        return Denied("not-held-yet", "Participation is recorded after the meeting sat.")
    return Denied(f"after-{status.value}", f"The meeting is {status.value}: this cannot follow.")
