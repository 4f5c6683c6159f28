"""Keeps partner agencies, their one agreement each, and the keys to their feeds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from services.chassis import ids
from services.chassis.aggregates import Due
from services.chassis.errors import NotYet, Refused
from services.contracts.catalogue import EVENTS
from services.contracts.codes import AgencyStatus
from services.exchange.domain import agency_key, agreement
from services.exchange.domain.agency_key import AgencyKey
from services.exchange.domain.agreement import Agency, Agreement, AgreementStatus, Terms
from services.exchange.handlers.context import ExchangeWork
from services.exchange.storage.repositories import AGENCIES, AGENCY_KEYS, AGREEMENTS

FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {kind.entity: tuple(kind.model.model_fields) for kind in EVENTS.values()}
)
"""The fields of each entity, by the contracts."""


def add_agency(work: ExchangeWork, agency_ref: str, name: str) -> Agency:
    """Add an agency, or give a known one another name."""
    before = work.find(AGENCIES, agency_ref)
    agency = replace(before, name=name) if before else Agency(agency_ref, name)
    return before if before == agency else work.record(AGENCIES, agency, "changed")


def add_agreement(work: ExchangeWork, agency_ref: str, terms: Terms) -> Agreement:
    """Agree with an agency on what it may see; the agreement before, if there is one, ends.

    Raises:
        Refused: it names something no agreement may hold.
    """
    agency = work.get(AGENCIES, agency_ref)
    complete = replace(terms, fields=_fields(terms))
    if wrong := agreement.faults(complete, FIELDS, EVENTS):
        raise Refused("agreement-not-possible", "; ".join(wrong))
    if (begins := agreement.obstacle(complete, _live(work, agency_ref), work.today)) is not None:
        raise Refused("agreement-not-yet", begins)
    for former in _live(work, agency_ref):
        work.save(AGREEMENTS, _ended(work, former))
    made = Agreement(work.new_ref("agreement", agency_ref), agency_ref, complete)
    saved = work.save(AGREEMENTS, made)
    changed = replace(agency, agreement=saved, status=AgencyStatus.ACTIVE)
    work.record(AGENCIES, changed, "agreed")
    return saved


def end_agreement(work: ExchangeWork, agreement_ref: object) -> Agreement:
    """End an agreement: from now on only what takes back what was sent is cut and delivered."""
    live = work.get(AGREEMENTS, agreement_ref)
    if live.status is AgreementStatus.ENDED:
        return live
    ended = work.save(AGREEMENTS, _ended(work, live))
    agency = work.get(AGENCIES, ended.agency_ref)
    gone = replace(agency, agreement=None, status=AgencyStatus.ENDED)
    work.record(AGENCIES, gone, "ended")
    return ended


def when_agreement_expires(work: ExchangeWork, due: Due) -> None:
    """End an agreement the midnight after its last day."""
    end_agreement(work, due.key)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown this once, and the beginnings of those that ended for it."""

    shown: str
    ended: tuple[str, ...] = ()


def create_key(work: ExchangeWork, agency_ref: str) -> NewKey:
    """Make a key for an agency and return it, this once; at most two are live at a time.

    Raises:
        NotYet: there is no such agency.
    """
    work.get(AGENCIES, agency_ref)
    prefix, secret = ids.token(_PREFIX_BITS).replace("_", "-"), ids.token(_SECRET_BITS)
    ending = agency_key.to_end(work.select(AGENCY_KEYS, agency_ref=agency_ref))
    for former in ending:
        work.save(AGENCY_KEYS, replace(former, ended_at=work.now))
    shown = agency_key.written(prefix, secret)
    ref = work.new_ref("agency-key", agency_ref, prefix)
    key = AgencyKey(ref, agency_ref, prefix, agency_key.digest_of(shown), work.now)
    work.save(AGENCY_KEYS, key)
    return NewKey(shown, tuple(agency_key.beginning(former.prefix) for former in ending))


def rotate_key(work: ExchangeWork, agency_ref: str) -> NewKey:
    """Make another key beside the live one, so that the agency can change over without a gap."""
    if not any(key.ended_at is None for key in work.select(AGENCY_KEYS, agency_ref=agency_ref)):
        raise NotYet(f"agency-key:{agency_ref}")
    return create_key(work, agency_ref)


def agency_with_key(work: ExchangeWork, shown: str) -> Agency | None:
    """Return the agency whose live key this is."""
    prefix = agency_key.prefix_of(shown)
    if prefix is None:
        return None
    for stored in work.select(AGENCY_KEYS, prefix=prefix):
        if agency_key.opens(stored, shown):
            return work.get(AGENCIES, stored.agency_ref)
    return None


def agreement_in_force(work: ExchangeWork, agency: Agency) -> Agreement | None:
    """Return the agreement that counts today, if there is one."""
    return next(
        (one for one in _live(work, agency.agency_ref) if agreement.holds(one, work.today)), None
    )


_PREFIX_BITS: Final = 48
_SECRET_BITS: Final = 256


def _live(work: ExchangeWork, agency_ref: str) -> list[Agreement]:
    of_agency = work.select(AGREEMENTS, agency_ref=agency_ref)
    return [one for one in of_agency if one.status is AgreementStatus.LIVE]


def _ended(work: ExchangeWork, former: Agreement) -> Agreement:
    return replace(former, status=AgreementStatus.ENDED, ended_at=work.now)


def _fields(terms: Terms) -> dict[str, tuple[str, ...]]:
    """Complete the fields: an entity for which none are named has the usual ones."""
    entities = {event.partition(".")[0] for event in terms.events}
    usual = {
        entity: agreement.usual_fields(FIELDS[entity]) for entity in entities if entity in FIELDS
    }
    return {**usual, **terms.fields}
