"""Cuts every event for the agencies that may see it, and delivers what is still agreed.

An event that takes back something an agency was sent goes to that agency whatever its agreement
says by then, with no field more than it was once sent: without that, it would go on believing it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_json

from services.chassis.envelope import Happened
from services.contracts.catalogue import EVENTS
from services.exchange.domain import agreement as rules
from services.exchange.domain import cut, taking_back
from services.exchange.domain.agreement import Agreement
from services.exchange.domain.cut import Entry, Feed, FeedSubject
from services.exchange.domain.taking_back import Told
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


@dataclass(frozen=True, slots=True)
class _News:
    """An event to be cut; `now` is its state as JSON holds it."""

    event: Happened[BaseModel]
    authority: str
    now: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _To:
    """One agency's share: by which agreement, which fields, and what of it is owed anyway."""

    agency_ref: str
    agreement_ref: UUID
    agreed: tuple[str, ...]
    owed: tuple[str, ...] | None


def on_any_event(work: ExchangeWork, event: Happened[BaseModel]) -> None:
    """Cut an event for each agency whose agreement covers it, or that was sent what it undoes."""
    covering = [
        agreement
        for agreement in queries.live_agreements(work)
        if event.type in agreement.terms.events and rules.holds(agreement, work.today)
    ]
    owed = _owed(work, event)
    if not covering and not owed:
        return
    news = _News(event, _authority(work, event.data), event.data.model_dump(mode="json"))
    for to in _shares(news, covering, owed):
        _enter(work, _cut(work, to, news))


def last_number(work: ExchangeWork, agency_ref: str) -> int:
    """Return the number of the last entry an agency was given, or may count on from."""
    feed = work.find(FEEDS, agency_ref)
    return feed.last_number if feed else 0


def deliver(
    work: ExchangeWork, agency_ref: str, agreement: Agreement | None, after: int, size: int
) -> Delivery:
    """Return an agency's entries behind a number, as far as its agreement allows them today.

    Without an agreement in force these are only such that take back what it was sent.
    """
    entries = queries.owed_after if agreement is None else queries.entries_after
    found = entries(work, agency_ref, after, size + 1)
    page = found[:size]
    allowed = [one for entry in page if (one := _allowed(entry, agreement)) is not None]
    return Delivery(allowed, page[-1].number if page else after, len(found) > size)


def begin_anew(work: ExchangeWork, at: datetime) -> None:
    """Count on behind every number an agency can have been given before a backup was gone back to.

    Args:
        at: when that was, by the clock of the machine.
    """
    queries.count_on_from(work, cut.number_after_restore(at))


def agency_key_of(work: ExchangeWork, agency_ref: str) -> bytes:
    """Return the secret from which an agency's own references are made."""
    return work.context.keys.derive("agency", agency_ref)


def topic_of(agency_ref: str) -> str:
    """Return the name of an agency's topic, without the installation's prefix."""
    return f"agency.{agency_ref}.v1"


def _owed(work: ExchangeWork, event: Happened[BaseModel]) -> dict[str, Told]:
    """Return, by agency, what it was told of the thing where this event takes it back."""
    version: int = getattr(event.data, "version", 0)
    if not taking_back.may_take_back(event.type, version):
        return {}
    now = event.data.model_dump(mode="json")
    found: dict[str, Told] = {}
    for subject in work.select(FEED_SUBJECTS, subject_ref=event.subject):
        thing = _thing(work, subject.agency_ref, event.type, now)
        told = taking_back.find(subject.told, thing)
        if told is not None and taking_back.takes_back(event.type, now, told):
            found[subject.agency_ref] = told
    return found


def _thing(work: ExchangeWork, agency_ref: str, event: str, now: Mapping[str, Any]) -> UUID | None:
    """Return the agency's own reference of what an event is about."""
    ref = taking_back.thing_of(event, now)
    return None if ref is None else cut.pseudonym(agency_key_of(work, agency_ref), ref)


