"""Remembers what other services said, as far as the exit asks for it."""

from dataclasses import replace
from uuid import UUID

from services.chassis.envelope import Happened
from services.contracts.chassis_events import DeadLetterState
from services.contracts.codes import AllocationStatus, Audience
from services.contracts.feedback_events import ChildViewState
from services.contracts.referral_events import AllocationState, OfferState
from services.contracts.scheduling_events import VisitState
from services.exchange.domain.seen import (
    AllocationSeen,
    DeadLetterSeen,
    OfferSeen,
    ViewSeen,
    VisitSeen,
    parted_from,
    with_allocation,
)
from services.exchange.handlers.context import ExchangeWork
from services.exchange.storage.repositories import (
    ALLOCATIONS_SEEN,
    CONFERENCES,
    DEAD_LETTERS_SEEN,
    OFFERS_SEEN,
    VIEWS_SEEN,
    VISITS_SEEN,
)


def remember_offer(work: ExchangeWork, event: Happened[OfferState]) -> None:
    """Remember how an offer stands; older news undoes nothing."""
    offer = event.data
    before = work.find(OFFERS_SEEN, offer.offer_ref)
    if before is not None and before.seen_version >= offer.version:
        return
    after = OfferSeen(
        offer_ref=offer.offer_ref,
        conference_ref=offer.conference_ref,
        status=offer.status,
        told=offer.told,
        permission=offer.permission,
        objection=offer.objection,
        heard_directly=offer.heard_directly,
        rung=offer.rung,
        conference_version=offer.conference_version,
        seen_version=offer.version,
        version=before.version if before else 0,
    )
    work.save(OFFERS_SEEN, after)


def remember_allocation(work: ExchangeWork, event: Happened[AllocationState]) -> None:
    """Remember who the advocate is, and who is no more; a conflict is about the child for good."""
    said = event.data
    seen = _allocation_of(work, said.conference_ref)
    goes_on = any(offer.is_live for offer in offers_of(work, said.conference_ref))
    after = with_allocation(seen, said.status, said.advocate_ref, goes_on=goes_on)
    if after != seen or seen.version == 0:
        work.save(ALLOCATIONS_SEEN, after)
    if said.status is AllocationStatus.CONFLICT and said.advocate_ref is not None:
        _part(work, said.child_ref, said.advocate_ref)


def remember_visit(work: ExchangeWork, event: Happened[VisitState]) -> None:
    """Remember how a visit stands, if somebody was asked about it."""
    if work.find(VISITS_SEEN, event.data.visit_ref) is not None:
        note_visit(work, event.data)


def note_visit(work: ExchangeWork, visit: VisitState) -> None:
    """Remember how a visit stands that somebody is asked about; older news undoes nothing."""
    before = work.find(VISITS_SEEN, visit.visit_ref)
    if before is not None and before.seen_version >= visit.version:
        return
    version = before.version if before else 0
    seen = VisitSeen(visit.visit_ref, visit.status, visit.overdue, visit.version, version)
    work.save(VISITS_SEEN, seen)


def remember_view(work: ExchangeWork, event: Happened[ChildViewState]) -> None:
    """Remember how a child's view stands, if somebody was asked about it."""
    if work.find(VIEWS_SEEN, event.data.view_ref) is not None:
        note_view(work, event.data)


def note_view(work: ExchangeWork, view: ChildViewState) -> None:
    """Remember how a view stands that somebody is asked about; older news undoes nothing."""
    before = work.find(VIEWS_SEEN, view.view_ref)
    if before is not None and before.seen_version >= view.version:
        return
    for_chair = Audience.CHAIR in view.approved_for
    version = before.version if before else 0
    seen = ViewSeen(
        view_ref=view.view_ref,
        status=view.status,
        for_chair=for_chair,
        seen_version=view.version,
        received_at=view.received_at,
        version=version,
    )
    work.save(VIEWS_SEEN, seen)


def on_dead_letter(work: ExchangeWork, event: Happened[DeadLetterState]) -> None:
    """Remember that an event about a child was laid aside, or seen to."""
    letter = event.data
    if letter.child_ref is None:
        return
    before = work.find(DEAD_LETTERS_SEEN, letter.dead_letter_ref)
    seen = before or DeadLetterSeen(letter.dead_letter_ref, letter.child_ref, letter.open)
    work.save(DEAD_LETTERS_SEEN, replace(seen, open=letter.open))


def offers_of(work: ExchangeWork, conference_ref: UUID) -> tuple[OfferSeen, ...]:
    """Return the offers for a child's conference."""
    return tuple(work.select(OFFERS_SEEN, conference_ref=conference_ref))


def advocate_for(work: ExchangeWork, conference_ref: UUID) -> UUID | None:
    """Return the advocate for a child's conference, if one is known."""
    seen = work.find(ALLOCATIONS_SEEN, conference_ref)
    return seen.advocate_ref if seen else None


def has_open_dead_letter(work: ExchangeWork, child_ref: UUID) -> bool:
    """Whether an event about the child waits for a person."""
    return any(seen.open for seen in work.select(DEAD_LETTERS_SEEN, child_ref=child_ref))


def _allocation_of(work: ExchangeWork, conference_ref: UUID) -> AllocationSeen:
    seen = work.find(ALLOCATIONS_SEEN, conference_ref)
    return seen or AllocationSeen(conference_ref, None)


def _part(work: ExchangeWork, child_ref: UUID, advocate_ref: UUID) -> None:
    """Let this one be the child's advocate nowhere, not even to say goodbye (practice 18)."""
    for seat in work.select(CONFERENCES, child_ref=child_ref):
        seen = _allocation_of(work, seat.conference_ref)
        after = parted_from(seen, advocate_ref)
        if after != seen:
            work.save(ALLOCATIONS_SEEN, after)
