"""Writes down who is to be asked to act when something happened; nothing is sent from here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.chassis.envelope import Happened
from services.contracts.codes import MessagePurpose, VisitKind
from services.contracts.exchange_events import ConferenceState
from services.contracts.feedback_events import ChildViewState
from services.contracts.referral_events import AllocationState, OfferState
from services.contracts.scheduling_events import ReminderState, VisitState
from services.exchange.domain import tasks
from services.exchange.domain.message import Message, MessageStatus
from services.exchange.domain.tasks import Escalated, Replanned, Task, page_of
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.seen import (
    advocate_for,
    note_view,
    note_visit,
    remember_allocation,
    remember_offer,
    remember_visit,
)
from services.exchange.storage import queries
from services.exchange.storage.repositories import CONFERENCES, MESSAGES, OFFERS_SEEN


def on_offer_made(work: ExchangeWork, event: Happened[OfferState]) -> None:
    remember_offer(work, event)
    offer = event.data
    wanted = tasks.on_offer_made(offer.rung_role, offer.permission)
    _ask(work, event.time, offer.conference_ref, wanted)


def on_offer_reopened(work: ExchangeWork, event: Happened[OfferState]) -> None:
    remember_offer(work, event)
    offer = event.data
    wanted = tasks.on_offer_reopened(offer.rung_role, offer.permission, offer.status, offer.told)
    _ask(work, event.time, offer.conference_ref, wanted)


def on_offer_overdue(work: ExchangeWork, event: Happened[OfferState]) -> None:
    remember_offer(work, event)
    wanted = tasks.on_offer_overdue(event.data.rung_role)
    _ask(work, event.time, event.data.conference_ref, wanted)


def on_offer_escalated(work: ExchangeWork, event: Happened[OfferState]) -> None:
    offer = event.data
    before = work.find(OFFERS_SEEN, offer.offer_ref)
    climbed = offer.rung != (before.rung if before else 0)
    remember_offer(work, event)
    lacking = Escalated(
        offer.status, offer.objection, offer.heard_directly, offer.rung_role, climbed
    )
    wanted = tasks.on_offer_escalated(lacking)
    _ask(work, event.time, offer.conference_ref, wanted)


def on_offer_declined(work: ExchangeWork, event: Happened[OfferState]) -> None:
    remember_offer(work, event)
    offer = event.data
    advocate = advocate_for(work, offer.conference_ref)
    wanted = tasks.on_offer_declined(offer.heard_directly, advocate)
    _ask(work, event.time, offer.conference_ref, wanted)


def on_offer_objected(work: ExchangeWork, event: Happened[OfferState]) -> None:
    remember_offer(work, event)
    offer = event.data
    policy = work.context.policies.for_(offer.authority, work.today)
    wanted = tasks.on_offer_objected(policy.objection_check.by)
    _ask(work, event.time, offer.conference_ref, wanted)


def on_allocated(work: ExchangeWork, event: Happened[AllocationState]) -> None:
    remember_allocation(work, event)
    wanted = tasks.on_allocated(event.data.advocate_ref)
    _ask(work, event.time, event.data.conference_ref, wanted)


def on_unmet(work: ExchangeWork, event: Happened[AllocationState]) -> None:
    remember_allocation(work, event)
    allocation = event.data
    wanted = tasks.on_unmet(allocation.attempts, alarmed=allocation.alarmed)
    _ask(work, event.time, allocation.conference_ref, wanted)


def on_reminder(work: ExchangeWork, event: Happened[ReminderState]) -> None:
    reminder = event.data
    wanted = tasks.on_reminder(reminder.about, reminder.recipient_role, reminder.recipient_ref)
    about = _About(reminder.visit_ref)
    _ask(work, event.time, reminder.conference_ref, wanted, about)


def on_visit_overdue(work: ExchangeWork, event: Happened[VisitState]) -> None:
    visit = event.data
    note_visit(work, visit)
    wanted = tasks.on_visit_overdue(visit.advocate_ref)
    _ask(work, event.time, visit.conference_ref, wanted, _About(visit.visit_ref))


def on_visit_planned(work: ExchangeWork, event: Happened[VisitState]) -> None:
    visit = event.data
    if visit.kind is not VisitKind.CLOSING:
        on_visit_moved(work, event)
        return
    note_visit(work, visit)
    wanted = tasks.on_closing_visit(visit.advocate_ref)
    _ask(work, event.time, visit.conference_ref, wanted, _About(visit.visit_ref))


def on_visit_moved(work: ExchangeWork, event: Happened[VisitState]) -> None:
    visit = event.data
    wanted = tasks.on_visit_replanned(Replanned(visit.status, visit.reason, visit.advocate_ref))
    if not wanted:
        remember_visit(work, event)
        return
    note_visit(work, visit)
    _ask(work, event.time, visit.conference_ref, wanted, _About(visit.visit_ref))


def on_conference_cancelled(work: ExchangeWork, event: Happened[ConferenceState]) -> None:
    conference = event.data
    wanted = tasks.on_conference_cancelled(conference.cancelled_because)
    _ask(work, event.time, conference.conference_ref, wanted)


def on_view_shared(work: ExchangeWork, event: Happened[ChildViewState]) -> None:
    view = event.data
    note_view(work, view)
    _ask(work, event.time, view.conference_ref, tasks.on_view_shared(), _of_view(view.view_ref))


def on_view_answered(work: ExchangeWork, event: Happened[ChildViewState]) -> None:
    view = event.data
    note_view(work, view)
    wanted = tasks.on_view_answered(advocate_for(work, view.conference_ref))
    _ask(work, event.time, view.conference_ref, wanted, _of_view(view.view_ref))


def ask_the_new_chair(work: ExchangeWork, meeting_ref: UUID) -> None:
    """Ask who leads the meeting from now on to read what the one before was asked to read."""
    asked = {
        message.about_ref: message
        for message in work.select(MESSAGES, meeting_ref=meeting_ref)
        if message.purpose is MessagePurpose.VIEW_FOR_CHAIR
    }
    for view_ref, former in asked.items():
        again = Message(
            message_ref=work.new_ref("message", former.purpose, view_ref),
            child_ref=former.child_ref,
            conference_ref=former.conference_ref,
            meeting_ref=meeting_ref,
            purpose=former.purpose,
            recipient_role=former.recipient_role,
            recipient_ref=former.recipient_ref,
            page=former.page,
            happened_at=work.now,
            not_before=work.now,
            about_ref=view_ref,
        )
        work.save(MESSAGES, again)


def message_standing(work: ExchangeWork) -> dict[str, float]:
    """Count the messages that wait or failed, and the age in seconds of the oldest that waits."""
    counts = queries.message_counts(work)
    waiting, since = counts.get(MessageStatus.WAITING, (0, work.now))
    failed, _ = counts.get(MessageStatus.FAILED, (0, work.now))
    age = max(0.0, (work.now - since).total_seconds())
    return {"waiting": waiting, "oldest_s": round(age, 1), "failed": failed}


@dataclass(frozen=True, slots=True)
class _About:
    """The visit or the view a message is about, and the page for it, if it has one of its own."""

    ref: UUID | None = None
    page: str | None = None


_NOTHING: Final = _About()


def _of_view(view_ref: UUID) -> _About:
    return _About(view_ref, f"/views/{view_ref}")


def _ask(
    work: ExchangeWork,
    happened_at: datetime,
    conference_ref: UUID,
    wanted: Iterable[Task],
    about: _About = _NOTHING,
) -> None:
    """Write the messages down; each has its reference from the event, so that none is made twice.

    Raises:
        NotYet: the conference is not known here yet.
    """
    conference = work.get(CONFERENCES, conference_ref)
    for task in wanted:
        message = Message(
            message_ref=work.new_ref("message", task.purpose, task.role),
            child_ref=conference.child_ref,
            conference_ref=conference_ref,
            meeting_ref=conference.meeting_ref,
            purpose=task.purpose,
            recipient_role=task.role,
            recipient_ref=task.recipient_ref,
            page=about.page or page_of(task, conference_ref),
            happened_at=happened_at,
            not_before=work.now,
            about_ref=about.ref,
        )
        work.save(MESSAGES, message)
