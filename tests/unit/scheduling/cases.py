"""One child's case in a call: a conference on Monday 7 December 2026, 10 o'clock, in England."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import UUID

from hypothesis import strategies as st

from services.chassis.policies import Policies
from services.chassis.settings import POLICIES
from services.contracts.codes import (
    ConferenceStatus,
    OfferStatus,
    Told,
    VisitKind,
    VisitStatus,
)
from services.contracts.policy import Policy
from services.scheduling.domain.case import Case, Place
from services.scheduling.domain.facts import Conference, Offer
from services.scheduling.domain.plan import wanted_visits
from services.scheduling.domain.revision import revised
from services.scheduling.domain.visit import Visit

CHILD = UUID("c41d0000-0000-4000-8000-000000000001")
CONFERENCE = UUID("c0ff0000-0000-4000-8000-000000000001")
OFFER = UUID("0ffe0000-0000-4000-8000-000000000001")
ADVOCATE = UUID("adc00000-0000-4000-8000-000000000001")
ANOTHER_ADVOCATE = UUID("adc00000-0000-4000-8000-000000000002")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday, two weeks ahead of the conference."""
TODAY = NOW.date()
STARTS_AT = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)


ANY_TIME = st.datetimes(
    datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None),
    datetime(2027, 12, 31, tzinfo=UTC).replace(tzinfo=None),
    timezones=st.just(UTC),
)


@cache
def policies() -> Policies:
    return Policies.load(POLICIES)


def england() -> Policy:
    return policies().named("england@2018-01-01")


def at(now: datetime) -> Place:
    return Place(england(), policies().calendar(england()), now)


def a_conference(**other: object) -> Conference:
    usual = Conference(
        conference_ref=CONFERENCE,
        child_ref=CHILD,
        authority="E09000020",
        status=ConferenceStatus.SCHEDULED,
        starts_at=STARTS_AT,
        as_of=1,
        changed_at=NOW,
        version=1,
    )
    return replace(usual, **other)  # type: ignore[arg-type]


def held(conference: Conference, *, advocate_present: bool | None = None) -> Conference:
    return replace(
        conference,
        status=ConferenceStatus.HELD,
        held_at=conference.starts_at + timedelta(minutes=5),
        as_of=conference.as_of + 1,
        advocate_present=advocate_present,
    )


def an_offer(**other: object) -> Offer:
    usual = Offer(
        offer_ref=OFFER,
        child_ref=CHILD,
        conference_ref=CONFERENCE,
        policy="england@2018-01-01",
        status=OfferStatus.STANDING,
        told=Told.NOT_KNOWN,
        as_of=1,
        version=1,
    )
    return replace(usual, **other)  # type: ignore[arg-type]


def with_advocate(offer: Offer, advocate: UUID = ADVOCATE, on: date = TODAY) -> Offer:
    return replace(offer, advocate_ref=advocate, last_advocate_ref=advocate, allocated_on=on)


def a_visit(kind: VisitKind = VisitKind.BEFORE, **other: object) -> Visit:
    usual = Visit(
        visit_ref=UUID(int=list(VisitKind).index(kind) + 1),
        child_ref=CHILD,
        conference_ref=CONFERENCE,
        offer_ref=OFFER,
        authority="E09000020",
        kind=kind,
        conference_version=1,
        due_on=date(2026, 12, 3),
        changed_at=NOW,
        advocate_ref=ADVOCATE,
        conference_on=STARTS_AT.date(),
        conference_at=STARTS_AT,
        version=1,
    )
    return replace(usual, **other)  # type: ignore[arg-type]


def planned(case: Case, now: datetime = NOW) -> Case:
    """The case once everything that is wanted is planned and what must change has changed."""
    place = at(now)
    changed = {change.visit.visit_ref: change.visit for change in revised(case, place)}
    there = [changed.get(visit.visit_ref, visit) for visit in case.visits]
    new = [
        a_visit(
            wanted.kind,
            due_on=wanted.due_on,
            advocate_ref=wanted.advocate_ref,
            conference_on=case.conference.expected.on,
            conference_at=case.conference.expected.at,
        )
        for wanted in wanted_visits(case, place)
    ]
    return replace(case, visits=(*there, *new))


def a_planned_case(now: datetime = NOW) -> Case:
    return planned(Case(a_conference(), with_advocate(an_offer(), on=now.date()), ()), now)


def visit_of(case: Case, kind: VisitKind) -> Visit:
    return next(visit for visit in case.visits if visit.kind is kind)


def replaced(case: Case, changed: Visit) -> Case:
    others = tuple(visit for visit in case.visits if visit.kind is not changed.kind)
    return replace(case, visits=(*others, changed))


def standing(case: Case) -> dict[VisitKind, VisitStatus]:
    return {visit.kind: visit.status for visit in case.visits}


def kinds(visits: Iterable[Visit]) -> set[VisitKind]:
    return {visit.kind for visit in visits}
