"""Suggests that two children may be one; a merge is never made by itself (practice 19).

The authority's own id is a child's identity within that authority. A national identifier that
two children share is a suggestion for a named person; what contradicts it blocks it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.exchange.domain.child import Particulars


class MatchedOn(StrEnum):
    """The identifier that two children share."""

    UPN = "upn"
    NHS_NUMBER = "nhs-number"


class BlockedBecause(StrEnum):
    """What says that they are two children after all."""

    DATE_OF_BIRTH = "date-of-birth"
    NHS_NUMBER = "nhs-number"
    UPN = "upn"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two children who may be one, by reference."""

    suggestion_ref: UUID
    child_ref: UUID
    other_child_ref: UUID
    matched_on: MatchedOn
    blocked_because: BlockedBecause | None
    since: datetime
    version: int = 0


def shared(one: Particulars, other: Particulars) -> Iterator[MatchedOn]:
    """Yield the identifiers that both have and that are the same."""
    if one.nhs_number is not None and one.nhs_number == other.nhs_number:
        yield MatchedOn.NHS_NUMBER
    if one.upn is not None and one.upn == other.upn:
        yield MatchedOn.UPN


def blocked(one: Particulars, other: Particulars) -> BlockedBecause | None:
    """Return what contradicts that they are one child, if anything does."""
    if _differ(one.date_of_birth, other.date_of_birth):
        return BlockedBecause.DATE_OF_BIRTH
    if _differ(one.nhs_number, other.nhs_number):
        return BlockedBecause.NHS_NUMBER
    if _differ(one.upn, other.upn):
        return BlockedBecause.UPN
    return None


def _differ(one: object | None, other: object | None) -> bool:
    return one is not None and other is not None and one != other
