"""The one exit to people: decides, at the moment of sending, whether a message may leave.

What it asks is practice 6, 9, 10 and 11: nothing to anyone after contact was stopped, nothing
while an event about the child is laid aside, nothing old, nothing about a meeting that is over,
nothing that is no longer to be done, nothing before the family is known to be informed, and only
by a contact known to be safe.

What speaks against a message is either for good, and it is withheld, or may pass, and it waits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.contracts.codes import ConferenceStatus, MessagePurpose
from services.contracts.local_time import at_time, london_date, london_time
from services.contracts.policy import MessageRules
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
    MessagePurpose.VISIT_REPLANNED,
    MessagePurpose.VISIT_OVERDUE,
    MessagePurpose.CONTINUE_DECISION,
}
"""What a child's no silences; checking the no with the child, and an answer owed, still go.

Where court or care took over, the no has decided how advocacy goes on; one that nobody heard from
the child is checked with the child, as everywhere.
"""

SILENCED_BY_PAUSE: Final = SILENCED_BY_NO - {
    MessagePurpose.VIEW_FOR_CHAIR,
    MessagePurpose.CONTINUE_DECISION,
}
"""What is not asked of anybody while the offer is paused.

A pause rests the advocate's work, until a person decides. What the child has given for the chair is
no part of it.
"""

SILENCED_BY_END: Final = SILENCED_BY_NO - {
    MessagePurpose.VIEW_FOR_CHAIR,
    MessagePurpose.VISIT_OVERDUE,
    MessagePurpose.CONTINUE_DECISION,
}
"""What speaks of an offer, and is silent when it was withdrawn, stopped or lapsed.

What the child has given for the chair still goes, and so does the question what became of a visit:
the answer may be that child and advocate met.
"""

PRESSES: Final = frozenset(
    {
        MessagePurpose.EXPLAIN_OVERDUE,
        MessagePurpose.OFFER_ESCALATED,
        MessagePurpose.CONFERENCE_REMINDER,
        MessagePurpose.VISIT_REMINDER,
    }
)
"""What presses, at its hour, for something that was asked of somebody: it never waits for long.

Said late it would blame people for days on which nobody was written to, or speak of what is past as
coming. What was asked in the first place waits, and the clocks press again.
"""

MAY_PASS: Final = frozenset(
    {
        WithheldBecause.CONTACT_STOPPED,
        WithheldBecause.OPEN_DEAD_LETTER,
        WithheldBecause.OFFER_PAUSED,
        WithheldBecause.CONFERENCE_CANCELLED,
        WithheldBecause.CONFERENCE_OVER,
        WithheldBecause.FAMILY_NOT_INFORMED,
    }
)
"""What holds a message back and may be over tomorrow: whatever does not press waits for that.

A pause ends, a cancellation is taken back, a conference that did not sit at its hour is put off,
the day the family was informed is recorded, what was laid aside is mended, an end to contact or a
death was recorded by mistake. No event asks again then, so that withholding it would lose it: a
child would never be told, a chair never read what the child wants. That nothing leaves before the
family is known to be informed holds for every purpose and whoever it is for, also for a chair or an
advocate (practice 9): a letter to a professional is an invitation to act, and whoever acts speaks
with the family.
"""

_ENDS: Final = frozenset({WithheldBecause.CONFERENCE_CANCELLED, WithheldBecause.CONFERENCE_OVER})

KEPT_FOR: Final = timedelta(days=90)
"""How long after the conference a message may still wait: then nobody will act on it rightly."""

STILL_MOVED_FOR: Final = timedelta(days=14)
"""How long after its hour one that was not held may still be put off, or its end be taken back."""

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

    `may_be_told_since` is when something other than the hour last held it back: it is no older than
    that. `to_do` says that what it asks for is still to be done; `asked_again`, that a newer
    message asks the same of the same person.
    """

    now: datetime
    happened_at: datetime
    may_be_told_since: datetime | None
    stale_after: timedelta
    purpose: MessagePurpose
    conference_status: ConferenceStatus | None
    starts_at: datetime | None
    family_informed: bool
    rules: MessageRules
    contact_stopped: bool
    open_dead_letters: bool
    child_said_no: bool
    offer_paused: bool
    offer_over: bool
    to_do: bool
    asked_again: bool
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
    """Say whether a message may leave; of the reasons against it the gravest is given.

    One that is for good is graver than any that may pass, and what waits grows no older meanwhile.
    """
    against = tuple(_reasons_against(situation))
    for because in against:
        if not _may_pass(situation, because):
            return Withhold(because)
    if against:
        return Wait(situation.now + LOOK_AGAIN_AFTER, against[0])
    if _is_stale(situation):
        return Withhold(WithheldBecause.STALE)
    if not situation.reachable:
        return Withhold(WithheldBecause.NOBODY_TO_WRITE_TO)
    until = quiet_until(situation.now, situation.rules)
    return Send() if until is None else Wait(until)


