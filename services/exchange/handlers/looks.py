"""Lets a name or an identifier out of the vault to be looked at; every look is in the ledger."""

from typing import Final
from uuid import UUID

from services.exchange.handlers.context import ExchangeWork
from services.exchange.storage import sealed
from services.exchange.storage.ledger import note
from services.exchange.storage.repositories import CHILDREN, PEOPLE

READER: Final = "reader"
"""Who looked, as long as nobody signs in: somebody at this machine."""

NO_NAME: Final = "Name not given"


def name_of_child(work: ExchangeWork, child_ref: UUID, purpose: str) -> str:
    """Return a child's name, for one look.

    Raises:
        NotYet: the child is not known here.
    """
    child = work.get(CHILDREN, child_ref)
    note(work, READER, child_ref, "child-name", purpose)
    return sealed.particulars_of(work, child).name or NO_NAME


def name_of_person(work: ExchangeWork, person_ref: UUID, purpose: str) -> str:
    """Return a professional's name, for one look.

    Raises:
        NotYet: the person is not known here.
    """
    person = work.get(PEOPLE, person_ref)
    note(work, READER, person_ref, "person-name", purpose)
    return sealed.adult_of(work, person).name or NO_NAME
