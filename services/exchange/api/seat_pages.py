"""The pages about one child of a conference: taken off it, put back, or how it took part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.chassis import ids
from services.chassis.http import Problem
from services.chassis.web import Mistake, PageRoute, Reader, Submitted, page, see_other, tried
from services.contracts.codes import CancelledBecause
from services.exchange.api import choices
from services.exchange.api.change_pages import Act, ExchangeCommand, ExchangeDesk, Form
from services.exchange.api.meeting_view import MeetingView, Seat, meeting_view
from services.exchange.api.participation_form import filled_in, read_session
from services.exchange.handlers.conferences import record_death, remove_child, take_part
from services.exchange.handlers.reinstating import reinstate_child, take_death_back

SEAT_PAGES: Final = APIRouter(route_class=PageRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class SeatChange:
    """One thing that can happen to one child's conference, and the page that asks for it.

    Args:
        reads: takes what was filled in, the meeting and the child, and returns the command; None
            if something is wrong.
        fills: returns the fields that are filled in already when the page is opened.
    """

    text: str
    done: str
    reads: Callable[[Reader, MeetingView, UUID], Act | None]
    reasons: Sequence[tuple[str, str]] = ()
    fills: Callable[[Seat], dict[str, list[str]]] = lambda _seat: {}


def _read_cancel(reader: Reader, meeting: MeetingView, child_ref: UUID) -> Act | None:
    because = reader.choice("reason", CancelledBecause, "Choose why this child is taken off")
    if because is None:
        return None
    return lambda work: remove_child(work, meeting.meeting_ref, child_ref, because)


def _read_reinstate(_reader: Reader, meeting: MeetingView, child_ref: UUID) -> Act:
    return lambda work: reinstate_child(work, meeting.meeting_ref, child_ref)


def _read_died(_reader: Reader, _meeting: MeetingView, child_ref: UUID) -> Act:
    return lambda work: record_death(work, child_ref)


def _read_death_taken_back(_reader: Reader, _meeting: MeetingView, child_ref: UUID) -> Act:
    return lambda work: take_death_back(work, child_ref)


def _read_participation(reader: Reader, meeting: MeetingView, child_ref: UUID) -> Act | None:
    session = read_session(reader, meeting.sat_on)
    if session is None:
        return None
    return lambda work: take_part(work, meeting.meeting_ref, child_ref, session)


SEAT_CHANGES: Final = {
    "cancel": SeatChange(
        "Take one child off the conference",
        "The child is off the conference; it stands for the others",
        _read_cancel,
        choices.CANCELLED_FOR_CHILD,
    ),
    "reinstate": SeatChange(
        "Put a child back on the conference",
        "The child is on the conference again",
        _read_reinstate,
    ),
    "died": SeatChange(
        "Record that a child has died",
        "The child\u2019s death is recorded",
        _read_died,
    ),
    "death-taken-back": SeatChange(
        "Take back the record of a child\u2019s death",
        "The record of the child\u2019s death is taken back",
        _read_death_taken_back,
    ),
    "participation": SeatChange(
        "How one child took part in the conference",
        "How the child took part is recorded",
        _read_participation,
        fills=lambda seat: filled_in(seat.session),
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is about: one change of one child's conference at a meeting."""

    meeting_ref: UUID
    child_ref: UUID
    path: str
    change: SeatChange


def _asked(meeting_ref: UUID, child_ref: UUID, path: str) -> Asked:
    try:
        return Asked(meeting_ref, child_ref, path, SEAT_CHANGES[path])
    except KeyError:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", "") from None


AskedOf: TypeAlias = Annotated[Asked, Depends(_asked)]


@SEAT_PAGES.get("/conferences/{meeting_ref}/children/{child_ref}/{path}")
def ask_seat_change(request: Request, asked: AskedOf, desk: ExchangeDesk) -> Response:
    """Ask for what belongs to one change of one child's conference."""
    meeting = desk.read(lambda work: meeting_view(work, asked.meeting_ref))
    filled = asked.change.fills(meeting.seat_of(asked.child_ref))
    return _ask(request, meeting, asked, Submitted({"key": [ids.token()], **filled}), ())


@SEAT_PAGES.post("/conferences/{meeting_ref}/children/{child_ref}/{path}")
def take_seat_change(
    request: Request, asked: AskedOf, form: Form, command: ExchangeCommand
) -> Response:
    """Make the change and show the conference."""
    reader = Reader(form)
    meeting = command.desk.read(lambda work: meeting_view(work, asked.meeting_ref))
    act = asked.change.reads(reader, meeting, asked.child_ref)
    mistakes: Sequence[Mistake] = reader.mistakes
    if act is not None:
        done = tried(command, lambda work: _after(act(work), asked), form["key"])
        if done.address:
            return see_other(done.address)
        mistakes = done.mistakes
    return _ask(request, meeting, asked, form, mistakes)


def _after(_changed: object, asked: Asked) -> str:
    return f"/conferences/{asked.meeting_ref}?done=child-{asked.path}"


def _ask(
    request: Request,
    meeting: MeetingView,
    asked: Asked,
    form: Submitted,
    mistakes: Sequence[Mistake],
) -> Response:
    return page(
        request,
        f"exchange/{asked.path}-child.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK,
        heading=asked.change.text,
        conference=meeting,
        child_ref=asked.child_ref,
        form=form,
        mistakes=mistakes,
        reasons=asked.change.reasons,
        presences=choices.PRESENCES,
        voices=choices.VOICES,
        yes_or_no=choices.YES_OR_NO,
    )
