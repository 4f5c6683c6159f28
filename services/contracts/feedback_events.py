"""What feedback says: that a child's view exists and what became of it, never its words."""

from typing import Annotated
from uuid import UUID

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
from services.contracts.fields import (
    ChildRef,
    ConferenceRef,
    Count,
    Moment,
    State,
    code,
    count,
    moment,
    ref,
)


class ChildViewState(State):
    """What a child wants a conference to know, by its codes alone."""

    view_ref: Annotated[
        UUID,
        ref(
            "The view.",
            "71e00000-0000-4000-8000-000000000001",
            "71e00000-0000-4000-8000-000000000002",
        ),
    ]
    child_ref: ChildRef
    conference_ref: ConferenceRef
    author: Annotated[ViewAuthor, code("Who put it down.", ViewAuthor.CHILD, ViewAuthor.ADVOCATE)]
    medium: Annotated[Medium, code("The form it was given in.", Medium.WRITTEN, Medium.SPOKEN)]
    provenance: Annotated[
        Provenance, code("Whose words they are.", Provenance.OWN_WORDS, Provenance.TRANSLATED)
    ]
    status: Annotated[ViewStatus, code("How far it has come.", ViewStatus.RECORDED)]
    statements: Annotated[Count, count("How many statements it has.", 3, 1)]
    approved_for: Annotated[
        tuple[Audience, ...],
        code(
            "Whom any statement may reach, by the child's word; empty for nobody.",
            [Audience.CHAIR, Audience.PROFESSIONALS],
            [],
        ),
    ]
    answer: Annotated[
        Answer | None, code("How far the conference did it.", Answer.PARTLY, Answer.FULL)
    ] = None
    answer_reason: Annotated[
        AnswerReason | None, code("Why so.", AnswerReason.PARTLY_POSSIBLE, AnswerReason.AGREED)
    ] = None
    shared_at: Annotated[Moment | None, moment("When it was shared.", "2026-11-27T10:00:00Z")] = (
        None
    )
    received_at: Annotated[
        Moment | None, moment("When the chair had it.", "2026-11-27T13:00:00Z")
    ] = None
    answered_at: Annotated[
        Moment | None, moment("When it was answered.", "2026-11-30T15:00:00Z")
    ] = None
    told_at: Annotated[
        Moment | None, moment("When the child was told the answer.", "2026-12-02T16:00:00Z")
    ] = None
    understood: Annotated[
        YesNo | None, code("Whether the child understood it.", YesNo.YES, YesNo.UNKNOWN)
    ] = None


class ChildViewRecorded(ChildViewState):
    """A child's view was recorded."""


class ChildViewApproved(ChildViewState):
    """The child approved statements, each for its audience."""


class ChildViewShared(ChildViewState):
    """A child's view was shared with those the child approved."""

    shared_at: Annotated[
        Moment, moment("When it was shared.", "2026-11-27T10:00:00Z", "2026-12-03T10:00:00Z")
    ]


class ChildViewReceived(ChildViewState):
    """The chair has received a child's view."""

    received_at: Annotated[
        Moment, moment("When the chair had it.", "2026-11-27T13:00:00Z", "2026-12-03T13:00:00Z")
    ]


class ChildViewAnswered(ChildViewState):
    """The conference answered a child's view."""

    answer: Annotated[Answer, code("How far the conference did it.", Answer.PARTLY, Answer.FULL)]
    answered_at: Annotated[
        Moment, moment("When it was answered.", "2026-11-30T15:00:00Z", "2026-12-07T11:00:00Z")
    ]


class ChildViewTold(ChildViewState):
    """The child was told what became of their view."""

    told_at: Annotated[
        Moment,
        moment(
            "When the child was told the answer.", "2026-12-02T16:00:00Z", "2026-12-09T15:00:00Z"
        ),
    ]


class ChildViewWithdrawn(ChildViewState):
    """The child took their view back."""
