"""Reads from an event's state the facts that count; what an event lacks is never guessed."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from services.chassis.envelope import Happened
from services.contracts import exchange_events, feedback_events, referral_events, scheduling_events
from services.contracts.codes import AllocationStatus, OfferStatus
from services.reporting.domain.journey import (
    AllocationFacts,
    AnyFact,
    ConferenceFacts,
    OfferFacts,
    Participation,
    ViewFacts,
    VisitFacts,
)


def fact_of(happened_at: datetime, data: BaseModel) -> AnyFact | None:
    """Return what a journey can learn from a state, if anything."""
    match data:
        case exchange_events.ConferenceState():
            return _conference(data)
        case referral_events.OfferState():
            return _offer(data, happened_at)
        case referral_events.AllocationState():
            return _allocation(data, happened_at)
        case scheduling_events.VisitState():
            return _visit(data)
        case feedback_events.ChildViewState():
            return ViewFacts(data.view_ref, data.version, data.status, data.answer, data.told_at)
        case _:
            return None


def ref_in(event: Happened[BaseModel], name: str) -> Any:
    """Return a field that not every state has."""
    return getattr(event.data, name, None)


def _conference(state: exchange_events.ConferenceState) -> ConferenceFacts:
    return ConferenceFacts(
        ref=state.conference_ref,
        version=state.version,
        meeting_ref=state.meeting_ref,
        authority=state.authority,
        kind=state.kind,
        status=state.status,
        starts_at=state.starts_at,
        held_at=state.held_at,
        age_years=state.age_years,
        unborn=state.unborn,
        looked_after=state.looked_after,
        participation=_participation(state.participation),
    )


def _participation(said: exchange_events.Participation | None) -> Participation | None:
    if said is None:
        return None
    return Participation(
        said.attendance, said.voice, said.advocate_present, said.part_attendance, said.session_on
    )


def _offer(state: referral_events.OfferState, happened_at: datetime) -> OfferFacts:
    return OfferFacts(
        ref=state.offer_ref,
        version=state.version,
        authority=state.authority,
        policy=state.policy,
        mode=state.mode,
        status=state.status,
        told=state.told,
        permission=state.permission,
        objection=state.objection,
        reported_by=state.reported_by,
        explained_at=state.explained_at,
        withdrawn_because=state.withdrawn_because,
        lapsed_because=state.lapsed_because,
        rung=state.rung,
        overdue=state.overdue,
        made_at=None if state.status is OfferStatus.NOT_MADE else happened_at,
    )


def _allocation(state: referral_events.AllocationState, happened_at: datetime) -> AllocationFacts:
    bound = state.status is AllocationStatus.ALLOCATED
    return AllocationFacts(
        ref=state.allocation_ref,
        version=state.version,
        offer_ref=state.offer_ref,
        status=state.status,
        alarmed=state.alarmed,
        allocated_at=happened_at if bound else None,
    )


def _visit(state: scheduling_events.VisitState) -> VisitFacts:
    return VisitFacts(
        ref=state.visit_ref,
        version=state.version,
        kind=state.kind,
        status=state.status,
        due_on=state.due_on,
        at=state.at,
        held_at=state.held_at,
        seen_alone=state.seen_alone,
        overdue=state.overdue,
    )
