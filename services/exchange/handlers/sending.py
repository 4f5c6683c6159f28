"""The one exit: claims a waiting message, asks the rule, hands it over, writes down the end.

An attempt is committed before it is made. After a crash nobody knows whether it was, so what is
found attempted becomes `unknown`, is shown to a person, and is never sent again (practice 11).
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.chassis.clock import monotonic
from services.chassis.desk import Desk
from services.chassis.errors import StoreUnavailable
from services.chassis.lease import Lease
from services.chassis.policies import UnknownPolicy
from services.chassis.vault import Unreadable
from services.contracts.codes import Channel, MessagePurpose, OfferStatus
from services.exchange.domain import exit as rules
from services.exchange.domain.conference import Conference
from services.exchange.domain.exit import Decision, Send, Situation, Wait, Withhold
from services.exchange.domain.meeting import family_informed
from services.exchange.domain.message import (
    Message,
    MessageStatus,
    WithheldBecause,
    is_asked_again,
    is_asked_for_themselves,
    moved_on,
)
from services.exchange.domain.tasks import Task, page_of, passed_on
from services.exchange.domain.to_do import Known, is_still_to_do, rests
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.letters import (
    SUBJECT,
    Letter,
    text_for,
    text_for_who_finds_the_chair,
)
from services.exchange.handlers.recipients import Recipient, is_named_chair, recipient_of
from services.exchange.handlers.seen import advocate_for, has_open_dead_letter, offers_of
from services.exchange.handlers.sinks import Handover, Sink
from services.exchange.settings import Exchange
from services.exchange.storage import queries
from services.exchange.storage.ledger import note
from services.exchange.storage.repositories import (
    ALLOCATIONS_SEEN,
    CHILDREN,
    CONFERENCES,
    MEETINGS,
    MESSAGES,
    VIEWS_SEEN,
    VISITS_SEEN,
)

TRY_AGAIN_AFTER: Final = timedelta(minutes=5)
REST_S: Final = 60.0
"""How long nothing is tried where nobody answers: waiting for it holds up the work for later."""

_TRY_LATER: Final = frozenset({Handover.TRY_LATER, Handover.NOBODY_THERE})
_BECOMES: Final = MappingProxyType(
    {
        Handover.DONE: MessageStatus.SENT,
        Handover.REJECTED: MessageStatus.FAILED,
        Handover.LOST_SIGHT: MessageStatus.UNKNOWN,
    }
)


@dataclass(slots=True)
class SendWaiting:
    """A worker's step: sends what waits, one message a turn; one process at a time does it."""

    sink: Sink
    rest_s: float = REST_S
    _lease: Lease | None = None
    _resting_until: float = 0.0

    def __call__(self, desk: Desk[Exchange]) -> bool:
        """Send one message; return whether there was any to deal with."""
        if monotonic() < self._resting_until:
            return False
        try:
            claimed = self._claim_next(desk)
        except StoreUnavailable:
            return False
        if claimed is None:
            return False
        message_ref, letter = claimed
        if letter is not None:
            handover = self.sink.hand_over(letter)
            if handover is Handover.NOBODY_THERE:
                self._resting_until = monotonic() + self.rest_s
            channel = self.sink.channel
            desk.run(lambda work: settle(work, message_ref, handover, channel))
        return True

    def _claim_next(self, desk: Desk[Exchange]) -> tuple[UUID, Letter | None] | None:
        if not self._holds_lease(desk):
            return None
        message_ref = desk.read(queries.next_waiting)
        if message_ref is None:
            return None
        return message_ref, desk.run(lambda work: claim(work, message_ref))

    def _holds_lease(self, desk: Desk[Exchange]) -> bool:
        if self._lease is None:
            self._lease = Lease(desk.engine, "messages")
        before = self._lease.held
        if not self._lease.take():
            return False
        if not before:
            desk.run(lose_sight)
        return True


def claim(work: ExchangeWork, message_ref: UUID) -> Letter | None:
    """Decide on a message at the moment of sending; return the letter if it may leave now."""
    asked = work.get(MESSAGES, message_ref)
    if asked.status is not MessageStatus.WAITING:
        return None
    addressed = _for_who_acts_now(work, asked)
    # In whose role it was asked for stays; another advocate is the same role.
    in_role = addressed.recipient_role is asked.recipient_role
    message = addressed if in_role else asked
    recipient, decision = _decided(work, addressed)
    if isinstance(decision, Send) and recipient is not None:
        return _attempt(work, message, recipient, addressed.page)
    if isinstance(decision, Wait):
        work.save(MESSAGES, _waiting(work, message, decision))
    if isinstance(decision, Withhold):
        withheld = replace(moved_on(message, MessageStatus.WITHHELD), reason=decision.because)
        work.record(MESSAGES, withheld, "withheld")
    return None


def settle(work: ExchangeWork, message_ref: UUID, handover: Handover, channel: Channel) -> None:
    """Write down what came of an attempt; one that somebody gave up meanwhile stays given up."""
    message = work.get(MESSAGES, message_ref)
    if message.status is not MessageStatus.ATTEMPTING:
        return
    if handover in _TRY_LATER:
        again = moved_on(message, MessageStatus.WAITING)
        since = message.may_be_told_since
        if handover is Handover.NOBODY_THERE:
            since = rules.told_since(message.purpose, since, work.now)
        not_before = work.now + TRY_AGAIN_AFTER
        work.save(MESSAGES, replace(again, not_before=not_before, may_be_told_since=since))
        return
    after = replace(moved_on(message, _BECOMES[handover]), channel=channel)
    work.record(MESSAGES, after, after.status)
    if after.status is MessageStatus.SENT and after.reached_role is not None:
        note(work, after.reached_role, after.child_ref, "message", after.purpose)


