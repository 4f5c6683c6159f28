"""A person chooses the advocate: what the child wants counts, independence is not for choosing."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.contracts.codes import AllocationReason, Permission
from services.referral.domain.advocate import Barrier, barrier
from services.referral.domain.denied import Denied
from services.referral.domain.matching import Candidate, Match, Seeker, reasons
from services.referral.domain.offer import Offer

WORDS: Final[Mapping[Barrier, str]] = MappingProxyType(
    {
        Barrier.NOT_ACTIVE: "this advocate takes no children now",
        Barrier.OTHER_AUTHORITY: "this advocate does not serve the authority",
        Barrier.NOT_INDEPENDENT: "this advocate is employed by the council, so not independent",
        Barrier.CONFLICT_OF_INTEREST: "this advocate has a conflict of interest about the child",
        Barrier.CHECKS_LAPSED: "this advocate's checks do not last until the conference",
        Barrier.TRAINING_LAPSED: "this advocate's training does not last until the conference",
    }
)


def may_have_one(offer: Offer) -> Denied | None:
    """Return why no advocate can be given to this child now, or None."""
    if not offer.is_live:
        return Denied("not-possible-now", f"an offer that is {offer.status} has no advocate")
    if offer.permission in {Permission.WANTED, Permission.REFUSED}:
        return Denied("permission-missing", "the policy of the day asks for a parent's permission")
    if offer.silenced:
        return Denied("contact-stopped", "all contact with this child was stopped")
    return None


def chosen(candidate: Candidate, seeker: Seeker, because: AllocationReason) -> Match | Denied:
    """Return the person's choice: skill, language and room are theirs to weigh (practice 2, 18)."""
    barred = barrier(candidate.advocate, seeker.child_ref, seeker.authority, seeker.needed_until)
    if barred is not None:
        return Denied(barred, WORDS[barred])
    return Match(candidate.advocate.advocate_ref, (because, *reasons(candidate, seeker)))
