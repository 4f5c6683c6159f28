"""Says of a meeting that was taken in what is still missing before anybody can be written to."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from services.chassis.policies import UnknownPolicy
from services.chassis.vault import Unreadable
from services.contracts.codes import Role
from services.contracts.policy import Policy
from services.exchange.domain.intake import Fault
from services.exchange.domain.meeting import Meeting, family_informed
from services.exchange.domain.message import WithheldBecause
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.intake import Taken
from services.exchange.handlers.recipients import recipient_of
from services.exchange.storage.repositories import MEETINGS


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whom a message about a child would go to."""

    child_ref: UUID
    meeting_ref: UUID
    recipient_role: Role
    recipient_ref: None = None


def lacking(work: ExchangeWork, taken: Taken) -> Iterator[Fault]:
    """Say, by the codes of a message held back, why none would leave as things stand.

    Of a meeting whose time has come nothing is said: it is counted, and nobody is written to.
    """
    meeting = work.get(MEETINGS, taken.meeting_ref)
    if meeting.starts_at <= work.now:
        return
    policy = _policy(work, meeting)
    if policy is None:
        # Of what was taken in before its policy ended; a new one would have been refused.
        yield Fault("authority", WithheldBecause.NO_POLICY, "No policy covers the authority today.")
        return
    yield from family_not_informed(work, meeting)
    yield from _nobody_to_tell_the_child(work, meeting, taken, policy)


def family_not_informed(work: ExchangeWork, meeting: Meeting) -> Iterator[Fault]:
    """Say that nobody is written to until the family is known to have been informed."""
    policy = _policy(work, meeting)
    if policy is None or policy.messages.before_family_informed or meeting.starts_at <= work.now:
        return
    if not family_informed(meeting, work.today):
        yield Fault(
            "family_informed_on",
            WithheldBecause.FAMILY_NOT_INFORMED,
            "It is not known that the family was informed: until `family_informed_on` is given, "
            "what may not leave before then waits.",
        )


def nobody_to_tell(work: ExchangeWork, meeting: Meeting, child_ref: UUID) -> bool:
    """Whether nobody can be asked to tell this child of the offer, as far as is known."""
    policy = _policy(work, meeting)
    if policy is None or meeting.starts_at <= work.now:
        return False
    return not _reaches(work, _Asked(child_ref, meeting.meeting_ref, policy.explain.by))


def _policy(work: ExchangeWork, meeting: Meeting) -> Policy | None:
    try:
        return work.context.policies.for_(meeting.authority, work.today)
    except UnknownPolicy:
        return None


def _nobody_to_tell_the_child(
    work: ExchangeWork, meeting: Meeting, taken: Taken, policy: Policy
) -> Iterator[Fault]:
    role = policy.explain.by
    for place, child in enumerate(taken.children):
        if nobody_to_tell(work, meeting, child.child_ref):
            yield Fault(
                "social_worker",
                WithheldBecause.NOBODY_TO_WRITE_TO,
                f"Nobody to write to is known as the {role.replace('-', ' ')} "
                "who tells the child of the offer, nor who stands in. Give the child's social "
                "worker with an e-mail address, or add a person for the authority.",
                place,
            )


def _reaches(work: ExchangeWork, asked: _Asked) -> bool:
    try:
        return recipient_of(work, asked) is not None
    except Unreadable:
        # What no key opens any more reaches nobody; the exit holds such a message back too.
        return False
