"""Shows a child's words to those the child approved: asked at every look, and every look noted."""

from dataclasses import dataclass
from uuid import UUID

from services.chassis.errors import Refused
from services.chassis.work import Work
from services.contracts.codes import Audience
from services.feedback.domain.child_view import ChildView, Refusal, readable
from services.feedback.domain.words import ANSWER, part_of
from services.feedback.handlers.words import opened
from services.feedback.settings import Feedback
from services.feedback.storage.repositories import CHILD_VIEWS, note_look


@dataclass(frozen=True, slots=True)
class Shown:
    """One statement, and whether it may be said in front of the parents."""

    number: int
    text: str
    in_front_of_parents: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What one audience may read of a view now."""

    view: ChildView
    audience: Audience
    statements: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class AnswerForChild:
    """What the conference answered, with its words for the child where there are any."""

    view: ChildView
    words: str | None


def read(work: Work[Feedback], view_ref: UUID, audience: Audience) -> Reading:
    """Open what this audience may read now, and note the look."""
    view = work.get(CHILD_VIEWS, view_ref)
    approved = readable(view, audience)
    if isinstance(approved, Refusal):
        raise Refused(approved.code, approved.sentence)
    shown = tuple(
        Shown(one.number, text, Audience.PARENTS_PRESENT in one.approved_for)
        for one in approved
        if (text := opened(work, view, part_of(one.number))) is not None
    )
    note_look(work, view_ref, audience, [one.number for one in shown])
    return Reading(view, audience, shown)


def read_answer(work: Work[Feedback], view_ref: UUID) -> AnswerForChild:
    """Open the answer for whoever tells the child, and note the look."""
    view = work.get(CHILD_VIEWS, view_ref)
    if view.answer is None:
        raise Refused("not-answered", "the conference has not answered this view yet")
    note_look(work, view_ref, ANSWER, [])
    return AnswerForChild(view, opened(work, view, ANSWER))
