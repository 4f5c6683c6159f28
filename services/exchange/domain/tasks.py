"""Turns what happened into messages: who is asked to do what when somebody has to act."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.contracts.codes import (
    CancelledBecause,
    MessagePurpose,
    Objection,
    OfferStatus,
    Permission,
    ReminderAbout,
    Role,
    Told,
    VisitReason,
    VisitStatus,
)
from services.exchange.domain.seen import AllocationSeen

A_PERSON_DECIDES: Final = frozenset(
    {
        CancelledBecause.PROCEEDINGS,
        CancelledBecause.EMERGENCY_PROTECTION,
        CancelledBecause.LOOKED_AFTER,
    }
)
"""After these a person decides, with the child, how advocacy goes on (practice 8)."""


@dataclass(frozen=True, slots=True)
class Task:
    """One person to be asked to act: by function, and by reference where it is known."""

    purpose: MessagePurpose
    role: Role
    recipient_ref: UUID | None = None


def on_offer_made(rung_role: Role | None, permission: Permission) -> tuple[Task, ...]:
    """Ask whose turn it is to tell the child; a place that needs a permission asks for that."""
    wanted = permission is Permission.WANTED
    purpose = MessagePurpose.PERMISSION_WANTED if wanted else MessagePurpose.EXPLAIN_OFFER
    return (Task(purpose, rung_role or Role.SOCIAL_WORKER),)


def on_offer_reopened(
    rung_role: Role | None, permission: Permission, status: OfferStatus, told: Told
) -> tuple[Task, ...]:
    """Ask again for what the end of the offer silenced, unless the child knows of it."""
    if status is not OfferStatus.STANDING or told is not Told.NOT_KNOWN:
        return ()
    return on_offer_made(rung_role, permission)


def on_offer_overdue(rung_role: Role | None) -> tuple[Task, ...]:
    """Remind whose turn it was."""
    return (Task(MessagePurpose.EXPLAIN_OVERDUE, rung_role or Role.SOCIAL_WORKER),)


@dataclass(frozen=True, slots=True)
class Escalated:
    """What an escalated offer lacks: its status, who is turned to, and whether a rung was climbed.

    A no, a pause and another's no are escalated as well, by clocks of their own.
    """

    status: OfferStatus
    objection: Objection
    heard_directly: bool | None
    rung_role: Role | None
    climbed: bool


def on_offer_escalated(offer: Escalated) -> tuple[Task, ...]:
    """Turn to the next role; the last rung is an act of the provider (practice 5).

    A no that was only reported is confirmed with the child, another's no is checked with the child,
    and where court or care took over the social worker is asked for a decision.
    """
    role = offer.rung_role or Role.SAFEGUARDING_SERVICE
    if offer.status is OfferStatus.DECLINED and offer.heard_directly is False:
        return (Task(MessagePurpose.CONFIRM_NO, role),)
    if _is_about_an_objection(offer):
        return (Task(MessagePurpose.CHECK_OBJECTION, role),)
    if offer.status is OfferStatus.PAUSED:
        return (Task(MessagePurpose.CONTINUE_DECISION, role),)
    if role is Role.ADVOCACY_PROVIDER:
        return (Task(MessagePurpose.INDEPENDENT_CONTACT, role),)
    return (Task(MessagePurpose.OFFER_ESCALATED, role),)


def _is_about_an_objection(offer: Escalated) -> bool:
    """Whether another's no is asked about; beside it the ladder and a decision may be due too.

    Rungs are climbed while nobody told the child, and only a social worker is asked to decide.
    """
    on_the_ladder = offer.status is OfferStatus.STANDING and offer.climbed
    to_decide = offer.status is OfferStatus.PAUSED and offer.rung_role is Role.SOCIAL_WORKER
    return offer.objection is Objection.OPEN and not on_the_ladder and not to_decide


def on_offer_declined(heard_directly: bool | None, advocate: UUID | None) -> tuple[Task, ...]:  # noqa: FBT001 - the event's own field
    """Have a no that was not heard from the child confirmed by who acts only for the child."""
    return () if heard_directly else (_for_the_child(MessagePurpose.CONFIRM_NO, advocate),)


def on_offer_objected(checked_by: Role) -> tuple[Task, ...]:
    """Have somebody independent ask the child: someone else's no stops nothing (practice 1)."""
    return (Task(MessagePurpose.CHECK_OBJECTION, checked_by),)


