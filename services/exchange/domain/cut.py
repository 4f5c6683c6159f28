"""Cuts an event down to what one agency may see, under references no other agency has.

Every reference is replaced by one of the agency's own, so that two agencies cannot join their
feeds, and none can follow a child on the bus.
"""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final
from uuid import UUID

from services.contracts.local_time import london_date
from services.exchange.domain.taking_back import Told

ARRANGED: Final = frozenset({"starts_at", "ends_at", "at"})
"""Instants that were agreed between people, and are the same to everybody."""

_VERSION_8: Final = 0x8 << 76
_VERSION_MASK: Final = ~(0xF << 76) & (2**128 - 1)
_VARIANT: Final = 0x2 << 62
_VARIANT_MASK: Final = ~(0x3 << 62) & (2**128 - 1)


@dataclass(frozen=True, slots=True)
class FeedSubject:
    """One child or meeting in one agency's feed, and the last number of its own sequence.

    `told` is what the agency was sent of it, thing by thing: what is taken back of that it is owed.
    """

    pseudonym: UUID
    agency_ref: str
    subject_ref: UUID
    last_sequence: int = 0
    told: tuple[Told, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """One agency's feed, and the last number in it."""

    agency_ref: str
    last_number: int = 0
    version: int = 0


_OF_A_MILLISECOND: Final = 1_000
"""More entries than a feed gets in a millisecond; times those since 1970 it is a number that
JavaScript holds exactly until 2255."""

_BEFORE_ANY_RESTORE: Final = 10**15
"""No feed gets as long as this by itself."""


def number_after_restore(restored_at: datetime) -> int:
    """Return the number that feeds and subjects count on from when a backup was gone back to.

    What was numbered since the backup is forgotten here and not at the agencies: a number given
    twice would make them drop what is new.
    """
    return int(restored_at.timestamp() * 1_000) * _OF_A_MILLISECOND


def began_at(number: int) -> int:
    """Return what a new subject counts on from in a feed that has come to this number.

    It is nought, and after a restore above everything that was numbered before it.
    """
    if number < _BEFORE_ANY_RESTORE:
        return 0
    return number // _OF_A_MILLISECOND * _OF_A_MILLISECOND


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of an agency's feed, the same on every way there is; `time` is its day.

    `owed`: it takes back something that was sent, so these fields are delivered whatever the
    agreement says by then. None of any other event.
    """

    agency_ref: str
    number: int
    id: UUID
    name: str
    authority: str
    pseudonym: UUID
    sequence: int
    time: datetime
    data: Mapping[str, Any]
    agreement_ref: UUID
    owed: tuple[str, ...] | None = None


def pseudonym(agency_key: bytes, reference: UUID) -> UUID:
    """Return the agency's own reference for one of ours: always the same, and not to be undone."""
    return _uuid(hmac.digest(agency_key, b"reference\0" + reference.bytes, "sha256"))


def event_id(agency_key: bytes, identifier: str, subject: UUID) -> UUID:
    """Return the agency's own id of an event: the same however often the event arrives."""
    told = f"event\0{identifier}\0{subject}".encode()
    return _uuid(hmac.digest(agency_key, told, "sha256"))


def day_of(instant: datetime) -> datetime:
    """Return the day of an event as an agency is told it: by the microsecond two could join."""
    return datetime.combine(london_date(instant), time(), UTC)


def cut(data: Mapping[str, Any], allowed: Collection[str], agency_key: bytes) -> dict[str, Any]:
    """Return the fields that are allowed, in the order of the event, references replaced.

    Of what is arranged the time is told; of what happened, or is due, the day alone.
    """
    return {name: _told(name, value, agency_key) for name, value in data.items() if name in allowed}


def narrowed(data: Mapping[str, Any], allowed: Collection[str]) -> dict[str, Any]:
    """Return what of a stored entry may still be delivered: an agreement can become narrower."""
    return {name: value for name, value in data.items() if name in allowed}


def _told(name: str, value: object, agency_key: bytes) -> object:
    if isinstance(value, UUID):
        return pseudonym(agency_key, value)
    if isinstance(value, datetime) and name not in ARRANGED:
        return day_of(value)
    return value


def _uuid(digest: bytes) -> UUID:
    """Shape the first bytes of a digest as a UUIDv8 (RFC 9562, section 5.8)."""
    number = int.from_bytes(digest[:16], "big")
    number = (number & _VERSION_MASK) | _VERSION_8
    return UUID(int=(number & _VARIANT_MASK) | _VARIANT)
