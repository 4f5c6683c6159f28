"""Registers children, keeps what is known of them, and suggests where two may be one."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.chassis.ids import derived
from services.exchange.domain import child as rules
from services.exchange.domain import matching
from services.exchange.domain.child import Child, ChildGiven, Particulars
from services.exchange.domain.conference import Conference, with_child
from services.exchange.domain.lifecycle import LIVE
from services.exchange.domain.matching import Suggestion
from services.exchange.handlers.context import ExchangeWork, allowed
from services.exchange.storage import sealed
from services.exchange.storage.repositories import CHILDREN, CONFERENCES, SUGGESTIONS


@dataclass(frozen=True, slots=True)
class KnownChild:
    """A child with what names it, for as long as a command needs it.

    `news` tells that something is new, `known_otherwise` which fields said another thing before.
    """

    child: Child
    particulars: Particulars
    news: bool
    known_otherwise: tuple[str, ...] = ()


def known_child(work: ExchangeWork, authority: str, given: ChildGiven) -> KnownChild:
    """Register the child, or take over what is new; the authority's id is the child's identity."""
    found = child_with_id(work, authority, given.particulars.la_child_id)
    return _update(work, found, given) if found else _register(work, authority, given)


def child_with_id(work: ExchangeWork, authority: str, la_child_id: str) -> Child | None:
    """Return the child with this id in the authority, if one is known."""
    index = sealed.blind_la_child_id(work.context.keys, authority, la_child_id)
    return next(iter(work.select(CHILDREN, la_child_id_index=index)), None)


def child_by_ref(work: ExchangeWork, child_ref: UUID) -> KnownChild:
    """Open a child of which there is nothing new."""
    child = work.get(CHILDREN, child_ref)
    return KnownChild(child, sealed.particulars_of(work, child), news=False)


def stop_contact(work: ExchangeWork, child_ref: UUID) -> Child:
    """Stop every message about a child, from now on, whatever becomes of other reasons to."""
    child = work.get(CHILDREN, child_ref)
    return _record(work, child, replace(child, stopped=True), "contact-stopped")


def resume_contact(work: ExchangeWork, child_ref: UUID) -> Child:
    """Take back an end to all contact that was recorded in error, or that is over."""
    child = work.get(CHILDREN, child_ref)
    return _record(work, child, allowed(rules.contact_resumed(child)), "changed")


def mourn(work: ExchangeWork, child_ref: UUID) -> None:
    """Record that a child died: every message about it stops."""
    child = work.get(CHILDREN, child_ref)
    _record(work, child, replace(child, died=True), "contact-stopped")


def lives(work: ExchangeWork, child_ref: UUID) -> Child:
    """Take back the record of a child's death: contact goes on, unless a person stopped it."""
    child = work.get(CHILDREN, child_ref)
    return _record(work, child, replace(child, died=False), "changed")


def _record(work: ExchangeWork, before: Child, after: Child, verb: str) -> Child:
    """Save a child, and say it if the bus would hear anything new."""
    if after == before:
        return before
    verbs = () if rules.says_the_same(before, after) else (verb,)
    return work.record(CHILDREN, after, *verbs)


def _register(work: ExchangeWork, authority: str, given: ChildGiven) -> KnownChild:
    child_ref = work.random_ref()
    la_child_id = given.particulars.la_child_id
    child = Child(
        child_ref=child_ref,
        authority=authority,
        unborn=given.particulars.unborn,
        facts=given.facts,
        la_child_id_index=sealed.blind_la_child_id(work.context.keys, authority, la_child_id),
        upn_index=None,
        nhs_number_index=None,
        particulars="",
    )
    child = _with_particulars(work, child, given.particulars)
    saved = work.record(CHILDREN, child, "registered")
    _suggest(work, saved, given.particulars)
    return KnownChild(saved, given.particulars, news=True)


def _update(work: ExchangeWork, before: Child, given: ChildGiven) -> KnownChild:
    known = sealed.particulars_of(work, before)
    particulars = known.updated(given.particulars)
    child = rules.with_facts(before, given)
    if particulars != known:
        child = _with_particulars(work, child, particulars)
    if child == before:
        return KnownChild(before, known, news=False)
    saved = _record(work, before, child, "changed")
    _suggest(work, saved, particulars)
    otherwise = rules.contradicted(known, given.particulars)
    return KnownChild(saved, particulars, news=True, known_otherwise=otherwise)


def live_elsewhere(work: ExchangeWork, child_ref: UUID, meeting_ref: UUID) -> list[Conference]:
    """Return the child's conferences at other meetings that are still to come."""
    conferences = work.select(CONFERENCES, child_ref=child_ref)
    return [c for c in conferences if c.meeting_ref != meeting_ref and c.status in LIVE]


def tell_elsewhere(work: ExchangeWork, known: KnownChild, meeting_ref: UUID) -> None:
    """Say what is new of a child in its conferences at other meetings too."""
    for before in live_elsewhere(work, known.child.child_ref, meeting_ref):
        after = allowed(with_child(before, known.child, known.particulars))
        if after != before:
            work.record(CONFERENCES, after, "changed")


def _with_particulars(work: ExchangeWork, child: Child, particulars: Particulars) -> Child:
    keys = work.context.keys
    return replace(
        child,
        particulars=sealed.seal_particulars(work, child.child_ref, particulars),
        upn_index=sealed.blind(keys, "upn", particulars.upn),
        nhs_number_index=sealed.blind(keys, "nhs-number", particulars.nhs_number),
    )


def _suggest(work: ExchangeWork, child: Child, particulars: Particulars) -> None:
    for other in _with_same_identifier(work, child):
        theirs = sealed.particulars_of(work, other)
        against = matching.blocked(particulars, theirs)
        for matched_on in matching.shared(particulars, theirs):
            _keep_suggestion(work, _suggestion(work, (child, other), matched_on), against)


def _with_same_identifier(work: ExchangeWork, child: Child) -> list[Child]:
    found: dict[UUID, Child] = {}
    for column, index in (
        ("upn_index", child.upn_index),
        ("nhs_number_index", child.nhs_number_index),
    ):
        if index is not None:
            found |= {one.child_ref: one for one in work.select(CHILDREN, **{column: index})}
    found.pop(child.child_ref, None)
    return [found[ref] for ref in sorted(found)]


def _suggestion(
    work: ExchangeWork, pair: tuple[Child, Child], matched_on: matching.MatchedOn
) -> Suggestion:
    """Find the suggestion about a pair, whoever of the two came first, or begin it."""
    one, other = sorted(child.child_ref for child in pair)
    ref = UUID(derived("suggestion", str(one), str(other), matched_on))
    known = work.find(SUGGESTIONS, ref)
    return known or Suggestion(ref, one, other, matched_on, None, work.now)


def _keep_suggestion(
    work: ExchangeWork, suggestion: Suggestion, against: matching.BlockedBecause | None
) -> None:
    if suggestion.version == 0 or suggestion.blocked_because != against:
        work.save(SUGGESTIONS, replace(suggestion, blocked_because=against))
