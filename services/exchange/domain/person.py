"""People who are written to because of what they do: advocates, providers, a service's desk."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.contracts.codes import Role
from services.exchange.domain.contact import HOME_ROLES
from services.exchange.domain.lifecycle import Denied


@dataclass(frozen=True, slots=True)
class Person:
    """A professional by reference; `adult` is the sealed name and e-mail address."""

    person_ref: UUID
    role: Role
    email_index: str
    adult: str
    authorities: tuple[str, ...] = ()
    provider_ref: UUID | None = None
    version: int = 0


STANDS_IN: Final[Mapping[Role, Role]] = MappingProxyType(
    {
        Role.CHILD: Role.SOCIAL_WORKER,
        Role.PARENT: Role.SOCIAL_WORKER,
        Role.CARER: Role.SOCIAL_WORKER,
        Role.ADVOCATE: Role.ADVOCACY_PROVIDER,
        Role.ADVOCACY_PROVIDER: Role.SAFEGUARDING_SERVICE,
        Role.CONFERENCE_CHAIR: Role.SAFEGUARDING_SERVICE,
        Role.REVIEWING_OFFICER: Role.SAFEGUARDING_SERVICE,
        Role.SOCIAL_WORKER: Role.SAFEGUARDING_SERVICE,
        Role.SCHOOL: Role.SOCIAL_WORKER,
        Role.HEALTH: Role.SOCIAL_WORKER,
        Role.POLICE: Role.SOCIAL_WORKER,
        Role.OTHER_PROFESSIONAL: Role.SOCIAL_WORKER,
        Role.OTHER: Role.SOCIAL_WORKER,
    }
)
"""Who is asked to see to a task when nobody can be written to in a role; it ends somewhere."""


def registrable(role: Role) -> Denied | None:
    """Say that nobody at home is registered: they are only reached by a contact known as safe."""
    if role not in HOME_ROLES:
        return None
    return Denied("home-role", "A child's family is reached by contacts, never by this list.")


def in_turn(role: Role) -> Iterator[Role]:
    """Yield the role and then, one after another, who stands in for it."""
    turn: Role | None = role
    while turn is not None:
        yield turn
        turn = STANDS_IN.get(turn)


def serving(people: Iterable[Person], authority: str) -> Person | None:
    """Return who serves that authority: who names it before who names none, then by reference."""
    named = [person for person in people if authority in person.authorities]
    anywhere = [person for person in people if not person.authorities]
    found = sorted(named or anywhere, key=lambda person: person.person_ref)
    return found[0] if found else None
