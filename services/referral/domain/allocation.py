"""The search for an advocate, and the bond once one is found: every step it may take."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.contracts.codes import (
    AllocationReason,
    AllocationStatus,
    UnmetBecause,
)
from services.contracts.deadlines import working_days_before
from services.referral.domain.conference import Conference
from services.referral.domain.denied import Denied
from services.referral.domain.matching import Match
from services.referral.domain.offer import Offer
from services.referral.domain.place import Place


class Step(StrEnum):
    """What can happen to an allocation, in the words of the bus."""

    ALLOCATED = "allocated"
    UNMET = "unmet"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    CONFLICT_FOUND = "conflict-found"
    REPLACED = "replaced"
    RELEASED = "released"


_ALLOCATED, _CONFIRMED = AllocationStatus.ALLOCATED, AllocationStatus.CONFIRMED
_UNMET = AllocationStatus.UNMET

BOUND: Final = frozenset({_ALLOCATED, _CONFIRMED})

TRANSITIONS: Final[Mapping[Step, Mapping[AllocationStatus, AllocationStatus]]] = MappingProxyType(
    {
        Step.ALLOCATED: {_UNMET: _ALLOCATED},
        Step.UNMET: {_UNMET: _UNMET},
        Step.CONFIRMED: {_ALLOCATED: _CONFIRMED},
        # A bond that ended is not taken up again: the next search is another allocation.
        Step.REFUSED: dict.fromkeys(BOUND, AllocationStatus.REFUSED),
        Step.CONFLICT_FOUND: dict.fromkeys(BOUND, AllocationStatus.CONFLICT),
        Step.REPLACED: dict.fromkeys(BOUND, AllocationStatus.REPLACED),
        Step.RELEASED: dict.fromkeys(BOUND, AllocationStatus.RELEASED),
    }
)


@dataclass(frozen=True, slots=True)
class Allocation:
    """One search and what came of it.

    `held_by` is the advocate while there is a bond; `sought_in`, the authority while somebody is
    sought. `not_again`: this advocate is not asked again for this offer.
    """

    allocation_ref: UUID
    offer_ref: UUID
    child_ref: UUID
    conference_ref: UUID
    authority: str
    conference_starts_at: datetime
    status: AllocationStatus = _UNMET
    advocate_ref: UUID | None = None
    reasons: tuple[AllocationReason, ...] = ()
    unmet_because: UnmetBecause | None = None
    attempts: int = 0
    alarm_at: datetime | None = None
    alarmed: bool = False
    held_by: UUID | None = None
    sought_in: str | None = None
    not_again: bool = False
    version: int = 0

    @property
    def is_bound(self) -> bool:
        """Whether the child has this advocate now."""
        return self.status in BOUND

    @property
    def is_open(self) -> bool:
        """Whether this is what the child has now: the advocate, or nobody yet."""
        return self.is_bound or self.status is AllocationStatus.UNMET


def opened(offer: Offer, conference: Conference, allocation_ref: UUID) -> Allocation:
    """Begin a search."""
    return Allocation(
        allocation_ref=allocation_ref,
        offer_ref=offer.offer_ref,
        child_ref=offer.child_ref,
        conference_ref=offer.conference_ref,
        authority=offer.authority,
        conference_starts_at=conference.starts_at,
    )


def found(search: Allocation, by: Match) -> Allocation | Denied:
    """End a search: the child has an advocate."""
    news = replace(
        search,
        advocate_ref=by.advocate_ref,
        held_by=by.advocate_ref,
        reasons=by.reasons,
        unmet_because=None,
        attempts=search.attempts + 1,
        alarm_at=None,
        sought_in=None,
    )
    return _step(news, Step.ALLOCATED)


def unmet(search: Allocation, because: UnmetBecause) -> Allocation | Denied:
    """Note that there is nobody yet; the search goes on."""
    news = replace(
        search,
        unmet_because=because,
        attempts=search.attempts + 1,
        sought_in=search.authority,
    )
    return _step(news, Step.UNMET)


def with_alarm(search: Allocation, starts_at: datetime, place: Place, now: datetime) -> Allocation:
    """Set when people are told that there is nobody yet: working days before (practice 7)."""
    days = place.policy.unmet_alarm_working_days
    alarm_at = working_days_before(place.calendar, starts_at, days)
    return replace(
        search, conference_starts_at=starts_at, alarm_at=alarm_at, alarmed=alarm_at <= now
    )


def alarmed(search: Allocation) -> Allocation | Denied:
    """Tell people that there is nobody yet."""
    return _step(replace(search, alarmed=True), Step.UNMET)


def given_up(search: Allocation) -> Allocation:
    """Stop a search without saying so: what nobody could offer stays true."""
    return replace(search, sought_in=None, alarm_at=None)


def confirmed(bond: Allocation) -> Allocation | Denied:
    """Record that the advocate took the child on."""
    return _step(bond, Step.CONFIRMED)


def ended(bond: Allocation, how: Step, *, not_again: bool) -> Allocation | Denied:
    """End a bond."""
    return _step(replace(bond, held_by=None, not_again=not_again), how)


def is_waiting(search: Allocation) -> bool:
    """Whether the alarm is still to come."""
    return search.sought_in is not None and not search.alarmed


def _step(allocation: Allocation, step: Step) -> Allocation | Denied:
    target = TRANSITIONS[step].get(allocation.status)
    if target is None:
        detail = f"an allocation that is {allocation.status} cannot be {step}"
        return Denied("not-possible-now", detail)
    return replace(allocation, status=target)