def lose_sight(work: ExchangeWork) -> None:
    """Write down that nobody knows what became of the attempts that a crash left behind."""
    for message in queries.attempted(work):
        work.record(MESSAGES, moved_on(message, MessageStatus.UNKNOWN), "unknown")


def _decided(work: ExchangeWork, message: Message) -> tuple[Recipient | None, Decision]:
    """Decide; what cannot be decided for this one message must not hold up the others."""
    try:
        recipient = recipient_of(work, message)
        return recipient, rules.decide(_situation(work, message, recipient))
    except UnknownPolicy:
        return None, Withhold(WithheldBecause.NO_POLICY)
    except Unreadable:
        return None, Withhold(WithheldBecause.UNREADABLE)


def _attempt(work: ExchangeWork, message: Message, recipient: Recipient, page: str) -> Letter:
    attempt = moved_on(replace(message, reason=None), MessageStatus.ATTEMPTING)
    work.save(MESSAGES, replace(attempt, reached_role=recipient.role))
    host = work.context.public_url.rstrip("/")
    # A view is read by the chair alone: nobody stands in there (practice 14).
    is_for_chair = message.purpose is MessagePurpose.VIEW_FOR_CHAIR
    if is_for_chair and not is_named_chair(work, message, recipient):
        text = text_for_who_finds_the_chair(f"{host}/conferences/{message.meeting_ref}")
    else:
        text = text_for(message.purpose, f"{host}{page}")
    return Letter(message.message_ref, recipient.email, SUBJECT, text)


def _for_who_acts_now(work: ExchangeWork, message: Message) -> Message:
    """Turn a message for an advocate who is the child's no more to who acts for the child now."""
    if message.conference_ref is None:
        return message
    asked = Task(message.purpose, message.recipient_role, message.recipient_ref)
    task = passed_on(asked, work.find(ALLOCATIONS_SEEN, message.conference_ref))
    if task == asked:
        return message
    has_own_page = message.page != page_of(asked, message.conference_ref)
    page = message.page if has_own_page else page_of(task, message.conference_ref)
    return replace(message, recipient_role=task.role, recipient_ref=task.recipient_ref, page=page)


def _waiting(work: ExchangeWork, message: Message, wait: Wait) -> Message:
    """Return the message as it waits: a night adds to its age, what else holds it back does not."""
    since = message.may_be_told_since if wait.because is None else work.now
    return replace(message, not_before=wait.until, reason=wait.because, may_be_told_since=since)


def _situation(work: ExchangeWork, message: Message, recipient: Recipient | None) -> Situation:
    child = work.get(CHILDREN, message.child_ref)
    conference = work.find(CONFERENCES, message.conference_ref) if message.conference_ref else None
    meeting = work.find(MEETINGS, message.meeting_ref) if message.meeting_ref else None
    known = _known(work, message, conference)
    return Situation(
        now=work.now,
        happened_at=message.happened_at,
        may_be_told_since=message.may_be_told_since,
        stale_after=work.context.stale_after,
        purpose=message.purpose,
        conference_status=conference.status if conference else None,
        starts_at=conference.starts_at if conference else None,
        family_informed=meeting is not None and family_informed(meeting, work.today),
        rules=work.context.policies.for_(child.authority, work.today).messages,
        contact_stopped=child.contact_stopped,
        open_dead_letters=has_open_dead_letter(work, message.child_ref),
        child_said_no=any(offer.status is OfferStatus.DECLINED for offer in known.offers),
        offer_paused=rests(message.purpose, known)
        or any(offer.status is OfferStatus.PAUSED for offer in known.offers),
        offer_over=bool(known.offers) and all(offer.has_ended for offer in known.offers),
        to_do=is_still_to_do(message.purpose, known),
        asked_again=_is_asked_again(work, message, recipient),
        reachable=recipient is not None,
    )


def _is_asked_again(work: ExchangeWork, message: Message, recipient: Recipient | None) -> bool:
    others = work.select(MESSAGES, child_ref=message.child_ref)
    reached = recipient.role if recipient else message.recipient_role
    return is_asked_again(message, others) or is_asked_for_themselves(message, others, reached)


def _known(work: ExchangeWork, message: Message, conference: Conference | None) -> Known:
    """Gather what is known now of what a message is about."""
    visit = work.find(VISITS_SEEN, message.about_ref) if message.about_ref else None
    view = work.find(VIEWS_SEEN, message.about_ref) if message.about_ref else None
    if conference is None:
        return Known(
            asked_at=message.happened_at, asked_ref=message.recipient_ref, visit=visit, view=view
        )
    return Known(
        asked_at=message.happened_at,
        asked_ref=message.recipient_ref,
        conference_status=conference.status,
        conference_version=conference.version,
        offers=offers_of(work, conference.conference_ref),
        advocate_ref=advocate_for(work, conference.conference_ref),
        visit=visit,
        view=view,
    )
