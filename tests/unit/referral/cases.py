"""One child's case in a call: a conference on Monday 14 December 2026, 10 o'clock, in England."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from services.chassis.policies import Policies
from services.chassis.settings import POLICIES
from services.contracts.codes import ConferenceKind, ConferenceStatus, Need, OfferStatus, YesNo
from services.referral.domain.advocate import Advocate
from services.referral.domain.conference import Conference
from services.referral.domain.making import Occasion, offer_for
from services.referral.domain.matching import Candidate, Seeker
from services.referral.domain.offer import Offer
from services.referral.domain.place import Place

KENT = "E10000016"
CHILD = UUID("c41d0000-0000-4000-8000-000000000001")
SIBLING = UUID("c41d0000-0000-4000-8000-000000000002")
CONFERENCE = UUID("c0ff0000-0000-4000-8000-000000000001")
MEETING = UUID("3ee70000-0000-4000-8000-000000000001")
OFFER = UUID("0ffe0000-0000-4000-8000-000000000001")
ALLOCATION = UUID("a110c000-0000-4000-8000-000000000001")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday, fifteen working days ahead of the conference."""
TODAY = NOW.date()
STARTS_AT = datetime(2026, 12, 14, 10, 0, tzinfo=UTC)

INSTANTS = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def advocate_ref(number: int = 1) -> UUID:
    return UUID(f"adc00000-0000-4000-8000-{number:012}")


@cache
def all_policies() -> Policies:
    return Policies.load(POLICIES)


def a_place(authority: str = KENT, on: date = TODAY) -> Place:
    policy = all_policies().for_(authority, on)
    return Place(policy, all_policies().calendar(policy))


def place_of_2011() -> Place:
    return a_place("E09000020", date(2011, 10, 3))


def a_conference(**facts: Any) -> Conference:
    usual = Conference(
        conference_ref=CONFERENCE,
        child_ref=CHILD,
        meeting_ref=MEETING,
        as_of=1,
        authority=KENT,
        kind=ConferenceKind.INITIAL,
        status=ConferenceStatus.SCHEDULED,
        starts_at=STARTS_AT,
        age_years=9,
        unborn=False,
        language="en",
        needs=(),
        looked_after=YesNo.NO,
    )
    return replace(usual, **facts)


def an_offer(
    status: OfferStatus = OfferStatus.STANDING, place: Place | None = None, **facts: Any
) -> Offer:
    occasion = Occasion(a_conference(), place or a_place(), contact_stopped=False, now=NOW)
    return replace(offer_for(occasion, OFFER), status=status, **facts)


def an_advocate(number: int = 1, **facts: Any) -> Advocate:
    usual = Advocate(
        advocate_ref=advocate_ref(number),
        authorities=(KENT,),
        languages=("en",),
        skills=(),
        capacity=5,
        active=True,
        employed_by="kent-voices",
        conflicts=(),
        checks_valid_until=date(2029, 1, 1),
        training_valid_until=date(2029, 1, 1),
    )
    return replace(usual, **facts)


def a_candidate(
    number: int = 1, load: int = 0, *, has_child: bool = False, **facts: Any
) -> Candidate:
    return Candidate(an_advocate(number, **facts), load, has_child)


def a_seeker(**facts: Any) -> Seeker:
    usual = Seeker(
        child_ref=CHILD,
        authority=KENT,
        language="en",
        needs=frozenset(),
        needed_until=STARTS_AT.date(),
    )
    return replace(usual, **facts)


NEEDS = st.frozensets(st.sampled_from(Need), max_size=3)
