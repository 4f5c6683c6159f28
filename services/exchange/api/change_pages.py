"""The pages on which a conference is moved, put off, cancelled or recorded as held."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.chassis import ids
from services.chassis.desk import Desk
from services.chassis.http import Command, Problem, command_of, desk_of
from services.chassis.web import (
    Mistake,
    PageRoute,
    Reader,
    Submitted,
    page,
    see_other,
    submitted,
    tried,
)
from services.contracts.codes import AdjournedBecause, CancelledBecause
from services.contracts.local_time import london_date
from services.exchange.api import choices
from services.exchange.api.conference_form import read_end
from services.exchange.api.meeting_view import MeetingView, meeting_view
from services.exchange.api.participation_form import read_session_or_later
from services.exchange.domain.lifecycle import TRANSITIONS, Step
from services.exchange.handlers import conferences
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.reinstating import reinstate
from services.exchange.settings import Exchange

CHANGE_PAGES: Final = APIRouter(route_class=PageRoute, include_in_schema=False)

ExchangeDesk: TypeAlias = Annotated[Desk[Exchange], Depends(desk_of("exchange"))]
ExchangeCommand: TypeAlias = Annotated[Command[Exchange], Depends(command_of("exchange"))]
Form: TypeAlias = Annotated[Submitted, Depends(submitted)]
Act: TypeAlias = Callable[[ExchangeWork], object]


_OF_A_DAY: Final = ("in-the-past", "too-far-ahead", "before-it-begins")
_FIELDS: Final = MappingProxyType(
    {
        "reschedule": dict.fromkeys(_OF_A_DAY, "starts_at-day"),
        "adjourn": dict.fromkeys(_OF_A_DAY, "reconvenes_on-day"),
        "held": {"held-in-future": "held_at-day", "held-before-scheduled": "held_at-day"},
    }
)
"""What a refusal is about, where it is about one field of that page."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that can happen to a conference, and the page that asks for it.

    Args:
        reads: takes what was filled in and returns the command; None if something is wrong.
    """

    path: str
    step: Step
    text: str
    done: str
    reads: Callable[[Reader, MeetingView], Act | None]
    reasons: Sequence[tuple[str, str]] = ()


def _read_move(reader: Reader, meeting: MeetingView) -> Act | None:
    starts_at = reader.moment("starts_at", "The new day")
    ends_at = read_end(reader, starts_at)
    if starts_at is None or reader.mistakes:
        return None
    return lambda work: conferences.reschedule(work, meeting.meeting_ref, starts_at, ends_at)


def _read_adjourn(reader: Reader, meeting: MeetingView) -> Act | None:
    because = reader.choice("reason", AdjournedBecause, "Choose why it does not go on that day")
    on = reader.date("reconvenes_on", "The day it goes on")
    if because is None or reader.mistakes:
        return None
    return lambda work: conferences.adjourn(work, meeting.meeting_ref, because, on)


def _read_cancel(reader: Reader, meeting: MeetingView) -> Act | None:
    because = reader.choice("reason", CancelledBecause, "Choose why it is cancelled")
    if because is None:
        return None
    return lambda work: conferences.cancel(work, meeting.meeting_ref, because)


def _read_reinstate(_reader: Reader, meeting: MeetingView) -> Act:
    return lambda work: reinstate(work, meeting.meeting_ref)


def _read_held(reader: Reader, meeting: MeetingView) -> Act | None:
    held_at = reader.moment("held_at", "The day it was held")
    on = london_date(held_at or meeting.starts_at)
    seats = meeting.standing
    read = {
        seat.child_ref: read_session_or_later(
            reader,
            on,
            f"child-{seat.child_ref}-",
            f"child {number}" if len(seats) > 1 else "the child",
        )
        for number, seat in enumerate(seats, start=1)
    }
    if held_at is None or reader.mistakes:
        return None
    sessions = {ref: session for ref, session in read.items() if session is not None}
    return lambda work: conferences.hold(work, meeting.meeting_ref, held_at, sessions)


CHANGES: Final = {
    change.path: change
    for change in (
        Change(
            "reschedule",
            Step.MOVE,
            "Give the conference another time",
            "The conference has a new time",
            _read_move,
        ),
        Change(
            "adjourn",
            Step.ADJOURN,
            "Put the conference off, or record that it was broken off",
            "The conference is put off",
            _read_adjourn,
            choices.ADJOURNED,
        ),
        Change(
            "cancel",
            Step.CANCEL,
            "Cancel the conference",
            "The conference is cancelled",
            _read_cancel,
            choices.CANCELLED,
        ),
        Change(
            "reinstate",
            Step.REINSTATE,
            "Take the cancellation back",
            "The conference stands again",
            _read_reinstate,
        ),
        Change(
            "held",
            Step.HOLD,
            "Record that the conference was held",
            "The conference is recorded as held",
            _read_held,
        ),
    )
}


def changes_of(meeting: MeetingView) -> list[Change]:
    """Return what can happen to a meeting as it stands now."""
    return [each for each in CHANGES.values() if (meeting.status, each.step) in TRANSITIONS]


@CHANGE_PAGES.get("/conferences/{meeting_ref}/{path}")
def ask_change(request: Request, meeting_ref: UUID, path: str, desk: ExchangeDesk) -> Response:
    """Ask for what belongs to one change."""
    change = _change(path)
    meeting = desk.read(lambda work: meeting_view(work, meeting_ref))
    if change not in changes_of(meeting):
        raise Problem(HTTPStatus.CONFLICT, "not-possible-now", "This cannot be done now")
    return _ask(request, meeting, change, Submitted({"key": [ids.token()]}), ())


@CHANGE_PAGES.post("/conferences/{meeting_ref}/{path}")
def take_change(
    request: Request, meeting_ref: UUID, path: str, form: Form, command: ExchangeCommand
) -> Response:
    """Make the change and show the conference; what is wrong is said on the page it is wrong on."""
    change, reader = _change(path), Reader(form)
    fields = _FIELDS.get(path, {})
    meeting = command.desk.read(lambda work: meeting_view(work, meeting_ref))
    act = change.reads(reader, meeting)
    mistakes: Sequence[Mistake] = reader.mistakes
    if act is not None:
        done = tried(command, lambda work: _after(act(work), meeting, change), form["key"], fields)
        if done.address:
            return see_other(done.address)
        mistakes = done.mistakes
    return _ask(request, meeting, change, reader.form, mistakes)


def _change(path: str) -> Change:
    try:
        return CHANGES[path]
    except KeyError:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", "") from None


def _after(_changed: object, meeting: MeetingView, change: Change) -> str:
    return f"/conferences/{meeting.meeting_ref}?done={change.path}"


def _ask(
    request: Request,
    meeting: MeetingView,
    change: Change,
    form: Submitted,
    mistakes: Sequence[Mistake],
) -> Response:
    return page(
        request,
        f"exchange/{change.path}.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK,
        heading=change.text,
        conference=meeting,
        form=form,
        mistakes=mistakes,
        reasons=change.reasons,
        presences=choices.PRESENCES_OR_LATER,
        voices=choices.VOICES,
        yes_or_no=choices.YES_OR_NO,
    )
