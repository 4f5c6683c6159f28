"""An offer is made under the rules of its day, also when that day comes late."""

from dataclasses import replace
from datetime import timedelta

from services.contracts.codes import ConferenceKind, NotMadeBecause, OfferStatus, Permission
from services.referral.domain.making import Occasion, offer_for, reconsidered
from tests.unit.referral.cases import NOW, OFFER, a_conference, a_place, place_of_2011


def test_what_was_not_made_is_made_later_under_the_rules_in_force_by_then() -> None:
    before_birth = a_conference(kind=ConferenceKind.PRE_BIRTH, unborn=True, age_years=None)
    occasion = Occasion(before_birth, place_of_2011(), contact_stopped=False, now=NOW)
    unmade = replace(offer_for(occasion, OFFER), version=4)
    assert (unmade.status, unmade.permission) == (OfferStatus.NOT_MADE, Permission.WANTED)
    born = replace(
        occasion,
        conference=a_conference(age_years=0),
        place=a_place("E09000020"),
        now=NOW + timedelta(days=1),
    )
    made = reconsidered(unmade, born)
    today = born.place.policy
    assert (made.status, made.version, made.permission) == (
        OfferStatus.STANDING,
        4,
        Permission.NOT_NEEDED,
    )
    assert (made.policy, made.mode, made.basis) == (
        today.reference,
        today.offer.mode,
        today.offer.basis,
    )
    assert (made.kind, made.clocks.since) == (ConferenceKind.INITIAL, born.now)


def test_what_still_cannot_be_made_says_why_by_the_rules_in_force() -> None:
    occasion = Occasion(
        a_conference(unborn=True, age_years=None), a_place(), contact_stopped=False, now=NOW
    )
    again = reconsidered(offer_for(occasion, OFFER), occasion)
    assert (again.status, again.not_made_because) == (
        OfferStatus.NOT_MADE,
        NotMadeBecause.UNBORN,
    )
