"""The pages on which the meeting's answer is recorded, and that the child was told it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.chassis import ids
from services.chassis.desk import Desk
from services.chassis.http import Command, Problem
from services.chassis.web import (
    Mistake,
    PageRoute,
    Reader,
    Submitted,
    page,
    see_other,
    tried,
)
from services.chassis.work import Work
from services.contracts.codes import Answer, AnswerReason, YesNo
from services.contracts.local_time import london_date
from services.feedback.api.doors import Act, FeedbackCommand, FeedbackDesk, Form
from services.feedback.api.view_form import LONGEST
from services.feedback.domain.child_view import Step, is_possible
from services.feedback.handlers import child_views
from services.feedback.handlers.reading import read_answer
from services.feedback.settings import Feedback

ANSWER_PAGES: Final = APIRouter(route_class=PageRoute, include_in_schema=False)


ANSWERS: Final = (
    (Answer.FULL, "Yes, as the child asked"),
    (Answer.PARTLY, "In part"),
    (Answer.NOT, "No"),
)
REASONS: Final = (
    (AnswerReason.AGREED, "The meeting agreed"),
    (AnswerReason.PARTLY_POSSIBLE, "Only a part was possible"),
    (AnswerReason.NOT_SAFE, "It would not be safe"),
    (AnswerReason.NOT_IN_OUR_POWER, "It is not for the meeting to decide"),
    (AnswerReason.NEEDS_MORE_WORK, "It needs more work first"),
    (AnswerReason.OTHER, "Another reason"),
)
UNDERSTOOD: Final = (
    (YesNo.YES, "Yes"),
    (YesNo.NO, "No"),
    (YesNo.UNKNOWN, "Not known"),
)


@dataclass(frozen=True, slots=True)
class Record:
    """One thing to record about a view, and the page that asks for it.

    Args:
        reads: takes what was filled in and returns the command; None if something is wrong.
    """

    step: Step
    title: str
    button: str
    reads: Callable[[Reader, UUID, datetime], Act | None]


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in on the page of one record, and what is wrong with it."""

    path: str
    form: Submitted
    mistakes: Sequence[Mistake] = ()


def _read_answer(reader: Reader, view_ref: UUID, _now: datetime) -> Act | None:
    answer = reader.choice("answer", Answer, "Choose how far the meeting did it")
    reason = reader.choice("reason", AnswerReason, "Choose why")
    words = reader.form["words"] or None
    if words is not None and len(words) > LONGEST:
        reader.mistakes.append(Mistake("words", "The words must have 10,000 characters or fewer"))
    if answer is None or reason is None or reader.mistakes:
        return None
    said = child_views.Answered(answer, reason, words)
    return lambda work: child_views.answer(work, view_ref, said)


def _read_told(reader: Reader, view_ref: UUID, now: datetime) -> Act | None:
    at = reader.moment("at", "The day the child was told")
    understood = reader.choice("understood", YesNo, "Choose whether the child understood it")
    if at is not None and at > now:
        reader.mistakes.append(Mistake("at-day", "The child cannot be told on a day to come"))
    if at is None or understood is None or reader.mistakes:
        return None
    return lambda work: child_views.tell(work, view_ref, at, understood)


_FIELDS: Final = MappingProxyType(
    {
        "reason-denies-answer": "reason",
        "told-before-the-conference": "at-day",
        "told-before-the-correction": "at-day",
    }
)
"""What a refusal is about, where it is about one field."""

RECORDS: Final[Mapping[str, Record]] = MappingProxyType(
    {
        "answer": Record(
            Step.ANSWERED, "What did the meeting answer?", "Save the answer", _read_answer
        ),
        "told": Record(
            Step.TOLD, "The child was told the answer", "Save that the child was told", _read_told
        ),
    }
)


@ANSWER_PAGES.get("/views/{view_ref}/answer")
def ask_answer(request: Request, view_ref: UUID, desk: FeedbackDesk) -> Response:
    """Ask what the meeting did about what the child said, and its words for the child."""
    return _ask(request, desk, view_ref, "answer")


@ANSWER_PAGES.get("/views/{view_ref}/told")
def ask_told(request: Request, view_ref: UUID, desk: FeedbackDesk) -> Response:
    """Ask when the child was told the answer, and whether it was understood."""
    today = london_date(desk.clock.now())
    parts = {"day": today.day, "month": today.month, "year": today.year}
    return _ask(request, desk, view_ref, "told", {f"at-{k}": str(v) for k, v in parts.items()})


@ANSWER_PAGES.post("/views/{view_ref}/answer")
def take_answer(request: Request, view_ref: UUID, form: Form, command: FeedbackCommand) -> Response:
    """Record the answer and show the view."""
    return _take(request, command, view_ref, form, "answer")


@ANSWER_PAGES.post("/views/{view_ref}/told")
def take_told(request: Request, view_ref: UUID, form: Form, command: FeedbackCommand) -> Response:
    """Record that the child was told and show the view."""
    return _take(request, command, view_ref, form, "told")


def _take(
    request: Request, command: Command[Feedback], view_ref: UUID, form: Submitted, path: str
) -> Response:
    reader = Reader(form)
    act = RECORDS[path].reads(reader, view_ref, command.desk.clock.now())
    mistakes: Sequence[Mistake] = reader.mistakes
    if act is not None:

        def once(work: Work[Feedback]) -> str:
            act(work)
            return f"/views/{view_ref}?done={path}"

        done = tried(command, once, form["key"], _FIELDS)
        if done.address:
            return see_other(done.address)
        mistakes = done.mistakes
    return _form(request, command.desk, view_ref, Filled(path, form, mistakes))


def _ask(
    request: Request,
    desk: Desk[Feedback],
    view_ref: UUID,
    path: str,
    likely: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    form = Submitted({"key": [ids.token()]}).with_fields(**likely)
    return _form(request, desk, view_ref, Filled(path, form))


def _form(request: Request, desk: Desk[Feedback], view_ref: UUID, filled: Filled) -> Response:
    record = RECORDS[filled.path]
    view, conference = desk.read(lambda work: child_views.with_conference(work, view_ref))
    if not filled.mistakes and not is_possible(view, record.step, conference.sat_at):
        raise Problem(HTTPStatus.CONFLICT, "not-possible-now", "This cannot be recorded now")
    former = desk.run(lambda work: read_answer(work, view_ref)).words if view.answer else None
    form = filled.form
    if filled.path == "answer" and view.answer and not filled.mistakes:
        form = form.with_fields(
            answer=view.answer, reason=view.answer_reason or "", words=former or ""
        )
    return page(
        request,
        "feedback/record.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if filled.mistakes else HTTPStatus.OK,
        view=view,
        path=filled.path,
        record=record,
        form=form,
        said=f"{dict(ANSWERS)[view.answer]}" if view.answer else "",
        former=former,
        mistakes=filled.mistakes,
        answers=ANSWERS,
        reasons=REASONS,
        understood=UNDERSTOOD,
    )
