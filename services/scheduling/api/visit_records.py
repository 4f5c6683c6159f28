"""What an advocate can record of a visit: the questions each record asks, and how they are read."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias
from uuid import UUID

from services.chassis.web import Reader
from services.chassis.web.wording import sentence
from services.chassis.work import Work
from services.contracts.codes import Role, VisitReason, YesNo
from services.scheduling.domain.visit import Verb, Visit
from services.scheduling.handlers import visits
from services.scheduling.settings import Scheduling

Act: TypeAlias = Callable[[Work[Scheduling]], Visit]

ALONE: Final = ((YesNo.YES, "Yes"), (YesNo.NO, "No"), (YesNo.UNKNOWN, "Not known"))

OBSTACLES: Final = (
    (VisitReason.CHILD_ILL, "The child was ill"),
    (VisitReason.CHILD_AWAY, "The child was away"),
    (VisitReason.NOT_AT_HOME, "Nobody was at home"),
    (VisitReason.PARENT_PREVENTED, "A parent prevented it"),
    (VisitReason.NO_CONSENT, "There was no consent"),
    (VisitReason.PERMISSION_LATE, "Permission came late"),
    (VisitReason.ADVOCATE_ILL, "The advocate was ill"),
    (VisitReason.NO_INTERPRETER, "There was no interpreter"),
    (VisitReason.SHORT_NOTICE, "There was too little time"),
    (VisitReason.CONFERENCE_MOVED, "The conference was moved"),
    (VisitReason.OTHER, "Another reason"),
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
    button: str
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
            "Agree a time",
            "The time is recorded",
            _read_agreed,
            asks_when=True,
        ),
        Record(
            "moved",
            Verb.MOVED,
            "It has another time",
            "Change the time",
            "The new time is recorded",
            _read_moved,
            asks_when=True,
            reason_question="Why did the former time not hold?",
        ),
        Record(
            "offered",
            Verb.OFFERED,
            "A time was offered to the child",
            "Time offered",
            "It is recorded that a time was offered",
            _read_offered,
        ),
        Record(
            "not-possible",
            Verb.NOT_POSSIBLE,
            "It was not possible",
            "Not possible",
            "The reason is recorded",
            _read_not_possible,
            reason_question="What stood in the way?",
        ),
        Record(
            "declined",
            Verb.DECLINED,
            "Somebody said no to it",
            "Somebody said no",
            "The no is recorded",
            _read_declined,
            asks_who=True,
        ),
        Record(
            "missed",
            Verb.MISSED,
            "Its time passed without it",
            "Missed",
            "The visit is recorded as missed",
            _read_missed,
            reason_question="Why?",
        ),
    )
}
