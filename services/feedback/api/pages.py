"""The pages about a child's words: put them down, say who may read them, send them, read them."""

from collections.abc import Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.chassis import ids
from services.chassis.desk import Desk
from services.chassis.http import Problem
from services.chassis.web import (
    Mistake,
    PageRoute,
    Reader,
    Submitted,
    page,
    see_other,
    tried,
)
from services.chassis.web.wording import moment, sentence
from services.chassis.work import Work
from services.contracts.codes import Audience, ViewStatus
from services.feedback.api import view_form
from services.feedback.api.answer_pages import ANSWER_PAGES
from services.feedback.api.doors import Act, FeedbackCommand, FeedbackDesk, Form
from services.feedback.domain.child_view import (
    SENT,
    TRANSITIONS,
    Approval,
    ChildView,
    Statement,
    Step,
    is_possible,
    may_be_answered,
)
from services.feedback.handlers import child_views
from services.feedback.handlers.reading import read
from services.feedback.settings import Feedback
from services.feedback.storage.repositories import CHILD_VIEWS, CONFERENCES

PAGES: Final = APIRouter(route_class=PageRoute, include_in_schema=False)


_AUDIENCES: Final = dict(view_form.AUDIENCES)
_PROVENANCES: Final = dict(view_form.PROVENANCES)
_MEDIA: Final = dict(view_form.MEDIA)

DONE: Final = MappingProxyType(
    {
        "recorded": "It is saved. Nobody has been sent anything",
        "approvals": "Who may read it is saved",
        "share": "It has gone to the person who leads the meeting",
        "receipt": "It is noted that the chair has it",
        "answer": "The answer is saved. Somebody is to tell the child",
        "told": "It is saved that the child was told",
        "withdrawal": "It is taken back. Nobody can read it here any more",
    }
)

STANDS: Final = MappingProxyType(
    {
        ViewStatus.RECORDED: "Written down; nobody may read it",
        ViewStatus.APPROVED: "Ready; nothing has been sent",
        ViewStatus.SHARED: "Sent to the person who leads the meeting",
        ViewStatus.RECEIVED: "The person who leads the meeting has it",
        ViewStatus.ANSWERED: "The meeting has answered",
        ViewStatus.TOLD: "The child was told the answer",
        ViewStatus.WITHDRAWN: "Taken back by the child",
    }
)


@PAGES.get("/views/new")
def ask_view(
    request: Request, conference_ref: UUID, child_ref: UUID, desk: FeedbackDesk
) -> Response:
    """Ask what a child wants to say, after saying who reads it."""
    desk.read(lambda work: work.get(CONFERENCES, conference_ref))
    form = Submitted({"key": [ids.token()], "statements": ["1"]}).with_fields(
        conference_ref=str(conference_ref), child_ref=str(child_ref)
    )
    return _ask(request, form, [])


@PAGES.post("/views/new")
def take_view(request: Request, form: Form, command: FeedbackCommand) -> Response:
    """Put it down, or give the form back with another statement or with its mistakes."""
    do, _, number = form["do"].partition("-")
    if do == "add":
        return _ask(request, view_form.with_statement(form), [])
    if do == "remove" and number.isdecimal():
        return _ask(request, view_form.without_statement(form, int(number)), [])
    new = view_form.read_view(form, _ref(form, "conference_ref"), _ref(form, "child_ref"))
    if isinstance(new, list):
        return _ask(request, form, new)

    def record(work: Work[Feedback]) -> str:
        return f"/views/{child_views.record_view(work, new).view_ref}?done=recorded"

    done = tried(command, record, form["key"])
    if done.address:
        return see_other(done.address)
    return _ask(request, form, done.mistakes)


@PAGES.get("/views")
def list_views(request: Request, conference_ref: UUID, desk: FeedbackDesk) -> Response:
    """List what was written down for a conference: how far each has come, no word of any."""
    found = desk.read(lambda work: work.select(CHILD_VIEWS, conference_ref=conference_ref))
    return page(
        request,
        "feedback/views.html",
        conference_ref=conference_ref,
        views=sorted(found, key=lambda view: view.recorded_at),
        stands=STANDS,
    )


PAGES.include_router(ANSWER_PAGES)


@PAGES.get("/views/{view_ref}")
def show_view(request: Request, view_ref: UUID, desk: FeedbackDesk, done: str = "") -> Response:
    """Show how far a view has come and who may read it; no word of it."""
    return _show(request, desk, view_ref, done=DONE.get(done, ""))


@PAGES.get("/views/{view_ref}/read/{audience}")
def read_words(
    request: Request, view_ref: UUID, audience: Audience, command: FeedbackCommand
) -> Response:
    """Show the words approved for one audience, asked anew at this look; the look is noted."""
    found = command.desk.run(lambda work: read(work, view_ref, audience))
    return page(
        request,
        "feedback/read.html",
        view=found.view,
        audience=_AUDIENCES[audience],
        statements=found.statements,
        observed=not found.view.is_the_childs_own,
        provenance=_PROVENANCES[found.view.provenance],
        may_receive=audience is Audience.CHAIR
        and (found.view.status, Step.RECEIVED) in TRANSITIONS,
        received=_when_received(found.view),
        key=ids.token(),
    )


