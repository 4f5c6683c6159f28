"""Registers the professionals who are written to because of what they do."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.chassis.ids import derived
from services.contracts.codes import Role
from services.exchange.domain.child import Adult
from services.exchange.domain.person import Person, registrable
from services.exchange.handlers.context import ExchangeWork, allowed
from services.exchange.storage import sealed
from services.exchange.storage.repositories import PEOPLE


@dataclass(frozen=True, slots=True)
class PersonGiven:
    """A professional as handed in; without authorities they serve wherever nobody else does."""

    role: Role
    adult: Adult
    authorities: tuple[str, ...] = ()
    provider_ref: UUID | None = None


def register_person(work: ExchangeWork, given: PersonGiven) -> Person:
    """Register a person, or take over what is new; role and address are who they are.

    Raises:
        Refused: it is a role at home.
    """
    allowed(registrable(given.role))
    address = (given.adult.email or "").lower()
    index = work.context.keys.blind("person", f"{given.role}/{address}")
    ref = UUID(derived("person", index))
    known = work.find(PEOPLE, ref)
    person = replace(
        known or Person(ref, given.role, index, adult=""),
        authorities=tuple(sorted(given.authorities)),
        provider_ref=given.provider_ref,
    )
    if person == known and sealed.adult_of(work, person) == given.adult:
        return person
    return work.save(PEOPLE, replace(person, adult=sealed.seal_adult(work, ref, given.adult)))
