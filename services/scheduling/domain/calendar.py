"""What an advocate's own calendar shows of a visit: when, how sure, and nothing about the child."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.contracts.codes import VisitKind, VisitStatus
from services.scheduling.domain.facts import Conference
from services.scheduling.domain.visit import Visit

SUMMARIES: Final = {
    VisitKind.INTRODUCTION: "First visit",
    VisitKind.BEFORE: "Visit before a conference",
    VisitKind.AT_CONFERENCE: "Conference",
    VisitKind.AFTER: "Visit after a conference",
    VisitKind.FOLLOW_UP: "Follow-up visit",
    VisitKind.CLOSING: "Closing visit",
}


class Certainty(StrEnum):
    """How sure an entry is, in the words of iCalendar."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Calendar:
    """One advocate's subscription: whoever holds its address may read it until it is revoked.

    Only the digest of the address's secret part is kept.
    """

    calendar_ref: UUID
    advocate_ref: UUID
    digest: str
    made_at: datetime
    revoked_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar; a day without an hour is a day by which something is due.

    `sequence` only rises, whatever changes: the visit, or the conference it belongs to.
    """

    uid: UUID
    sequence: int
    changed_at: datetime
    summary: str
    certainty: Certainty
    starts: datetime | date
    ends: datetime | None = None


def entry_of(visit: Visit, conference: Conference) -> Entry:
    """Return the entry of a visit; attending a conference stands at the conference's own hours."""
    attends = visit.kind is VisitKind.AT_CONFERENCE
    starts = visit.held_at or visit.at or (conference.expected.at if attends else None)
    ends = conference.ends_at if attends and starts else None
    return Entry(
        uid=visit.visit_ref,
        sequence=visit.version + conference.as_of,
        changed_at=max(visit.changed_at, conference.changed_at),
        summary=SUMMARIES[visit.kind],
        certainty=_certainty(visit),
        starts=starts or visit.due_on,
        ends=ends if ends and starts and ends > starts else None,
    )


def _certainty(visit: Visit) -> Certainty:
    if visit.status in {VisitStatus.AGREED, VisitStatus.HELD}:
        return Certainty.CONFIRMED
    if visit.kind is VisitKind.AT_CONFERENCE and visit.is_open:
        return Certainty.CONFIRMED
    return Certainty.TENTATIVE if visit.is_open else Certainty.CANCELLED
