"""Keeps every child's search for an advocate in step with the offer, and room in use."""

from dataclasses import replace
from uuid import UUID

from services.chassis.aggregates import Due
from services.chassis.work import Work
from services.contracts.codes import Permission, UnmetBecause
from services.referral.domain import allocation as rules
from services.referral.domain.advocate import LAPSES, barrier, is_independent
from services.referral.domain.allocation import Allocation, Step
from services.referral.domain.matching import Candidate, Match, Seeker, has_room, match
from services.referral.domain.offer import Offer
from services.referral.domain.seeking import needed_until, seeker, wants_advocate
from services.referral.handlers.granting import granted
from services.referral.handlers.places import place_of
from services.referral.settings import Referral
from services.referral.storage.repositories import (
    ADVOCATES,
    ALLOCATIONS,
    CASELOADS,
    CONFERENCES,
    OFFERS,
    allocation_of,
    allocations_of,
    candidate,
    candidates,
    caseload_of,
    has_child,
    waiting_in,
)


def keep_in_step(work: Work[Referral], offer: Offer) -> None:
    """Let the search follow the offer: begin, go on, or end."""
    if not offer.is_live or offer.permission is Permission.REFUSED:
        let_go(work, offer)
    else:
        seek(work, offer)


def seek(work: Work[Referral], offer: Offer) -> None:
    """Look for an advocate, where the child is to have one and has none who may be theirs."""
    current = allocation_of(work, offer)
    if current is not None and current.is_bound:
        reconsider(work, current)
    elif _is_wanted(work, offer):
        search = current or open_search(work, offer)
        starts_at = work.get(CONFERENCES, offer.conference_ref).starts_at
        timed = rules.with_alarm(search, starts_at, place_of(work, offer), work.now)
        known = candidates(work, offer.authority, offer.child_ref)
        outcome = match(seeker_for(work, offer), known)
        _note(work, timed, outcome)


def reconsider(work: Work[Referral], bond: Allocation) -> None:
    """End a bond that hard rules now forbid; without independence, as a conflict.

    Checks and training are needed until the conference has sat. What is left then, a person
    decides: nobody is sought by itself for a child whose conference is over.
    """
    if bond.advocate_ref is None:
        return
    advocate = work.get(ADVOCATES, bond.advocate_ref)
    conference = work.get(CONFERENCES, bond.conference_ref)
    until = needed_until(conference, work.today)
    barred = barrier(advocate, bond.child_ref, bond.authority, until)
    if not is_independent(advocate, bond.child_ref):
        end_bond(work, bond, Step.CONFLICT_FOUND, not_again=True)
    elif barred is not None and (conference.is_to_come(work.now) or barred not in LAPSES):
        end_bond(work, bond, Step.RELEASED)


def open_search(work: Work[Referral], offer: Offer) -> Allocation:
    """Begin a search; each of an offer has a reference of its own."""
    conference = work.get(CONFERENCES, offer.conference_ref)
    number = len(allocations_of(work, offer))
    return rules.opened(offer, conference, work.new_ref("allocation", offer.offer_ref, number))


def seeker_for(work: Work[Referral], offer: Offer) -> Seeker:
    """Say what to look for on behalf of a child."""
    conference = work.get(CONFERENCES, offer.conference_ref)
    of_the_child = work.select(ALLOCATIONS, child_ref=offer.child_ref)
    return seeker(offer, conference, of_the_child, work.today)


def _note(work: Work[Referral], search: Allocation, outcome: Match | UnmetBecause) -> None:
    """Write down what a search came to; the same lack is not said twice."""
    if isinstance(outcome, Match):
        bind(work, search, outcome)
    elif search.sought_in is None or search.unmet_because is not outcome:
        work.record(ALLOCATIONS, granted(rules.unmet(search, outcome)), Step.UNMET)
    else:
        work.save(ALLOCATIONS, search)


def bind(work: Work[Referral], search: Allocation, by: Match) -> Allocation:
    """Begin a bond; a child who is with this advocate already takes no more room."""
    if not has_child(work, by.advocate_ref, search.child_ref):
        caseload = caseload_of(work, by.advocate_ref)
        work.save(CASELOADS, replace(caseload, children=caseload.children + 1))
    return work.record(ALLOCATIONS, granted(rules.found(search, by)), Step.ALLOCATED)


def let_go(work: Work[Referral], offer: Offer) -> None:
    """End what an ended offer still holds: the bond, or the search."""
    current = allocation_of(work, offer)
    if current is not None and current.is_bound:
        end_bond(work, current, Step.RELEASED)
    elif current is not None and current.sought_in is not None:
        work.save(ALLOCATIONS, rules.given_up(current))


def end_bond(
    work: Work[Referral], bond: Allocation, how: Step, *, not_again: bool = False
) -> Allocation:
    """End a bond, look for the next advocate, and give the room that is free to who waits."""
    ended = work.record(ALLOCATIONS, granted(rules.ended(bond, how, not_again=not_again)), how)
    _free(work, ended)
    offer = work.get(OFFERS, bond.offer_ref)
    if offer.is_live and how is not Step.REPLACED:
        keep_in_step(work, offer)
    if ended.advocate_ref is not None:
        offer_room(work, ended.advocate_ref)
    return ended


def _free(work: Work[Referral], ended: Allocation) -> None:
    """Give the room back, unless the child is with this advocate at another conference."""
    ref = ended.advocate_ref
    if ref is not None and not has_child(work, ref, ended.child_ref):
        caseload = caseload_of(work, ref)
        work.save(CASELOADS, replace(caseload, children=caseload.children - 1))


def offer_room(work: Work[Referral], advocate_ref: UUID) -> None:
    """Try again for those who wait, oldest conference first (practice 7).

    Only this advocate's room has changed, so nobody else is looked at.
    """
    for search in waiting_in(work, work.get(ADVOCATES, advocate_ref).authorities):
        one = candidate(work, advocate_ref, search.child_ref)
        if has_room(one):
            _try(work, search, one)


def _try(work: Work[Referral], search: Allocation, one: Candidate) -> None:
    offer = work.get(OFFERS, search.offer_ref)
    if not _is_wanted(work, offer):
        return
    outcome = match(seeker_for(work, offer), (one,), are_all=False)
    if isinstance(outcome, Match):
        bind(work, search, outcome)


def _is_wanted(work: Work[Referral], offer: Offer) -> bool:
    conference = work.get(CONFERENCES, offer.conference_ref)
    return wants_advocate(offer, conference, work.today)


def when_the_alarm_is_due(work: Work[Referral], due: Due) -> None:
    """Tell people that a conference comes near and there is nobody yet (practice 7)."""
    search = work.get(ALLOCATIONS, due.key)
    if _is_wanted(work, work.get(OFFERS, search.offer_ref)):
        work.record(ALLOCATIONS, granted(rules.alarmed(search)), Step.UNMET)
    else:
        work.save(ALLOCATIONS, rules.given_up(search))
