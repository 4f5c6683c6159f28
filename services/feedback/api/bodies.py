"""What requests to feedback may hold; a child's words come in here and go nowhere but the vault."""

from typing import Annotated
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from services.contracts.codes import (
    Answer,
    AnswerReason,
    Audience,
    Extensible,
    Medium,
    Provenance,
    ViewAuthor,
    YesNo,
)
from services.contracts.fields import Moment
from services.feedback.domain.child_view import Approval
from services.feedback.handlers.child_views import Answered, NewStatement, NewView


def _known(codes: type[Extensible]) -> BeforeValidator:
    """Refuse a code that is not on the list: from a person it is a typing error, not a new code."""

    def check(value: object) -> object:
        if not isinstance(value, str) or not codes.known(value):
            listed = ", ".join(sorted(codes))
            raise PydanticCustomError(
                "enum", "Input should be one of: {listed}", {"listed": listed}
            )
        return value

    return BeforeValidator(check)


_Words = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
_Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
_KnownAuthor = Annotated[ViewAuthor, _known(ViewAuthor)]
_KnownMedium = Annotated[Medium, _known(Medium)]
_KnownReason = Annotated[AnswerReason, _known(AnswerReason)]


class Body(BaseModel):
    """A request: takes no field it does not know and never repeats what was sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class StatementBody(Body):
    """One thing the child said, and who may read it: nobody unless the child says so."""

    text: _Words
    approved_for: tuple[Audience, ...] = ()


class ChildViewBody(Body):
    """What a child wants a conference to know."""

    child_ref: UUID
    conference_ref: UUID
    author: _KnownAuthor
    medium: _KnownMedium
    provenance: Provenance
    language: _Language = "und"
    statements: Annotated[tuple[StatementBody, ...], Field(min_length=1, max_length=50)]

    def as_domain(self) -> NewView:
        """Say it in the words of the handlers."""
        return NewView(
            child_ref=self.child_ref,
            conference_ref=self.conference_ref,
            author=self.author,
            medium=self.medium,
            provenance=self.provenance,
            language=self.language,
            statements=tuple(NewStatement(one.text, one.approved_for) for one in self.statements),
        )


class ApprovalBody(Body):
    """What the child said about who may read one statement."""

    statement: Annotated[int, Field(ge=1)]
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    approved: bool
    heard_from_child: bool

    def as_domain(self) -> Approval:
        """Say it in the words of the rules."""
        named, nobody = frozenset(self.audience), frozenset[Audience]()
        granted, taken_back = (named, nobody) if self.approved else (nobody, named)
        return Approval(self.statement, granted, taken_back, self.heard_from_child)


class AnswerBody(Body):
    """How far the conference did it, why, and its words for the child."""

    answer: Answer
    reason: _KnownReason
    words: _Words | None = None

    def as_domain(self) -> Answered:
        """Say it in the words of the handlers."""
        return Answered(self.answer, self.reason, self.words)


class ToldBody(Body):
    """When the child was told, and whether it was understood."""

    at: Moment
    understood: YesNo = YesNo.UNKNOWN
