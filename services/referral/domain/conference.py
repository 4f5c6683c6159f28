"""What an offer needs to know of a child's conference."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.contracts.codes import (
    CancelledBecause,
    ConferenceKind,
    ConferenceStatus,
    Need,
    YesNo,
)


@dataclass(frozen=True, slots=True)
class Conference:
    """One child's conference; `as_of` is the version that exchange gave it."""

    conference_ref: UUID
    child_ref: UUID
    meeting_ref: UUID
    as_of: int
    authority: str
    kind: ConferenceKind
    status: ConferenceStatus
    starts_at: datetime
    age_years: int | None
    unborn: bool
    language: str
    needs: tuple[Need, ...]
    looked_after: YesNo
    cancelled_because: CancelledBecause | None = None
    held_at: datetime | None = None
    version: int = 0

    def is_ahead(self, now: datetime) -> bool:
        """Whether it has a time, and that time has not come."""
        return self.status is ConferenceStatus.SCHEDULED and self.starts_at > now

    def is_to_come(self, now: datetime) -> bool:
        """Whether it is still to sit, or to go on."""
        return self.is_ahead(now) or self.status is ConferenceStatus.ADJOURNED

    @property
    def fell_away(self) -> bool:
        """Whether it will not take place."""
        return self.status is ConferenceStatus.CANCELLED
