"""Made-up conferences, children and advocates, as many as a benchmark asks for."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from services.chassis import ids
from services.chassis.bus import Message
from services.chassis.envelope import Head, headers_of
from services.contracts.catalogue import EVENTS
from services.contracts.codes import (
    ConferenceKind,
    ConferenceStatus,
    MeetingFormat,
    Need,
    YesNo,
)
from services.contracts.exchange_events import ConferenceScheduled
from services.referral.domain.advocate import Advocate

AUTHORITIES: Final = tuple(f"E090000{number:02d}" for number in range(1, 11))
"""Authorities under the policy of all of England."""

ADVOCATES_EACH: Final = 8
_FAR_AHEAD: Final = date(2099, 12, 31)
_SCHEDULED: Final = EVENTS["conference.scheduled"]


def advocates(capacity: int) -> list[Advocate]:
    """Make the advocates of all authorities: every second one can do easy read."""
    return [
        Advocate(
            advocate_ref=ids.random_ref(),
            authorities=(authority,),
            languages=("en", "pl"),
            skills=(Need.EASY_READ,) if number % 2 else (),
            capacity=capacity,
            active=True,
            employed_by="example-provider",
            conflicts=(),
            checks_valid_until=_FAR_AHEAD,
            training_valid_until=_FAR_AHEAD,
        )
        for authority in AUTHORITIES
        for number in range(ADVOCATES_EACH)
    ]


def advocate_body(advocate: Advocate) -> dict[str, Any]:
    """Write an advocate as the API takes it."""
    return {
        "advocate_ref": str(advocate.advocate_ref),
        "authorities": advocate.authorities,
        "languages": advocate.languages,
        "skills": advocate.skills,
        "capacity": advocate.capacity,
        "employed_by": advocate.employed_by,
        "checks_valid_until": advocate.checks_valid_until.isoformat(),
        "training_valid_until": advocate.training_valid_until.isoformat(),
    }


def starts_at(number: int) -> datetime:
    """Return when that conference begins: in two to five weeks."""
    day = datetime.now(UTC).replace(hour=14, minute=0, second=0, microsecond=0)
    return day + timedelta(days=14 + number % 21)


def meeting_body(number: int, children: int) -> dict[str, Any]:
    """Write a meeting as the API takes it."""
    return {
        "conference_id": f"BENCH-{number:06d}",
        "authority": AUTHORITIES[number % len(AUTHORITIES)],
        "kind": "initial",
        "starts_at": starts_at(number).isoformat(),
        "format": "in-person",
        "place": "Example Hall",
        "family_informed_on": datetime.now(UTC).date().isoformat(),
        "chair": {"name": "Example Chair", "email": "chair@example.org"},
        "children": [_child_body(number, sibling) for sibling in range(children)],
    }


def _child_body(number: int, sibling: int) -> dict[str, Any]:
    return {
        "la_child_id": f"BENCH{number:06d}C{sibling}",
        "given_name": f"Example{sibling}",
        "family_name": f"Family{number}",
        "date_of_birth": f"{2011 + (number + sibling) % 7}-0{1 + sibling}-15",
        "language": _language(number),
        "communication_needs": list(_needs(number)),
        "looked_after": "no",
        "in_custody": "no",
        "placed_out_of_area": "no",
        "social_worker": {"name": "Example Worker", "email": "worker@example.org"},
    }


def scheduled(topic: str, number: int) -> tuple[str, Message]:
    """Make the event that a conference was scheduled for one child: its id, and it as a message."""
    child_ref, now = ids.random_ref(), datetime.now(UTC)
    head = Head(
        id=str(ids.random_ref()),
        type=_SCHEDULED.ce_type,
        source="/services/exchange",
        subject=str(child_ref),
        time=now,
        sequence=1,
        correlation_id=str(ids.random_ref()),
        causation_id=None,
    )
    value = _conference(number, child_ref).model_dump_json().encode()
    return head.id, Message(topic, head.subject.encode(), headers_of(head), value)


def _conference(number: int, child_ref: UUID) -> ConferenceScheduled:
    return ConferenceScheduled(
        version=1,
        conference_ref=ids.random_ref(),
        child_ref=child_ref,
        meeting_ref=ids.random_ref(),
        authority=AUTHORITIES[number % len(AUTHORITIES)],
        kind=ConferenceKind.INITIAL,
        status=ConferenceStatus.SCHEDULED,
        starts_at=starts_at(number),
        format=MeetingFormat.IN_PERSON,
        age_years=8 + number % 8,
        unborn=False,
        language=_language(number),
        needs=_needs(number),
        disabilities=(),
        looked_after=YesNo.NO,
        in_custody=YesNo.NO,
        out_of_area=YesNo.NO,
    )


def _language(number: int) -> str:
    return "pl" if number % 7 == 0 else "en"


def _needs(number: int) -> tuple[Need, ...]:
    return (Need.EASY_READ,) if number % 5 == 0 else ()
