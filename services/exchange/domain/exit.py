"""The one exit to people: decides, at the moment of sending, whether a message may leave.

What it asks is practice 6, 9, 10 and 11: nothing to anyone after contact was stopped, nothing
while an event about the child is laid aside, nothing old, nothing about a meeting that is over,
nothing before the family is known to be informed, and only by a contact known to be safe.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.contracts.codes import ConferenceStatus, MessagePurpose
from services.contracts.policy import MessageRules
from services.exchange.domain.local_time import LONDON, local_hour
from services.exchange.domain.message import WithheldBecause

ONLY_BEFORE: Final = frozenset(
    {
        MessagePurpose.EXPLAIN_OFFER,
        MessagePurpose.EXPLAIN_OVERDUE,
        MessagePurpose.OFFER_ESCALATED,
        MessagePurpose.INDEPENDENT_CONTACT,
        MessagePurpose.PERMISSION_WANTED,
        MessagePurpose.ADVOCATE_UNMET,
        MessagePurpose.CONFERENCE_REMINDER,
        MessagePurpose.VIEW_FOR_CHAIR,
    }
)
"""What is of no use once the conference has begun: it is counted, never sent (practice 6)."""

SILENCED_BY_NO: Final = ONLY_BEFORE | {
    MessagePurpose.ADVOCATE_ALLOCATED,
    MessagePurpose.VISIT_REMINDER,
    MessagePurpose.VISIT_OVERDUE,
}
"""What a child's no silences; checking the no with the child, and an answer owed, still go."""

SILENCED_BY_END: Final = SILENCED_BY_NO - {
    MessagePurpose.VIEW_FOR_CHAIR,
    MessagePurpose.VISIT_OVERDUE,
}
"""What speaks of an offer, and is silent when it was withdrawn, stopped or lapsed.

What the child has given for the chair still goes, and so does the question what became of a visit:
the answer may be that child and advocate met.
"""

WAITS_FOR_THE_FAMILY: Final = frozenset(
    {
        MessagePurpose.EXPLAIN_OFFER,
        MessagePurpose.INDEPENDENT_CONTACT,
        MessagePurpose.PERMISSION_WANTED,
        MessagePurpose.ADVOCATE_UNMET,
        MessagePurpose.ADVOCATE_ALLOCATED,
    }
)
"""What is still to be done when the family is known to be informed, and leaves then."""

LOOK_AGAIN_AFTER: Final = timedelta(minutes=15)

AFTER_A_CANCELLATION: Final = frozenset(
    {
        MessagePurpose.CONTINUE_DECISION,
        MessagePurpose.CLOSING_CONTACT,
        MessagePurpose.CONFIRM_NO,
        MessagePurpose.CHECK_OBJECTION,
        MessagePurpose.TELL_CHILD_ANSWER,
    }
)
"""What still has to be done when the conference is cancelled (practice 8)."""


@dataclass(frozen=True, slots=True)
class Situation:
    """All that counts at the moment of sending.

    `happened_at` is when it came about, or when it might first be told, if that was later.
    """

    now: datetime
    happened_at: datetime
    stale_after: timedelta
    purpose: MessagePurpose
    conference_status: ConferenceStatus | None
    starts_at: datetime | None
    family_informed: bool
    rules: MessageRules
    contact_stopped: bool
    open_dead_letters: bool
    child_said_no: bool
    offer_over: bool
    reachable: bool


@dataclass(frozen=True, slots=True)
class Send:
    """It may leave now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """It may leave, but not before this instant: it is night, or what `because` says."""

    until: datetime
    because: WithheldBecause | None = None


@dataclass(frozen=True, slots=True)
class Withhold:
    """It must not leave, now or later."""

    because: WithheldBecause


Decision = Send | Wait | Withhold


def decide(situation: Situation) -> Decision:
    """Say whether a message may leave; the gravest reason against it is the one that is given."""
    because = _reason_against(situation)
    if because is WithheldBecause.FAMILY_NOT_INFORMED and _waits_for_the_family(situation):
        return Wait(situation.now + LOOK_AGAIN_AFTER, because)
    if because is not None:
        return Withhold(because)
    until = quiet_until(situation.now, situation.rules)
    return Send() if until is None else Wait(until)


def _reason_against(situation: Situation) -> WithheldBecause | None:
    reasons = (
        (situation.contact_stopped, WithheldBecause.CONTACT_STOPPED),
        (situation.open_dead_letters, WithheldBecause.OPEN_DEAD_LETTER),
        (_is_stale(situation) and not _waits_for_the_family(situation), WithheldBecause.STALE),
        (_is_silenced_by_no(situation), WithheldBecause.CHILD_SAID_NO),
        (_is_cancelled(situation), WithheldBecause.CONFERENCE_CANCELLED),
        (_is_silenced_by_end(situation), WithheldBecause.OFFER_OVER),
        (_is_over(situation), WithheldBecause.CONFERENCE_OVER),
        (_is_too_early(situation), WithheldBecause.FAMILY_NOT_INFORMED),
        (not situation.reachable, WithheldBecause.NOBODY_TO_WRITE_TO),
    )
    return next((because for against, because in reasons if against), None)


def _is_stale(situation: Situation) -> bool:
    return situation.now - situation.happened_at > situation.stale_after


def _is_silenced_by_no(situation: Situation) -> bool:
    return situation.child_said_no and situation.purpose in SILENCED_BY_NO


def _is_silenced_by_end(situation: Situation) -> bool:
    return situation.offer_over and situation.purpose in SILENCED_BY_END


def _is_cancelled(situation: Situation) -> bool:
    is_cancelled = situation.conference_status is ConferenceStatus.CANCELLED
    return is_cancelled and situation.purpose not in AFTER_A_CANCELLATION


def _is_over(situation: Situation) -> bool:
    if situation.purpose not in ONLY_BEFORE:
        return False
    if situation.conference_status is ConferenceStatus.HELD:
        return True
    # An adjourned conference has begun and is not over: its old time says nothing.
    is_scheduled = situation.conference_status is ConferenceStatus.SCHEDULED
    has_begun = situation.starts_at is not None and situation.starts_at <= situation.now
    return is_scheduled and has_begun


def _is_too_early(situation: Situation) -> bool:
    return not situation.family_informed and not situation.rules.before_family_informed


def _waits_for_the_family(situation: Situation) -> bool:
    return _is_too_early(situation) and situation.purpose in WAITS_FOR_THE_FAMILY


def quiet_until(now: datetime, rules: MessageRules) -> datetime | None:
    """Return the end of the quiet hours now is in, or None; they may lie over midnight."""
    hour = local_hour(now)
    over_night = rules.quiet_from > rules.quiet_until
    if over_night:
        is_quiet = hour >= rules.quiet_from or hour < rules.quiet_until
    else:
        is_quiet = rules.quiet_from <= hour < rules.quiet_until
    if not is_quiet:
        return None
    local = now.astimezone(LONDON)
    ends_tomorrow = over_night and hour >= rules.quiet_from
    day = local.date() + timedelta(days=1 if ends_tomorrow else 0)
    return datetime.combine(day, rules.quiet_until, LONDON).astimezone(now.tzinfo)
