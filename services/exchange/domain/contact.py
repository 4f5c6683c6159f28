"""Decides by which contact a child or a home may be reached; not known to be safe means none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from services.contracts.codes import Role


class ContactPerson(StrEnum):
    """Whose contact it is."""

    CHILD = "child"
    PARENT = "parent"
    CARER = "carer"
    SOCIAL_WORKER = "social-worker"
    OTHER = "other"


class ContactChannel(StrEnum):
    """The way it reaches them."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    POST = "post"
    OTHER = "other"


class ContactSafety(StrEnum):
    """What is known of its safety; nothing known is never read as safe."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    ASK_FIRST = "ask-first"
    UNKNOWN = "unknown"


AT_HOME: Final = frozenset({ContactPerson.CHILD, ContactPerson.PARENT, ContactPerson.CARER})

HOME_ROLES: Final = frozenset({Role.CHILD, Role.PARENT, Role.CARER})
"""Who may only be reached by a contact that is known to be safe."""

_CAREFUL: Final = (
    ContactSafety.UNKNOWN,
    ContactSafety.SAFE,
    ContactSafety.ASK_FIRST,
    ContactSafety.UNSAFE,
)
"""From what says nothing, by what may be written to, to what is never to be written to."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach one person, and who said on which day that it is safe."""

    person: ContactPerson
    channel: ContactChannel
    value: str
    safety: ContactSafety = ContactSafety.UNKNOWN
    note: str = ""
    confirmed_by: str | None = None
    confirmed_on: date | None = None
    expires_on: date | None = None


def is_known_safe(contact: Contact, today: date, conferences: Iterable[date]) -> bool:
    """Whether a message may go this way today.

    A named person must have said so on a date; that word ends on its own last day and with each
    conference after it, for what was safe before a conference may not be after it.
    """
    if contact.safety is not ContactSafety.SAFE:
        return False
    if contact.confirmed_by is None or contact.confirmed_on is None:
        return False
    if contact.expires_on is not None and contact.expires_on < today:
        return False
    confirmed_on = contact.confirmed_on
    return not any(confirmed_on <= day < today for day in conferences)


def safe_email(
    contacts: Sequence[Contact], role: Role, today: date, conferences: Iterable[date]
) -> str | None:
    """Return the address by which someone at home may be written to today, if there is one."""
    days = tuple(conferences)
    for contact in contacts:
        is_theirs = contact.person.value == role.value and contact.channel is ContactChannel.EMAIL
        if is_theirs and is_known_safe(contact, today, days):
            return contact.value
    return None


def merged(known: Sequence[Contact], given: Sequence[Contact]) -> tuple[Contact, ...]:
    """Return the contacts after new ones were given.

    All that are handed in at once stand side by side, as those of two parents, and take the place
    of what was known of that person by that channel. The same value given again without a
    confirmation keeps the one it has, and what was confirmed: a new word that it is unsafe counts
    without a name, one that it is safe does not. Another value for someone at home means that the
    address or the household may have changed: then nobody's word for anyone at home counts any
    longer.
    """
    sorts, again = {_sort(contact) for contact in given}, {_key(contact) for contact in given}
    gone = [old for old in known if _sort(old) in sorts and _key(old) not in again]
    before = {_key(old): old for old in known}
    sorts_before = {_sort(old) for old in known}
    new = [one for one in given if _sort(one) in sorts_before and _key(one) not in before]
    if any(contact.person in AT_HOME for contact in (*gone, *new)):
        before = {key: _unconfirmed(contact) for key, contact in before.items()}
    after = {key: old for key, old in before.items() if key in again or _sort(old) not in sorts}
    for contact in given:
        after[_key(contact)] = _over(after.get(_key(contact)), contact)
    return tuple(after[key] for key in sorted(after))


def _sort(contact: Contact) -> tuple[ContactPerson, ContactChannel]:
    return contact.person, contact.channel


def _key(contact: Contact) -> tuple[ContactPerson, ContactChannel, str]:
    return contact.person, contact.channel, contact.value


def _unconfirmed(contact: Contact) -> Contact:
    if contact.person not in AT_HOME:
        return contact
    return replace(contact, confirmed_by=None, confirmed_on=None, expires_on=None)


def _over(old: Contact | None, new: Contact) -> Contact:
    if old is None or new.confirmed_on is not None:
        return new
    kept = replace(new, note=new.note or old.note, expires_on=old.expires_on)
    safety = _of_two(old.safety, new.safety)
    if safety is not old.safety:
        return replace(kept, safety=safety)
    by, on = old.confirmed_by, old.confirmed_on
    return replace(kept, safety=safety, confirmed_by=by, confirmed_on=on)


def _of_two(confirmed: ContactSafety, said: ContactSafety) -> ContactSafety:
    """Return what is known of a contact when somebody says something else without a name.

    Nobody's confirmation of one word is lent to another: only what is more careful counts.
    """
    return max(confirmed, said, key=_CAREFUL.index)
