"""The JSON API of conferences: one meeting and its children, and what becomes of them."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from services.chassis.http import (
    Command,
    Paging,
    Problem,
    Reply,
    expect_version,
    page_of,
    respond,
)
from services.contracts.local_time import london_date
from services.exchange.api import views
from services.exchange.api.bodies import (
    AdjournBody,
    CancelBody,
    ChangeBody,
    HeldBody,
    MeetingBody,
    RescheduleBody,
    SessionBody,
)
from services.exchange.api.doors import ExchangeCommand, ExchangeDesk, whole
from services.exchange.api.uploads import uploaded
from services.exchange.domain import intake
from services.exchange.domain.csv_table import MAX_BYTES
from services.exchange.domain.meeting import Meeting
from services.exchange.handlers import conferences
from services.exchange.handlers.conference_files import MAY_PASS, import_conferences
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.intake import take_in
from services.exchange.handlers.lacking import lacking
from services.exchange.handlers.reinstating import reinstate, reinstate_child
from services.exchange.storage import queries
from services.exchange.storage.repositories import CONFERENCES, MEETINGS

ROUTER: Final = APIRouter(tags=["conferences"])

Act: TypeAlias = Callable[[ExchangeWork], Meeting]


def _change_of_meeting(
    request: Request, command: ExchangeCommand
) -> Callable[[UUID, Act], Response]:
    """Give what runs a command on a meeting, if it still has the version the caller has read."""

    def change(meeting_ref: UUID, act: Act) -> Response:
        def guarded(work: ExchangeWork) -> Reply:
            expect_version(request, work.get(MEETINGS, meeting_ref).version)
            saved = act(work)
            return Reply(200, _view(work, saved), etag=saved.version)

        return command.run(guarded)

    return change


ChangeOfMeeting: TypeAlias = Annotated[Callable[[UUID, Act], Response], Depends(_change_of_meeting)]


@ROUTER.post("/v1/conferences", status_code=202, response_model=views.TakenView)
def arrange(body: MeetingBody, command: ExchangeCommand) -> Response:
    """Take a meeting in; the same again is answered with 200 and changes nothing."""
    given = body.as_domain()
    if faults := intake.faults(given, command.desk.clock.now()):
        raise Problem(422, "invalid", "Some fields break a rule", views.fault_errors(faults))

    def act(work: ExchangeWork) -> Reply:
        taken = whole(take_in(work, given, late_entry=body.late_entry))
        warnings = [*intake.warnings(given), *taken.warnings(), *lacking(work, taken)]
        view = views.taken_view(taken, warnings)
        status = 200 if taken.is_unchanged else 202
        return Reply(status, view, location=f"/v1/conferences/{taken.meeting_ref}")

    return command.run(act)


@ROUTER.post("/v1/conferences/import", response_model=None)
async def import_file(request: Request, desk: ExchangeDesk, *, dry_run: bool = False) -> Any:
    """Take a conference list in, as the body (text/csv) or as a form's file."""
    data = await uploaded(request, MAX_BYTES)
    take = partial(import_conferences, desk, data, dry_run=dry_run)
    if dry_run:
        return asdict(await run_in_threadpool(take))
    # What counts is the file: a form's boundary is another each time.
    command = Command(desk, request, data)
    return await run_in_threadpool(
        command.run_in_parts, lambda: Reply(200, asdict(take())), _all_of_it_was_looked_at
    )


def _all_of_it_was_looked_at(reply: Reply) -> bool:
    return all(refused["code"] not in MAY_PASS for refused in reply.body["refused"])


@ROUTER.get("/v1/conferences")
def list_meetings(desk: ExchangeDesk, paging: Paging) -> dict[str, Any]:
    """List the meetings that are not over, the next one first."""

    def read(work: ExchangeWork) -> dict[str, Any]:
        found = queries.upcoming(work, paging.after, paging.size + 1)
        page = page_of(found, paging, queries.place_of)
        return {**page, "items": [_view(work, meeting) for meeting in page["items"]]}

    return desk.read(read)


@ROUTER.get("/v1/conferences/{meeting_ref}", response_model=views.MeetingView)
def one_meeting(meeting_ref: UUID, desk: ExchangeDesk) -> Response:
    """Show how a meeting stands."""

    def read(work: ExchangeWork) -> Response:
        meeting = work.get(MEETINGS, meeting_ref)
        return respond(Reply(200, _view(work, meeting), etag=meeting.version))

    return desk.read(read)


