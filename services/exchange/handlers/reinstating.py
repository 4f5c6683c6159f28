"""Takes a cancellation back: what a person recorded can be wrong."""

from uuid import UUID

from services.contracts.codes import ConferenceStatus
from services.exchange.domain import conference as conference_rules
from services.exchange.domain import meeting as rules
from services.exchange.domain.conference import Conference
from services.exchange.domain.lifecycle import LIVE
from services.exchange.domain.meeting import Meeting
from services.exchange.handlers.children import child_by_ref
from services.exchange.handlers.conferences import conference_of
from services.exchange.handlers.context import ExchangeWork, allowed
from services.exchange.handlers.intake import seat_again
from services.exchange.storage.repositories import CONFERENCES, MEETINGS


def reinstate(work: ExchangeWork, meeting_ref: UUID) -> Meeting:
    """Let a meeting stand again, with every child who was on it when it was cancelled.

    One that stands again already, but for some of them alone, stands for the others too.
    """
    meeting = work.get(MEETINGS, meeting_ref)
    fell = [
        seat
        for seat in work.select(CONFERENCES, meeting_ref=meeting_ref)
        if conference_rules.fell_with(seat)
    ]
    if not (fell and meeting.status in LIVE):
        meeting = _stands_again(work, meeting)
    for seat in fell:
        seat_again(work, seat, meeting, child_by_ref(work, seat.child_ref))
    return meeting


def reinstate_child(work: ExchangeWork, meeting_ref: UUID, child_ref: UUID) -> Conference:
    """Put one child back on a meeting; one that fell away with its last child stands again."""
    seat = conference_of(work, meeting_ref, child_ref)
    meeting = work.get(MEETINGS, meeting_ref)
    if meeting.status is ConferenceStatus.CANCELLED:
        meeting = _stands_again(work, meeting)
    return seat_again(work, seat, meeting, child_by_ref(work, child_ref))


def _stands_again(work: ExchangeWork, meeting: Meeting) -> Meeting:
    return work.record(MEETINGS, allowed(rules.reinstated(meeting)), "arranged")
