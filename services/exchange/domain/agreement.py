"""What an agency may see: the terms of its agreement, and whether they hold today."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.contracts.codes import AgencyStatus, LegalBasis, SharingPurpose

ABOUT_A_CHILD: Final = frozenset(
    {"conference", "meeting", "child", "offer", "allocation", "visit", "reminder", "child-view"}
)
"""The entities an agreement may name. What is said of concerns, surveys, messages, advocates,
agencies and dead letters never goes to an agency."""

NEVER: Final = frozenset({"version", "conference_version", "moves", "attempts", "rung"})
"""Fields no agreement holds: a number that jumps tells what was withheld between."""

ONLY_WHEN_NAMED: Final = frozenset({"objection", "contact_stopped"})
"""Fields that are there only when an agreement names them: objections and safe contact."""


LAST_DAY: Final = date(2100, 12, 31)
"""No agreement runs longer: one without a real end is never looked at again."""


class AgreementStatus(StrEnum):
    """Whether an agreement counts; an ended one is kept, for the ledger."""

    LIVE = "live"
    ENDED = "ended"


class Identifier(StrEnum):
    """What `resolve` may turn a pseudonym into."""

    NAME = "name"
    DATE_OF_BIRTH = "date-of-birth"
    NHS_NUMBER = "nhs-number"
    UPN = "upn"
    LA_CHILD_ID = "la-child-id"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of an agreement; `fields` lists what may be seen of each entity."""

    events: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    purpose: SharingPurpose
    legal_basis: LegalBasis
    authorities: tuple[str, ...]
    starts_on: date
    expires_on: date
    resolve: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement with one agency; an agency has at most one that is live."""

    agreement_ref: UUID
    agency_ref: str
    terms: Terms
    status: AgreementStatus = AgreementStatus.LIVE
    ended_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Agency:
    """A partner agency; `agreement` is the one that was last made and not ended."""

    agency_ref: str
    name: str
    status: AgencyStatus = AgencyStatus.ACTIVE
    agreement: Agreement | None = field(default=None)
    version: int = 0


def holds(agreement: Agreement, today: date) -> bool:
    """Whether the agreement counts today; its first and last day belong to it."""
    terms = agreement.terms
    is_live = agreement.status is AgreementStatus.LIVE
    return is_live and terms.starts_on <= today <= terms.expires_on


def obstacle(terms: Terms, live: Iterable[Agreement], today: date) -> str | None:
    """Say, as a sentence, why an agreement cannot be made yet; None if it can.

    One that starts later would end the one in force now, and nobody would see what happens until
    it starts. One that is over already is a slip.
    """
    if terms.expires_on < today:
        return f"it would be over since {terms.expires_on.isoformat()}: check the year"
    in_force = [one for one in live if holds(one, today)]
    if not in_force or terms.starts_on <= today:
        return None
    until = max(one.terms.expires_on for one in in_force)
    return (
        f"the agreement in force, until {until.isoformat()}, would end now: make this one on"
        f" {terms.starts_on.isoformat()} or after, or let it start today"
    )


def covers(terms: Terms, event: str, authority: str) -> bool:
    """Whether an event about a child of that authority may be seen at all."""
    return event in terms.events and authority in terms.authorities


def usual_fields(known: Iterable[str]) -> tuple[str, ...]:
    """Return the fields an agreement holds when it names none: the contract's, less the guarded."""
    return tuple(name for name in known if name not in NEVER | ONLY_WHEN_NAMED)


def faults(terms: Terms, known: Mapping[str, tuple[str, ...]], events: Iterable[str]) -> list[str]:
    """Return, as sentences that repeat no unknown name, what no agreement may say.

    Args:
        known: the fields of each entity, by the contracts.
        events: every event there is.
    """
    wrong = [*_event_faults(terms, frozenset(events)), *_field_faults(terms, known)]
    if not terms.authorities:
        wrong.append("an agreement names the authorities whose children it is about")
    if terms.expires_on < terms.starts_on:
        wrong.append("an agreement ends after it starts")
    if terms.expires_on > LAST_DAY:
        wrong.append(f"an agreement has a last day, {LAST_DAY} at the latest")
    return wrong


def _event_faults(terms: Terms, known: frozenset[str]) -> Iterator[str]:
    """Say which events cannot be held: by its place alone if there is no such event at all."""
    shareable = sorted(event for event in known if event.partition(".")[0] in ABOUT_A_CHILD)
    for place, event in enumerate(terms.events, start=1):
        if event not in shareable:
            named = f" ({event})" if event in known else ""
            listed = ", ".join(shareable)
            yield f"event {place} of the list{named} is none that an agreement can hold: {listed}"


def _field_faults(terms: Terms, known: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for entity, names in terms.fields.items():
        if entity not in ABOUT_A_CHILD:
            yield f"an agreement names fields of these only: {', '.join(sorted(ABOUT_A_CHILD))}"
        elif not set(names) <= (shareable := set(known[entity]) - NEVER):
            listed = ", ".join(sorted(shareable))
            yield f"a field of {entity} is none that an agreement can hold: {listed}"
