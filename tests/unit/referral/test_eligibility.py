"""Who is offered an advocate, and why somebody is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import ConferenceKind, NotMadeBecause, OfferRoute
from services.referral.domain.eligibility import eligibility
from tests.unit.referral.cases import a_conference, a_place

ENGLAND = a_place().policy.offer
SHEFFIELD = a_place("E08000039").policy.offer


@pytest.mark.parametrize(
    ("age_years", "route"),
    [
        (0, OfferRoute.DISCRETIONARY),
        (4, OfferRoute.DISCRETIONARY),
        (5, OfferRoute.USUAL),
        (17, OfferRoute.USUAL),
        (None, OfferRoute.USUAL),
        (18, NotMadeBecause.OTHER),
    ],
)
def test_age_decides_the_route_and_keeps_no_child_out(
    age_years: int | None, route: OfferRoute | NotMadeBecause
) -> None:
    conference = a_conference(age_years=age_years)
    assert eligibility(conference, ENGLAND, contact_stopped=False) is route


def test_an_unborn_child_gets_none() -> None:
    conference = a_conference(unborn=True, age_years=None)
    assert eligibility(conference, ENGLAND, contact_stopped=False) is NotMadeBecause.UNBORN


def test_a_kind_the_place_does_not_cover_gets_none() -> None:
    conference = a_conference(kind=ConferenceKind.REVIEW)
    because = eligibility(conference, SHEFFIELD, contact_stopped=False)
    assert because is NotMadeBecause.KIND_NOT_COVERED


def test_stopped_contact_is_a_reason_a_person_reviews() -> None:
    because = eligibility(a_conference(), ENGLAND, contact_stopped=True)
    assert because is NotMadeBecause.CONTACT_STOPPED


@given(age_years=st.integers(0, 17), kind=st.sampled_from(ConferenceKind))
def test_in_england_every_child_that_is_born_is_offered_one(
    age_years: int, kind: ConferenceKind
) -> None:
    conference = a_conference(age_years=age_years, kind=kind)
    assert isinstance(eligibility(conference, ENGLAND, contact_stopped=False), OfferRoute)
