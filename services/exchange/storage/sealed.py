"""Seals and opens what names a person: the one place where the exchange uses its vault."""

from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from services.chassis.vault import KeyFile, Vault
from services.chassis.work import Work
from services.exchange.domain import identifiers
from services.exchange.domain.child import Adult, Child, Particulars
from services.exchange.domain.meeting import Meeting, MeetingPrivate
from services.exchange.domain.person import Person
from services.exchange.storage.tables import DATA_KEYS

_PARTICULARS = TypeAdapter(Particulars)
_PRIVATE = TypeAdapter(MeetingPrivate)
_ADULT = TypeAdapter(Adult)


def seal_particulars(work: Work[Any], child_ref: UUID, particulars: Particulars) -> str:
    """Seal what names a child."""
    text = _PARTICULARS.dump_json(particulars).decode()
    return _vault(work).seal(child_ref, "particulars", child_ref, text)


def particulars_of(work: Work[Any], child: Child) -> Particulars:
    """Open what names a child."""
    ref = child.child_ref
    return _PARTICULARS.validate_json(_vault(work).open(ref, "particulars", ref, child.particulars))


def seal_private(work: Work[Any], meeting_ref: UUID, private: MeetingPrivate) -> str:
    """Seal the authority's id of a meeting, its place and its chair."""
    text = _PRIVATE.dump_json(private).decode()
    return _vault(work).seal(meeting_ref, "private", meeting_ref, text)


def private_of(work: Work[Any], meeting: Meeting) -> MeetingPrivate:
    """Open the authority's id of a meeting, its place and its chair."""
    ref = meeting.meeting_ref
    return _PRIVATE.validate_json(_vault(work).open(ref, "private", ref, meeting.private))


def seal_adult(work: Work[Any], person_ref: UUID, adult: Adult) -> str:
    """Seal a professional's name and address."""
    text = _ADULT.dump_json(adult).decode()
    return _vault(work).seal(person_ref, "adult", person_ref, text)


def adult_of(work: Work[Any], person: Person) -> Adult:
    """Open a professional's name and address."""
    ref = person.person_ref
    return _ADULT.validate_json(_vault(work).open(ref, "adult", ref, person.adult))


def blind_la_child_id(keys: KeyFile, authority: str, la_child_id: str) -> str:
    """Return the index of an authority's own id of a child; letters count alike in any case."""
    return keys.blind("la-child-id", f"{authority}/{la_child_id.upper()}")


def blind_conference_id(keys: KeyFile, authority: str, conference_id: str) -> str:
    """Return the index of an authority's own id of a meeting; letters count alike in any case."""
    return _blind_as_written(keys, authority, identifiers.conference_id(conference_id))


def conference_indexes(keys: KeyFile, authority: str, conference_id: str) -> tuple[str, ...]:
    """Return the indexes under which a meeting may be kept, the likeliest first.

    Capitals did not always count alike: a meeting of then is kept as its id was written, which is
    mostly as it is written now, in capitals, or in small letters.
    """
    as_written = _blind_as_written(keys, authority, conference_id)
    in_capitals = blind_conference_id(keys, authority, conference_id)
    in_small = _blind_as_written(keys, authority, conference_id.strip().lower())
    return tuple(dict.fromkeys((as_written, in_capitals, in_small)))


def _blind_as_written(keys: KeyFile, authority: str, conference_id: str) -> str:
    return keys.blind("conference-id", f"{authority}/{conference_id}")


def blind(keys: KeyFile, kind: str, value: str | None) -> str | None:
    """Return the index of an identifier, or None if there is none."""
    return None if value is None else keys.blind(kind, value)


def _vault(work: Work[Any]) -> Vault:
    return Vault(work, work.context.keys, DATA_KEYS)
