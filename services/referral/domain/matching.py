"""Finds the advocate for a child: who may, who can, who has room, and of those the known one."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from services.contracts.codes import AllocationReason, Need, UnmetBecause
from services.referral.domain.advocate import Advocate, barrier

MET_OTHERWISE: Final = frozenset({Need.INTERPRETER, Need.MOBILITY, Need.OTHER})
"""Needs met by an interpreter or by a place, and needs nobody knows: no skill of an advocate."""

UNKNOWN_LANGUAGE: Final = "und"


@dataclass(frozen=True, slots=True)
class Seeker:
    """A child who needs an advocate.

    `needed_until` is the last day the advocate's checks must cover. `not_again` are those who
    refused, were replaced, or gave this child up. `former` was there last time.
    """

    child_ref: UUID
    authority: str
    language: str
    needs: frozenset[Need]
    needed_until: date
    not_again: frozenset[UUID] = frozenset()
    former: UUID | None = None

    @property
    def skills(self) -> frozenset[Need]:
        """What the advocate must be able to do."""
        return self.needs - MET_OTHERWISE


@dataclass(frozen=True, slots=True)
class Candidate:
    """An advocate, how many children are with them, and whether this child is one of those."""

    advocate: Advocate
    load: int
    has_child: bool


@dataclass(frozen=True, slots=True)
class Match:
    """Who it is, and why."""

    advocate_ref: UUID
    reasons: tuple[AllocationReason, ...]


def match(
    seeker: Seeker, candidates: tuple[Candidate, ...], *, are_all: bool = True
) -> Match | UnmetBecause:
    """Return the advocate for this child, or what nobody could offer.

    Independence first and without exception, then skill, then language, then room. Among those who
    are left the one the child knows comes first, then who speaks the child's language without an
    interpreter, then who has the fewest children.

    Args:
        are_all: whether there are no other advocates: one of some is not the only one.
    """
    if not candidates:
        return UnmetBecause.NOBODY_REGISTERED
    independent = [one for one in candidates if _may(one, seeker)]
    skilled = [one for one in independent if seeker.skills <= set(one.advocate.skills)]
    understood = [one for one in skilled if _is_understood(one, seeker)]
    with_room = [one for one in understood if has_room(one)]
    if with_room:
        best = min(with_room, key=lambda one: _rank(one, seeker))
        only = are_all and len(independent) == 1
        return Match(best.advocate.advocate_ref, reasons(best, seeker, only=only))
    return _lacking(independent, skilled, understood)


def reasons(
    candidate: Candidate, seeker: Seeker, *, only: bool = False
) -> tuple[AllocationReason, ...]:
    """Return why this advocate fits this child."""
    found = {
        AllocationReason.SAME_AS_LAST_TIME: _is_known(candidate, seeker),
        AllocationReason.HAS_SKILL: _has_skills(candidate, seeker),
        AllocationReason.SPEAKS_LANGUAGE: _speaks(candidate, seeker),
        AllocationReason.HAS_ROOM: has_room(candidate),
        AllocationReason.SERVES_AUTHORITY: True,
        AllocationReason.ONLY_ONE_INDEPENDENT: only,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def has_room(candidate: Candidate) -> bool:
    """Whether one more child fits; a child who is there already takes no more room."""
    return candidate.has_child or candidate.load < candidate.advocate.capacity


def _may(candidate: Candidate, seeker: Seeker) -> bool:
    advocate = candidate.advocate
    barred = barrier(advocate, seeker.child_ref, seeker.authority, seeker.needed_until)
    return barred is None and advocate.advocate_ref not in seeker.not_again


def _has_skills(candidate: Candidate, seeker: Seeker) -> bool:
    return bool(seeker.skills) and seeker.skills <= set(candidate.advocate.skills)


def _is_understood(candidate: Candidate, seeker: Seeker) -> bool:
    """Whether the two can speak: in the child's language, or through an interpreter."""
    if seeker.language == UNKNOWN_LANGUAGE or Need.INTERPRETER in seeker.needs:
        return True
    return _speaks(candidate, seeker)


def _speaks(candidate: Candidate, seeker: Seeker) -> bool:
    return seeker.language in candidate.advocate.languages


def _is_known(candidate: Candidate, seeker: Seeker) -> bool:
    return candidate.advocate.advocate_ref == seeker.former


def _rank(candidate: Candidate, seeker: Seeker) -> tuple[bool, bool, int, str]:
    return (
        not _is_known(candidate, seeker),
        not _speaks(candidate, seeker),
        candidate.load,
        str(candidate.advocate.advocate_ref),
    )


def _lacking(
    independent: list[Candidate], skilled: list[Candidate], understood: list[Candidate]
) -> UnmetBecause:
    if not independent:
        return UnmetBecause.NOBODY_INDEPENDENT
    if not skilled:
        return UnmetBecause.NOBODY_WITH_SKILL
    if not understood:
        return UnmetBecause.NOBODY_WITH_LANGUAGE
    return UnmetBecause.NOBODY_WITH_ROOM
