"""What is late and waits for somebody, in words that need no colour."""

from datetime import datetime
from enum import StrEnum

from services.reporting.domain.counting import CountedJourney


class Late(StrEnum):
    """Why a child's conference needs attention today."""

    NOT_TOLD_BEFORE_CONFERENCE = "not-told-before-conference"
    ESCALATED = "escalated"
    TELLING_OVERDUE = "telling-overdue"
    UNMET = "unmet"
    VISIT_OVERDUE = "visit-overdue"
    NOT_AGREED = "not-agreed"


def late(counted: CountedJourney, now: datetime) -> tuple[Late, ...]:
    """Say what is late about one child's conference, the gravest first."""
    begun = counted.starts_at is not None and counted.starts_at <= now
    holds = {
        Late.NOT_TOLD_BEFORE_CONFERENCE: counted.untold and begun,
        Late.ESCALATED: counted.rung > 0 and not begun,
        Late.TELLING_OVERDUE: counted.telling_overdue and not begun,
        Late.UNMET: counted.unmet,
        Late.VISIT_OVERDUE: counted.visits_overdue > 0,
        Late.NOT_AGREED: counted.not_agreed,
    }
    return tuple(kind for kind in Late if holds[kind])
