"""What the exchange's API answers: references and codes; nothing here names a person."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from services.contracts.catalogue import EVENTS
from services.contracts.codes import (
    CancelledBecause,
    ConferenceKind,
    ConferenceStatus,
    MeetingFormat,
    Role,
)
from services.exchange.domain.agency_key import AgencyKey
from services.exchange.domain.agreement import Agency, Agreement
from services.exchange.domain.conference import Conference
from services.exchange.domain.cut import Entry
from services.exchange.domain.intake import Fault
from services.exchange.domain.meeting import Meeting
from services.exchange.domain.message import Message
from services.exchange.domain.participation import Participation, fullest
from services.exchange.domain.person import Person
from services.exchange.handlers.intake import Taken


class TakenChildView(BaseModel):
    """A child that was taken in."""

    child_ref: UUID
    conference_ref: UUID


class TakenView(BaseModel):
    """A meeting that was taken in; its children in the order of the request."""

    meeting_ref: UUID
    children: list[TakenChildView]
    warnings: list[dict[str, str]] = []


class ConferenceView(BaseModel):
    """One child's conference at a meeting."""

    conference_ref: UUID
    child_ref: UUID
    version: int
    status: ConferenceStatus
    cancelled_because: CancelledBecause | None
    age_years: int | None
    unborn: bool
    participation: Participation | None


class MeetingView(BaseModel):
    """A meeting as its codes say it."""

    meeting_ref: UUID
    version: int
    authority: str
    kind: ConferenceKind
    status: ConferenceStatus
    starts_at: datetime
    ends_at: datetime | None
    format: MeetingFormat
    reconvenes_on: date | None
    cancelled_because: CancelledBecause | None
    held_at: datetime | None
    children: list[ConferenceView]


class PersonView(BaseModel):
    """A professional by role; name and address stay in the vault."""

    person_ref: UUID
    role: Role
    authorities: Sequence[str]
    provider: UUID | None


def taken_view(taken: Taken, warnings: Sequence[Fault]) -> TakenView:
    """Answer a meeting that was handed in."""
    return TakenView(
        meeting_ref=taken.meeting_ref,
        children=[
            TakenChildView(child_ref=child.child_ref, conference_ref=child.conference_ref)
            for child in taken.children
        ],
        warnings=[{"code": fault.code, "detail": _about(fault)} for fault in warnings],
    )


def _about(fault: Fault) -> str:
    """Say a warning, and which child of the request it is about."""
    return fault.message if fault.child is None else f"Child {fault.child + 1}: {fault.message}"


def meeting_view(meeting: Meeting, conferences: Sequence[Conference]) -> MeetingView:
    """Answer how a meeting stands."""
    return MeetingView(
        meeting_ref=meeting.meeting_ref,
        version=meeting.version,
        authority=meeting.authority,
        kind=meeting.kind,
        status=meeting.status,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        format=meeting.format,
        reconvenes_on=meeting.reconvenes_on,
        cancelled_because=meeting.cancelled_because,
        held_at=meeting.held_at,
        children=[conference_view(conference) for conference in conferences],
    )


def conference_view(conference: Conference) -> ConferenceView:
    """Answer how one child's conference stands."""
    return ConferenceView(
        conference_ref=conference.conference_ref,
        child_ref=conference.child_ref,
        version=conference.version,
        status=conference.status,
        cancelled_because=conference.cancelled_because,
        age_years=conference.age_years,
        unborn=conference.unborn,
        participation=fullest(conference.sessions),
    )


def person_view(person: Person) -> PersonView:
    """Answer who serves in a role."""
    return PersonView(
        person_ref=person.person_ref,
        role=person.role,
        authorities=person.authorities,
        provider=person.provider_ref,
    )


def agency_view(agency: Agency, keys: Sequence[AgencyKey]) -> dict[str, Any]:
    """Answer how an agency stands; of its keys only what finds them."""
    return {
        "agency_ref": agency.agency_ref,
        "name": agency.name,
        "status": agency.status,
        "agreement": agreement_view(agency.agreement) if agency.agreement else None,
        "keys": [{"prefix": key.prefix, "since": key.created_at} for key in keys],
    }


def agreement_view(agreement: Agreement) -> dict[str, Any]:
    """Answer what an agreement says."""
    terms = agreement.terms
    return {
        "agreement_ref": agreement.agreement_ref,
        "agency_ref": agreement.agency_ref,
        "status": agreement.status,
        "events": [EVENTS[name].ce_type for name in terms.events],
        "fields": terms.fields,
        "purpose": terms.purpose,
        "legal_basis": terms.legal_basis,
        "authorities": terms.authorities,
        "starts_on": terms.starts_on,
        "expires_on": terms.expires_on,
        "resolve": terms.resolve,
    }


def entry_view(entry: Entry) -> dict[str, Any]:
    """Write an entry as a CloudEvent in structured mode, as it is on the agency's topic."""
    return {
        "specversion": "1.0",
        "id": str(entry.id),
        "type": EVENTS[entry.name].ce_type,
        "source": "/services/exchange",
        "subject": str(entry.pseudonym),
        "time": entry.time.isoformat().replace("+00:00", "Z"),
        "sequence": str(entry.sequence),
        "datacontenttype": "application/json",
        "data": entry.data,
    }


def message_view(message: Message) -> dict[str, Any]:
    """Answer what became of a message; never its words, nor an address."""
    return {
        "message_ref": message.message_ref,
        "conference_ref": message.conference_ref,
        "purpose": message.purpose,
        "recipient_role": message.recipient_role,
        "reached_role": message.reached_role,
        "status": message.status,
        "channel": message.channel,
        "reason": message.reason,
        "happened_at": message.happened_at,
        "page": message.page,
    }


def fault_errors(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Write what is wrong as the errors of a problem: where, which rule, by which code."""
    return [
        {"pointer": _pointer(fault), "detail": fault.message, "code": fault.code}
        for fault in faults
    ]


def _pointer(fault: Fault) -> str:
    return f"/{fault.field}" if fault.child is None else f"/children/{fault.child}/{fault.field}"