def on_allocated(advocate: UUID | None) -> tuple[Task, ...]:
    """Tell the advocate."""
    return (_for_the_child(MessagePurpose.ADVOCATE_ALLOCATED, advocate),)


def on_unmet(attempts: int, *, alarmed: bool) -> tuple[Task, ...]:
    """Alarm who can find room, and the provider: at the first failure and at the alarm only."""
    if attempts > 1 and not alarmed:
        return ()
    return (
        Task(MessagePurpose.ADVOCATE_UNMET, Role.SAFEGUARDING_SERVICE),
        Task(MessagePurpose.ADVOCATE_UNMET, Role.ADVOCACY_PROVIDER),
    )


def on_reminder(about: ReminderAbout, role: Role, recipient: UUID | None) -> tuple[Task, ...]:
    """Pass the reminder on."""
    purpose = (
        MessagePurpose.VISIT_REMINDER
        if about is ReminderAbout.VISIT
        else MessagePurpose.CONFERENCE_REMINDER
    )
    return (Task(purpose, role, recipient),)


@dataclass(frozen=True, slots=True)
class Replanned:
    """A visit that was moved or planned again: only a time that is gone leaves a reason."""

    status: VisitStatus
    reason: VisitReason | None
    advocate: UUID | None


def on_visit_overdue(advocate: UUID | None) -> tuple[Task, ...]:
    """Ask after a visit whose day has passed."""
    return (_for_the_child(MessagePurpose.VISIT_OVERDUE, advocate),)


def on_visit_replanned(visit: Replanned) -> tuple[Task, ...]:
    """Tell the advocate that a time agreed with the child is gone; the visit says why."""
    is_gone = visit.status is VisitStatus.PLANNED and visit.reason is not None
    return (_for_the_child(MessagePurpose.VISIT_REPLANNED, visit.advocate),) if is_gone else ()


def on_closing_visit(advocate: UUID | None) -> tuple[Task, ...]:
    """Ask for the one closing contact that ends a relationship well (practice 8)."""
    return (_for_the_child(MessagePurpose.CLOSING_CONTACT, advocate),)


def on_conference_cancelled(because: CancelledBecause | None) -> tuple[Task, ...]:
    """Ask for a decision where the conference gave way to court or care."""
    if because not in A_PERSON_DECIDES:
        return ()
    return (Task(MessagePurpose.CONTINUE_DECISION, Role.SOCIAL_WORKER),)


def on_view_shared() -> tuple[Task, ...]:
    """Bring a child's view to the chair."""
    return (Task(MessagePurpose.VIEW_FOR_CHAIR, Role.CONFERENCE_CHAIR),)


def on_view_answered(advocate: UUID | None) -> tuple[Task, ...]:
    """Have the child told what became of their view."""
    return (_for_the_child(MessagePurpose.TELL_CHILD_ANSWER, advocate),)


def passed_on(task: Task, seen: AllocationSeen | None) -> Task:
    """Turn from an advocate who is the child's no more to who acts for the child now (practice 18).

    That somebody was allocated is for themselves to hear, or for nobody.
    """
    if seen is None or task.recipient_ref not in seen.parted:
        return task
    if task.purpose is MessagePurpose.ADVOCATE_ALLOCATED:
        return task
    return _for_the_child(task.purpose, seen.advocate_ref)


def page_of(task: Task, conference_ref: UUID) -> str:
    """Return the path of the page where the task can be seen to."""
    if task.role is Role.ADVOCATE and task.purpose is not MessagePurpose.CONFIRM_NO:
        return f"/advocates/{task.recipient_ref}/diary"
    return f"/stories/{conference_ref}"


def _for_the_child(purpose: MessagePurpose, advocate: UUID | None) -> Task:
    """Turn to the child's advocate, or to the provider where there is none yet."""
    if advocate is None:
        return Task(purpose, Role.ADVOCACY_PROVIDER)
    return Task(purpose, Role.ADVOCATE, advocate)
