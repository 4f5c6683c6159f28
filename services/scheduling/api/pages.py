"""The pages of an advocate: the diary, one visit, and what is recorded of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.chassis import ids
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
from services.chassis.web.wording import day, moment, sentence
from services.chassis.work import Work
from services.contracts.codes import VisitKind, VisitStatus
from services.contracts.local_time import LONDON, london_date, spoken_hour
from services.scheduling.api.calendar_pages import CALENDAR_PAGES
from services.scheduling.api.doors import Form, SchedulingCommand, SchedulingDesk
from services.scheduling.api.visit_records import ALONE, RECORDS, WHO_SAYS_NO, Record
from services.scheduling.domain.visit import (
    ARRANGING,
    TRANSITIONS,
    Verb,
    Visit,
    can_have_been_missed,
)
from services.scheduling.handlers.diary import advocates, diary
from services.scheduling.handlers.visits import can_be_arranged
from services.scheduling.settings import Scheduling
from services.scheduling.storage.repositories import VISITS

PAGES = APIRouter(route_class=PageRoute, include_in_schema=False)

TITLES: Final = MappingProxyType(
    {
        VisitKind.INTRODUCTION: "First meeting with the child",
        VisitKind.BEFORE: "Visit before the conference",
        VisitKind.AT_CONFERENCE: "At the conference",
        VisitKind.AFTER: "Visit after the conference",
        VisitKind.FOLLOW_UP: "Follow-up visit",
        VisitKind.CLOSING: "Closing visit",
    }
)


@dataclass(frozen=True, slots=True)
class VisitCard:
    """A visit as a page shows it."""

    visit_ref: UUID
    child_ref: UUID
    conference_ref: UUID
    advocate_ref: UUID | None
    title: str
    when: str
    actions: Sequence[Record] = ()


def card(visit: Visit, now: datetime) -> VisitCard:
    """Put a visit into words, with the records that are most likely next."""
    if visit.is_missed:
        when = f"Was to be {moment(visit.at)}" if visit.at else f"Was due by {day(visit.due_on)}"
    elif visit.at:
        when = f"Agreed for {moment(visit.at)}"
    elif visit.status is VisitStatus.OFFERED:
        when = f"A time was offered; due by {day(visit.due_on)}"
    else:
        attends = visit.kind is VisitKind.AT_CONFERENCE and visit.conference_at
        when = moment(attends) if attends else f"Due by {day(visit.due_on)}"
    return VisitCard(
        visit.visit_ref,
        visit.child_ref,
        visit.conference_ref,
        visit.advocate_ref,
        TITLES[visit.kind],
        when,
        [RECORDS[path] for path in _likely(visit, now)],
    )


def _expected_at(visit: Visit) -> datetime | None:
    """Return when a visit is expected: as agreed, or when the conference it belongs to begins."""
    attends = visit.kind is VisitKind.AT_CONFERENCE
    return visit.at or (visit.conference_at if attends else None)


def _likely(visit: Visit, now: datetime) -> Sequence[str]:
    """Name what an advocate most likely has to record: what is over was held or was not."""
    if visit.is_missed:
        return ("agreed", "not-possible")
    expected = _expected_at(visit)
    if visit.kind is VisitKind.AT_CONFERENCE and visit.due_on > london_date(now):
        return ("not-possible",)
    if expected is None and not visit.overdue:
        return ("held", "agreed")
    if expected is None or expected <= now:
        return ("held", "not-possible")
    return ("moved", "not-possible") if visit.status is VisitStatus.AGREED else ("not-possible",)


@PAGES.get("/advocates")
def list_advocates(request: Request, desk: SchedulingDesk) -> Response:
    """Show whose diaries there are: who has most that is late first."""
    return page(request, "scheduling/advocates.html", advocates=desk.read(advocates))


@PAGES.get("/advocates/{advocate_ref}/diary")
def show_diary(
    request: Request, advocate_ref: UUID, desk: SchedulingDesk, done: str = ""
) -> Response:
    """Show what an advocate has to do: late first, then day by day."""
    found, now = desk.read(lambda work: (diary(work, advocate_ref), work.now))
    return page(
        request,
        "scheduling/diary.html",
        advocate_ref=advocate_ref,
        today=london_date(now),
        late=[card(visit, now) for visit in found.late],
        missed=[card(visit, now) for visit in found.missed],
        days=[{"on": d.on, "visits": [card(visit, now) for visit in d.visits]} for d in found.days],
        done=RECORDS[done].done if done in RECORDS else "",
    )


PAGES.include_router(CALENDAR_PAGES)


@PAGES.get("/visits/{visit_ref}")
def show_visit(request: Request, visit_ref: UUID, desk: SchedulingDesk) -> Response:
    """Show one visit and what can be recorded of it."""
    visit, now, arranging = desk.read(lambda work: _shown(work, visit_ref))
    records = [
        each
        for each in RECORDS.values()
        if (visit.status, each.verb) in TRANSITIONS
        and (arranging or each.verb not in ARRANGING)
        and (each.verb is not Verb.MISSED or can_have_been_missed(visit, now))
    ]
    return page(
        request,
        "scheduling/visit.html",
        visit=card(visit, now),
        facts=_facts(visit),
        records=records,
    )


def _shown(work: Work[Scheduling], visit_ref: UUID) -> tuple[Visit, datetime, bool]:
    visit = work.get(VISITS, visit_ref)
    return visit, work.now, can_be_arranged(work, visit)


@PAGES.get("/visits/{visit_ref}/{path}")
def ask_record(request: Request, visit_ref: UUID, path: str, desk: SchedulingDesk) -> Response:
    """Ask for what belongs to one record."""
    record = _record(path)
    visit, now = desk.read(lambda work: (work.get(VISITS, visit_ref), work.now))
    form = Submitted({"key": [ids.token()]}).with_fields(**_filled_in(visit, record, now))
    return _ask(request, card(visit, now), record, form, ())


@PAGES.post("/visits/{visit_ref}/{path}")
def take_record(
    request: Request, visit_ref: UUID, path: str, form: Form, command: SchedulingCommand
) -> Response:
    """Record it, then go back to the diary; what is wrong is said on the page it is wrong on."""
    record, reader = _record(path), Reader(form)
    act = record.reads(reader, visit_ref)
    mistakes: Sequence[Mistake] = reader.mistakes
    if act is not None:
        done = tried(command, lambda work: _way_back(act(work), record), form["key"])
        if done.address:
            return see_other(done.address)
        mistakes = done.mistakes
    visit, now = command.desk.read(lambda work: (work.get(VISITS, visit_ref), work.now))
    return _ask(request, card(visit, now), record, form, mistakes)


def _way_back(visit: Visit, record: Record) -> str:
    if visit.advocate_ref is None:
        return f"/visits/{visit.visit_ref}"
    return f"/advocates/{visit.advocate_ref}/diary?done={record.path}"


def _record(path: str) -> Record:
    try:
        return RECORDS[path]
    except KeyError:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", "") from None


def _filled_in(visit: Visit, record: Record, now: datetime) -> dict[str, str]:
    """Fill in what is most likely: a visit was held when it was agreed to be, or else today."""
    if record.verb is not Verb.HELD:
        return {}
    at = _expected_at(visit)
    known = at if at is not None and at <= now else None
    local = (known or now).astimezone(LONDON)
    fields = {"at-day": local.day, "at-month": local.month, "at-year": local.year}
    return {
        **{name: str(number) for name, number in fields.items()},
        "at-time": spoken_hour(known) if known else "",
    }


def _ask(
    request: Request,
    visit: VisitCard,
    record: Record,
    form: Submitted,
    mistakes: Sequence[Mistake],
) -> Response:
    return page(
        request,
        "scheduling/record.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK,
        visit=visit,
        record=record,
        form=form,
        mistakes=mistakes,
        yes_no=ALONE,
        roles=WHO_SAYS_NO,
    )


def _facts(visit: Visit) -> list[dict[str, object]]:
    shown = {
        "How it stands": sentence(visit.status) + (", late" if visit.overdue else ""),
        "Due by": day(visit.due_on),
        "Agreed for": moment(visit.at) if visit.at else "",
        "Held": moment(visit.held_at) if visit.held_at else "",
        "Child seen alone": sentence(visit.seen_alone) if visit.held_at else "",
        "Reason": sentence(visit.reason) if visit.reason else "",
        "Conference": moment(visit.conference_at) if visit.conference_at else "",
    }
    return [{"key": {"text": k}, "value": {"text": v}} for k, v in shown.items() if v]
