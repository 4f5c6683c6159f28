"""What can be done with a meeting once it is arranged; each child's conference follows it."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from services.chassis.errors import NotYet
from services.contracts.codes import (
    AdjournedBecause,
    CancelledBecause,
    ConferenceKind,
    ConferenceStatus,
    MeetingFormat,
)
from services.exchange.domain import conference as conference_rules
from services.exchange.domain import meeting as rules
from services.exchange.domain.child import Child
from services.exchange.domain.conference import Conference
from services.exchange.domain.lifecycle import LIVE
from services.exchange.domain.meeting import Meeting, MeetingPrivate
from services.exchange.domain.participation import Participation
from services.exchange.handlers.children import child_by_ref, mourn
from services.exchange.handlers.context import ExchangeWork, allowed
from services.exchange.handlers.intake import conference_ref_of
from services.exchange.storage import sealed
from services.exchange.storage.repositories import CHILDREN, CONFERENCES, MEETINGS


def reschedule(
    work: ExchangeWork, meeting_ref: UUID, starts_at: datetime, ends_at: datetime | None
) -> Meeting:
    """Give a meeting another time; the same again changes nothing, unless it was put off."""
    before = work.get(MEETINGS, meeting_ref)
    is_same = (before.starts_at, before.ends_at) == (starts_at, ends_at)
    if is_same and before.status is not ConferenceStatus.ADJOURNED:
        return before
    after = allowed(rules.moved(before, starts_at, ends_at, work.now))
    return _record(work, after, "moved", "rescheduled")


def change(
    work: ExchangeWork,
    meeting_ref: UUID,
    kind: ConferenceKind | None,
    meeting_format: MeetingFormat | None,
    place: str | None,
) -> Meeting:
    """Change kind, format or place; what is not given stays."""
    before = work.get(MEETINGS, meeting_ref)
    known = sealed.private_of(work, before)
    private = known.updated(MeetingPrivate(known.conference_id, place or ""))
    after = replace(before, kind=kind or before.kind, format=meeting_format or before.format)
    if private != known:
        after = replace(after, private=sealed.seal_private(work, meeting_ref, private))
    if after == before:
        return before
    return _record(work, allowed(rules.changed(after)), "changed", "changed")


def adjourn(
    work: ExchangeWork, meeting_ref: UUID, because: AdjournedBecause, reconvenes_on: date | None
) -> Meeting:
    """Break a meeting off, or put it off."""
    before = work.get(MEETINGS, meeting_ref)
    after = allowed(rules.adjourned(before, because, reconvenes_on, work.now))
    return _record(work, after, "adjourned", "adjourned")


def cancel(work: ExchangeWork, meeting_ref: UUID, because: CancelledBecause) -> Meeting:
    """Cancel a meeting for every child who is on it."""
    before = work.get(MEETINGS, meeting_ref)
    seats = _standing(work, meeting_ref)
    _leave_off(work, meeting_ref)
    after = allowed(rules.cancelled(before, because, len(seats)))
    saved = _record(work, after, "cancelled", "cancelled")
    for conference in seats:
        _mourn(work, conference.child_ref, because)
    return saved


def remove_child(
    work: ExchangeWork, meeting_ref: UUID, child_ref: UUID, because: CancelledBecause
) -> Conference:
    """Cancel one child's conference; without any child left the meeting is cancelled too."""
    saved = _take_off(work, meeting_ref, child_ref, because)
    _mourn(work, child_ref, because)
    return saved


def record_death(work: ExchangeWork, child_ref: UUID) -> Child:
    """Record that a child died, of whom a conference may be to come or none may be."""
    _mourn(work, child_ref, CancelledBecause.DIED)
    return work.get(CHILDREN, child_ref)


def hold(
    work: ExchangeWork,
    meeting_ref: UUID,
    held_at: datetime,
    participation: dict[UUID, Participation],
) -> Meeting:
    """Record that a meeting was held and how each child took part, as far as that is known."""
    after = allowed(rules.held(work.get(MEETINGS, meeting_ref), held_at, work.now))
    saved = _record(work, after, "held", "held")
    for child_ref, session in participation.items():
        take_part(work, meeting_ref, child_ref, session)
    return saved


def take_part(
    work: ExchangeWork, meeting_ref: UUID, child_ref: UUID, session: Participation
) -> Conference:
    """Record, or correct, how a child took part in a session."""
    before = conference_of(work, meeting_ref, child_ref)
    after = allowed(conference_rules.took_part(before, session, work.today))
    return work.record(CONFERENCES, after, "participation-recorded")


def conference_of(work: ExchangeWork, meeting_ref: UUID, child_ref: UUID) -> Conference:
    """Return a child's conference at a meeting.

    Raises:
        NotYet: the meeting, or this child at it, is not known here.
    """
    conference = work.find(CONFERENCES, conference_ref_of(meeting_ref, child_ref))
    if conference is None:
        raise NotYet(f"conference:{meeting_ref}")
    return conference


def _record(work: ExchangeWork, meeting: Meeting, verb: str, child_verb: str) -> Meeting:
    saved = work.record(MEETINGS, meeting, verb)
    for before in _standing(work, meeting.meeting_ref):
        child = child_by_ref(work, before.child_ref)
        after = conference_rules.follow(before, saved)
        after = allowed(conference_rules.with_child(after, child.child, child.particulars))
        work.record(CONFERENCES, after, child_verb)
    return saved


def _standing(work: ExchangeWork, meeting_ref: UUID) -> list[Conference]:
    """Return the conferences of the children who were not taken off the meeting."""
    seats = work.select(CONFERENCES, meeting_ref=meeting_ref)
    return [seat for seat in seats if seat.status is not ConferenceStatus.CANCELLED]


def _leave_off(work: ExchangeWork, meeting_ref: UUID) -> None:
    """Keep who was not on the meeting any more apart from whom it now takes with it."""
    for seat in work.select(CONFERENCES, meeting_ref=meeting_ref):
        if conference_rules.fell_with(seat):
            work.save(CONFERENCES, replace(seat, taken_off=True))


def _take_off(
    work: ExchangeWork, meeting_ref: UUID, child_ref: UUID, because: CancelledBecause
) -> Conference:
    conference = conference_of(work, meeting_ref, child_ref)
    others_stay = any(seat.child_ref != child_ref for seat in _standing(work, meeting_ref))
    after = allowed(conference_rules.removed(conference, because, others_stay=others_stay))
    if not others_stay:
        _leave_off(work, meeting_ref)
    saved = work.record(CONFERENCES, after, "cancelled")
    if not others_stay:
        meeting = work.get(MEETINGS, meeting_ref)
        work.record(MEETINGS, allowed(rules.cancelled(meeting, because, 1)), "cancelled")
    return saved


def _mourn(work: ExchangeWork, child_ref: UUID, because: CancelledBecause) -> None:
    """Stop every message about a child who died, and every other conference about it."""
    if because is not CancelledBecause.DIED:
        return
    mourn(work, child_ref)
    for seat in work.select(CONFERENCES, child_ref=child_ref):
        if seat.status in LIVE:
            _take_off(work, seat.meeting_ref, child_ref, because)