@ROUTER.post("/v1/conferences/{meeting_ref}/reschedule", response_model=views.MeetingView)
def reschedule(meeting_ref: UUID, body: RescheduleBody, change: ChangeOfMeeting) -> Response:
    """Give a meeting another time."""
    return change(
        meeting_ref,
        lambda work: conferences.reschedule(work, meeting_ref, body.starts_at, body.ends_at),
    )


@ROUTER.post("/v1/conferences/{meeting_ref}/change", response_model=views.MeetingView)
def change_kind_or_place(meeting_ref: UUID, body: ChangeBody, change: ChangeOfMeeting) -> Response:
    """Change kind, format or place."""
    return change(
        meeting_ref,
        lambda work: conferences.change(work, meeting_ref, body.kind, body.format, body.place),
    )


@ROUTER.post("/v1/conferences/{meeting_ref}/adjourn", response_model=views.MeetingView)
def adjourn(meeting_ref: UUID, body: AdjournBody, change: ChangeOfMeeting) -> Response:
    """Break a meeting off, or put it off."""
    return change(
        meeting_ref,
        lambda work: conferences.adjourn(work, meeting_ref, body.reason, body.reconvenes_on),
    )


@ROUTER.post("/v1/conferences/{meeting_ref}/cancel", response_model=views.MeetingView)
def cancel(meeting_ref: UUID, body: CancelBody, change: ChangeOfMeeting) -> Response:
    """Cancel a meeting for every child."""
    return change(meeting_ref, lambda work: conferences.cancel(work, meeting_ref, body.reason))


@ROUTER.post("/v1/conferences/{meeting_ref}/reinstate", response_model=views.MeetingView)
def take_cancellation_back(meeting_ref: UUID, change: ChangeOfMeeting) -> Response:
    """Take back a cancellation that was a mistake, for every child it was for.

    A meeting that stands again for some of them alone, as by a list, stands for the others too.
    """
    return change(meeting_ref, lambda work: reinstate(work, meeting_ref))


@ROUTER.post("/v1/conferences/{meeting_ref}/held", response_model=views.MeetingView)
def held(meeting_ref: UUID, body: HeldBody, change: ChangeOfMeeting) -> Response:
    """Record that a meeting was held, and how each child took part."""
    day = london_date(body.held_at)
    sessions = {session.child_ref: session.on(day) for session in body.participation}
    return change(
        meeting_ref, lambda work: conferences.hold(work, meeting_ref, body.held_at, sessions)
    )


@ROUTER.put("/v1/conferences/{meeting_ref}/children/{child_ref}/participation")
@ROUTER.post("/v1/conferences/{meeting_ref}/children/{child_ref}/participation")
def participation(
    meeting_ref: UUID, child_ref: UUID, body: SessionBody, command: ExchangeCommand
) -> Response:
    """Record, or correct, how a child took part in a session."""

    def act(work: ExchangeWork) -> Reply:
        meeting = work.get(MEETINGS, meeting_ref)
        session = body.on(london_date(meeting.held_at or meeting.starts_at))
        saved = conferences.take_part(work, meeting_ref, child_ref, session)
        return Reply(200, views.conference_view(saved), etag=saved.version)

    return command.run(act)


@ROUTER.post(
    "/v1/conferences/{meeting_ref}/children/{child_ref}/cancel", response_model=views.ConferenceView
)
def cancel_for_child(
    meeting_ref: UUID, child_ref: UUID, body: CancelBody, command: ExchangeCommand
) -> Response:
    """Cancel one child's conference; the meeting stands for the others."""

    def act(work: ExchangeWork) -> Reply:
        saved = conferences.remove_child(work, meeting_ref, child_ref, body.reason)
        return Reply(200, views.conference_view(saved), etag=saved.version)

    return command.run(act)


@ROUTER.post(
    "/v1/conferences/{meeting_ref}/children/{child_ref}/reinstate",
    response_model=views.ConferenceView,
)
def reinstate_for_child(meeting_ref: UUID, child_ref: UUID, command: ExchangeCommand) -> Response:
    """Put one child back on a meeting."""

    def act(work: ExchangeWork) -> Reply:
        saved = reinstate_child(work, meeting_ref, child_ref)
        return Reply(200, views.conference_view(saved), etag=saved.version)

    return command.run(act)


def _view(work: ExchangeWork, meeting: Meeting) -> views.MeetingView:
    seats = work.select(CONFERENCES, meeting_ref=meeting.meeting_ref)
    return views.meeting_view(meeting, seats)
