"""The way of a child's view to the conference and back: who may read it, what follows what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.contracts.codes import (
    Answer,
    AnswerReason,
    Audience,
    ConferenceStatus,
    Medium,
    Provenance,
    ViewAuthor,
    ViewStatus,
    YesNo,
)


class Step(StrEnum):
    """What can happen to a recorded view."""

    APPROVED = "approved"
    NOTHING_APPROVED_ANY_MORE = "nothing-approved-any-more"
    SHARED = "shared"
    SHARED_MORE = "shared-more"
    RECEIVED = "received"
    ANSWERED = "answered"
    TOLD = "told"
    WITHDRAWN = "withdrawn"


def _life() -> dict[tuple[ViewStatus, Step], ViewStatus]:
    always = {Step.WITHDRAWN: ViewStatus.WITHDRAWN}
    by_status: dict[ViewStatus, dict[Step, ViewStatus]] = {
        ViewStatus.RECORDED: {Step.APPROVED: ViewStatus.APPROVED},
        ViewStatus.APPROVED: {
            Step.APPROVED: ViewStatus.APPROVED,
            Step.NOTHING_APPROVED_ANY_MORE: ViewStatus.RECORDED,
            Step.SHARED: ViewStatus.SHARED,
        },
        ViewStatus.SHARED: {
            Step.SHARED_MORE: ViewStatus.SHARED,
            Step.RECEIVED: ViewStatus.RECEIVED,
            Step.ANSWERED: ViewStatus.ANSWERED,
        },
        ViewStatus.RECEIVED: {
            # Another may lead the meeting now, and says for themselves that they have read it.
            Step.RECEIVED: ViewStatus.RECEIVED,
            Step.SHARED_MORE: ViewStatus.SHARED,
            Step.ANSWERED: ViewStatus.ANSWERED,
        },
        # A corrected answer is a new answer; the child is to be told again.
        ViewStatus.ANSWERED: {Step.ANSWERED: ViewStatus.ANSWERED, Step.TOLD: ViewStatus.TOLD},
        ViewStatus.TOLD: {Step.ANSWERED: ViewStatus.ANSWERED, Step.TOLD: ViewStatus.TOLD},
    }
    sent = (ViewStatus.SHARED, ViewStatus.RECEIVED, ViewStatus.ANSWERED, ViewStatus.TOLD)
    for status in sent:
        # The child may change who reads it at any time; how far it has come stays true.
        by_status[status] |= {Step.APPROVED: status, Step.NOTHING_APPROVED_ANY_MORE: status}
    return {
        (status, step): after
        for status, steps in by_status.items()
        for step, after in (steps | always).items()
    }


TRANSITIONS: Final[Mapping[tuple[ViewStatus, Step], ViewStatus]] = MappingProxyType(_life())
"""(how far a view has come, what happens) -> how far it has come then; withdrawn is final."""

SENT: Final = frozenset(
    {ViewStatus.SHARED, ViewStatus.RECEIVED, ViewStatus.ANSWERED, ViewStatus.TOLD}
)
"""Somebody other than child and advocate may read what was approved for them."""

_CLOSED: Final = frozenset({ConferenceStatus.HELD, ConferenceStatus.CANCELLED})

_REASONS: Final[Mapping[Answer, frozenset[AnswerReason]]] = MappingProxyType(
    {
        Answer.FULL: frozenset({AnswerReason.AGREED, AnswerReason.OTHER}),
        Answer.PARTLY: frozenset(AnswerReason) - {AnswerReason.AGREED},
        Answer.NOT: frozenset(AnswerReason) - {AnswerReason.AGREED, AnswerReason.PARTLY_POSSIBLE},
    }
)
"""The reasons an answer can have: whoever is told both never hears the one deny the other."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing the child said, without its words, and who may read it: nobody unless said so."""

    number: int
    approved_for: tuple[Audience, ...] = ()


