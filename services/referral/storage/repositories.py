"""What referral keeps, as the rules know it, and every question asked of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Table, false, func, select, true

from services.chassis.aggregates import Aggregate, Timer
from services.chassis.work import Work
from services.contracts.codes import OfferStatus, Told
from services.contracts.local_time import end_of
from services.contracts.referral_events import AdvocateState, AllocationState, OfferState
from services.referral.domain.advocate import Advocate, Caseload, Panel
from services.referral.domain.allocation import Allocation, is_waiting
from services.referral.domain.child import Child
from services.referral.domain.conference import Conference
from services.referral.domain.due import waits
from services.referral.domain.matching import Candidate
from services.referral.domain.offer import Offer
from services.referral.storage import tables

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


def _said(model: type[M], state: object, **otherwise: object) -> M:
    """Say a state in the words of the bus: the fields of its model and nothing else."""
    named = {name: getattr(state, name) for name in model.model_fields if name not in otherwise}
    return model.model_validate({**named, **otherwise})


def said_of_offer(offer: Offer) -> OfferState:
    """Say how an offer stands."""
    return _said(OfferState, offer, tell_by=offer.clocks.tell_by)


def said_of_allocation(allocation: Allocation) -> AllocationState:
    """Say how a search or a bond stands."""
    return _said(AllocationState, allocation)


def said_of_advocate(advocate: Advocate) -> AdvocateState:
    """Say what an advocate can do; conflicts and employers are nobody else's business."""
    return _said(AdvocateState, advocate)


def _offer_timers(offer: Offer) -> Iterable[Timer]:
    return [Timer(wait, until) for wait, until in waits(offer)]


def _allocation_timers(allocation: Allocation) -> Iterable[Timer]:
    if allocation.alarm_at is not None and is_waiting(allocation):
        yield Timer("alarm-due", allocation.alarm_at)


def _advocate_timers(advocate: Advocate) -> Iterable[Timer]:
    yield Timer("checks-over", end_of(advocate.checks_valid_until))
    yield Timer("training-over", end_of(advocate.training_valid_until))


CONFERENCES: Final = Aggregate("conference", tables.CONFERENCES, Conference, "conference_ref")
CHILDREN: Final = Aggregate("child", tables.CHILDREN, Child, "child_ref")
OFFERS: Final = Aggregate("offer", tables.OFFERS, Offer, "offer_ref", said_of_offer, _offer_timers)
ALLOCATIONS: Final = Aggregate(
    "allocation",
    tables.ALLOCATIONS,
    Allocation,
    "allocation_ref",
    said_of_allocation,
    _allocation_timers,
)
ADVOCATES: Final = Aggregate(
    "advocate",
    tables.ADVOCATES,
    Advocate,
    "advocate_ref",
    said_of_advocate,
    _advocate_timers,
)
CASELOADS: Final = Aggregate("caseload", tables.CASELOADS, Caseload, "advocate_ref")
PANELS: Final = Aggregate("panel", tables.PANELS, Panel, "authority")


def offer_of(work: Work[Any], conference_ref: UUID) -> Offer | None:
    """Return the one offer for this child's conference."""
    return next(iter(work.select(OFFERS, conference_ref=conference_ref)), None)


def allocation_of(work: Work[Any], offer: Offer) -> Allocation | None:
    """Return the bond or the search that is open for this offer."""
    of_the_offer = allocations_of(work, offer)
    return next((one for one in of_the_offer if one.is_open), None)


def allocations_of(work: Work[Any], offer: Offer) -> list[Allocation]:
    """Return every search and bond of an offer."""
    # By child first: a batch has read those already.
    return work.select(ALLOCATIONS, child_ref=offer.child_ref, offer_ref=offer.offer_ref)


def panel_of(work: Work[Any], authority: str) -> Panel:
    """Return the advocates who serve an authority."""
    return work.find(PANELS, authority) or Panel(authority)


def caseload_of(work: Work[Any], advocate_ref: UUID) -> Caseload:
    """Return how many children are with an advocate."""
    return work.find(CASELOADS, advocate_ref) or Caseload(advocate_ref)


