"""The pages of an advocate: the diary, one visit, and what is recorded of it."""

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
from services.chassis.web.wording import day, moment, sentence
from services.chassis.work import Work
from services.contracts.codes import Role, VisitKind, VisitReason, VisitStatus, YesNo
from services.scheduling.domain.visit import TRANSITIONS, Verb, Visit
from services.scheduling.handlers import visits
from services.scheduling.handlers.diary import diary
from services.scheduling.settings import Scheduling
from services.scheduling.storage.repositories import VISITS

PAGES = APIRouter(route_class=PageRoute, include_in_schema=False)

SchedulingDesk: TypeAlias = Annotated[Desk[Scheduling], Depends(desk_of("scheduling"))]
SchedulingCommand: TypeAlias = Annotated[Command[Scheduling], Depends(command_of("scheduling"))]
Form: TypeAlias = Annotated[Submitted, Depends(submitted)]
Act: TypeAlias = Callable[[Work[Scheduling]], Visit]

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

ALONE: Final = ((YesNo.YES, "Yes"), (YesNo.NO, "No"), (YesNo.UNKNOWN, "Not known"))

OBSTACLES: Final = tuple(
    (reason, sentence(reason))
    for reason in (
        VisitReason.CHILD_ILL,
        VisitReason.CHILD_AWAY,
        VisitReason.NOT_AT_HOME,
        VisitReason.PARENT_PREVENTED,
        VisitReason.NO_CONSENT,
        VisitReason.PERMISSION_LATE,
        VisitReason.ADVOCATE_ILL,
        VisitReason.NO_INTERPRETER,
        VisitReason.SHORT_NOTICE,
        VisitReason.CONFERENCE_MOVED,
        VisitReason.OTHER,
    )
)

WHO_SAYS_NO: Final = tuple(
    (role, sentence(role))
    for role in (Role.CHILD, Role.PARENT, Role.CARER, Role.SOCIAL_WORKER, Role.OTHER)
)

REASON_OF_NO: Final = MappingProxyType(
    {
        Role.CHILD: VisitReason.CHILD_DECLINED,
        Role.PARENT: VisitReason.PARENT_PREVENTED,
        Role.CARER: VisitReason.PARENT_PREVENTED,
    }
)
"""The reason that belongs to each person's no; an adult's is never the child's."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that can be recorded of a visit, and what its page asks for.

    Args:
        reads: takes what was filled in and returns the command; None if something is wrong.
    """

    path: str
    verb: Verb
    text: str
    done: str
    reads: Callable[[Reader, UUID], Act | None]
    asks_when: bool = False
    asks_alone: bool = False
    asks_who: bool = False
    reason_question: str = ""

    @property
    def reasons(self) -> tuple[tuple[VisitReason, str], ...]:
        """The reasons to choose from, if the page asks for one."""
        return OBSTACLES if self.reason_question else ()


def _read_held(reader: Reader, visit_ref: UUID) -> Act | None:
    at = reader.moment("at", "The day of the visit")
    alone = reader.choice("seen_alone", YesNo, "Choose whether the child was seen alone")
    if at is None or alone is None:
        return None
    return lambda work: visits.hold_visit(work, visit_ref, visits.Held(at, alone))


def _read_agreed(reader: Reader, visit_ref: UUID) -> Act | None:
    at = reader.moment("at", "The day of the visit")
    return (lambda work: visits.agree_visit(work, visit_ref, at)) if at else None


def _read_moved(reader: Reader, visit_ref: UUID) -> Act | None:
    at = reader.moment("at", "The new day")
    reason = reader.choice("reason", VisitReason, "Choose why the former time did not hold")
    if at is None or reason is None:
        return None
    return lambda work: visits.move_visit(work, visit_ref, at, reason)


def _read_offered(_reader: Reader, visit_ref: UUID) -> Act:
    return lambda work: visits.offer_visit(work, visit_ref)


def _read_not_possible(reader: Reader, visit_ref: UUID) -> Act | None:
    reason = reader.choice("reason", VisitReason, "Choose what stood in the way")
    return (lambda work: visits.rule_out_visit(work, visit_ref, reason)) if reason else None


def _read_declined(reader: Reader, visit_ref: UUID) -> Act | None:
    who = reader.choice("by_role", Role, "Choose who said no")
    if who is None:
        return None
    said = visits.Declined(who, REASON_OF_NO.get(who, VisitReason.OTHER))
    return lambda work: visits.decline_visit(work, visit_ref, said)


def _read_missed(reader: Reader, visit_ref: UUID) -> Act | None:
    reason = reader.choice("reason", VisitReason, "Choose why")
    return (lambda work: visits.miss_visit(work, visit_ref, reason)) if reason else None


