"""Finds the address a message goes to; the only place where an address leaves the vault."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol
from uuid import UUID

from services.contracts.codes import Role
from services.exchange.domain.conference import days_sat
from services.exchange.domain.contact import HOME_ROLES, safe_email
from services.exchange.domain.person import Person, in_turn, serving
from services.exchange.handlers.context import ExchangeWork
from services.exchange.storage import sealed
from services.exchange.storage.repositories import CHILDREN, CONFERENCES, MEETINGS, PEOPLE


class Addressed(Protocol):
    """What is said of a message about whom it is for."""

    @property
    def child_ref(self) -> UUID: ...
    @property
    def meeting_ref(self) -> UUID | None: ...
    @property
    def recipient_role(self) -> Role: ...
    @property
    def recipient_ref(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message goes to: the role that was reached, and the address."""

    role: Role
    email: str


def recipient_of(work: ExchangeWork, message: Addressed) -> Recipient | None:
    """Return who can be written to: the one it is for, else who stands in."""
    for role in in_turn(message.recipient_role):
        email = _email(work, message, role)
        if email is not None:
            return Recipient(role, email)
    return None


def is_named_chair(work: ExchangeWork, message: Addressed, recipient: Recipient) -> bool:
    """Whether it is the very person who leads this conference, not another of that role."""
    return recipient.email == _chair(work, message)


def _email(work: ExchangeWork, message: Addressed, role: Role) -> str | None:
    if role in HOME_ROLES:
        return _at_home(work, message, role)
    if role is message.recipient_role and message.recipient_ref is not None:
        return _email_of(work, work.find(PEOPLE, message.recipient_ref), role)
    found = _NAMED[role](work, message) if role in _NAMED else None
    return found or _desk(work, message, role)


def _at_home(work: ExchangeWork, message: Addressed, role: Role) -> str | None:
    child = work.get(CHILDREN, message.child_ref)
    contacts = sealed.particulars_of(work, child).contacts
    days = days_sat(work.select(CONFERENCES, child_ref=message.child_ref))
    return safe_email(contacts, role, work.today, days)


def _social_worker(work: ExchangeWork, message: Addressed) -> str | None:
    child = work.get(CHILDREN, message.child_ref)
    adult = sealed.particulars_of(work, child).social_worker
    return adult.email if adult else None


def _chair(work: ExchangeWork, message: Addressed) -> str | None:
    if message.meeting_ref is None:
        return None
    adult = sealed.private_of(work, work.get(MEETINGS, message.meeting_ref)).chair
    return adult.email if adult else None


def _desk(work: ExchangeWork, message: Addressed, role: Role) -> str | None:
    authority = work.get(CHILDREN, message.child_ref).authority
    return _email_of(work, serving(work.select(PEOPLE, role=role), authority), role)


def _email_of(work: ExchangeWork, person: Person | None, role: Role) -> str | None:
    if person is None or person.role is not role:
        return None
    return sealed.adult_of(work, person).email


_NAMED: Final[Mapping[Role, Callable[[ExchangeWork, Addressed], str | None]]] = MappingProxyType(
    {Role.SOCIAL_WORKER: _social_worker, Role.CONFERENCE_CHAIR: _chair}
)