def candidates(work: Work[Any], authority: str, child_ref: UUID) -> tuple[Candidate, ...]:
    """Return the advocates who serve an authority, as a child's search sees them: two reads."""
    known = panel_of(work, authority).advocates
    work.staging.prefetch(ADVOCATES, "advocate_ref", known)
    work.staging.prefetch(CASELOADS, "advocate_ref", known)
    with_child = {bond.held_by for bond in work.select(ALLOCATIONS, child_ref=child_ref)}
    return tuple(
        Candidate(work.get(ADVOCATES, ref), caseload_of(work, ref).children, ref in with_child)
        for ref in known
    )


def candidate(work: Work[Any], advocate_ref: UUID, child_ref: UUID) -> Candidate:
    """Return one advocate as a child's search sees them."""
    return Candidate(
        work.get(ADVOCATES, advocate_ref),
        caseload_of(work, advocate_ref).children,
        has_child(work, advocate_ref, child_ref),
    )


def has_child(work: Work[Any], advocate_ref: UUID, child_ref: UUID) -> bool:
    """Whether a child is with an advocate, at whichever conference."""
    return bool(work.select(ALLOCATIONS, child_ref=child_ref, held_by=advocate_ref))


def held_by(work: Work[Any], advocate_ref: UUID) -> list[Allocation]:
    """Return the bonds of an advocate."""
    return work.select(ALLOCATIONS, held_by=advocate_ref)


def waiting_in(work: Work[Any], authorities: Iterable[str]) -> list[Allocation]:
    """Return the searches without success in these authorities, oldest conference first."""
    found = [one for name in authorities for one in work.select(ALLOCATIONS, sought_in=name)]
    return sorted(found, key=lambda one: (one.conference_starts_at, str(one.allocation_ref)))


@dataclass(frozen=True, slots=True)
class Standing:
    """How many things wait for somebody."""

    untold: int
    unmet: int
    unmet_alarmed: int
    undecided: int
    bonds: int


def standing(work: Work[Any]) -> Standing:
    """Count what waits for somebody."""
    offers, allocations = tables.OFFERS.c, tables.ALLOCATIONS.c
    standing_ = offers.status == OfferStatus.STANDING.value
    untold = (offers.told == Told.NOT_KNOWN.value) & (offers.met == false())
    sought = allocations.sought_in.is_not(None)
    return Standing(
        untold=_count(work, standing_ & untold & (offers.overdue == true())),
        unmet=_count(work, sought),
        unmet_alarmed=_count(work, sought & (allocations.alarmed == true())),
        undecided=_count(work, offers.status == OfferStatus.PAUSED.value),
        bonds=_count(work, allocations.held_by.is_not(None)),
    )


def _count(work: Work[Any], condition: ColumnElement[bool]) -> int:
    ((number,),) = work.query(select(func.count()).where(condition))
    return int(number)


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """Which offers are asked for; what is None does not count."""

    conference_ref: UUID | None = None
    child_ref: UUID | None = None
    status: OfferStatus | None = None
    authority: str | None = None


def list_offers(work: Work[Any], wanted: OfferFilter, after: str | None, size: int) -> list[Offer]:
    """Return offers in the order of their references, one more than `size` where there is one."""
    named = {name: getattr(wanted, name) for name in OfferFilter.__slots__}
    conditions = {name: str(value) for name, value in named.items() if value is not None}
    return _listed(work, OFFERS, conditions, after, size)


def list_allocations(
    work: Work[Any], offer_ref: UUID, after: str | None, size: int
) -> list[Allocation]:
    """Return every search and bond of an offer."""
    return _listed(work, ALLOCATIONS, {"offer_ref": str(offer_ref)}, after, size)


def list_advocates(work: Work[Any], after: str | None, size: int) -> list[Advocate]:
    """Return advocates in the order of their references, one more than `size` if there is one."""
    return _listed(work, ADVOCATES, {}, after, size)


def _listed(
    work: Work[Any],
    aggregate: Aggregate[T],
    conditions: dict[str, str],
    after: str | None,
    size: int,
) -> list[T]:
    table: Table = aggregate.table
    key = table.c[aggregate.key]
    statement = select(table).order_by(key).limit(size + 1)
    for name, value in conditions.items():
        statement = statement.where(table.c[name] == value)
    if after is not None:
        statement = statement.where(key > after)
    return work.load(aggregate, statement)
