"""Takes a cancellation back: what a person recorded can be wrong."""

from uuid import UUID

from services.contracts.codes import ConferenceStatus
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

    Raises:
        Refused: it ended with a child's death: whoever means a sibling must not raise the dead.
    """
    meeting = work.get(MEETINGS, meeting_ref)
    if rules.ended_by_death(meeting):
        return _ended_by_death(work, meeting_ref)
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
        _sits_again(work, seat)
    return meeting


def _ended_by_death(work: ExchangeWork, meeting_ref: UUID) -> Meeting:
    """Let a meeting stand again whose only child lives; of several, nobody knows who is meant."""
    seats = work.select(CONFERENCES, meeting_ref=meeting_ref)
    if len(seats) > 1:
        allowed(rules.ENDED_BY_DEATH)
    reinstate_child(work, meeting_ref, seats[0].child_ref)
    return work.get(MEETINGS, meeting_ref)


def reinstate_child(work: ExchangeWork, meeting_ref: UUID, child_ref: UUID) -> Conference:
    """Put one child back on a meeting; one that fell away with its last child stands again.

    Where the child was off because it had died, that is taken back, for all that it ended.
    """
    seat = conference_of(work, meeting_ref, child_ref)
    if not conference_rules.ended_by_death(seat):
        return _sits_again(work, seat)
    lives(work, child_ref)
    for other in work.select(CONFERENCES, child_ref=child_ref):
        if conference_rules.ended_by_death(other):
            _not_by_death(work, other)
    return conference_of(work, meeting_ref, child_ref)


def _not_by_death(work: ExchangeWork, seat: Conference) -> None:
    """Put a living child back; where the meeting is over, say what else it was off for."""
    if _still_to_come(work, seat):
        _sits_again(work, seat)
        return
    after = conference_rules.not_by_death(seat, work.get(MEETINGS, seat.meeting_ref))
    work.record(CONFERENCES, after, "cancelled")


def _sits_again(work: ExchangeWork, seat: Conference) -> Conference:
    meeting = work.get(MEETINGS, seat.meeting_ref)
    if meeting.status is ConferenceStatus.CANCELLED:
        meeting = _stands_again(work, meeting)
    return seat_again(work, seat, meeting, child_by_ref(work, seat.child_ref))


def _still_to_come(work: ExchangeWork, seat: Conference) -> bool:
    """Whether its meeting stands for others, or fell away with nobody but this child."""
    meeting = work.get(MEETINGS, seat.meeting_ref)
    return meeting.status in LIVE or rules.ended_by_death(meeting)


def _stands_again(work: ExchangeWork, meeting: Meeting) -> Meeting:
    return work.record(MEETINGS, allowed(rules.reinstated(meeting)), "arranged")
