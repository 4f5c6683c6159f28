"""Cuts every event for the agencies that may see it, and delivers what is still agreed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_json

from services.chassis.envelope import Happened
from services.contracts.catalogue import EVENTS
from services.exchange.domain import agreement as rules
from services.exchange.domain import cut
from services.exchange.domain.agreement import Agreement
from services.exchange.domain.cut import Entry, Feed, FeedSubject
from services.exchange.handlers.context import ExchangeWork
from services.exchange.storage import queries
from services.exchange.storage.repositories import CHILDREN, FEED_SUBJECTS, FEEDS
from services.exchange.storage.tables import FEED_ENTRIES

SOURCE: Final = "/services/exchange"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A part of a feed: its entries, the number it ends with, and whether there is more."""

    entries: Sequence[Entry]
    last_number: int
    more: bool


def on_any_event(work: ExchangeWork, event: Happened[BaseModel]) -> None:
    """Cut an event for each agency whose agreement covers it today."""
    covering = [
        agreement
        for agreement in queries.live_agreements(work)
        if event.type in agreement.terms.events and rules.holds(agreement, work.today)
    ]
    if not covering:
        return
    authority = _authority(work, event.data)
    for agreement in covering:
        if rules.covers(agreement.terms, event.type, authority):
            _enter(work, _cut(work, agreement, event, authority))


def deliver(work: ExchangeWork, agreement: Agreement, after: int, size: int) -> Delivery:
    """Return an agency's entries behind a number, as far as its agreement allows them today."""
    found = queries.entries_after(work, agreement.agency_ref, after, size + 1)
    page = found[:size]
    allowed = [
        replace(entry, data=cut.narrowed(entry.data, _fields(agreement, entry.name)))
        for entry in page
        if rules.covers(agreement.terms, entry.name, entry.authority)
    ]
    return Delivery(allowed, page[-1].number if page else after, len(found) > size)


def agency_key_of(work: ExchangeWork, agency_ref: str) -> bytes:
    """Return the secret from which an agency's own references are made."""
    return work.context.keys.derive("agency", agency_ref)


def topic_of(agency_ref: str) -> str:
    """Return the name of an agency's topic, without the installation's prefix."""
    return f"agency.{agency_ref}.v1"


def _cut(
    work: ExchangeWork, agreement: Agreement, event: Happened[BaseModel], authority: str
) -> Entry:
    """Make the agency's next entry of an event."""
    key = agency_key_of(work, agreement.agency_ref)
    about = UUID(event.subject)
    subject = _next_of_subject(
        work, agreement.agency_ref, pseudonym=cut.pseudonym(key, about), about=about
    )
    data = cut.cut(event.data.model_dump(), _fields(agreement, event.type), key)
    return Entry(
        agency_ref=agreement.agency_ref,
        number=_next_of_feed(work, agreement.agency_ref).last_number,
        id=cut.event_id(key, event.id, about),
        name=event.type,
        authority=authority,
        pseudonym=subject.pseudonym,
        sequence=subject.last_sequence,
        time=cut.day_of(event.time),
        data=data,
        agreement_ref=agreement.agreement_ref,
    )


def _enter(work: ExchangeWork, entry: Entry) -> None:
    """Keep an entry and say it on the agency's topic: one id, number and order on every way."""
    value = to_json(entry.data)
    row = {column.name: getattr(entry, column.name) for column in FEED_ENTRIES.columns}
    work.append(FEED_ENTRIES, {**row, "data": value.decode()})
    work.emit_raw(
        topic_of(entry.agency_ref),
        id=str(entry.id),
        type=EVENTS[entry.name].ce_type,
        subject=str(entry.pseudonym),
        time=entry.time,
        sequence=entry.sequence,
        data=value,
    )


def _next_of_feed(work: ExchangeWork, agency_ref: str) -> Feed:
    feed = work.find(FEEDS, agency_ref) or Feed(agency_ref)
    return work.save(FEEDS, replace(feed, last_number=feed.last_number + 1))


def _next_of_subject(
    work: ExchangeWork, agency_ref: str, *, pseudonym: UUID, about: UUID
) -> FeedSubject:
    known = work.find(FEED_SUBJECTS, pseudonym)
    subject = known or FeedSubject(pseudonym, agency_ref, about)
    return work.save(FEED_SUBJECTS, replace(subject, last_sequence=subject.last_sequence + 1))


def _fields(agreement: Agreement, event: str) -> tuple[str, ...]:
    return agreement.terms.fields.get(event.partition(".")[0], ())


def _authority(work: ExchangeWork, data: BaseModel) -> str:
    """Return the authority responsible: the event's own, or that of the child it is about."""
    named = getattr(data, "authority", None)
    if isinstance(named, str):
        return named
    child_ref: UUID = data.child_ref  # type: ignore[attr-defined]
    return work.get(CHILDREN, child_ref).authority
