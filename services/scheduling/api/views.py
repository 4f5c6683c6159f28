"""What scheduling answers."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID

from icalendar import Calendar, Event
from icalendar.enums import CLASS, STATUS
from pydantic import BaseModel, ConfigDict

from services.contracts.codes import Role, VisitKind, VisitReason, VisitStatus, YesNo
from services.contracts.local_time import LONDON
from services.scheduling.domain.calendar import Entry
from services.scheduling.domain.visit import Visit

PRODUCT: Final = "-//Alongside//Advocate's calendar//EN"


class VisitView(BaseModel):
    """How a visit stands; people only by reference."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    visit_ref: UUID
    child_ref: UUID
    conference_ref: UUID
    offer_ref: UUID
    advocate_ref: UUID | None
    authority: str
    kind: VisitKind
    status: VisitStatus
    due_on: date
    at: datetime | None
    held_at: datetime | None
    seen_alone: YesNo
    declined_by: Role | None
    reason: VisitReason | None
    overdue: bool
    moves: int
    version: int


def visit_view(visit: Visit) -> VisitView:
    """Show a visit."""
    return VisitView.model_validate(visit)


def icalendar_of(calendar_ref: UUID, entries: Iterable[Entry]) -> bytes:
    """Write entries as iCalendar: hours as people's clocks show them, nobody named."""
    calendar = Calendar.new(
        uid=str(calendar_ref), prodid=PRODUCT, method="PUBLISH", name="Visits and conferences"
    )
    for entry in entries:
        calendar.add_component(_event(entry))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    return Event.new(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=entry.changed_at,
        last_modified=entry.changed_at,
        summary=entry.summary,
        classification=CLASS.PRIVATE,
        status=STATUS(entry.certainty),
        start=_local(entry.starts),
        end=_local(entry.ends) if entry.ends else None,
    )


def _local(when: datetime | date) -> datetime | date:
    return when.astimezone(LONDON) if isinstance(when, datetime) else when
