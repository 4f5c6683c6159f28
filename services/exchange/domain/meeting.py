"""The sitting that siblings share: its time, its kind, and how it was held or fell away."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from services.contracts.codes import (
    AdjournedBecause,
    CancelledBecause,
    ConferenceKind,
    ConferenceStatus,
    MeetingFormat,
    is_of_our_time,
)
from services.contracts.local_time import end_of, london_date
from services.exchange.domain.child import Adult, whoever_is_meant
from services.exchange.domain.lifecycle import LIVE, TRANSITIONS, Denied, Step, denied

LATE: Final = timedelta(hours=24)
"""How far in the past a meeting may lie without being called a late entry."""

FAR: Final = timedelta(days=731)
"""How far ahead a meeting may lie: reviews are every six months, and beyond it a year is a slip."""


TOO_FAR: Final = Denied("too-far-ahead", "A meeting lies at most two years ahead: check the year.")

CANCELLED_HERE: Final = Denied(
    "cancelled-here",
    "It was cancelled here, and not as a mistake. If it takes place after all, take the"
    " cancellation back; else it should leave the list.",
)

NOBODY_ALIVE: Final = Denied(
    "child-died",
    "Every child who was on it when it was cancelled is recorded as having died. If that is a"
    " mistake, take the record of the death back; a child who was taken off it before can be put"
    " back alone.",
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting by reference; `private` is sealed: the authority's own id, place and chair."""

    meeting_ref: UUID
    authority: str
    kind: ConferenceKind
    starts_at: datetime
    ends_at: datetime | None
    format: MeetingFormat
    conference_index: str
    private: str
    status: ConferenceStatus = ConferenceStatus.SCHEDULED
    requested_at: datetime | None = None
    strategy_discussion_on: date | None = None
    transfer_clock_on: date | None = None
    from_authority: str | None = None
    family_informed_on: date | None = None
    adjourned_because: AdjournedBecause | None = None
    reconvenes_on: date | None = None
    cancelled_because: CancelledBecause | None = None
    held_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class MeetingPrivate:
    """What of a meeting is sealed."""

    conference_id: str
    place: str = ""
    chair: Adult | None = None

    def updated(self, given: "MeetingPrivate") -> "MeetingPrivate":
        """Return it after another was given; a blank keeps what is known."""
        chair = whoever_is_meant(given.chair, self.chair)
        return MeetingPrivate(self.conference_id, given.place or self.place, chair)


def is_late(starts_at: datetime, now: datetime) -> bool:
    """Whether a meeting at that time would be entered after it was over."""
    return starts_at < now - LATE


def is_far(starts_at: datetime, now: datetime) -> bool:
    """Whether a meeting at that time is further ahead than any is arranged."""
    return not is_of_our_time(starts_at) or starts_at > now + FAR


def moved(
    meeting: Meeting, starts_at: datetime, ends_at: datetime | None, now: datetime
) -> Meeting | Denied:
    """Give the meeting another time; one that was adjourned is scheduled again.

    When it ended may become known on a later day, if it begins when it did.
    """
    as_scheduled = meeting.status is ConferenceStatus.SCHEDULED and starts_at == meeting.starts_at
    if is_late(starts_at, now) and not as_scheduled:
        return Denied("in-the-past", "A meeting cannot be moved to a day that is over.")
    if is_far(starts_at, now):
        return TOO_FAR
    if ends_at is not None and ends_at <= starts_at:
        return Denied("ends-before-start", "A meeting ends after it begins.")
    after = replace(
        meeting, starts_at=starts_at, ends_at=ends_at, adjourned_because=None, reconvenes_on=None
    )
    return _stepped(after, Step.MOVE)


def changed(meeting: Meeting) -> Meeting | Denied:
    """Let the meeting differ in something other than its time."""
    return _stepped(meeting, Step.CHANGE)


