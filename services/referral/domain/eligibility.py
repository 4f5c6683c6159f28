"""Decides which child is offered an advocate, so that no child is left out without a reason."""

from services.contracts.codes import NotMadeBecause, OfferRoute
from services.contracts.policy import OfferRules
from services.referral.domain.conference import Conference


def eligibility(
    conference: Conference, rules: OfferRules, *, contact_stopped: bool
) -> OfferRoute | NotMadeBecause:
    """Say by which route a child is offered an advocate, or why it is not (practice 4).

    An unborn child gets no offer, its brothers and sisters do. A child younger than the place's
    usual age takes the discretionary route: understanding, not age, and it still is an offer. An
    age that nobody knows keeps nobody out.
    """
    if conference.unborn:
        return NotMadeBecause.UNBORN
    if conference.kind not in rules.kinds:
        return NotMadeBecause.KIND_NOT_COVERED
    if contact_stopped:
        return NotMadeBecause.CONTACT_STOPPED
    return _route(conference.age_years, rules)


def _route(age_years: int | None, rules: OfferRules) -> OfferRoute | NotMadeBecause:
    if age_years is None:
        return OfferRoute.USUAL
    if age_years > rules.usual_age_to:
        return NotMadeBecause.OTHER
    return rules.below_age if age_years < rules.usual_age_from else OfferRoute.USUAL
