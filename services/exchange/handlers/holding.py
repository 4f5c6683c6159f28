"""Holds back every message after an older copy was put back, until a person has looked.

What left after the copy was made is forgotten with everything else of that time, and what fell due
since falls due anew: sent by itself it would reach people twice (practice 11).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from services.chassis.errors import Refused
from services.exchange.domain import exit as rules
from services.exchange.domain.hold import MESSAGES_HELD, Hold
from services.exchange.domain.message import Message, MessageStatus, moved_on
from services.exchange.handlers.context import ExchangeWork
from services.exchange.storage import queries
from services.exchange.storage.repositories import HOLDS, MESSAGES


def hold(work: ExchangeWork) -> None:
    """Let nothing leave until a person says so."""
    held = work.find(HOLDS, MESSAGES_HELD) or Hold(MESSAGES_HELD, None)
    work.save(HOLDS, replace(held, since=work.now))


def release(work: ExchangeWork) -> int:
    """Let what waits leave by the usual rules; returns how many wait.

    That they were held makes them no older, but what presses at its hour has had its hour.
    """
    held = work.find(HOLDS, MESSAGES_HELD)
    if held is None or held.since is None:
        raise Refused("not-held", "nothing is held back: messages leave by themselves")
    work.save(HOLDS, replace(held, since=None))
    waiting = queries.waiting(work)
    for message in waiting:
        since = rules.told_since(message.purpose, message.may_be_told_since, work.now)
        work.save(MESSAGES, replace(message, may_be_told_since=since))
    return len(waiting)


def drop(work: ExchangeWork, refs: Collection[UUID]) -> Sequence[Message]:
    """Write down of waiting messages that they may have left already: they are never sent.

    Raises:
        Refused: one of them does not wait; nothing is changed.
    """
    waiting = {message.message_ref: message for message in queries.waiting(work)}
    if unknown := [ref for ref in refs if ref not in waiting]:
        raise Refused("not-waiting", f"no message {unknown[0]} waits to be sent")
    dropped = [waiting[ref] for ref in dict.fromkeys(refs)]
    for message in dropped:
        work.record(MESSAGES, moved_on(message, MessageStatus.UNKNOWN), "unknown")
    return dropped
