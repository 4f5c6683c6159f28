"""Scheduling's JSON: visits, what people record of them, and calendars to subscribe to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.chassis.http import (
    Command,
    Paging,
    Problem,
    Reply,
    page_of,
)
from services.chassis.work import Work
from services.contracts.codes import VisitStatus
from services.scheduling.api import bodies
from services.scheduling.api.doors import SchedulingCommand, SchedulingDesk
from services.scheduling.api.views import VisitView, icalendar_of, visit_view
from services.scheduling.domain.visit import Visit
from services.scheduling.handlers import calendars, visits
from services.scheduling.settings import Scheduling
from services.scheduling.storage.repositories import VISITS, VisitsWanted, visits_wanted

ROUTER = APIRouter(tags=["scheduling"])


@dataclass(frozen=True)
class _Wanted:
    """The question of a list, as the address asks it."""

    advocate_ref: UUID | None = None
    child_ref: UUID | None = None
    conference_ref: UUID | None = None
    status: VisitStatus | None = None
    from_: Annotated[date | None, Query(alias="from")] = None
    to: date | None = None

    def as_question(self) -> VisitsWanted:
        return VisitsWanted(
            self.advocate_ref, self.child_ref, self.conference_ref, self.status, self.from_, self.to
        )


@ROUTER.get("/v1/visits")
def list_visits(
    wanted: Annotated[_Wanted, Depends()], cursor: Paging, desk: SchedulingDesk
) -> dict[str, Any]:
    """List visits by the day they are due; `from` and `to` are due days."""
    after = _seen(cursor.after)
    question = wanted.as_question()
    found = desk.read(lambda work: visits_wanted(work, question, after, cursor.size + 1))
    return page_of([visit_view(visit) for visit in found], cursor, _place_in_list)


@ROUTER.get("/v1/visits/{visit_ref}")
def show_visit(visit_ref: UUID, desk: SchedulingDesk) -> VisitView:
    """Show one visit."""
    return visit_view(desk.read(lambda work: work.get(VISITS, visit_ref)))


@ROUTER.post("/v1/visits/{visit_ref}/offered")
def visit_offered(
    visit_ref: UUID, _body: bodies.OfferedBody, command: SchedulingCommand
) -> Response:
    """Record that a time was offered to the child."""
    return _recorded(command, lambda work: visits.offer_visit(work, visit_ref))


@ROUTER.post("/v1/visits/{visit_ref}/agreed")
def visit_agreed(visit_ref: UUID, body: bodies.AgreedBody, command: SchedulingCommand) -> Response:
    """Record the time agreed with the child."""
    return _recorded(command, lambda work: visits.agree_visit(work, visit_ref, body.at))


@ROUTER.post("/v1/visits/{visit_ref}/moved")
def visit_moved(visit_ref: UUID, body: bodies.MovedBody, command: SchedulingCommand) -> Response:
    """Record another agreed time, and why."""
    return _recorded(command, lambda work: visits.move_visit(work, visit_ref, body.at, body.reason))


@ROUTER.post("/v1/visits/{visit_ref}/held")
def visit_held(visit_ref: UUID, body: bodies.HeldBody, command: SchedulingCommand) -> Response:
    """Record that it took place; also long after, and also after it was given up."""
    said = visits.Held(body.held_at, body.seen_alone)
    return _recorded(command, lambda work: visits.hold_visit(work, visit_ref, said))


@ROUTER.post("/v1/visits/{visit_ref}/declined")
def visit_declined(
    visit_ref: UUID, body: bodies.DeclinedBody, command: SchedulingCommand
) -> Response:
    """Record who turned it down: an adult's no is never the child's."""
    said = visits.Declined(body.by_role, body.reason)
    return _recorded(command, lambda work: visits.decline_visit(work, visit_ref, said))


@ROUTER.post("/v1/visits/{visit_ref}/not-possible")
def visit_not_possible(
    visit_ref: UUID, body: bodies.NotPossibleBody, command: SchedulingCommand
) -> Response:
    """Record what stood in its way."""
    return _recorded(command, lambda work: visits.rule_out_visit(work, visit_ref, body.reason))


@ROUTER.post("/v1/visits/{visit_ref}/missed")
def visit_missed(visit_ref: UUID, body: bodies.MissedBody, command: SchedulingCommand) -> Response:
    """Record that its time passed without it, or why a missed one was missed."""
    return _recorded(command, lambda work: visits.miss_visit(work, visit_ref, body.reason))


@ROUTER.post("/v1/calendars", status_code=201)
def open_calendar(body: bodies.CalendarBody, command: SchedulingCommand) -> Response:
    """Make a calendar address for an advocate; it is shown this once and never kept."""

    def act(work: Work[Scheduling]) -> Reply:
        new = calendars.open_calendar(work, body.advocate_ref)
        shown = {
            "calendar_ref": new.calendar.calendar_ref,
            "url": f"/v1/calendars/{new.token}.ics",
        }
        return Reply(201, shown, keep=False)

    return command.run(act)


@ROUTER.post("/v1/calendars/{calendar_ref}/revoked")
def revoke_calendar(calendar_ref: UUID, command: SchedulingCommand) -> Response:
    """Make a calendar's address worthless, at once and for ever."""

    def act(work: Work[Scheduling]) -> Reply:
        calendars.revoke_calendar(work, calendar_ref)
        return Reply(204)

    return command.run(act)


@ROUTER.get("/v1/calendars/{token}.ics", response_class=Response)
def subscribe_to_calendar(token: str, desk: SchedulingDesk) -> Response:
    """Answer a calendar program: visits and conferences, and nobody's name."""
    shown = desk.read(lambda work: calendars.show_calendar(work, token))
    if shown is None:
        raise Problem(404, "not-found", "There is no such calendar")
    return Response(icalendar_of(shown.calendar_ref, shown.entries), media_type="text/calendar")


def _recorded(command: Command[Scheduling], act: Callable[[Work[Scheduling]], Visit]) -> Response:
    def run(work: Work[Scheduling]) -> Reply:
        visit = act(work)
        return Reply(200, visit_view(visit), etag=visit.version)

    return command.run(run)


def _place_in_list(visit: VisitView) -> str:
    return f"{visit.due_on.isoformat()} {visit.visit_ref}"


def _seen(place: str | None) -> tuple[date, UUID] | None:
    if place is None:
        return None
    try:
        due_on, _, visit_ref = place.partition(" ")
        return date.fromisoformat(due_on), UUID(visit_ref)
    except ValueError:
        raise Problem(400, "cursor", "This cursor was not given out by this list") from None
