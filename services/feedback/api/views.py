"""What feedback answers: how far a view has come, its words only to those the child approved."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.contracts.codes import (
    Answer,
    AnswerReason,
    Audience,
    Medium,
    Provenance,
    ViewAuthor,
    ViewStatus,
    YesNo,
)
from services.feedback.domain.child_view import ChildView
from services.feedback.handlers.reading import AnswerForChild, Reading


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class StatementSummary(_View):
    """A statement without its words."""

    number: int
    approved_for: tuple[Audience, ...]


class ChildViewSummary(_View):
    """How far a view has come; no word of it."""

    view_ref: UUID
    child_ref: UUID
    conference_ref: UUID
    author: ViewAuthor
    medium: Medium
    provenance: Provenance
    language: str
    status: ViewStatus
    statements: tuple[StatementSummary, ...]
    recorded_at: datetime
    shared_at: datetime | None
    received_at: datetime | None
    answer: Answer | None
    answer_reason: AnswerReason | None
    answered_at: datetime | None
    told_at: datetime | None
    understood: YesNo | None
    version: int


class StatementRead(_View):
    """A statement, and whether it may be said in front of the parents."""

    number: int
    text: str
    in_front_of_parents: bool


class ChildViewRead(_View):
    """What one audience may read now, always marked with whose words they are."""

    view_ref: UUID
    child_ref: UUID
    conference_ref: UUID
    audience: Audience
    author: ViewAuthor
    medium: Medium
    provenance: Provenance
    childs_own_words: bool
    language: str
    statements: tuple[StatementRead, ...]


class AnswerRead(_View):
    """What the conference answered, with its words for the child."""

    view_ref: UUID
    answer: Answer | None
    answer_reason: AnswerReason | None
    words: str | None


def summary(view: ChildView) -> ChildViewSummary:
    """Show how far a view has come."""
    return ChildViewSummary.model_validate(view)


def reading(read: Reading) -> ChildViewRead:
    """Show what one audience may read."""
    view = read.view
    return ChildViewRead(
        view_ref=view.view_ref,
        child_ref=view.child_ref,
        conference_ref=view.conference_ref,
        audience=read.audience,
        author=view.author,
        medium=view.medium,
        provenance=view.provenance,
        childs_own_words=view.is_the_childs_own,
        language=view.language,
        statements=tuple(StatementRead.model_validate(one) for one in read.statements),
    )


def answer_for_child(read: AnswerForChild) -> AnswerRead:
    """Show the answer to whoever tells the child."""
    view = read.view
    return AnswerRead(
        view_ref=view.view_ref,
        answer=view.answer,
        answer_reason=view.answer_reason,
        words=read.words,
    )
