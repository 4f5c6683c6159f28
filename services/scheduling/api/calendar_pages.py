"""The page on which an advocate gets the diary into a calendar program of their own."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.chassis.web import PageRoute, page
from services.scheduling.api.doors import SchedulingCommand
from services.scheduling.handlers.calendars import renew_calendar

CALENDAR_PAGES: Final = APIRouter(route_class=PageRoute, include_in_schema=False)


@CALENDAR_PAGES.get("/advocates/{advocate_ref}/calendar")
def ask_calendar(request: Request, advocate_ref: UUID) -> Response:
    """Say what an address shows, and what a new one does to the one before."""
    return page(request, "scheduling/calendar.html", advocate_ref=advocate_ref, address="")


@CALENDAR_PAGES.post("/advocates/{advocate_ref}/calendar")
def make_calendar(request: Request, advocate_ref: UUID, command: SchedulingCommand) -> Response:
    """Make an address and show it this once; the one before shows nothing any more."""
    new = command.desk.run(lambda work: renew_calendar(work, advocate_ref))
    address = f"{request.base_url}v1/calendars/{new.token}.ics"
    return page(request, "scheduling/calendar.html", advocate_ref=advocate_ref, address=address)
