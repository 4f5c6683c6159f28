"""One child's way to one conference, as far as the bus has told it.

Each fact is the newest known state of one thing, by its version: an older state that comes late
never undoes a newer one, and the order in which facts arrive makes no difference.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self, TypeAlias, TypeVar
from uuid import UUID

from services.contracts.codes import (
    AllocationStatus,
    Answer,
    Attendance,
    ConferenceKind,
    ConferenceStatus,
    EndedBecause,
    LapsedBecause,
    Objection,
    OfferMode,
    OfferStatus,
    Permission,
    Role,
    Told,
    ViewStatus,
    VisitKind,
    VisitStatus,
    Voice,
    YesNo,
)
from services.reporting.domain.periods import Day


@dataclass(frozen=True)
class Participation:
    """How the child took part in the fullest session: attendance and voice are two axes."""

    attendance: Attendance
    voice: Voice
    advocate_present: bool
    part_attendance: bool
    session_on: Day


@dataclass(frozen=True)
class Fact:
    """The newest known state of one thing."""

    ref: UUID
    version: int

    def joined(self, said: Self) -> Self:
        """Keep the newer of two states; of two with one version each says the same."""
        return said if said.version >= self.version else self


@dataclass(frozen=True)
class ConferenceFacts(Fact):
    """This child's conference."""

    meeting_ref: UUID
    authority: str
    kind: ConferenceKind
    status: ConferenceStatus
    starts_at: datetime
    held_at: datetime | None
    age_years: int | None
    unborn: bool
    looked_after: YesNo
    participation: Participation | None


@dataclass(frozen=True)
class OfferFacts(Fact):
    """The offer of an advocate; `made_at` is when it first stood as made, if it ever did."""

    authority: str
    policy: str
    mode: OfferMode
    status: OfferStatus
    told: Told
    permission: Permission
    objection: Objection
    reported_by: Role | None
    explained_at: datetime | None
    withdrawn_because: EndedBecause | None
    lapsed_because: LapsedBecause | None
    rung: int
    overdue: bool
    made_at: datetime | None

    def joined(self, said: Self) -> Self:
        made_at = earliest(self.made_at, said.made_at)
        return replace(Fact.joined(self, said), made_at=made_at)


@dataclass(frozen=True)
class AllocationFacts(Fact):
    """The search for an advocate; `allocated_at` is when one was first found."""

    offer_ref: UUID
    status: AllocationStatus
    alarmed: bool
    allocated_at: datetime | None

    def joined(self, said: Self) -> Self:
        allocated_at = earliest(self.allocated_at, said.allocated_at)
        return replace(Fact.joined(self, said), allocated_at=allocated_at)


@dataclass(frozen=True)
class VisitFacts(Fact):
    """A meeting of child and advocate, planned or held."""

    kind: VisitKind
    status: VisitStatus
    due_on: Day
    at: datetime | None
    held_at: datetime | None
    seen_alone: YesNo
    overdue: bool


@dataclass(frozen=True)
class ViewFacts(Fact):
    """What the child wanted the conference to know, and how far it has come."""

    status: ViewStatus
    answer: Answer | None
    told_at: datetime | None


AnyFact: TypeAlias = ConferenceFacts | OfferFacts | AllocationFacts | VisitFacts | ViewFacts

_F = TypeVar("_F", OfferFacts, AllocationFacts, VisitFacts, ViewFacts)


@dataclass(frozen=True)
class Journey:
    """Everything known of one child and one conference; what did not come yet is missing."""

    conference: ConferenceFacts | None = None
    offers: tuple[OfferFacts, ...] = ()
    allocations: tuple[AllocationFacts, ...] = ()
    visits: tuple[VisitFacts, ...] = ()
    views: tuple[ViewFacts, ...] = ()

    def learned(self, fact: AnyFact) -> "Journey":
        """Return the journey with what this fact adds to it."""
        match fact:
            case ConferenceFacts():
                known = self.conference
                return replace(self, conference=known.joined(fact) if known else fact)
            case OfferFacts():
                return replace(self, offers=_joined(self.offers, fact))
            case AllocationFacts():
                return replace(self, allocations=_joined(self.allocations, fact))
            case VisitFacts():
                return replace(self, visits=_joined(self.visits, fact))
            case ViewFacts():
                return replace(self, views=_joined(self.views, fact))


def earliest(*instants: datetime | None) -> datetime | None:
    """Return the first of the instants that are known."""
    return min((instant for instant in instants if instant is not None), default=None)


def _joined(known: tuple[_F, ...], fact: _F) -> tuple[_F, ...]:
    by_ref = {each.ref: each for each in known}
    before = by_ref.get(fact.ref)
    by_ref[fact.ref] = before.joined(fact) if before else fact
    return tuple(by_ref[ref] for ref in sorted(by_ref))
