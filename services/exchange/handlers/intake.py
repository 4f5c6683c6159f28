"""Takes meetings and their children in, from the API, the form and the file alike.

What is handed in again is compared with what is known: the same changes nothing, another time is
a rescheduled conference, anything else a changed one. Nothing that is left out is ever undone.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from services.chassis.ids import derived
from services.contracts.codes import ConferenceStatus
from services.exchange.domain import conference as conference_rules
from services.exchange.domain import intake
from services.exchange.domain import meeting as meeting_rules
from services.exchange.domain.intake import MeetingGiven
from services.exchange.domain.meeting import Meeting
from services.exchange.handlers.children import (
    KnownChild,
    child_by_ref,
    known_child,
    tell_elsewhere,
)
from services.exchange.handlers.context import ExchangeWork, allowed
from services.exchange.storage import sealed
from services.exchange.storage.repositories import CONFERENCES, MEETINGS


class Outcome(StrEnum):
    """What became of one child's row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class TakenChild:
    """One child of a meeting that was taken in."""

    child_ref: UUID
    conference_ref: UUID
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Taken:
    """A meeting that was taken in; its children in the order they were handed in."""

    meeting_ref: UUID
    children: tuple[TakenChild, ...]

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing was new."""
        return all(child.outcome is Outcome.UNCHANGED for child in self.children)


@dataclass(frozen=True, slots=True)
class _Known:
    """A meeting as it now stands, and what is new of it."""

    meeting: Meeting
    news: bool = False
    new_place: bool = False


def take_in(work: ExchangeWork, given: MeetingGiven, *, late_entry: bool = False) -> Taken:
    """Take one meeting in, with its children.

    Raises:
        Refused: it is over a day in the past and no late entry, or cannot follow what happened.
    """
    known = _meeting(work, given, late_entry=late_entry)
    tidied = [intake.tidy(child) for child in given.children]
    children = [known_child(work, given.authority, child) for child in tidied]
    before = {c.child_ref for c in work.select(CONFERENCES, meeting_ref=known.meeting.meeting_ref)}
    if any(child.child.child_ref not in before for child in children) and not late_entry:
        allowed(intake.late(given, work.now))
    news = _bring_up(work, known, children)
    taken = [_seat(work, known, child, news) for child in children]
    return Taken(known.meeting.meeting_ref, tuple(taken))


def conference_ref_of(meeting_ref: UUID, child_ref: UUID) -> UUID:
    """Return the reference of a child's conference: the same however often it is handed in."""
    return UUID(derived("conference", str(meeting_ref), str(child_ref)))


def _meeting(work: ExchangeWork, given: MeetingGiven, *, late_entry: bool) -> _Known:
    keys = work.context.keys
    index = sealed.blind_conference_id(keys, given.authority, given.conference_id)
    found = work.select(MEETINGS, conference_index=index)
    if found:
        return _update(work, found[0], given)
    if not late_entry:
        allowed(intake.late(given, work.now))
    ref = UUID(derived("meeting", index))
    private = sealed.seal_private(work, ref, intake.private(given))
    meeting = intake.arranged(ref, index, private, given)
    return _Known(work.record(MEETINGS, meeting, "arranged"), news=True)


def _update(work: ExchangeWork, before: Meeting, given: MeetingGiven) -> _Known:
    known = sealed.private_of(work, before)
    private = known.updated(intake.private(given))
    new_place = private.place != known.place
    after = intake.taken_over(before, given)
    if private != known:
        after = replace(after, private=sealed.seal_private(work, before.meeting_ref, private))
    if (time := intake.new_time(before, given)) is not None:
        after = allowed(meeting_rules.moved(after, *time, work.now))
    verbs = meeting_rules.news(before, after, new_place=new_place)
    if "changed" in verbs:
        after = allowed(meeting_rules.changed(after))
    if after == before:
        return _Known(before)
    return _Known(work.record(MEETINGS, after, *verbs), news=True, new_place=new_place)


def _bring_up(work: ExchangeWork, known: _Known, children: list[KnownChild]) -> set[UUID]:
    """Bring the meeting's conferences up to date; return the children of which there is news."""
    by_ref = {child.child.child_ref: child for child in children}
    news: set[UUID] = set()
    for before in work.select(CONFERENCES, meeting_ref=known.meeting.meeting_ref):
        child = by_ref.get(before.child_ref)
        if (child is None and not known.news) or before.status is ConferenceStatus.CANCELLED:
            continue
        child = child or child_by_ref(work, before.child_ref)
        after = conference_rules.follow(before, known.meeting)
        after = conference_rules.with_child(after, child.child, child.particulars)
        if verbs := conference_rules.news(before, after, new_place=known.new_place):
            work.record(CONFERENCES, after, *verbs)
            news.add(before.child_ref)
    return news


def _seat(work: ExchangeWork, known: _Known, child: KnownChild, news: set[UUID]) -> TakenChild:
    """Put a child on the meeting, unless it sits there already."""
    meeting, child_ref = known.meeting, child.child.child_ref
    ref = conference_ref_of(meeting.meeting_ref, child_ref)
    if child.news:
        tell_elsewhere(work, child, meeting.meeting_ref)
    if work.find(CONFERENCES, ref) is not None:
        is_new = child.news or known.news or child_ref in news
        return TakenChild(child_ref, ref, Outcome.CHANGED if is_new else Outcome.UNCHANGED)
    seat = conference_rules.scheduled(ref, meeting, child.child, child.particulars)
    work.record(CONFERENCES, allowed(seat), "scheduled")
    return TakenChild(child_ref, ref, Outcome.CREATED)
