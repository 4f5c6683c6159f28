"""Turns an agency's pseudonyms into agreed identifiers, one ledger row for each child and use."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.chassis.errors import Refused
from services.exchange.domain.agreement import Agreement, Identifier
from services.exchange.domain.child import Child, Particulars
from services.exchange.handlers.context import ExchangeWork
from services.exchange.storage import sealed
from services.exchange.storage.ledger import note
from services.exchange.storage.repositories import CHILDREN, FEED_SUBJECTS

_READ: Final[Mapping[Identifier, Callable[[Particulars], str | None]]] = MappingProxyType(
    {
        Identifier.NAME: lambda child: child.name or None,
        Identifier.DATE_OF_BIRTH: lambda child: (
            child.date_of_birth.isoformat() if child.date_of_birth else None
        ),
        Identifier.NHS_NUMBER: lambda child: child.nhs_number,
        Identifier.UPN: lambda child: child.upn,
        Identifier.LA_CHILD_ID: lambda child: child.la_child_id,
    }
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """One child under an agency's own reference, with the identifiers that were agreed."""

    child_ref: UUID
    identifiers: dict[str, str | None]


def resolve(work: ExchangeWork, agreement: Agreement, pseudonyms: Sequence[UUID]) -> list[Resolved]:
    """Resolve what the agency was told of and may resolve; what it may not is left out.

    Raises:
        Refused: the agreement allows no resolving at all.
    """
    if not agreement.terms.resolve:
        raise Refused("resolve-not-agreed", "The agreement does not allow this.")
    found = (_resolved(work, agreement, pseudonym) for pseudonym in pseudonyms)
    return [one for one in found if one is not None]


def _resolved(work: ExchangeWork, agreement: Agreement, pseudonym: UUID) -> Resolved | None:
    child = _child(work, agreement, pseudonym)
    if child is None:
        return None
    particulars = sealed.particulars_of(work, child)
    agreed = agreement.terms.resolve
    note(work, agreement.agency_ref, child.child_ref, ",".join(agreed), agreement.terms.purpose)
    return Resolved(pseudonym, {name.value: _READ[name](particulars) for name in agreed})


def _child(work: ExchangeWork, agreement: Agreement, pseudonym: UUID) -> Child | None:
    subject = work.find(FEED_SUBJECTS, pseudonym)
    if subject is None or subject.agency_ref != agreement.agency_ref:
        return None
    child = work.find(CHILDREN, subject.subject_ref)
    may_see = child is not None and child.authority in agreement.terms.authorities
    return child if may_see else None
