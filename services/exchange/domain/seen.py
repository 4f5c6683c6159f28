"""What the exchange remembers of other services' events, so that the exit can ask it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """Whether the child's last word on an offer was no, or the offer has come to an end.

    `seen_version` is the offer's.
    """

    offer_ref: UUID
    conference_ref: UUID
    said_no: bool
    seen_version: int
    ended: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class AllocationSeen:
    """Who the advocate for a child's conference is, if there is one."""

    conference_ref: UUID
    advocate_ref: UUID | None
    version: int = 0


@dataclass(frozen=True, slots=True)
class DeadLetterSeen:
    """An event about a child that was laid aside; while it is open, nothing leaves."""

    dead_letter_ref: UUID
    child_ref: UUID
    open: bool
    version: int = 0
