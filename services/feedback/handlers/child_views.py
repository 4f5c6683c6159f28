"""What people record of a child's view."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.chassis.errors import Refused
from services.chassis.work import Work
from services.contracts.codes import (
    Answer,
    AnswerReason,
    Audience,
    Medium,
    Provenance,
    ViewAuthor,
    YesNo,
)
from services.feedback.domain import child_view as rules
from services.feedback.domain.child_view import Approval, ChildView, Refusal, Statement
from services.feedback.domain.conference import Conference
from services.feedback.domain.words import ANSWER, part_of
from services.feedback.handlers import words
from services.feedback.settings import Feedback
from services.feedback.storage.repositories import (
    CHILD_VIEWS,
    CONFERENCES,
    note_approval,
    was_looked_at,
)


@dataclass(frozen=True, slots=True)
class NewStatement:
    """One thing the child said, and who may read it."""

    text: str
    approved_for: tuple[Audience, ...] = ()


@dataclass(frozen=True, slots=True)
class NewView:
    """What a child wants a conference to know."""

    child_ref: UUID
    conference_ref: UUID
    author: ViewAuthor
    medium: Medium
    provenance: Provenance
    language: str
    statements: tuple[NewStatement, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """How far the conference did it, why, and its words for the child."""

    answer: Answer
    reason: AnswerReason
    words: str | None = None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A view that was withdrawn, and whether somebody had read it: that cannot be unread."""

    view: ChildView
    already_read: bool


def record_view(work: Work[Feedback], new: NewView) -> ChildView:
    """Record a view for a conference that is known; what is approved is approved with it."""
    conference = work.get(CONFERENCES, new.conference_ref)
    if conference.child_ref != new.child_ref:
        raise Refused("another-childs-conference", "this conference is about another child")
    _refuse(rules.contradiction(new.author, new.medium, new.provenance))
    view = work.record(CHILD_VIEWS, _recorded(work, new), "recorded")
    for number, statement in enumerate(new.statements, start=1):
        words.seal(work, view, part_of(number), statement.text)
    return _approved_at_once(work, view, new)


def approve(work: Work[Feedback], view_ref: UUID, said: Approval) -> ChildView:
    """Change who may read one statement."""
    before = work.get(CHILD_VIEWS, view_ref)
    after = _accepted(rules.approved(before, said))
    note_approval(work, view_ref, said)
    if after == before:
        return before
    view = work.record(CHILD_VIEWS, after, "approved")
    conference = work.get(CONFERENCES, view.conference_ref)
    more = rules.shared_more(before, view, conference.status, work.now)
    return view if isinstance(more, Refusal) else work.record(CHILD_VIEWS, more, "shared")


def approve_as_seen(
    work: Work[Feedback], view_ref: UUID, said: Approval, version: int
) -> ChildView:
    """Change who may read one statement, by somebody who saw the view as it was at that version.

    Raises:
        Refused: it has changed since: what was taken back meanwhile must not be given again.
    """
    if work.get(CHILD_VIEWS, view_ref).version != version:
        raise Refused("changed-meanwhile", "this was changed since you opened it: look once more")
    return approve(work, view_ref, said)


def with_conference(work: Work[Feedback], view_ref: UUID) -> tuple[ChildView, Conference]:
    """Return a view, and the conference that it is for."""
    view = work.get(CHILD_VIEWS, view_ref)
    return view, work.get(CONFERENCES, view.conference_ref)


def share(work: Work[Feedback], view_ref: UUID) -> ChildView:
    """Send a view to the chair."""
    view, conference = with_conference(work, view_ref)
    after = _accepted(rules.shared(view, conference.status, work.now))
    return work.record(CHILD_VIEWS, after, "shared")


def receive(work: Work[Feedback], view_ref: UUID) -> ChildView:
    """Record that the chair has it."""
    after = _accepted(rules.received(work.get(CHILD_VIEWS, view_ref), work.now))
    return work.record(CHILD_VIEWS, after, "received")


def answer(work: Work[Feedback], view_ref: UUID, said: Answered) -> ChildView:
    """Record what the conference did about it, with its words for the child."""
    view, conference = with_conference(work, view_ref)
    after = _accepted(rules.answered(view, said.answer, said.reason, conference.sat_at, work.now))
    is_same = rules.is_same_answer(view, said.answer, said.reason)
    if is_same and words.opened(work, view, ANSWER) == said.words:
        return view
    words.replace_by(work, view, ANSWER, said.words)
    return work.record(CHILD_VIEWS, after, "answered")


def tell(work: Work[Feedback], view_ref: UUID, at: datetime, understood: YesNo) -> ChildView:
    """Record that the child was told."""
    view, conference = with_conference(work, view_ref)
    after = _accepted(rules.told(view, at, understood, conference.sat_at, work.now))
    return work.record(CHILD_VIEWS, after, "told")


def withdraw(work: Work[Feedback], view_ref: UUID) -> TakenBack:
    """Take a view back: nobody reads it from now on, and its words are destroyed."""
    view = work.get(CHILD_VIEWS, view_ref)
    after = _accepted(rules.withdrawn(view))
    words.destroy(work, view)
    already_read = view.received_at is not None or was_looked_at(work, view_ref)
    return TakenBack(work.record(CHILD_VIEWS, after, "withdrawn"), already_read)


def _recorded(work: Work[Feedback], new: NewView) -> ChildView:
    return ChildView(
        view_ref=work.new_ref("child-view", new.conference_ref),
        child_ref=new.child_ref,
        conference_ref=new.conference_ref,
        author=new.author,
        medium=new.medium,
        provenance=new.provenance,
        language=new.language,
        statements=tuple(Statement(number) for number in range(1, len(new.statements) + 1)),
        recorded_at=work.now,
    )


def _approved_at_once(work: Work[Feedback], view: ChildView, new: NewView) -> ChildView:
    """Approve what was approved while it was written down, all of it in one event."""
    after = view
    for number, statement in enumerate(new.statements, start=1):
        granted = frozenset(statement.approved_for)
        said = Approval(number, granted, frozenset(), view.is_the_childs_own)
        after = _accepted(rules.approved(after, said))
        note_approval(work, view.view_ref, said)
    return view if after == view else work.record(CHILD_VIEWS, after, "approved")


def _accepted(result: ChildView | Refusal) -> ChildView:
    if isinstance(result, Refusal):
        raise Refused(result.code, result.sentence)
    return result


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Refused(refusal.code, refusal.sentence)
