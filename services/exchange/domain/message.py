"""A message that asks a person to act: what it is for, whom it is for, and how it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.contracts.codes import Channel, MessagePurpose, Role


class MessageStatus(StrEnum):
    """How a message stands: an attempt is written down before it is made, so none is made twice."""

    WAITING = "waiting"
    ATTEMPTING = "attempting"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"
    UNKNOWN = "unknown"


_WAITING, _ATTEMPTING = MessageStatus.WAITING, MessageStatus.ATTEMPTING

TRANSITIONS: Final[Mapping[MessageStatus, frozenset[MessageStatus]]] = MappingProxyType(
    {
        _WAITING: frozenset({_WAITING, _ATTEMPTING, MessageStatus.WITHHELD, MessageStatus.UNKNOWN}),
        _ATTEMPTING: frozenset(
            {MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.UNKNOWN, _WAITING}
        ),
        MessageStatus.SENT: frozenset(),
        MessageStatus.FAILED: frozenset(),
        MessageStatus.WITHHELD: frozenset(),
        MessageStatus.UNKNOWN: frozenset(),
    }
)
"""What was sent, withheld or lost sight of is never tried again. Only an attempt that certainly
never left, because nobody answered, goes back to waiting. What waits again after an older copy was
put back may have left before: a person says so."""


_SAID_NOTHING: Final = frozenset({MessageStatus.WITHHELD, MessageStatus.FAILED})


class WithheldBecause(StrEnum):
    """Why a message was held back; the reason stays here, the bus only hears that it was.

    `task-over`: what it asks for was done, or is no more to be done. `asked-again`: a newer message
    asks the same of the same person.
    """

    CONTACT_STOPPED = "contact-stopped"
    OPEN_DEAD_LETTER = "open-dead-letter"
    CHILD_SAID_NO = "child-said-no"
    OFFER_PAUSED = "offer-paused"
    OFFER_OVER = "offer-over"
    CONFERENCE_OVER = "conference-over"
    CONFERENCE_CANCELLED = "conference-cancelled"
    TASK_OVER = "task-over"
    ASKED_AGAIN = "asked-again"
    FAMILY_NOT_INFORMED = "family-not-informed"
    STALE = "stale"
    NOBODY_TO_WRITE_TO = "nobody-to-write-to"
    NO_POLICY = "no-policy"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `page` is the path of the page it points to, `happened_at` the event's time.

    `recipient_role` is whom it is for; `reached_role` whom it went to, when nobody could be
    reached there, or that one is the child's advocate no more, and somebody else was asked to see
    to it. `about_ref` is the visit or the view it
    is about. `may_be_told_since` is when something other than the hour last held it back.
    """

    message_ref: UUID
    child_ref: UUID
    conference_ref: UUID | None
    meeting_ref: UUID | None
    purpose: MessagePurpose
    recipient_role: Role
    recipient_ref: UUID | None
    page: str
    happened_at: datetime
    not_before: datetime
    status: MessageStatus = MessageStatus.WAITING
    reached_role: Role | None = None
    channel: Channel = Channel.NONE
    reason: WithheldBecause | None = None
    about_ref: UUID | None = None
    may_be_told_since: datetime | None = None
    version: int = 0


def moved_on(message: Message, status: MessageStatus) -> Message:
    """Return the message in its next status.

    Raises:
        ValueError: nothing leads there from where it is; whoever asked has lost the thread.
    """
    if status not in TRANSITIONS[message.status]:
        problem = f"a message that is {message.status} never becomes {status}"
        raise ValueError(problem)
    return replace(message, status=status)


def is_asked_again(message: Message, others: Iterable[Message]) -> bool:
    """Whether a newer message, unless it was held back or failed, asks the same (practice 11)."""
    return any(_asked(other) == _asked(message) and _follows(other, message) for other in others)


def is_asked_for_themselves(message: Message, others: Iterable[Message], reached: Role) -> bool:
    """Whether who would stand in for somebody is asked the same in their own role: once is enough.

    Args:
        reached: the role of whoever the message would go to.
    """
    if reached is message.recipient_role:
        return False
    same = (message.conference_ref, message.purpose, message.about_ref, message.happened_at)
    return any(
        other.recipient_role is reached
        and other.status not in _SAID_NOTHING
        and (other.conference_ref, other.purpose, other.about_ref, other.happened_at) == same
        for other in others
    )


def _asked(message: Message) -> tuple[object, ...]:
    whom = (message.recipient_role, message.recipient_ref)
    return (message.conference_ref, message.purpose, *whom, message.about_ref)


def _follows(other: Message, message: Message) -> bool:
    if other.happened_at == message.happened_at:
        # Of two that wait and came about at one instant, one is enough.
        is_waiting = other.status is MessageStatus.WAITING
        return is_waiting and other.message_ref > message.message_ref
    return other.happened_at > message.happened_at and other.status not in _SAID_NOTHING
