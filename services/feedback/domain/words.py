"""A child's words, or the words for the child, sealed."""

from dataclasses import dataclass
from uuid import UUID

ANSWER = "answer"
"""The part of a view that holds the conference's words for the child."""


def part_of(statement: int) -> str:
    """Name the part that holds the words of a statement."""
    return f"statement-{statement}"


@dataclass(frozen=True, slots=True)
class Words:
    """One sealed text of a view; `sealed` is empty once it was destroyed."""

    words_ref: UUID
    view_ref: UUID
    part: str
    sealed: str | None
    version: int = 0
