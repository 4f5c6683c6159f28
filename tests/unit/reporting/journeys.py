"""Facts and journeys for the tests: visibly synthetic, and sensible where a test says nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.contracts.codes import (
    AllocationStatus,
    Attendance,
    ConferenceKind,
    ConferenceStatus,
    Objection,
    OfferMode,
    OfferStatus,
    Permission,
    Told,
    VisitKind,
    VisitStatus,
    Voice,
    YesNo,
)
from services.reporting.domain.journey import (
    AllocationFacts,
    ConferenceFacts,
    Journey,
    OfferFacts,
    Participation,
    VisitFacts,
)

AUTHORITY = "E09000020"
MADE_AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
STARTS_AT = datetime(2026, 11, 20, 14, tzinfo=UTC)
CHILD = UUID("c41d0000-0000-4000-8000-000000000001")
CONFERENCE = UUID("c0ff0000-0000-4000-8000-000000000001")
MEETING = UUID("3ee70000-0000-4000-8000-000000000001")
OFFER = UUID("0ffe0000-0000-4000-8000-000000000001")


def ref(number: int) -> UUID:
    return UUID(int=number, version=4)


def conference(**changed: Any) -> ConferenceFacts:
    facts = ConferenceFacts(
        ref=CONFERENCE,
        version=1,
        meeting_ref=MEETING,
        authority=AUTHORITY,
        kind=ConferenceKind.INITIAL,
        status=ConferenceStatus.SCHEDULED,
        starts_at=STARTS_AT,
        held_at=None,
        age_years=9,
        unborn=False,
        looked_after=YesNo.NO,
        participation=None,
    )
    return replace(facts, **changed)


def held(**changed: Any) -> ConferenceFacts:
    return conference(
        **{"version": 2, "status": ConferenceStatus.HELD, "held_at": STARTS_AT, **changed}
    )


def took_part(**changed: Any) -> Participation:
    said = Participation(
        attendance=Attendance.DID_NOT_ATTEND,
        voice=Voice.NONE,
        advocate_present=False,
        part_attendance=False,
        session_on=STARTS_AT.date(),
    )
    return replace(said, **changed)


def offer(**changed: Any) -> OfferFacts:
    facts = OfferFacts(
        ref=OFFER,
        version=1,
        authority=AUTHORITY,
        policy="england@2018-01-01",
        mode=OfferMode.OPT_OUT,
        status=OfferStatus.STANDING,
        told=Told.NOT_KNOWN,
        permission=Permission.NOT_NEEDED,
        objection=Objection.NONE,
        reported_by=None,
        explained_at=None,
        withdrawn_because=None,
        lapsed_because=None,
        rung=0,
        overdue=False,
        made_at=MADE_AT,
    )
    return replace(facts, **changed)


def told(**changed: Any) -> OfferFacts:
    explained_at = MADE_AT + timedelta(days=1)
    return offer(**{"told": Told.EXPLAINED, "explained_at": explained_at, **changed})


def allocation(status: AllocationStatus, number: int = 1, **changed: Any) -> AllocationFacts:
    at = MADE_AT if status is AllocationStatus.ALLOCATED else None
    facts = AllocationFacts(ref(100 + number), 1, OFFER, status, alarmed=False, allocated_at=at)
    return replace(facts, **changed)


def visit(kind: VisitKind, status: VisitStatus = VisitStatus.HELD, **changed: Any) -> VisitFacts:
    day = date(2026, 11, 24) if kind is VisitKind.AFTER else date(2026, 11, 18)
    at = datetime(day.year, day.month, day.day, 16, tzinfo=UTC)
    facts = VisitFacts(
        ref=ref(200 + list(VisitKind).index(kind)),
        version=1,
        kind=kind,
        status=status,
        due_on=day,
        at=None,
        held_at=at if status is VisitStatus.HELD else None,
        seen_alone=YesNo.UNKNOWN,
        overdue=False,
    )
    return replace(facts, **changed)


def journey(*facts: Any) -> Journey:
    made = Journey()
    for fact in facts:
        made = made.learned(fact)
    return made