def adjourned(
    meeting: Meeting, because: AdjournedBecause, reconvenes_on: date | None, now: datetime
) -> Meeting | Denied:
    """Break the meeting off, or put it off, to be taken up again on a later day than it was for."""
    if reconvenes_on is not None:
        if reconvenes_on < london_date(now):
            return Denied("in-the-past", "A meeting cannot go on on a day that is over.")
        if is_far(end_of(reconvenes_on), now):
            return TOO_FAR
        if reconvenes_on < london_date(meeting.starts_at):
            sentence = (
                "A meeting that is put off goes on on a later day."
                " To bring it forward, give it another time."
            )
            return Denied("before-it-begins", sentence)
    after = replace(meeting, adjourned_because=because, reconvenes_on=reconvenes_on)
    return _stepped(after, Step.ADJOURN)


def cancelled(meeting: Meeting, because: CancelledBecause, children: int) -> Meeting | Denied:
    """Cancel the meeting for every child; a death is of one child, never of all who sit there."""
    if because is CancelledBecause.DIED and children > 1:
        return Denied(
            "died-is-of-one-child",
            "A death is recorded for the child who died: take that child alone off the meeting.",
        )
    return _stepped(replace(meeting, cancelled_because=because), Step.CANCEL)


def reinstated(meeting: Meeting) -> Meeting | Denied:
    """Take back a cancellation that was a mistake; what was put off before is put off still."""
    after = _stepped(replace(meeting, cancelled_because=None), Step.REINSTATE)
    if isinstance(after, Denied) or meeting.adjourned_because is None:
        return after
    return replace(after, status=ConferenceStatus.ADJOURNED)


def is_to_come_without_death(meeting: Meeting) -> bool:
    """Whether it stands, or would if the child it fell away with had not died."""
    return meeting.status in LIVE or meeting.cancelled_because is CancelledBecause.DIED


def handed_in_again(meeting: Meeting, *, for_another: bool) -> Meeting | Denied:
    """Return the meeting that is handed in again: a cancellation in error is taken back by that.

    A death is of one child: what fell away with it stands again for another child. For any other
    reason it stays cancelled; whoever hands it in is told, for the two disagree.
    """
    if meeting.status is not ConferenceStatus.CANCELLED:
        return meeting
    in_error = meeting.cancelled_because is CancelledBecause.ERROR
    by_death = meeting.cancelled_because is CancelledBecause.DIED
    return reinstated(meeting) if in_error or (by_death and for_another) else CANCELLED_HERE


def held(meeting: Meeting, held_at: datetime, now: datetime) -> Meeting | Denied:
    """Say that the meeting was held; not before its day, and not before it happened."""
    if held_at > now:
        return Denied("held-in-future", "A meeting is recorded as held after it was held.")
    if london_date(held_at) < london_date(meeting.starts_at):
        return Denied("held-before-scheduled", "It was to sit on a later day: move it first.")
    return _stepped(replace(meeting, held_at=held_at), Step.HOLD)


def family_informed(meeting: Meeting, today: date) -> bool:
    """Whether the family is known to have been told by today."""
    return meeting.family_informed_on is not None and meeting.family_informed_on <= today


def news(before: Meeting, after: Meeting, *, new_place: bool) -> tuple[str, ...]:
    """Return the verbs that say how a meeting differs from before."""
    moved_now = (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at)
    changed_now = new_place or _coded(before) != _coded(after)
    return (*(("moved",) if moved_now else ()), *(("changed",) if changed_now else ()))


def _coded(meeting: Meeting) -> tuple[object, ...]:
    """Return what is told of a meeting beside its time."""
    return (
        meeting.kind,
        meeting.format,
        meeting.requested_at,
        meeting.strategy_discussion_on,
        meeting.transfer_clock_on,
        meeting.from_authority,
    )


def _stepped(after: Meeting, step: Step) -> Meeting | Denied:
    if (against := denied(after.status, step)) is not None:
        return against
    return replace(after, status=TRANSITIONS[after.status, step])
