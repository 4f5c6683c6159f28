"""Takes meetings and their children in, from the API, the form and the file alike.

What is handed in again is compared with what is known: the same changes nothing, another time is
a rescheduled conference, anything else a changed one. Nothing that is left out is ever undone.
What was cancelled here as a mistake stands again; what was cancelled for another reason is
refused aloud, for somebody believes that it takes place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from services.chassis.errors import Refused
from services.chassis.ids import derived
from services.chassis.policies import UnknownPolicy
from services.contracts.codes import ConferenceStatus
from services.exchange.domain import conference as conference_rules
from services.exchange.domain import intake
from services.exchange.domain import meeting as meeting_rules
from services.exchange.domain.child import ChildGiven, is_another
from services.exchange.domain.conference import Conference
from services.exchange.domain.intake import Fault, MeetingGiven
from services.exchange.domain.meeting import Meeting
from services.exchange.handlers.children import (
    KnownChild,
    child_by_ref,
    child_with_id,
    known_child,
    tell_elsewhere,
)
from services.exchange.handlers.context import ExchangeWork, allowed
from services.exchange.handlers.messages import ask_the_new_chair
from services.exchange.storage import sealed
from services.exchange.storage.repositories import CHILDREN, CONFERENCES, MEETINGS


class Outcome(StrEnum):
    """What became of one child's row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REINSTATED = "reinstated"
    CANCELLED_HERE = "cancelled-here"


@dataclass(frozen=True, slots=True)
class TakenChild:
    """One child of a meeting that was taken in."""

    child_ref: UUID
    conference_ref: UUID
    outcome: Outcome
    known_otherwise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A meeting that was taken in; its children in the order they were handed in.

    `left_behind` counts those who fell away with it and do not stand again as it does; `put_off`
    says that it stands without a time.
    """

    meeting_ref: UUID
    children: tuple[TakenChild, ...]
    left_behind: int
    put_off: bool = False

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing was new."""
        return all(child.outcome is Outcome.UNCHANGED for child in self.children)

    def with_outcome(self, outcome: Outcome) -> tuple[int, ...]:
        """Return the places of the children of whom this became."""
        return tuple(i for i, child in enumerate(self.children) if child.outcome is outcome)

    def warnings(self) -> Iterator[Fault]:
        """Say what a person should look at, what was taken back, and for whom it was not."""
        for place, child in enumerate(self.children):
            if child.known_otherwise:
                yield intake.known_otherwise(place, child.known_otherwise)
        if self.put_off:
            yield intake.PUT_OFF
        for place in self.with_outcome(Outcome.REINSTATED):
            yield intake.stands_again(place)
        if self.left_behind:
            yield intake.stays_cancelled(self.left_behind)


@dataclass(frozen=True, slots=True)
class _Known:
    """A meeting as it now stands, and what is new of it."""

    meeting: Meeting
    news: bool = False
    new_place: bool = False


def take_in(work: ExchangeWork, given: MeetingGiven, *, late_entry: bool = False) -> Taken:
    """Take one meeting in, with its children; of a child who stays off it nothing is taken.

    Raises:
        Refused: it is over a day in the past and no late entry, no policy covers the authority, or
            it cannot follow what happened.
    """
    known = _meeting(work, given)
    tidied = [intake.tidy(child) for child in given.children]
    seats = [_seat_of(work, known.meeting, child) for child in tidied]
    if any(_is_new(work, seat, known.meeting) for seat in seats):
        _may_begin(work, given, late_entry=late_entry)
    rows = [
        seat
        if seat is not None and _stays_off(work, seat, known.meeting)
        else known_child(work, given.authority, child)
        for child, seat in zip(tidied, seats, strict=True)
    ]
    children = [row for row in rows if isinstance(row, KnownChild)]
    if not children:
        allowed(meeting_rules.CANCELLED_HERE)
    news = _bring_up(work, known, children)
    taken = [
        _seat(work, known, row, news) if isinstance(row, KnownChild) else _left_off(row)
        for row in rows
    ]
    return Taken(
        known.meeting.meeting_ref,
        tuple(taken),
        _left_behind(work, known.meeting),
        put_off=known.meeting.status is ConferenceStatus.ADJOURNED,
    )


def require_new_or_same(work: ExchangeWork, given: MeetingGiven) -> None:
    """Let pass what a person enters as new, unless its number is another conference's.

    Raises:
        Refused: it is; nothing is changed.
    """
    index = sealed.blind_conference_id(work.context.keys, given.authority, given.conference_id)
    known = _known_meeting(work, given, index)
    if known is not None and (against := intake.another(known, given)) is not None:
        allowed(against)


def seat_again(
    work: ExchangeWork, seat: Conference, meeting: Meeting, child: KnownChild
) -> Conference:
    """Say of a child's conference that was cancelled that it is scheduled."""
    back = conference_rules.reinstated(seat, meeting, child.child, child.particulars)
    return work.record(CONFERENCES, allowed(back), "scheduled")


def conference_ref_of(meeting_ref: UUID, child_ref: UUID) -> UUID:
    """Return the reference of a child's conference: the same however often it is handed in."""
    return UUID(derived("conference", str(meeting_ref), str(child_ref)))


def _meeting(work: ExchangeWork, given: MeetingGiven) -> _Known:
    index = sealed.blind_conference_id(work.context.keys, given.authority, given.conference_id)
    found = _known_meeting(work, given, index)
    if found is not None:
        return _update(work, found, given)
    ref = UUID(derived("meeting", index))
    private = sealed.seal_private(work, ref, intake.private(given))
    meeting = intake.arranged(ref, index, private, given)
    return _Known(work.record(MEETINGS, meeting, "arranged"), news=True)


