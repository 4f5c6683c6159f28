"""Feedback's JSON: a child's view, recorded, approved, shared, answered and told."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.chassis.http import Command, Paging, Reply, page_of
from services.chassis.work import Work
from services.contracts.codes import Audience
from services.feedback.api import bodies
from services.feedback.api.doors import FeedbackCommand, FeedbackDesk
from services.feedback.api.views import ChildViewSummary, answer_for_child, reading, summary
from services.feedback.domain.child_view import ChildView
from services.feedback.handlers import child_views
from services.feedback.handlers import reading as looks
from services.feedback.settings import Feedback
from services.feedback.storage.repositories import CHILD_VIEWS

ROUTER = APIRouter(tags=["feedback"])


@ROUTER.post("/v1/child-views", status_code=201)
def record_view(body: bodies.ChildViewBody, command: FeedbackCommand) -> Response:
    """Record what a child wants a conference to know; nobody reads it unless the child says so."""

    def act(work: Work[Feedback]) -> Reply:
        view = child_views.record_view(work, body.as_domain())
        return Reply(201, summary(view), f"/v1/child-views/{view.view_ref}", view.version)

    return command.run(act)


@ROUTER.get("/v1/child-views")
def list_views(conference_ref: UUID, cursor: Paging, desk: FeedbackDesk) -> dict[str, Any]:
    """List the views for a conference: how far each has come, no word of any."""
    views = desk.read(lambda work: work.select(CHILD_VIEWS, conference_ref=conference_ref))
    rest = [view for view in views if cursor.after is None or str(view.view_ref) > cursor.after]
    shown = [summary(view) for view in rest[: cursor.size + 1]]
    return page_of(shown, cursor, _place_in_list)


@ROUTER.get("/v1/child-views/{view_ref}", response_model=None)
def show_view(
    view_ref: UUID, command: FeedbackCommand, audience: Audience | None = None
) -> Response | ChildViewSummary:
    """Show how far a view has come; for an audience, the statements approved for it now.

    What is approved is asked at every look, and every look is written down.
    """
    if audience is None:
        return summary(command.desk.read(lambda work: work.get(CHILD_VIEWS, view_ref)))

    def act(work: Work[Feedback]) -> Reply:
        return Reply(200, reading(looks.read(work, view_ref, audience)), keep=False)

    return command.run(act)


@ROUTER.post("/v1/child-views/{view_ref}/approvals")
def approve_statement(
    view_ref: UUID, body: bodies.ApprovalBody, command: FeedbackCommand
) -> Response:
    """Change who may read one statement, by the child's own word."""
    said = body.as_domain()
    return _recorded(command, lambda work: child_views.approve(work, view_ref, said))


@ROUTER.post("/v1/child-views/{view_ref}/share")
def share_view(view_ref: UUID, command: FeedbackCommand) -> Response:
    """Send to the chair what is approved for the chair, before the conference is held."""
    return _recorded(command, lambda work: child_views.share(work, view_ref))


@ROUTER.post("/v1/child-views/{view_ref}/receipt")
def receive_view(view_ref: UUID, command: FeedbackCommand) -> Response:
    """Record that the chair has it."""
    return _recorded(command, lambda work: child_views.receive(work, view_ref))


@ROUTER.post("/v1/child-views/{view_ref}/answer")
def answer_view(view_ref: UUID, body: bodies.AnswerBody, command: FeedbackCommand) -> Response:
    """Record how far the conference did it and why, with its words for the child."""
    said = body.as_domain()
    return _recorded(command, lambda work: child_views.answer(work, view_ref, said))


@ROUTER.get("/v1/child-views/{view_ref}/answer")
def show_answer(view_ref: UUID, command: FeedbackCommand) -> Response:
    """Show the answer to whoever tells the child; the look is written down."""

    def act(work: Work[Feedback]) -> Reply:
        return Reply(200, answer_for_child(looks.read_answer(work, view_ref)), keep=False)

    return command.run(act)


@ROUTER.post("/v1/child-views/{view_ref}/told")
def tell_child(view_ref: UUID, body: bodies.ToldBody, command: FeedbackCommand) -> Response:
    """Record that the child was told, and whether it was understood."""
    return _recorded(
        command, lambda work: child_views.tell(work, view_ref, body.at, body.understood)
    )


@ROUTER.post("/v1/child-views/{view_ref}/withdrawal")
def withdraw_view(view_ref: UUID, command: FeedbackCommand) -> Response:
    """Take a view back: its words are destroyed; what was read cannot be unread, and it is said."""

    def act(work: Work[Feedback]) -> Reply:
        taken = child_views.withdraw(work, view_ref)
        shown = {**summary(taken.view).model_dump(), "already_read": taken.already_read}
        return Reply(200, shown, etag=taken.view.version)

    return command.run(act)


def _recorded(command: Command[Feedback], act: Callable[[Work[Feedback]], ChildView]) -> Response:
    def run(work: Work[Feedback]) -> Reply:
        view = act(work)
        return Reply(200, summary(view), etag=view.version)

    return command.run(run)


def _place_in_list(view: ChildViewSummary) -> str:
    return str(view.view_ref)
