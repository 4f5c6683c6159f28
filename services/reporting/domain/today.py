"""What today's rules would have done for a child whom nobody is known to have told.

Every clock is the smaller of a place's working days and a share of the time left; at short notice
all rungs start at once; nothing runs after the conference began (practice 6). Referral winds the
real clocks by the same rule, and a journey test holds the two equal.
"""

from dataclasses import dataclass
from datetime import datetime

from services.contracts.codes import ConferenceKind, Role, RungAct, YesNo
from services.contracts.deadlines import TimeLeft, in_working_days, smaller
from services.contracts.policy import Policy, Rung, WorkingCalendar


@dataclass(frozen=True, slots=True)
class Untold:
    """A child nobody is known to have told: when the clock began, and when the conference did."""

    kind: ConferenceKind
    since: datetime
    until: datetime
    looked_after: YesNo


@dataclass(frozen=True, slots=True)
class RungReached:
    """When somebody would have been turned to, and for what."""

    number: int
    role: Role
    act: RungAct
    at: datetime


@dataclass(frozen=True, slots=True)
class Today:
    """What would have happened; `provider_meets_by` is the child's meeting with the provider.

    `offered` is false where today's rules make no offer for such a conference.
    """

    policy: str
    offered: bool
    asked: Role
    tell_by: datetime | None
    rungs: tuple[RungReached, ...]
    provider_meets_by: datetime | None
    provider_meets_before_conference: bool


def under(policy: Policy, calendar: WorkingCalendar, child: Untold) -> Today:
    """Say what this policy would have done for the child."""
    offered = child.kind in policy.offer.kinds
    runs = offered and child.until > child.since
    rungs = _rungs(policy, calendar, child) if runs else ()
    acts = (rung.at for rung in rungs if rung.act is RungAct.INDEPENDENT_CONTACT)
    meets = min(acts, default=None)
    explain = policy.explain
    due = _due(calendar, child, explain.within_working_days, explain.share_of_time_left)
    return Today(
        policy=policy.reference,
        offered=offered,
        asked=explain.by,
        tell_by=due if runs else None,
        rungs=rungs,
        provider_meets_by=meets,
        provider_meets_before_conference=meets is not None and meets < child.until,
    )


def _rungs(policy: Policy, calendar: WorkingCalendar, child: Untold) -> tuple[RungReached, ...]:
    at_once = _is_short_notice(policy, calendar, child)
    return tuple(
        RungReached(
            number,
            rung.role,
            rung.act,
            child.since if at_once else _due(calendar, child, rung.after_working_days, rung.share),
        )
        for number, rung in enumerate(policy.ladder, start=1)
        if _applies(rung, child)
    )


def _applies(rung: Rung, child: Untold) -> bool:
    return rung.role is not Role.REVIEWING_OFFICER or child.looked_after is YesNo.YES


def _is_short_notice(policy: Policy, calendar: WorkingCalendar, child: Untold) -> bool:
    days = policy.explain.within_working_days
    return in_working_days(calendar, child.since, days) >= child.until


def _due(calendar: WorkingCalendar, child: Untold, days: int, share: float) -> datetime:
    return smaller(calendar, TimeLeft(child.since, child.until), days, share)