def _known_meeting(work: ExchangeWork, given: MeetingGiven, index: str) -> Meeting | None:
    """Find the meeting; one kept as its id was written is from now on found by any capitals."""
    keys = work.context.keys
    for kept_as in sealed.conference_indexes(keys, given.authority, given.conference_id):
        for found in work.select(MEETINGS, conference_index=kept_as):
            if kept_as == index or work.select(MEETINGS, conference_index=index):
                return found
            return work.save(MEETINGS, replace(found, conference_index=index))
    return None


def _may_begin(work: ExchangeWork, given: MeetingGiven, *, late_entry: bool) -> None:
    """Ask what must be so before anything about a child begins here.

    Raises:
        Refused: it lies in the past and is no late entry, or no offer could be made at all.
    """
    if not late_entry:
        allowed(intake.late(given, work.now))
    try:
        work.context.policies.for_(given.authority, work.today)
    except UnknownPolicy:
        sentence = (
            f"No policy covers authority {given.authority} today, so no offer would be made:"
            " add one to the policies, then hand this in again."
        )
        raise Refused("policy-unknown", sentence) from None


def _update(work: ExchangeWork, stored: Meeting, given: MeetingGiven) -> _Known:
    for_another = any(_is_another(work, stored, child) for child in given.children)
    before = allowed(meeting_rules.handed_in_again(stored, for_another=for_another))
    known = sealed.private_of(work, before)
    private = known.updated(intake.private(given))
    new_place = private.place != known.place
    after = intake.taken_over(before, given)
    if private != known:
        after = replace(after, private=sealed.seal_private(work, before.meeting_ref, private))
    if is_another(known.chair, private.chair):
        ask_the_new_chair(work, before.meeting_ref)
    if (time := intake.new_time(before, given)) is not None:
        after = allowed(meeting_rules.moved(after, *time, work.now))
    verbs = meeting_rules.news(before, after, new_place=new_place)
    if "changed" in verbs:
        after = allowed(meeting_rules.changed(after))
    if after == stored:
        return _Known(stored)
    if before != stored:
        verbs = ("arranged", *verbs)
    return _Known(work.record(MEETINGS, after, *verbs), news=True, new_place=new_place)


def _is_another(work: ExchangeWork, meeting: Meeting, given: ChildGiven) -> bool:
    """Whether a child who is handed in was not on the meeting yet, and lives."""
    child = child_with_id(work, meeting.authority, intake.tidy(given).particulars.la_child_id)
    if child is None:
        return True
    ref = conference_ref_of(meeting.meeting_ref, child.child_ref)
    return not child.died and work.find(CONFERENCES, ref) is None


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
        after = allowed(conference_rules.with_child(after, child.child, child.particulars))
        if verbs := conference_rules.news(before, after, new_place=known.new_place):
            work.record(CONFERENCES, after, *verbs)
            news.add(before.child_ref)
    return news


def _seat_of(work: ExchangeWork, meeting: Meeting, given: ChildGiven) -> Conference | None:
    child = child_with_id(work, meeting.authority, given.particulars.la_child_id)
    if child is None:
        return None
    return work.find(CONFERENCES, conference_ref_of(meeting.meeting_ref, child.child_ref))


def _is_new(work: ExchangeWork, seat: Conference | None, meeting: Meeting) -> bool:
    """Whether the child is to be put on the meeting, or put back."""
    if seat is None:
        return True
    is_cancelled = seat.status is ConferenceStatus.CANCELLED
    return is_cancelled and not _stays_off(work, seat, meeting)


def _stays_off(work: ExchangeWork, seat: Conference, meeting: Meeting) -> bool:
    return conference_rules.stays_off(seat, meeting, work.get(CHILDREN, seat.child_ref))


def _seat(work: ExchangeWork, known: _Known, child: KnownChild, news: set[UUID]) -> TakenChild:
    """Put a child on the meeting, unless it sits there already."""
    meeting, child_ref = known.meeting, child.child.child_ref
    ref = conference_ref_of(meeting.meeting_ref, child_ref)
    if child.news:
        tell_elsewhere(work, child, meeting.meeting_ref)
    otherwise = child.known_otherwise
    seat = work.find(CONFERENCES, ref)
    if seat is None:
        made = conference_rules.scheduled(ref, meeting, child.child, child.particulars)
        work.record(CONFERENCES, allowed(made), "scheduled")
        return TakenChild(child_ref, ref, Outcome.CREATED, otherwise)
    if seat.status is ConferenceStatus.CANCELLED:
        seat_again(work, seat, meeting, child)
        return TakenChild(child_ref, ref, Outcome.REINSTATED, otherwise)
    is_new = child.news or known.news or child_ref in news
    return TakenChild(child_ref, ref, Outcome.CHANGED if is_new else Outcome.UNCHANGED, otherwise)


def _left_behind(work: ExchangeWork, meeting: Meeting) -> int:
    seats = work.select(CONFERENCES, meeting_ref=meeting.meeting_ref)
    return sum(conference_rules.left_behind(seat, meeting) for seat in seats)


def _left_off(seat: Conference) -> TakenChild:
    return TakenChild(seat.child_ref, seat.conference_ref, Outcome.CANCELLED_HERE)