def _when_received(view: ChildView) -> str:
    """Say since when the chair has all there is; nothing while more was given to the chair."""
    had = view.status is ViewStatus.RECEIVED and view.received_at
    return moment(had) if had else ""


@PAGES.get("/views/{view_ref}/withdrawal")
def ask_withdrawal(request: Request, view_ref: UUID, desk: FeedbackDesk) -> Response:
    """Ask once more before a child's words are destroyed."""
    view = desk.read(lambda work: work.get(CHILD_VIEWS, view_ref))
    return page(request, "feedback/withdrawal.html", view=view, key=ids.token())


@PAGES.post("/views/{view_ref}/{path}")
def take_act(
    request: Request, view_ref: UUID, path: str, form: Form, command: FeedbackCommand
) -> Response:
    """Do one thing with a view and show it again."""
    if path not in ACTS:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", "")
    act = ACTS[path](form, view_ref)

    def once(work: Work[Feedback]) -> str:
        act(work)
        return f"/views/{view_ref}?done={path}"

    done = tried(command, once, form["key"])
    if done.address:
        return see_other(done.address)
    return _show(request, command.desk, view_ref, mistakes=done.mistakes)


def _approve(form: Submitted, view_ref: UUID) -> Act:
    """Read who may read one statement, as the child said just now: who is not ticked may not."""
    number = int(form["statement"]) if form["statement"].isdecimal() else 0
    granted = frozenset(Reader(form).chosen(f"approved-{number}", Audience))
    said = Approval(number, granted, frozenset(Audience) - granted, heard_from_child=True)
    version = int(form["version"]) if form["version"].isdecimal() else 0
    return lambda work: child_views.approve_as_seen(work, view_ref, said, version)


def _share(_form: Submitted, view_ref: UUID) -> Act:
    return lambda work: child_views.share(work, view_ref)


def _receive(_form: Submitted, view_ref: UUID) -> Act:
    return lambda work: child_views.receive(work, view_ref)


def _withdraw(_form: Submitted, view_ref: UUID) -> Act:
    return lambda work: child_views.withdraw(work, view_ref)


ACTS: Final = MappingProxyType(
    {"approvals": _approve, "share": _share, "receipt": _receive, "withdrawal": _withdraw}
)


def _show(
    request: Request,
    desk: Desk[Feedback],
    view_ref: UUID,
    mistakes: Sequence[Mistake] = (),
    done: str = "",
) -> Response:
    view, conference = desk.read(lambda work: child_views.with_conference(work, view_ref))
    may = {step.value: is_possible(view, step, conference.sat_at) for step in Step}
    return page(
        request,
        "feedback/view.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK,
        view=view,
        facts=_facts(view),
        statements=[_card(each) for each in view.statements],
        may=may,
        answer_comes=view.status in SENT and not may_be_answered(view, conference.sat_at),
        for_chair=Audience.CHAIR in view.approved_for,
        sent=view.status in SENT,
        key=ids.token(),
        audiences=view_form.AUDIENCES,
        mistakes=mistakes,
        done=done,
    )


def _card(statement: Statement) -> dict[str, object]:
    """Show one statement without its words, and the form in which its readers are changed."""
    name = f"approved-{statement.number}"
    return {
        "number": statement.number,
        "approved_for": [_AUDIENCES[each] for each in statement.approved_for],
        "form": Submitted({"key": [ids.token()], name: list(statement.approved_for)}),
    }


def _facts(view: ChildView) -> list[dict[str, object]]:
    shown = {
        "How far it has come": STANDS[view.status],
        "Whose words": _PROVENANCES[view.provenance],
        "How it was said": _MEDIA.get(view.medium, sentence(view.medium)),
        "Written down": moment(view.recorded_at),
        "Sent to the chair": moment(view.shared_at) if view.shared_at else "",
        "The chair has it since": moment(view.received_at) if view.received_at else "",
        "The answer": sentence(view.answer) if view.answer else "",
        "The child was told": moment(view.told_at) if view.told_at else "",
    }
    return [
        {"key": {"text": key}, "value": {"text": value}} for key, value in shown.items() if value
    ]


def _ask(request: Request, form: Submitted, mistakes: Sequence[Mistake]) -> Response:
    blocks = view_form.blocks_of(form)
    return page(
        request,
        "feedback/new.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK,
        form=form,
        mistakes=mistakes,
        statements=blocks,
        next_statement=max(blocks) + 1,
        authors=view_form.AUTHORS,
        provenances=view_form.PROVENANCES,
        media=view_form.MEDIA,
        audiences=view_form.AUDIENCES,
    )


def _ref(form: Submitted, name: str) -> UUID:
    try:
        return UUID(form[name])
    except ValueError:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", "") from None
