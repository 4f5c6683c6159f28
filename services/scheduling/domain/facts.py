"""What scheduling knows of a conference and an offer: only what others said, at their version."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.contracts.codes import (
    AllocationStatus,
    CancelledBecause,
    ConferenceStatus,
    EndedBecause,
    LapsedBecause,
    OfferStatus,
    Told,
)
from services.contracts.local_time import london_date

LIVE = frozenset({OfferStatus.STANDING, OfferStatus.ACCEPTED})
"""An offer is live until the child's own no, a pause, or its end."""

BOUND = frozenset({AllocationStatus.ALLOCATED, AllocationStatus.CONFIRMED})
"""Somebody is there for the child."""


@dataclass(frozen=True, slots=True)
class Expected:
    """When a conference is expected, or was held; a day may be known without its hour."""

    on: date | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Conference:
    """One child's conference; `as_of` is the version that exchange gave it.

    `advocate_present` is empty until participation was recorded, for the session on `session_on`.
    `first_sat_on` is the day it was first broken off, if it was.
    """

    conference_ref: UUID
    child_ref: UUID
    authority: str
    status: ConferenceStatus
    starts_at: datetime
    as_of: int
    changed_at: datetime
    ends_at: datetime | None = None
    reconvenes_on: date | None = None
    cancelled_because: CancelledBecause | None = None
    held_at: datetime | None = None
    advocate_present: bool | None = None
    session_on: date | None = None
    first_sat_on: date | None = None
    version: int = 0

    @property
    def expected(self) -> Expected:
        """When to expect it: not yet known while it is adjourned without a day."""
        if self.status is ConferenceStatus.ADJOURNED:
            return Expected(self.reconvenes_on, None)
        at = self.held_at if self.is_held and self.held_at else self.starts_at
        return Expected(london_date(at), at)

    @property
    def is_held(self) -> bool:
        """Whether it took place."""
        return self.status is ConferenceStatus.HELD

    @property
    def fell_away(self) -> bool:
        """Whether it will not take place."""
        return self.status is ConferenceStatus.CANCELLED

    @property
    def says_child_died(self) -> bool:
        """Whether it will not take place because the child died."""
        return self.cancelled_because is CancelledBecause.DIED

    def sits_after(self, day: date) -> bool:
        """Whether none of it has sat by this day, and it is to come: nobody attended it then."""
        has_sat = self.session_on is not None or (
            self.first_sat_on is not None and self.first_sat_on <= day
        )
        is_to_come = self.status is ConferenceStatus.SCHEDULED and not has_sat
        return is_to_come and day < london_date(self.starts_at)

    @property
    def sits_again(self) -> bool:
        """Whether it was broken off, and goes on, or went on, on a later day."""
        on = self.expected.on
        sat_on = [day for day in (self.first_sat_on, self.session_on) if day is not None]
        return any(on is None or day < on for day in sat_on)

    @property
    def record_is_of_another_day(self) -> bool:
        """Whether participation was recorded of a sitting before the last: it says nothing of that.

        Exchange tells the fullest of what was recorded, of whichever day it is.
        """
        return self.sits_again and self.session_on != self.expected.on

    def was_broken_off(self, before: ConferenceStatus, now: datetime) -> bool:
        """Whether it was put off just now, at its hour or after: then it sat at that hour."""
        off_now = self.status is ConferenceStatus.ADJOURNED and before is not self.status
        return off_now and now >= self.starts_at

    def has_begun(self, now: datetime) -> bool:
        """Whether it is too late for what must come before it."""
        if self.status is ConferenceStatus.SCHEDULED:
            return self.starts_at <= now
        if self.status is ConferenceStatus.ADJOURNED:
            return self.reconvenes_on is not None and self.reconvenes_on < london_date(now)
        return True


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer of an advocate, and the advocate; `as_of` is the version that referral gave it.

    `policy` names the rules it was made under; they hold for it until its end. `last_advocate_ref`
    stays when the bond ends, so that the closing contact has somebody; it goes when that advocate
    turned out not to be independent.
    """

    offer_ref: UUID
    child_ref: UUID
    conference_ref: UUID
    policy: str
    status: OfferStatus
    told: Told
    as_of: int
    ended_because: EndedBecause | None = None
    lapsed_because: LapsedBecause | None = None
    allocation_ref: UUID | None = None
    allocation_as_of: int = 0
    allocated_on: date | None = None
    advocate_ref: UUID | None = None
    last_advocate_ref: UUID | None = None
    version: int = 0

    @property
    def is_live(self) -> bool:
        """Whether the child may count on it now."""
        return self.status in LIVE

    @property
    def was_told(self) -> bool:
        """Whether anybody, adult or child, says that the child was told of it."""
        return self.told is not Told.NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Allocation:
    """What referral said about the search for an advocate, on the day `on`."""

    allocation_ref: UUID
    as_of: int
    status: AllocationStatus
    advocate_ref: UUID | None
    on: date