@dataclass(frozen=True, slots=True)
class ChildView:
    """What one child wants one conference to know; the words lie elsewhere, sealed."""

    view_ref: UUID
    child_ref: UUID
    conference_ref: UUID
    author: ViewAuthor
    medium: Medium
    provenance: Provenance
    language: str
    statements: tuple[Statement, ...]
    recorded_at: datetime
    status: ViewStatus = ViewStatus.RECORDED
    shared_at: datetime | None = None
    received_at: datetime | None = None
    answer: Answer | None = None
    answer_reason: AnswerReason | None = None
    answered_at: datetime | None = None
    corrected_at: datetime | None = None
    told_at: datetime | None = None
    understood: YesNo | None = None
    version: int = 0

    @property
    def approved_for(self) -> tuple[Audience, ...]:
        """Whom any of the statements may reach, in one order always."""
        reached = {audience for one in self.statements for audience in one.approved_for}
        return tuple(audience for audience in Audience if audience in reached)

    @property
    def is_the_childs_own(self) -> bool:
        """Whether it may be shown as the child's words; an observation never is (practice 15)."""
        return self.provenance is not Provenance.OBSERVATION


@dataclass(frozen=True, slots=True)
class Approval:
    """What the child said about who may read one statement."""

    statement: int
    granted: frozenset[Audience]
    taken_back: frozenset[Audience]
    heard_from_child: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be done: a code for machines, a sentence for people."""

    code: str
    sentence: str


def contradiction(author: ViewAuthor, medium: Medium, provenance: Provenance) -> Refusal | None:
    """Find where author, medium and provenance cannot all be true.

    What somebody observed is never the child's own word, and nobody observes for themselves
    (practice 15).
    """
    observed = provenance is Provenance.OBSERVATION
    if (medium is Medium.OBSERVED and not observed) or (author is ViewAuthor.CHILD and observed):
        sentence = "an observation is somebody else's and is marked as observation"
        return Refusal("observation-is-not-the-childs-words", sentence)
    return None


def approved(view: ChildView, said: Approval) -> ChildView | Refusal:
    """Change who may read one statement; audience by audience, by the child's own word.

    What the child gives must have been heard from the child; what the child takes back is simply
    taken back. An observation is the observer's: nobody can approve it in the child's name.
    """
    if said.statement not in {one.number for one in view.statements}:
        return Refusal("no-such-statement", "the view has no statement of this number")
    if said.granted and view.is_the_childs_own and not said.heard_from_child:
        return Refusal("not-heard-from-child", "only the child says who may read it")
    statements = tuple(_with(one, said) for one in view.statements)
    changed = replace(view, statements=statements)
    step = Step.APPROVED if changed.approved_for else Step.NOTHING_APPROVED_ANY_MORE
    if changed == view:
        return view
    return _stepped(changed, step)


def _with(statement: Statement, said: Approval) -> Statement:
    if statement.number != said.statement:
        return statement
    reached = {*statement.approved_for, *said.granted} - said.taken_back
    return replace(statement, approved_for=tuple(a for a in Audience if a in reached))


def shared(view: ChildView, conference: ConferenceStatus, now: datetime) -> ChildView | Refusal:
    """Send it to the chair: only before the conference was held, only what is for the chair."""
    if conference is ConferenceStatus.HELD:
        return Refusal("conference-was-held", "a view is shared before the conference is held")
    if conference is ConferenceStatus.CANCELLED:
        return Refusal("conference-was-cancelled", "there is no conference to share it with")
    if Audience.CHAIR not in view.approved_for:
        return Refusal("nothing-for-the-chair", "the child has approved nothing for the chair")
    return _stepped(replace(view, shared_at=now), Step.SHARED)


def shared_more(
    before: ChildView, after: ChildView, conference: ConferenceStatus, now: datetime
) -> ChildView | Refusal:
    """Send a view again whose chair may read more of it than before.

    The chair, who may have read the rest, has not read that: it is to be asked once more.
    """
    if _for_the_chair(after) <= _for_the_chair(before) or conference in _CLOSED:
        return Refusal("nothing-more-for-the-chair", "there is no more for the chair to read")
    return _stepped(replace(after, shared_at=now), Step.SHARED_MORE)


def _for_the_chair(view: ChildView) -> frozenset[int]:
    return frozenset(one.number for one in view.statements if Audience.CHAIR in one.approved_for)


def received(view: ChildView, now: datetime) -> ChildView | Refusal:
    """Record that the chair has it; who leads the meeting last says so last."""
    return _stepped(replace(view, received_at=now), Step.RECEIVED)


def is_possible(view: ChildView, step: Step, sat_at: datetime | None) -> bool:
    """Whether a view can take this step, as far as its status and the conference's sitting say."""
    is_open = step is not Step.ANSWERED or may_be_answered(view, sat_at)
    return (view.status, step) in TRANSITIONS and is_open


