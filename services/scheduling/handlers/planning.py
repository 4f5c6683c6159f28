"""Brings the visits and reminders of one offer in line with what is known now."""

from dataclasses import replace
from uuid import UUID

from services.chassis.work import Work
from services.contracts.codes import ReminderStatus
from services.scheduling.domain import plan, reminder, revision
from services.scheduling.domain.case import Case, Place
from services.scheduling.domain.facts import Conference, Offer
from services.scheduling.domain.plan import Wanted
from services.scheduling.domain.reminder import Reminder, WantedReminder
from services.scheduling.domain.revision import Change
from services.scheduling.domain.visit import Visit
from services.scheduling.settings import Scheduling
from services.scheduling.storage.repositories import CONFERENCES, OFFERS, REMINDERS, VISITS


def replan_conference(work: Work[Scheduling], conference: Conference) -> None:
    """Replan every offer for this conference."""
    for offer in work.select(OFFERS, conference_ref=conference.conference_ref):
        replan(work, conference, offer)


def replan_child(work: Work[Scheduling], child_ref: UUID) -> None:
    """Replan every conference of a child, those that were held too."""
    for conference in work.select(CONFERENCES, child_ref=child_ref):
        replan_conference(work, conference)


def replan(work: Work[Scheduling], conference: Conference, offer: Offer) -> None:
    """Plan what is missing, change what no longer fits, stop what is not to be."""
    case = case_of(work, conference, offer)
    place = place_of(work, offer)
    for change in revision.revised(case, place):
        _record(work, change)
    for wanted in plan.wanted_visits(case, place):
        _plan(work, case, wanted)
    _remind(work, case, place)


def case_of(work: Work[Scheduling], conference: Conference, offer: Offer) -> Case:
    """Return what is known of one child's conference, the offer for it and its visits."""
    visits = tuple(work.select(VISITS, offer_ref=offer.offer_ref))
    theirs = work.select(CONFERENCES, child_ref=conference.child_ref)
    died = any(each.says_child_died for each in theirs)
    return Case(conference, offer, visits, child_died=died)


def place_of(work: Work[Scheduling], offer: Offer) -> Place:
    """Return the rules that an offer was made under: they hold for its visits until its end."""
    policy = work.context.policies.named(offer.policy)
    return Place(policy, work.context.policies.calendar(policy), work.now)


def _record(work: Work[Scheduling], change: Change) -> None:
    changed = replace(change.visit, changed_at=work.now)
    if change.verb is None:
        work.save(VISITS, changed)
    else:
        work.record(VISITS, changed, change.verb)


def _plan(work: Work[Scheduling], case: Case, wanted: Wanted) -> None:
    conference, offer = case.conference, case.offer
    planned = Visit(
        visit_ref=work.new_ref("visit", offer.offer_ref, wanted.kind),
        child_ref=offer.child_ref,
        conference_ref=conference.conference_ref,
        offer_ref=offer.offer_ref,
        authority=conference.authority,
        kind=wanted.kind,
        conference_version=conference.as_of,
        due_on=wanted.due_on,
        changed_at=work.now,
        advocate_ref=wanted.advocate_ref,
        conference_on=conference.expected.on,
        conference_at=conference.expected.at,
    )
    work.record(VISITS, planned, "planned")


def _remind(work: Work[Scheduling], case: Case, place: Place) -> None:
    there = tuple(work.select(REMINDERS, offer_ref=case.offer.offer_ref))
    for changed in reminder.fitted(case, place, there):
        if changed.status is ReminderStatus.CANCELLED:
            work.record(REMINDERS, changed, "cancelled")
        else:
            work.save(REMINDERS, changed)
    for wanted in reminder.missing(case, place, there):
        work.save(REMINDERS, _planned(work, case, wanted))


def _planned(work: Work[Scheduling], case: Case, wanted: WantedReminder) -> Reminder:
    lead, role = wanted.due.lead_working_days, wanted.recipient_role
    return Reminder(
        reminder_ref=work.new_ref("reminder", case.offer.offer_ref, lead, role),
        child_ref=case.offer.child_ref,
        conference_ref=case.conference.conference_ref,
        offer_ref=case.offer.offer_ref,
        conference_at=case.conference.starts_at,
        lead_working_days=lead,
        recipient_role=role,
        due_at=wanted.due.due_at,
        useful_until=wanted.due.useful_until,
        recipient_ref=wanted.recipient_ref,
    )