def _shares(news: _News, covering: Sequence[Agreement], owed: Mapping[str, Told]) -> list[_To]:
    name = news.event.type
    shares = {
        told_to: _To(told_to, told.agreement_ref, (), told.fields) for told_to, told in owed.items()
    }
    for agreement in covering:
        if rules.covers(agreement.terms, name, news.authority):
            told = owed.get(agreement.agency_ref)
            shares[agreement.agency_ref] = _To(
                agreement.agency_ref,
                agreement.agreement_ref,
                _fields(agreement, name),
                told.fields if told else None,
            )
    return list(shares.values())


def _allowed(entry: Entry, agreement: Agreement | None) -> Entry | None:
    """Return an entry as it may be delivered today, or None if it may not."""
    covers = agreement is not None and rules.covers(agreement.terms, entry.name, entry.authority)
    if not covers and entry.owed is None:
        return None
    agreed = _fields(agreement, entry.name) if agreement is not None and covers else ()
    return replace(entry, data=cut.narrowed(entry.data, {*agreed, *(entry.owed or ())}))


def _cut(work: ExchangeWork, to: _To, news: _News) -> Entry:
    """Make the agency's next entry of an event."""
    event, key = news.event, agency_key_of(work, to.agency_ref)
    data = cut.cut(event.data.model_dump(), {*to.agreed, *(to.owed or ())}, key)
    subject = _next_of_subject(work, to, news, data)
    return Entry(
        agency_ref=to.agency_ref,
        number=_next_of_feed(work, to.agency_ref).last_number,
        id=cut.event_id(key, event.id, subject.subject_ref),
        name=event.type,
        authority=news.authority,
        pseudonym=subject.pseudonym,
        sequence=subject.last_sequence,
        time=cut.day_of(event.time),
        data=data,
        agreement_ref=to.agreement_ref,
        owed=to.owed,
    )


def _enter(work: ExchangeWork, entry: Entry) -> None:
    """Keep an entry and say it on the agency's topic: one id, number and order on every way."""
    value = to_json(entry.data)
    row = {column.name: getattr(entry, column.name) for column in FEED_ENTRIES.columns}
    owed = None if entry.owed is None else to_json(entry.owed).decode()
    work.append(FEED_ENTRIES, {**row, "data": value.decode(), "owed": owed})
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
    feed = _feed_of(work, agency_ref)
    return work.save(FEEDS, replace(feed, last_number=feed.last_number + 1))


def _feed_of(work: ExchangeWork, agency_ref: str) -> Feed:
    feed = work.find(FEEDS, agency_ref)
    return feed or Feed(agency_ref, last_number=cut.began_at(queries.highest_number(work)))


def _next_of_subject(
    work: ExchangeWork, to: _To, news: _News, fields: Collection[str]
) -> FeedSubject:
    """Count on for the subject, and keep what the agency is sent of it."""
    about = UUID(news.event.subject)
    pseudonym = cut.pseudonym(agency_key_of(work, to.agency_ref), about)
    subject = work.find(FEED_SUBJECTS, pseudonym)
    if subject is None:
        began_at = cut.began_at(_feed_of(work, to.agency_ref).last_number)
        subject = FeedSubject(pseudonym, to.agency_ref, about, last_sequence=began_at)
    told = subject.told
    if (thing := _thing(work, to.agency_ref, news.event.type, news.now)) is not None:
        before = taking_back.find(told, thing) or Told(thing, to.agreement_ref)
        now_under = replace(before, agreement_ref=to.agreement_ref)
        after = taking_back.remembered(now_under, news.event.type, news.now, fields)
        told = taking_back.with_told(told, after)
    last = subject.last_sequence + 1
    return work.save(FEED_SUBJECTS, replace(subject, last_sequence=last, told=told))


def _fields(agreement: Agreement, event: str) -> tuple[str, ...]:
    return agreement.terms.fields.get(event.partition(".")[0], ())


def _authority(work: ExchangeWork, data: BaseModel) -> str:
    """Return the authority responsible: the event's own, or that of the child it is about."""
    named = getattr(data, "authority", None)
    if isinstance(named, str):
        return named
    child_ref: UUID = data.child_ref  # type: ignore[attr-defined]
    return work.get(CHILDREN, child_ref).authority
