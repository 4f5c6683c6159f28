"""Puts a meeting and its children into words for a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.chassis.errors import NotYet
from services.chassis.web.wording import day, moment, sentence
from services.contracts.codes import ConferenceKind, ConferenceStatus, MeetingFormat
from services.contracts.local_time import london_date, spoken_hour
from services.exchange.api import choices
from services.exchange.domain.conference import Conference
from services.exchange.domain.lifecycle import LIVE
from services.exchange.domain.meeting import Meeting, MeetingPrivate
from services.exchange.domain.participation import Participation
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.lacking import family_not_informed, nobody_to_tell
from services.exchange.storage import sealed
from services.exchange.storage.queries import place_of
from services.exchange.storage.repositories import CHILDREN, CONFERENCES, MEETINGS

_CANCELLED: Final = dict(choices.CANCELLED)
_ADJOURNED: Final = dict(choices.ADJOURNED)
_FORMATS: Final = dict(choices.FORMATS)
_VOICES: Final = dict(choices.VOICES)


@dataclass(frozen=True, slots=True)
class Listed:
    """A meeting in a list; `place` is where the list goes on behind it."""

    meeting_ref: UUID
    starts_at: datetime
    kind: ConferenceKind
    status: ConferenceStatus
    conference_id: str
    children: int
    place: str


@dataclass(frozen=True, slots=True)
class Seat:
    """One child of a meeting.

    Args:
        participation: how the child took part, a sentence for each day that is recorded.
        session: what is recorded of the day on which the meeting was held.
        unreached: nobody can be asked to tell the child of the offer.
        died: the child is recorded as having died.
    """

    child_ref: UUID
    conference_ref: UUID
    status: ConferenceStatus
    participation: Sequence[str]
    session: Participation | None
    unreached: bool
    died: bool

    @property
    def is_off(self) -> bool:
        """Whether the child is not on the conference, and could be put back."""
        return self.status is ConferenceStatus.CANCELLED and not self.died


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting with its children, the eldest first; `open` while it can still be held.

    `silent` if nobody is written to because the family is not known to have been told.
    """

    meeting_ref: UUID
    starts_at: datetime
    sat_on: date
    kind: ConferenceKind
    status: ConferenceStatus
    open: bool
    facts: Sequence[dict[str, object]]
    children: Sequence[Seat]
    silent: bool

    @property
    def standing(self) -> Sequence[Seat]:
        """The children who were not taken off it."""
        return [seat for seat in self.children if seat.status is not ConferenceStatus.CANCELLED]

    def seat_of(self, child_ref: UUID) -> Seat:
        """Return the seat of a child.

        Raises:
            NotYet: the child is not known here as one of this meeting.
        """
        for seat in self.children:
            if seat.child_ref == child_ref:
                return seat
        raise NotYet(f"conference:{self.meeting_ref}")


def listed(work: ExchangeWork, meeting: Meeting) -> Listed:
    """Read what a list says of a meeting."""
    return Listed(
        meeting.meeting_ref,
        meeting.starts_at,
        meeting.kind,
        meeting.status,
        sealed.private_of(work, meeting).conference_id,
        len(work.select(CONFERENCES, meeting_ref=meeting.meeting_ref)),
        place_of(meeting),
    )


def meeting_view(work: ExchangeWork, meeting_ref: UUID) -> MeetingView:
    """Read a meeting, what is sealed of it, and its children.

    Raises:
        NotYet: it is not known here.
    """
    meeting = work.get(MEETINGS, meeting_ref)
    private = sealed.private_of(work, meeting)
    conferences = sorted(work.select(CONFERENCES, meeting_ref=meeting_ref), key=_eldest_first)
    is_open = meeting.status in LIVE
    return MeetingView(
        meeting.meeting_ref,
        meeting.starts_at,
        _sat_on(meeting),
        meeting.kind,
        meeting.status,
        is_open,
        _facts(meeting, private),
        [_seat(work, meeting, conference) for conference in conferences],
        silent=is_open and any(family_not_informed(work, meeting)),
    )


def _eldest_first(conference: Conference) -> tuple[bool, bool, int, UUID]:
    """Put children in an order that stays: by age, then of unknown age, then the unborn.

    Nothing is kept of the order in which they were entered, and names are sealed.
    """
    age = conference.age_years
    return conference.unborn, age is None, -(age or 0), conference.conference_ref


def _sat_on(meeting: Meeting) -> date:
    """Return the day a meeting was held, or is to be."""
    return london_date(meeting.held_at or meeting.starts_at)


def _seat(work: ExchangeWork, meeting: Meeting, conference: Conference) -> Seat:
    on = _sat_on(meeting)
    return Seat(
        conference.child_ref,
        conference.conference_ref,
        conference.status,
        [_took_part(session, on) for session in conference.sessions],
        next((session for session in conference.sessions if session.session_on == on), None),
        conference.status in LIVE and nobody_to_tell(work, meeting, conference.child_ref),
        work.get(CHILDREN, conference.child_ref).died,
    )


def _took_part(session: Participation, on: date) -> str:
    """Say how a child took part, in two short sentences; the day if it is not the meeting's."""
    when = "" if session.session_on == on else f"On {day(session.session_on)}: "
    there = "Was there" + (" for a part" if session.part_attendance else "")
    attended = {"attended": there, "did-not-attend": "Was not there"}.get(
        session.attendance, "Was not invited"
    )
    present = "an advocate was there" if session.advocate_present else "no advocate was there"
    return (
        f"{when}{attended}; {present}. How the child was heard: {_VOICES[session.voice].lower()}."
    )


def _facts(meeting: Meeting, private: MeetingPrivate) -> list[dict[str, object]]:
    chair = private.chair
    ends = f" to {spoken_hour(meeting.ends_at)}" if meeting.ends_at else ""
    shown = {
        "How it stands": sentence(meeting.status) + _because(meeting),
        "When": moment(meeting.starts_at) + ends,
        "Held": moment(meeting.held_at) if meeting.held_at else "",
        "How people meet": ""
        if meeting.format is MeetingFormat.UNKNOWN
        else _FORMATS[meeting.format],
        "Place": private.place,
        "Chair": ", ".join(filter(None, (chair.name, chair.email))) if chair else "",
        "Your number": private.conference_id,
        "Authority": meeting.authority,
        "Family told on": day(meeting.family_informed_on)
        if meeting.family_informed_on
        else "Not known",
    }
    return [
        {"key": {"text": key}, "value": {"text": value}} for key, value in shown.items() if value
    ]


def _because(meeting: Meeting) -> str:
    """Say why it is cancelled or put off, and until when; what came of it since needs no reason."""
    if meeting.status is ConferenceStatus.CANCELLED and meeting.cancelled_because:
        reason = _CANCELLED.get(meeting.cancelled_because, sentence(meeting.cancelled_because))
        return f": {reason.lower()}"
    if meeting.status is ConferenceStatus.ADJOURNED and meeting.adjourned_because:
        until = f", until {day(meeting.reconvenes_on)}" if meeting.reconvenes_on else ""
        return f": {_ADJOURNED[meeting.adjourned_because].lower()}{until}"
    return ""
