"""An advocate as codes, and whether that person may stand by a given child at all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.contracts.codes import Need

COUNCIL: Final = "council"
"""What `employed_by` says of somebody the local authority employs."""


@dataclass(frozen=True, slots=True)
class Advocate:
    """One advocate; `conflicts` are children this person cannot be independent for."""

    advocate_ref: UUID
    authorities: tuple[str, ...]
    languages: tuple[str, ...]
    skills: tuple[Need, ...]
    capacity: int
    active: bool
    employed_by: str
    conflicts: tuple[UUID, ...]
    checks_valid_until: date
    training_valid_until: date
    version: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """The advocates who serve one authority: where a search begins."""

    authority: str
    advocates: tuple[UUID, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Caseload:
    """How many children are with an advocate, so that finding room need not count them."""

    advocate_ref: UUID
    children: int = 0
    version: int = 0


class Barrier(StrEnum):
    """Why somebody may not be this child's advocate, whoever asks."""

    NOT_ACTIVE = "not-active"
    OTHER_AUTHORITY = "other-authority"
    NOT_INDEPENDENT = "not-independent"
    CONFLICT_OF_INTEREST = "conflict-of-interest"
    CHECKS_LAPSED = "checks-lapsed"
    TRAINING_LAPSED = "training-lapsed"


LAPSES: Final = frozenset({Barrier.CHECKS_LAPSED, Barrier.TRAINING_LAPSED})
"""What ends with a day, without anybody's word."""


def barrier(
    advocate: Advocate, child_ref: UUID, authority: str, needed_until: date
) -> Barrier | None:
    """Return what bars this advocate from this child, or None.

    An advocate serves only the child (practice 18): nobody the council employs, as in the national
    standards for advocacy of 2002 (standard 6) and the report "Involved by Right" (structurally
    independent of the local authority); nobody who is involved with the child in another role, as
    in regulation 3 of the Welsh representations regulations of 2004. The checks and the mandatory
    training must last beyond the conference.
    """
    if not advocate.active:
        return Barrier.NOT_ACTIVE
    if authority not in advocate.authorities:
        return Barrier.OTHER_AUTHORITY
    if not is_independent(advocate, child_ref):
        return _why_not_independent(advocate)
    if advocate.checks_valid_until < needed_until:
        return Barrier.CHECKS_LAPSED
    return Barrier.TRAINING_LAPSED if advocate.training_valid_until < needed_until else None


def lapsed_on(advocate: Advocate, today: date) -> tuple[tuple[Barrier, date], ...]:
    """Say what has ended for this advocate, and on which day it was last valid."""
    last = (
        (Barrier.CHECKS_LAPSED, advocate.checks_valid_until),
        (Barrier.TRAINING_LAPSED, advocate.training_valid_until),
    )
    return tuple((what, day) for what, day in last if day < today)


def is_independent(advocate: Advocate, child_ref: UUID) -> bool:
    """Whether this advocate serves nobody but the child."""
    return advocate.employed_by != COUNCIL and child_ref not in advocate.conflicts


def _why_not_independent(advocate: Advocate) -> Barrier:
    council = advocate.employed_by == COUNCIL
    return Barrier.NOT_INDEPENDENT if council else Barrier.CONFLICT_OF_INTEREST


def with_conflict(advocate: Advocate, child_ref: UUID) -> Advocate:
    """Note that this advocate cannot be independent for a child, now or later."""
    return replace(advocate, conflicts=_sorted({*advocate.conflicts, child_ref}))


def joined(panel: Panel, advocate_ref: UUID) -> Panel:
    """Put an advocate on a panel."""
    return replace(panel, advocates=_sorted({*panel.advocates, advocate_ref}))


def left(panel: Panel, advocate_ref: UUID) -> Panel:
    """Take an advocate off a panel."""
    return replace(panel, advocates=_sorted({*panel.advocates} - {advocate_ref}))


def _sorted(refs: Iterable[UUID]) -> tuple[UUID, ...]:
    return tuple(sorted(refs))
