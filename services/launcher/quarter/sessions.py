"""How each child took part in the conference, as the conference team records it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.contracts.codes import Attendance, AttendanceMode, Medium, Voice
from services.launcher.quarter.api import Body
from services.launcher.quarter.families import Referral, Way

_ATTENDED: Final = frozenset({Way.ATTENDED, Way.SAID_NO_AND_ATTENDED})
_WITH_ADVOCATE: Final = frozenset({Way.ATTENDED, Way.REPRESENTED, Way.PERMISSION_LATE})

_VOICES: Final[Mapping[Medium, Voice]] = MappingProxyType(
    {
        Medium.WRITTEN: Voice.LETTER,
        Medium.DRAWN: Voice.DRAWING,
        Medium.SPOKEN: Voice.ADVOCATE,
        Medium.OTHER: Voice.OTHER_MEDIUM,
    }
)
"""The report names letters, pictures, statements and slides."""


def session(referral: Referral) -> Body:
    """Return what is recorded of one child: whether it was there, and whether an advocate was."""
    attended = referral.way in _ATTENDED
    return {
        "attendance": Attendance.ATTENDED if attended else Attendance.DID_NOT_ATTEND,
        "mode": AttendanceMode.IN_PERSON if attended else None,
        "voice": _voice(referral),
        "advocate_present": referral.way in _WITH_ADVOCATE,
        "part_attendance": False,
    }


def _voice(referral: Referral) -> Voice:
    if referral.way in _ATTENDED:
        return Voice.SELF
    if referral.way not in _WITH_ADVOCATE:
        # The report says that they took no part; whether anything of theirs reached the meeting,
        # it does not say.
        return Voice.NOT_RECORDED
    return _VOICES[referral.medium] if referral.medium else Voice.ADVOCATE
