"""Takes a cancellation back: what a person recorded can be wrong."""

from uuid import UUID

from services.contracts.codes import CancelledBecause, ConferenceStatus
from services.exchange.domain import conference as conference_rules
from services.exchange.domain import meeting as rules
from services.exchange.domain.conference import Conference
from services.exchange.domain.lifecycle import LIVE
from services.exchange.domain.meeting import Meeting
from services.exchange.handlers.children import child_by_ref, lives
from services.exchange.handlers.conferences import conference_of
from services.exchange.handlers.context import ExchangeWork, allowed
from services.exchange.handlers.intake import seat_again
from services.exchange.storage.repositories import CONFERENCES, MEETINGS


def reinstate(work: ExchangeWork, meeting_ref: UUID) -> Meeting:
    """Let a meeting stand again, with every child who was on it when it was cancelled.

    One that stands again already, but for some of them alone, stands for the others too: but not
    for a child who died, who comes back by a word about that child alone.
    """
    meeting = work.get(MEETINGS, meeting_ref)
    stood = meeting.status in LIVE
    fell = [
        seat
        for seat in work.select(CONFERENCES, meeting_ref=meeting_ref)
        if conference_rules.fell_with(seat)
        and not (stood and conference_rules.ended_by_death(seat))
    ]
    if not (fell and stood):
        meeting = _stands_again(work, meeting)
    for seat in fell:
        _put_back(work, seat)
    return meeting


def reinstate_child(work: ExchangeWork, meeting_ref: UUID, child_ref: UUID) -> Conference:
    """Put one child back on a meeting; one that fell away with its last child stands again."""
    return _put_back(work, conference_of(work, meeting_ref, child_ref))


def _put_back(work: ExchangeWork, seat: Conference) -> Conference:
    """Put a child back; a death taken back is taken back for all that it ended."""
    saved = _sits_again(work, seat)
    if conference_rules.ended_by_death(seat):
        lives(work, seat.child_ref)
        for other in work.select(CONFERENCES, child_ref=seat.child_ref):
            if conference_rules.ended_by_death(other) and _still_to_come(work, other):
                _sits_again(work, other)
    return saved


def _sits_again(work: ExchangeWork, seat: Conference) -> Conference:
    meeting = work.get(MEETINGS, seat.meeting_ref)
    if meeting.status is ConferenceStatus.CANCELLED:
        meeting = _stands_again(work, meeting)
    return seat_again(work, seat, meeting, child_by_ref(work, seat.child_ref))


def _still_to_come(work: ExchangeWork, seat: Conference) -> bool:
    """Whether its meeting stands for others, or fell away with nobody but this child."""
    meeting = work.get(MEETINGS, seat.meeting_ref)
    return meeting.status in LIVE or meeting.cancelled_because is CancelledBecause.DIED


def _stands_again(work: ExchangeWork, meeting: Meeting) -> Meeting:
    return work.record(MEETINGS, allowed(rules.reinstated(meeting)), "arranged")
