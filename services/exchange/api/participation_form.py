"""Reads how a child took part out of a form, and fills the form with what was recorded before."""

from datetime import date
from types import MappingProxyType
from typing import Final

from services.chassis.web import Mistake, Reader
from services.contracts.codes import Attendance, AttendanceMode, Voice, YesNo
from services.exchange.domain.participation import Participation, contradiction

LATER: Final = "later"
"""Chosen where others ask whether the child was there: somebody records it on another day."""

_PRESENCES: Final = MappingProxyType(
    {
        "in-person": (Attendance.ATTENDED, AttendanceMode.IN_PERSON),
        "remote": (Attendance.ATTENDED, AttendanceMode.REMOTE),
        "did-not-attend": (Attendance.DID_NOT_ATTEND, None),
        "not-invited": (Attendance.NOT_INVITED, None),
    }
)
"""Whether the child was there and how, as one question asks for both."""

_AGAINST: Final = MappingProxyType(
    {
        "voice-without-attendance": (
            "voice",
            "Choose another way: {child} was not there and cannot have spoken or used signs",
        ),
        "voice-without-advocate": (
            "voice",
            "Choose another way, or “Yes” below: no advocate was there to speak for {child}",
        ),
        "mode-without-attendance": (
            "part_attendance",
            "Take this tick away: {child} was not there, not for a part either",
        ),
    }
)
"""Beside which question a contradiction is said, and in which words."""


def read_session(
    reader: Reader, on: date, prefix: str = "", child: str = "the child"
) -> Participation | None:
    """Read how one child took part; each question that is left open is a mistake.

    Args:
        on: the day of the session.
        prefix: begins the names of this child's fields.
        child: which child, in the sentences about what is wrong.
    """
    there = _PRESENCES.get(reader.form[f"{prefix}attendance"])
    if there is None:
        ask = f"Choose whether {child} was there"
        reader.mistakes.append(Mistake(f"{prefix}attendance", ask))
    ask = f"Choose how the conference heard what {child} wanted to say"
    voice = reader.choice(f"{prefix}voice", Voice, ask)
    advocate = reader.either(f"{prefix}advocate_present", YesNo.UNKNOWN)
    if advocate is YesNo.UNKNOWN:
        ask = f"Choose whether an advocate was there for {child}"
        reader.mistakes.append(Mistake(f"{prefix}advocate_present", ask))
    if there is None or voice is None or advocate is YesNo.UNKNOWN:
        return None
    session = Participation(
        attendance=there[0],
        mode=there[1],
        voice=voice,
        advocate_present=advocate is YesNo.YES,
        part_attendance=bool(reader.form[f"{prefix}part_attendance"]),
        session_on=on,
    )
    if (against := contradiction(session)) is not None:
        field, sentence = _AGAINST[against.code]
        reader.mistakes.append(Mistake(f"{prefix}{field}", sentence.format(child=child)))
        return None
    return session


def read_session_or_later(
    reader: Reader, on: date, prefix: str, child: str
) -> Participation | None:
    """Read how one child took part; None too if somebody chose to record it later.

    Later is chosen aloud: a form sent in haste is no record of anybody. Answers beside it are taken
    away, for no round button can be unticked, and it is asked once more whether that is meant.
    """
    if reader.form[f"{prefix}attendance"] != LATER:
        return read_session(reader, on, prefix, child)
    others = [f"{prefix}{other}" for other in ("part_attendance", "voice", "advocate_present")]
    if any(reader.form[other] for other in others):
        reader.form = reader.form.with_fields(**dict.fromkeys(others, ""))
        sentence = (
            f"Choose whether {child} was there, and answer the questions below it. To record all of"
            " it later, leave it as it is now: the answers were taken away. Then save once more"
        )
        reader.mistakes.append(Mistake(f"{prefix}attendance", sentence))
    return None


def filled_in(session: Participation | None) -> dict[str, list[str]]:
    """Return the fields of a form as they are when this was recorded."""
    if session is None:
        return {}
    there = (session.attendance, session.mode)
    return {
        "attendance": [name for name, presence in _PRESENCES.items() if presence == there],
        "part_attendance": [YesNo.YES] if session.part_attendance else [],
        "voice": [session.voice],
        "advocate_present": [YesNo.YES if session.advocate_present else YesNo.NO],
    }
