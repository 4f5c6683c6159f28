"""What scheduling does with the news of other services: keep it, then replan.

An older state never replaces a newer one, and a conference or an offer that is not known yet is
waited for.
"""

from dataclasses import replace
from typing import TypeAlias

from services.chassis.envelope import Happened
from services.chassis.work import Work
from services.contracts import exchange_events, referral_events
from services.contracts.local_time import london_date
from services.scheduling.domain.allocation import with_allocation
from services.scheduling.domain.facts import Allocation, Conference, Offer
from services.scheduling.handlers.planning import replan, replan_child, replan_conference
from services.scheduling.settings import Scheduling
from services.scheduling.storage.repositories import CONFERENCES, OFFERS

ConferenceNews: TypeAlias = Happened[exchange_events.ConferenceState]
OfferNews: TypeAlias = Happened[referral_events.OfferState]
AllocationNews: TypeAlias = Happened[referral_events.AllocationState]


def on_conference_news(work: Work[Scheduling], event: ConferenceNews) -> None:
    """Follow a conference: scheduled, moved, put off, held or gone."""
    known = work.find(CONFERENCES, event.data.conference_ref)
    if known is not None and known.as_of >= event.data.version:
        return
    conference = work.save(CONFERENCES, _conference(event, known))
    if conference.says_child_died or (known is not None and known.says_child_died):
        replan_child(work, conference.child_ref)
    else:
        replan_conference(work, conference)


def on_offer_news(work: Work[Scheduling], event: OfferNews) -> None:
    """Follow an offer: what the child answers, and what becomes of it."""
    conference = work.get(CONFERENCES, event.data.conference_ref)
    known = work.find(OFFERS, event.data.offer_ref)
    if known is not None and known.as_of >= event.data.version:
        return
    replan(work, conference, work.save(OFFERS, _offer(event.data, known)))


def on_allocation_news(work: Work[Scheduling], event: AllocationNews) -> None:
    """Follow who the child's advocate is."""
    conference = work.get(CONFERENCES, event.data.conference_ref)
    known = work.get(OFFERS, event.data.offer_ref)
    offer = with_allocation(known, _allocation(event))
    if offer != known:
        replan(work, conference, work.save(OFFERS, offer))


def _conference(event: ConferenceNews, known: Conference | None) -> Conference:
    said, session = event.data, event.data.participation
    conference = Conference(
        conference_ref=said.conference_ref,
        child_ref=said.child_ref,
        authority=said.authority,
        status=said.status,
        starts_at=said.starts_at,
        as_of=said.version,
        changed_at=event.time,
        ends_at=said.ends_at,
        reconvenes_on=said.reconvenes_on,
        cancelled_because=said.cancelled_because,
        held_at=said.held_at,
        advocate_present=session.advocate_present if session else None,
        session_on=session.session_on if session else None,
        first_sat_on=known.first_sat_on if known else None,
        version=known.version if known else 0,
    )
    if (
        known is None
        or known.first_sat_on
        or not conference.was_broken_off(known.status, event.time)
    ):
        return conference
    return replace(conference, first_sat_on=london_date(conference.starts_at))


def _offer(said: referral_events.OfferState, known: Offer | None) -> Offer:
    state = Offer(
        offer_ref=said.offer_ref,
        child_ref=said.child_ref,
        conference_ref=said.conference_ref,
        policy=said.policy,
        status=said.status,
        told=said.told,
        as_of=said.version,
        ended_because=said.stopped_because or said.withdrawn_because,
        lapsed_because=said.lapsed_because,
    )
    if known is None:
        return state
    return replace(
        state,
        allocation_ref=known.allocation_ref,
        allocation_as_of=known.allocation_as_of,
        allocated_on=known.allocated_on,
        advocate_ref=known.advocate_ref,
        last_advocate_ref=known.last_advocate_ref,
        version=known.version,
    )


def _allocation(event: AllocationNews) -> Allocation:
    return Allocation(
        allocation_ref=event.data.allocation_ref,
        as_of=event.data.version,
        status=event.data.status,
        advocate_ref=event.data.advocate_ref,
        on=london_date(event.time),
    )
