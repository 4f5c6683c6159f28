"""How the child took part: two classifications of the same record, and neither guesses."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from services.contracts.codes import Attendance, ConferenceStatus, Voice
from services.reporting.domain.journey import ConferenceFacts, Journey

PN0_BELOW: Final = 4
"""The national return has one code for all children below this age (SSDA903, rules 440 and 441)."""


class TookPart(StrEnum):
    """Attended or not, with an advocate present or not: never by voice."""

    ATTENDED_WITH_ADVOCATE = "attended_with_advocate"
    REPRESENTED_BY_ADVOCATE = "represented_by_advocate"
    ATTENDED_WITHOUT_ADVOCATE = "attended_without_advocate"
    NEITHER = "neither"
    NOT_RECORDED = "not_recorded"


class ReviewCode(StrEnum):
    """The participation codes of the national return on looked-after children's reviews."""

    PN0 = "PN0"
    PN1 = "PN1"
    PN2 = "PN2"
    PN3 = "PN3"
    PN4 = "PN4"
    PN5 = "PN5"
    PN6 = "PN6"
    PN7 = "PN7"
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True, slots=True)
class Participations:
    """How many children took part in which way, whatever became of the offer."""

    attended_with_advocate: int = 0
    represented_by_advocate: int = 0
    attended_without_advocate: int = 0
    neither: int = 0
    not_recorded: int = 0

    @classmethod
    def of(cls, counts: Mapping[TookPart, int]) -> Self:
        """Lay out the counts."""
        return cls(**{took_part.value: counts.get(took_part, 0) for took_part in TookPart})


def took_part(journey: Journey) -> TookPart | None:
    """Say how the child took part in the fullest session; None where there was nothing to take.

    There is nothing before the first session was held, and nothing before birth.
    """
    conference = _held(journey)
    if conference is None:
        return None
    if conference.participation is None:
        return TookPart.NOT_RECORDED
    attended = conference.participation.attendance is Attendance.ATTENDED
    return _TOOK_PART[attended, conference.participation.advocate_present]


def review_code(journey: Journey) -> ReviewCode | None:
    """Derive the code of the national return; None where there was nothing to take part in.

    A child below four has PN0 by age alone. A voice that was not recorded, or that contradicts the
    attendance, has no code: it is not guessed.
    """
    conference = _held(journey)
    if conference is None:
        return None
    if conference.age_years is not None and conference.age_years < PN0_BELOW:
        return ReviewCode.PN0
    if conference.participation is None:
        return ReviewCode.NOT_RECORDED
    attended = conference.participation.attendance is Attendance.ATTENDED
    codes = _PRESENT if attended else _ABSENT
    return codes.get(conference.participation.voice, ReviewCode.NOT_RECORDED)


def _held(journey: Journey) -> ConferenceFacts | None:
    conference = journey.conference
    if conference is None or conference.unborn:
        return None
    held = conference.status is ConferenceStatus.HELD or conference.participation is not None
    return conference if held else None


_TOOK_PART: Final = {
    (True, True): TookPart.ATTENDED_WITH_ADVOCATE,
    (False, True): TookPart.REPRESENTED_BY_ADVOCATE,
    (True, False): TookPart.ATTENDED_WITHOUT_ADVOCATE,
    (False, False): TookPart.NEITHER,
}

# A supporter is someone the child asked to speak: the return has no code of its own for that.
_PRESENT: Final = {
    Voice.SELF: ReviewCode.PN1,
    Voice.ADVOCATE: ReviewCode.PN2,
    Voice.SUPPORTER: ReviewCode.PN2,
    Voice.SYMBOLIC: ReviewCode.PN3,
    Voice.LETTER: ReviewCode.PN3,
    Voice.TEXT: ReviewCode.PN3,
    Voice.AUDIO: ReviewCode.PN3,
    Voice.VIDEO: ReviewCode.PN3,
    Voice.DRAWING: ReviewCode.PN3,
    Voice.OTHER_MEDIUM: ReviewCode.PN3,
    Voice.NONE: ReviewCode.PN4,
}
_ABSENT: Final = {
    Voice.ADVOCATE: ReviewCode.PN5,
    Voice.SUPPORTER: ReviewCode.PN5,
    Voice.SYMBOLIC: ReviewCode.PN6,
    Voice.LETTER: ReviewCode.PN6,
    Voice.TEXT: ReviewCode.PN6,
    Voice.AUDIO: ReviewCode.PN6,
    Voice.VIDEO: ReviewCode.PN6,
    Voice.DRAWING: ReviewCode.PN6,
    Voice.OTHER_MEDIUM: ReviewCode.PN6,
    Voice.NONE: ReviewCode.PN7,
}
