"""What the exchange remembers of other services' events, so that the exit can ask it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from services.contracts.codes import (
    AllocationStatus,
    Objection,
    OfferStatus,
    Permission,
    Told,
    ViewStatus,
    VisitStatus,
)

LIVE_OFFER: Final = frozenset({OfferStatus.STANDING, OfferStatus.ACCEPTED, OfferStatus.PAUSED})
ENDED_OFFER: Final = frozenset({OfferStatus.WITHDRAWN, OfferStatus.STOPPED, OfferStatus.LAPSED})
_WITH_ADVOCATE: Final = frozenset({AllocationStatus.ALLOCATED, AllocationStatus.CONFIRMED})
_OPEN_VISIT: Final = frozenset({VisitStatus.PLANNED, VisitStatus.OFFERED, VisitStatus.AGREED})


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """An offer as it stood last; `seen_version` is the offer's, `conference_version` what it saw.

    `heard_directly` tells of a no whether the child said it to whoever recorded it.
    """

    offer_ref: UUID
    conference_ref: UUID
    status: OfferStatus
    told: Told
    permission: Permission
    objection: Objection
    seen_version: int
    heard_directly: bool | None = None
    rung: int = 0
    conference_version: int = 0
    version: int = 0

    @property
    def is_live(self) -> bool:
        """Whether the child has neither said no to it nor has it come to its end."""
        return self.status in LIVE_OFFER

    @property
    def has_ended(self) -> bool:
        """Whether it ended by other than the child's no."""
        return self.status in ENDED_OFFER


@dataclass(frozen=True, slots=True)
class AllocationSeen:
    """Who the advocate for a child's conference is, if there is one.

    `parted` are those who are the child's advocate no more: who found a conflict, could not take
    the child on, or were given another's place. Whoever was let go because the offer came to its
    end is none of them: the goodbye is said by whom the child knows (practice 8).
    """

    conference_ref: UUID
    advocate_ref: UUID | None
    parted: tuple[UUID, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class VisitSeen:
    """A visit that somebody was asked about, as it stood last; `seen_version` is the visit's."""

    visit_ref: UUID
    status: VisitStatus
    overdue: bool
    seen_version: int
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it is still to take place, and nobody has recorded what became of it."""
        return self.status in _OPEN_VISIT


@dataclass(frozen=True, slots=True)
class ViewSeen:
    """A child's view that somebody was asked about, as it stood last.

    `for_chair` says that the child still lets the chair read any of it; `received_at`, when whoever
    led the meeting then said that they had read it.
    """

    view_ref: UUID
    status: ViewStatus
    for_chair: bool
    seen_version: int
    received_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class DeadLetterSeen:
    """An event about a child that was laid aside; while it is open, nothing leaves."""

    dead_letter_ref: UUID
    child_ref: UUID
    open: bool
    version: int = 0


def with_allocation(
    seen: AllocationSeen, status: AllocationStatus, advocate_ref: UUID | None, *, goes_on: bool
) -> AllocationSeen:
    """Return who the advocate is after this was said of an allocation.

    Args:
        goes_on: whether the offer is live: then whoever was released has no goodbye to say.
    """
    if status in _WITH_ADVOCATE:
        back = tuple(ref for ref in seen.parted if ref != advocate_ref)
        return replace(seen, advocate_ref=advocate_ref, parted=back)
    # The end of a former bond, heard after the next one began, does not end that one.
    is_former = seen.advocate_ref not in {None, advocate_ref}
    after = seen if is_former else replace(seen, advocate_ref=None)
    let_go = status is AllocationStatus.RELEASED and not goes_on
    return after if advocate_ref is None or let_go else parted_from(after, advocate_ref)


def parted_from(seen: AllocationSeen, advocate_ref: UUID) -> AllocationSeen:
    """Return it after this one is the child's advocate no more."""
    if advocate_ref in seen.parted:
        return seen
    return replace(seen, parted=(*seen.parted, advocate_ref))