RECORDS: Final = {
    record.path: record
    for record in (
        Record(
            "held",
            Verb.HELD,
            "It took place",
            "The visit is recorded as held",
            _read_held,
            asks_when=True,
            asks_alone=True,
        ),
        Record(
            "agreed",
            Verb.AGREED,
            "A time is agreed with the child",
            "The time is recorded",
            _read_agreed,
            asks_when=True,
        ),
        Record(
            "moved",
            Verb.MOVED,
            "It has another time",
            "The new time is recorded",
            _read_moved,
            asks_when=True,
            reason_question="Why did the former time not hold?",
        ),
        Record(
            "offered",
            Verb.OFFERED,
            "A time was offered to the child",
            "It is recorded that a time was offered",
            _read_offered,
        ),
        Record(
            "not-possible",
            Verb.NOT_POSSIBLE,
            "It was not possible",
            "The reason is recorded",
            _read_not_possible,
            reason_question="What stood in the way?",
        ),
        Record(
            "declined",
            Verb.DECLINED,
            "Somebody said no to it",
            "The no is recorded",
            _read_declined,
            asks_who=True,
        ),
        Record(
            "missed",
            Verb.MISSED,
            "Its time passed without it",
            "The visit is recorded as missed",
            _read_missed,
            reason_question="Why?",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class VisitCard:
    """A visit as a page shows it."""

    visit_ref: UUID
    child_ref: UUID
    conference_ref: UUID
    advocate_ref: UUID | None
    title: str
    when: str


def card(visit: Visit) -> VisitCard:
    """Put a visit into words."""
    if visit.at:
        when = f"Agreed for {moment(visit.at)}"
    elif visit.status is VisitStatus.OFFERED:
        when = f"A time was offered; due by {day(visit.due_on)}"
    else:
        when = f"Due by {day(visit.due_on)}"
    return VisitCard(
        visit.visit_ref,
        visit.child_ref,
        visit.conference_ref,
        visit.advocate_ref,
        TITLES[visit.kind],
        when,
    )


@PAGES.get("/advocates/{advocate_ref}/diary")
def show_diary(
    request: Request, advocate_ref: UUID, desk: SchedulingDesk, done: str = ""
) -> Response:
    """Show what an advocate has to do: late first, then day by day."""
    found, today = desk.read(lambda work: (diary(work, advocate_ref), work.today))
    return page(
        request,
        "scheduling/diary.html",
        advocate_ref=advocate_ref,
        today=today,
        late=[card(visit) for visit in found.late],
        days=[{"on": d.on, "visits": [card(visit) for visit in d.visits]} for d in found.days],
        done=RECORDS[done].done if done in RECORDS else "",
    )


@PAGES.get("/visits/{visit_ref}")
def show_visit(request: Request, visit_ref: UUID, desk: SchedulingDesk) -> Response:
    """Show one visit and what can be recorded of it."""
    visit = desk.read(lambda work: work.get(VISITS, visit_ref))
    records = [each for each in RECORDS.values() if (visit.status, each.verb) in TRANSITIONS]
    return page(
        request, "scheduling/visit.html", visit=card(visit), facts=_facts(visit), records=records
    )


@PAGES.get("/visits/{visit_ref}/{path}")
def ask_record(request: Request, visit_ref: UUID, path: str, desk: SchedulingDesk) -> Response:
    """Ask for what belongs to one record."""
    record = _record(path)
    visit = desk.read(lambda work: work.get(VISITS, visit_ref))
    return _ask(request, visit, record, Submitted({"key": [ids.token()]}), ())


@PAGES.post("/visits/{visit_ref}/{path}")
def take_record(
    request: Request, visit_ref: UUID, path: str, form: Form, command: SchedulingCommand
) -> Response:
    """Record it, then go back to the diary; what is wrong is said on the page it is wrong on."""
    record, reader = _record(path), Reader(form)
    act = record.reads(reader, visit_ref)
    mistakes = tried(command, act, form["key"]) if act else reader.mistakes
    visit = command.desk.read(lambda work: work.get(VISITS, visit_ref))
    if mistakes:
        return _ask(request, visit, record, form, mistakes)
    if visit.advocate_ref is None:
        return see_other(f"/visits/{visit_ref}")
    return see_other(f"/advocates/{visit.advocate_ref}/diary?done={record.path}")


def _record(path: str) -> Record:
    try:
        return RECORDS[path]
    except KeyError:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", "") from None


def _ask(
    request: Request,
    visit: Visit,
    record: Record,
    form: Submitted,
    mistakes: Sequence[Mistake],
) -> Response:
    return page(
        request,
        "scheduling/record.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK,
        visit=card(visit),
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