def _reasons_against(situation: Situation) -> Iterator[WithheldBecause]:
    """Yield why it must not leave now, whoever it goes to; the gravest first."""
    reasons = (
        (situation.contact_stopped, WithheldBecause.CONTACT_STOPPED),
        (situation.open_dead_letters, WithheldBecause.OPEN_DEAD_LETTER),
        (_is_silenced_by_no(situation), WithheldBecause.CHILD_SAID_NO),
        (_is_silenced_by_pause(situation), WithheldBecause.OFFER_PAUSED),
        (_is_cancelled(situation), WithheldBecause.CONFERENCE_CANCELLED),
        (_is_silenced_by_end(situation), WithheldBecause.OFFER_OVER),
        (_is_over(situation), WithheldBecause.CONFERENCE_OVER),
        (not situation.to_do, WithheldBecause.TASK_OVER),
        (situation.asked_again, WithheldBecause.ASKED_AGAIN),
        (_is_too_early(situation), WithheldBecause.FAMILY_NOT_INFORMED),
    )
    return (because for against, because in reasons if against)


def _may_pass(situation: Situation, because: WithheldBecause) -> bool:
    """Whether it is worth waiting for this to be over.

    What was held sits no more, and nobody is told after a conference that they were to be the
    advocate at it.
    """
    if because not in MAY_PASS or situation.purpose in PRESSES or _is_given_up(situation):
        return False
    if because in _ENDS:
        return _was_asked_before(situation) and not _has_passed(situation)
    if situation.purpose is MessagePurpose.ADVOCATE_ALLOCATED:
        return not (_was_asked_before(situation) and _has_passed(situation))
    return True


def _is_given_up(situation: Situation) -> bool:
    wanted_until = max(situation.happened_at, situation.starts_at or situation.happened_at)
    return situation.now - wanted_until > KEPT_FOR


def _was_asked_before(situation: Situation) -> bool:
    return situation.starts_at is not None and situation.happened_at < situation.starts_at


def _has_begun(situation: Situation) -> bool:
    """Whether the conference has begun; the old time of an adjourned one says nothing."""
    if situation.conference_status is ConferenceStatus.HELD:
        return True
    is_adjourned = situation.conference_status is ConferenceStatus.ADJOURNED
    has_come = situation.starts_at is not None and situation.starts_at <= situation.now
    return has_come and not is_adjourned


def _has_passed(situation: Situation) -> bool:
    """Whether the conference was held, or its hour lies so far back that nobody moves it now."""
    if situation.conference_status in {ConferenceStatus.HELD, ConferenceStatus.ADJOURNED}:
        return situation.conference_status is ConferenceStatus.HELD
    starts_at = situation.starts_at
    return starts_at is not None and situation.now - starts_at > STILL_MOVED_FOR


def told_since(
    purpose: MessagePurpose, since: datetime | None, nobody_there_at: datetime
) -> datetime | None:
    """Return since when a message may be told, after nobody was there to take it to its reader.

    That our own mail server is away makes nothing old; what presses at its hour grows old anyway.
    """
    return since if purpose in PRESSES else nobody_there_at


def _is_stale(situation: Situation) -> bool:
    since = situation.may_be_told_since or situation.happened_at
    return situation.now - since > situation.stale_after or _is_given_up(situation)


def _is_silenced_by_no(situation: Situation) -> bool:
    return situation.child_said_no and situation.purpose in SILENCED_BY_NO


def _is_silenced_by_pause(situation: Situation) -> bool:
    return situation.offer_paused and situation.purpose in SILENCED_BY_PAUSE


def _is_silenced_by_end(situation: Situation) -> bool:
    return situation.offer_over and situation.purpose in SILENCED_BY_END


def _is_cancelled(situation: Situation) -> bool:
    is_cancelled = situation.conference_status is ConferenceStatus.CANCELLED
    return is_cancelled and situation.purpose not in AFTER_A_CANCELLATION


def _is_over(situation: Situation) -> bool:
    is_cancelled = situation.conference_status is ConferenceStatus.CANCELLED
    # Nobody is told after a conference that they were to be the advocate at it.
    is_for_it = situation.purpose is MessagePurpose.ADVOCATE_ALLOCATED
    of_no_use = situation.purpose in ONLY_BEFORE or (is_for_it and _was_asked_before(situation))
    return of_no_use and not is_cancelled and _has_begun(situation)


def _is_too_early(situation: Situation) -> bool:
    return not situation.family_informed and not situation.rules.before_family_informed


def quiet_until(now: datetime, rules: MessageRules) -> datetime | None:
    """Return the end of the quiet hours now is in, or None; they may lie over midnight."""
    hour = london_time(now)
    over_night = rules.quiet_from > rules.quiet_until
    if over_night:
        is_quiet = hour >= rules.quiet_from or hour < rules.quiet_until
    else:
        is_quiet = rules.quiet_from <= hour < rules.quiet_until
    if not is_quiet:
        return None
    ends_tomorrow = over_night and hour >= rules.quiet_from
    day = london_date(now) + timedelta(days=1 if ends_tomorrow else 0)
    return at_time(day, rules.quiet_until)
