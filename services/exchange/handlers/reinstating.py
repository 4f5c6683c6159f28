"""Takes a cancellation back: what a person recorded can be wrong."""

from uuid import UUID

from services.contracts.codes import ConferenceStatus
from services.exchange.domain import conference as conference_rules
from services.exchange.domain import meeting as rules
from services.exchange.domain.child import Child
from services.exchange.domain.conference import Conference
from services.exchange.domain.lifecycle import LIVE
from services.exchange.domain.meeting import Meeting
from services.exchange.handlers.children import child_by_ref, lives
from services.exchange.handlers.conferences import conference_of
from services.exchange.handlers.context import ExchangeWork, allowed
from services.exchange.handlers.intake import seat_again
from services.exchange.storage.repositories import CHILDREN, CONFERENCES, MEETINGS


def reinstate(work: ExchangeWork, meeting_ref: UUID) -> Meeting:
    """Let a meeting stand again, with every child who was on it when it was cancelled.

    One that stands again already, but for some of them alone, stands for the others too. No child
    who died comes back with a sibling: a death is taken back by a word of its own.
    """
    meeting = work.get(MEETINGS, meeting_ref)
    fell = [
        seat
        for seat in work.select(CONFERENCES, meeting_ref=meeting_ref)
        if conference_rules.fell_with(seat)
    ]
    alive = [seat for seat in fell if not work.get(CHILDREN, seat.child_ref).died]
    if meeting.status not in LIVE or not alive:
        meeting = allowed(rules.reinstated(meeting))
        if fell and not alive:
            allowed(rules.NOBODY_ALIVE)
        meeting = work.record(MEETINGS, meeting, "arranged")
    for seat in alive:
        seat_again(work, seat, meeting, child_by_ref(work, seat.child_ref))
    return meeting


def reinstate_child(work: ExchangeWork, meeting_ref: UUID, child_ref: UUID) -> Conference:
    """Put one child back on a meeting; one that fell away with its last child stands again."""
    return _sits_again(work, conference_of(work, meeting_ref, child_ref))


def take_death_back(work: ExchangeWork, child_ref: UUID) -> Child:
    """Take the record of a child's death back, for all that it ended.

    The child is put back on what is still to come. Of a meeting that is over it is said that it was
    not a death that took the child off it.
    """
    child = lives(work, child_ref)
    for seat in work.select(CONFERENCES, child_ref=child_ref):
        if not conference_rules.ended_by_death(seat):
            continue
        meeting = work.get(MEETINGS, seat.meeting_ref)
        if rules.is_to_come_without_death(meeting):
            _sits_again(work, seat)
        else:
            work.record(CONFERENCES, conference_rules.off_alive(seat, meeting), "cancelled")
    return child


def _sits_again(work: ExchangeWork, seat: Conference) -> Conference:
    meeting = work.get(MEETINGS, seat.meeting_ref)
    if meeting.status is ConferenceStatus.CANCELLED:
        meeting = work.record(MEETINGS, allowed(rules.reinstated(meeting)), "arranged")
    return seat_again(work, seat, meeting, child_by_ref(work, seat.child_ref))
