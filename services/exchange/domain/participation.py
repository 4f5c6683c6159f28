"""How a child took part: attendance and voice as two separate axes, one record for each session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.contracts.codes import Attendance, AttendanceMode, Voice
from services.exchange.domain.lifecycle import Denied


@dataclass(frozen=True, slots=True)
class Participation:
    """How a child took part in one session."""

    attendance: Attendance
    voice: Voice
    advocate_present: bool
    part_attendance: bool
    session_on: date
    mode: AttendanceMode | None = None


def with_session(
    sessions: Sequence[Participation], session: Participation
) -> tuple[Participation, ...]:
    """Return the sessions with this one; the same day again corrects what was recorded of it."""
    others = [other for other in sessions if other.session_on != session.session_on]
    return tuple(sorted((*others, session), key=lambda one: one.session_on))


def fullest(sessions: Sequence[Participation]) -> Participation | None:
    """Return the session in which the child had most part, the later one of equals.

    Being there comes first; then an advocate there for the child; then a view that reached the
    meeting at all; then the whole before a part.
    """
    return max(sessions, key=_fullness, default=None)


def contradiction(session: Participation) -> Denied | None:
    """Say what about a record cannot be: only who was there can have spoken there."""
    if session.voice is Voice.ADVOCATE and not session.advocate_present:
        sentence = "An advocate who was not there cannot have spoken for the child."
        return Denied("voice-without-advocate", sentence)
    if session.attendance is Attendance.ATTENDED:
        return None
    if session.voice in {Voice.SELF, Voice.SYMBOLIC}:
        return Denied("voice-without-attendance", "A child who was not there cannot have spoken.")
    if session.mode is not None or session.part_attendance:
        return Denied("mode-without-attendance", "How the child was there, though it was not.")
    return None


def _fullness(session: Participation) -> tuple[bool, bool, bool, bool, date]:
    return (
        session.attendance is Attendance.ATTENDED,
        session.advocate_present,
        session.voice not in {Voice.NONE, Voice.NOT_RECORDED},
        not session.part_attendance,
        session.session_on,
    )
