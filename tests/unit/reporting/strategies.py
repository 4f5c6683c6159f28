"""Any facts there could be, sensible or not: for what must hold whatever happens."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from services.reporting.domain.journey import (
    AllocationFacts,
    AnyFact,
    ConferenceFacts,
    OfferFacts,
    ViewFacts,
    VisitFacts,
)
from tests.unit.reporting.journeys import CONFERENCE, OFFER, ref

NAIVE = (datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-12-31"))
MOMENTS = st.datetimes(*NAIVE, timezones=st.just(UTC))
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
AUTHORITIES = st.sampled_from(["E09000020", "E08000039"])

CONFERENCES = st.builds(
    ConferenceFacts,
    ref=st.just(CONFERENCE),
    version=st.integers(1, 9),
    authority=AUTHORITIES,
    starts_at=MOMENTS,
    held_at=st.none() | MOMENTS,
    age_years=st.none() | st.integers(0, 18),
)
OFFERS = st.builds(
    OfferFacts,
    ref=st.sampled_from([OFFER, ref(2)]),
    version=st.integers(1, 9),
    authority=AUTHORITIES,
    policy=st.just("england@2018-01-01"),
    explained_at=st.none() | MOMENTS,
    rung=st.integers(0, 3),
    made_at=st.none() | MOMENTS,
)
ALLOCATIONS = st.builds(
    AllocationFacts,
    ref=st.sampled_from([ref(101), ref(102)]),
    version=st.integers(1, 9),
    offer_ref=st.sampled_from([OFFER, ref(2)]),
    allocated_at=st.none() | MOMENTS,
)
VISITS = st.builds(
    VisitFacts,
    ref=st.sampled_from([ref(201), ref(202), ref(203)]),
    version=st.integers(1, 9),
    due_on=DAYS,
    at=st.none() | MOMENTS,
    held_at=st.none() | MOMENTS,
)
VIEWS = st.builds(
    ViewFacts, ref=st.just(ref(301)), version=st.integers(1, 9), told_at=st.none() | MOMENTS
)
FACTS: st.SearchStrategy[AnyFact] = st.one_of(CONFERENCES, OFFERS, ALLOCATIONS, VISITS, VIEWS)


def _said_once(facts: list[AnyFact]) -> list[AnyFact]:
    """One version of one thing says one thing: there are no two states with the same version."""
    return list({(type(fact), fact.ref, fact.version): fact for fact in facts}.values())


HISTORIES = st.lists(FACTS, max_size=12).map(_said_once)
