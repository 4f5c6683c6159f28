"""What no policy may say, whatever a place decides; each finding is a key and half a sentence."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from services.contracts.codes import Nation, OfferMode, OfferRoute, PermissionRule, Role, RungAct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.contracts.policy import Policy

_ID: Final = re.compile(r"[a-z][a-z0-9-]{1,40}")
_AUTHORITY: Final = re.compile(r"\*[EWS]|[EWS][0-9]{8}")
_LETTERS: Final = {Nation.ENGLAND: "E", Nation.WALES: "W", Nation.SCOTLAND: "S"}
_LAST_AGE: Final = 17
_LAST_HOUR: Final = 23
_INDEPENDENT: Final = frozenset(
    {Role.ADVOCATE, Role.ADVOCACY_PROVIDER, Role.CONFERENCE_CHAIR, Role.REVIEWING_OFFICER}
)


def findings(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the policy, as (key, the rest of a sentence)."""
    yield from _place(policy)
    yield from _offer(policy)
    yield from _ladder(policy)
    yield from _independence(policy)
    yield from _reminders(policy)
    yield from _values(policy)


def _place(policy: Policy) -> Iterator[tuple[str, str]]:
    if not _ID.fullmatch(policy.id):
        yield "id", "should be 2 to 41 lower-case letters, digits and hyphens"
    if not policy.authorities:
        yield "authorities", "should name at least one authority"
    for name in policy.authorities:
        if not _AUTHORITY.fullmatch(name):
            yield "authorities", f'should hold ONS codes, "*E", "*W" or "*S", which "{name}" is not'
        elif _LETTERS[policy.nation] not in name:
            yield "nation", f"should be that of {name}"
    if policy.effective_until is not None and policy.effective_until < policy.effective_from:
        yield "effective_until", "should not be before `effective_from`"


def _offer(policy: Policy) -> Iterator[tuple[str, str]]:
    """Practice 1 and 4: permission has an end, and no lower age excludes by itself."""
    offer = policy.offer
    if not offer.kinds:
        yield "offer.kinds", "should name at least one kind of conference"
    if not 0 <= offer.usual_age_from <= offer.usual_age_to <= _LAST_AGE:
        yield "offer.usual_age_from", f"and `usual_age_to` should rise from 0 to {_LAST_AGE}"
    if offer.below_age is not OfferRoute.DISCRETIONARY:
        yield "offer.below_age", 'should be "discretionary": no lower age excludes by itself'
    if offer.permission is PermissionRule.PARENT and policy.effective_until is None:
        yield "effective_until", 'is needed where `offer.permission` is "parent"'


def _ladder(policy: Policy) -> Iterator[tuple[str, str]]:
    """Practice 5: the last rung, before the conference, is an act of the provider."""
    for lower, upper in pairwise(policy.ladder):
        if upper.after_working_days < lower.after_working_days or upper.share < lower.share:
            yield "ladder", "should rise: no rung earlier than the one before it"
    if policy.offer.mode is not OfferMode.OPT_OUT:
        return
    last = policy.ladder[-1] if policy.ladder else None
    if (
        last is None
        or last.act is not RungAct.INDEPENDENT_CONTACT
        or last.role is not Role.ADVOCACY_PROVIDER
    ):
        yield (
            "ladder",
            'should end, under opt-out, with "independent-contact" by "advocacy-provider"',
        )
    elif last.share >= 1:
        yield "ladder", "should have its last rung before the conference: a `share` below 1"


def _independence(policy: Policy) -> Iterator[tuple[str, str]]:
    """Practice 1: someone else's no is checked with the child by somebody independent."""
    if policy.objection_check.by not in _INDEPENDENT:
        yield "objection_check.by", f"should be one of {', '.join(sorted(_INDEPENDENT))}"


def _reminders(policy: Policy) -> Iterator[tuple[str, str]]:
    leads = policy.reminders.lead_working_days
    if list(leads) != sorted(set(leads), reverse=True):
        yield "reminders.lead_working_days", "should fall, each lead once"
    if policy.reminders.hour > _LAST_HOUR:
        yield "reminders.hour", f"should be 0 to {_LAST_HOUR}"


def _values(policy: Policy) -> Iterator[tuple[str, str]]:
    for key, value in _leaves("", policy):
        if value is Role.OTHER:
            yield key, "should be a role the code list knows"
        elif isinstance(value, float) and not 0 < value <= 1:
            yield key, "should be more than 0 and not more than 1"
        elif isinstance(value, int) and value < 0:
            yield key, "should not be negative"


def _leaves(key: str, value: object) -> Iterator[tuple[str, object]]:
    if is_dataclass(value):
        for each in fields(value):
            yield from _leaves(f"{key}.{each.name}".lstrip("."), getattr(value, each.name))
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            yield from _leaves(f"{key}.{place}", each)
    else:
        yield key, value