def may_be_answered(view: ChildView, sat_at: datetime | None) -> bool:
    """Whether there can be an answer: the conference has sat, or its answer is being corrected.

    One that sat and was broken off may answer; what it does later is recorded as a correction.
    """
    return view.answer is not None or sat_at is not None


def is_same_answer(view: ChildView, answer: Answer, reason: AnswerReason) -> bool:
    """Whether it was answered so already: said again, it is no news for the child."""
    return (view.answer, view.answer_reason) == (answer, reason)


def answered(
    view: ChildView,
    answer: Answer,
    reason: AnswerReason,
    sat_at: datetime | None,
    now: datetime,
) -> ChildView | Refusal:
    """Record how far the conference did what the child asked for, and why."""
    if reason not in _REASONS[answer]:
        return Refusal("reason-denies-answer", "this reason does not go with this answer")
    if not may_be_answered(view, sat_at):
        sentence = "the conference has not been held: what it answers is not known yet"
        return Refusal("conference-was-not-held", sentence)
    return _stepped(
        replace(
            view,
            answer=answer,
            answer_reason=reason,
            answered_at=now,
            corrected_at=None if view.answer is None else now,
            told_at=None,
            understood=None,
        ),
        Step.ANSWERED,
    )


def told(
    view: ChildView, at: datetime, understood: YesNo, sat_at: datetime | None, now: datetime
) -> ChildView | Refusal:
    """Record that the child was told, and whether it was understood."""
    if at > now:
        return Refusal("in-the-future", "what is still to come was not told yet")
    if sat_at is not None and at < sat_at:
        sentence = "the conference had not begun: nobody could tell the child its answer"
        return Refusal("told-before-the-conference", sentence)
    if view.corrected_at is not None and at < view.corrected_at:
        sentence = "the answer was corrected after that: the child is to be told the new one"
        return Refusal("told-before-the-correction", sentence)
    return _stepped(replace(view, told_at=at, understood=understood), Step.TOLD)


def withdrawn(view: ChildView) -> ChildView | Refusal:
    """Take it back: from now on nobody may read any of it; what was read stays read."""
    nobody = tuple(replace(one, approved_for=()) for one in view.statements)
    return _stepped(replace(view, statements=nobody), Step.WITHDRAWN)


def readable(view: ChildView, audience: Audience) -> tuple[Statement, ...] | Refusal:
    """Say which statements this audience may read now; asked anew at every look (practice 14)."""
    if view.status is ViewStatus.WITHDRAWN:
        return Refusal("view-is-withdrawn", "the child has taken this view back")
    if view.status not in SENT:
        return Refusal("not-shared", "this view was not shared yet")
    return tuple(one for one in view.statements if audience in one.approved_for)


def _stepped(view: ChildView, step: Step) -> ChildView | Refusal:
    after = TRANSITIONS.get((view.status, step))
    if after is None:
        sentence = f"a view that is {view.status} cannot be {step.replace('-', ' ')}"
        return Refusal(f"view-is-{view.status}", sentence)
    return replace(view, status=after)
