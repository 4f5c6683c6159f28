"""What today's rules would have done for the children nobody is known to have told."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.chassis.work import Work
from services.reporting.domain.counting import CountedJourney
from services.reporting.domain.funnel import Outcome, counted_offer
from services.reporting.domain.periods import Period
from services.reporting.domain.today import Today, Untold, under
from services.reporting.settings import Reporting
from services.reporting.storage.repositories import Of, with_outcome


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One child, the rules of the day, and what today's rules would have done."""

    conference_ref: UUID
    child_ref: UUID
    policy_of_the_day: str
    child: Untold
    today: Today


def what_today_would_have_done(
    work: Work[Reporting], authority: str | None = None, period: Period | None = None
) -> tuple[WhatIf, ...]:
    """Say it for every child whose conference was held and of whom nobody recorded being told.

    Today's rules are those of the child's authority that have no last day.

    Raises:
        Refused: there are none.
    """
    untold = with_outcome(work, Outcome.NOT_KNOWN_IF_TOLD, Of(authority, period))
    return tuple(found for each in untold if (found := _what_if(work, each)) is not None)


def _what_if(work: Work[Reporting], counted: CountedJourney) -> WhatIf | None:
    offer, conference = counted_offer(counted.journey), counted.journey.conference
    if offer is None or offer.made_at is None or conference is None:
        return None
    policies = work.context.policies
    policy = policies.for_(offer.authority, date.max)
    child = Untold(conference.kind, offer.made_at, conference.starts_at, conference.looked_after)
    today = under(policy, policies.calendar(policy), child)
    return WhatIf(counted.conference_ref, counted.child_ref, offer.policy, child, today)
