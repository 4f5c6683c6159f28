"""The life of one visit: which step may follow which, and what a person may record of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.contracts.codes import A_YEAR, Role, VisitKind, VisitReason, VisitStatus, YesNo
from services.contracts.local_time import end_of, london_date
from services.scheduling.domain.facts import Conference

OPEN: Final = frozenset({VisitStatus.PLANNED, VisitStatus.OFFERED, VisitStatus.AGREED})

COME_FIRST: Final = frozenset({VisitKind.INTRODUCTION, VisitKind.BEFORE})
"""What only helps a child while the conference has not been held."""

AROUND_CONFERENCE: Final = frozenset(
    {VisitKind.INTRODUCTION, VisitKind.BEFORE, VisitKind.AT_CONFERENCE, VisitKind.AFTER}
)


class Verb(StrEnum):
    """What can happen to a visit; each is an event `visit.<verb>`."""

    PLANNED = "planned"
    OFFERED = "offered"
    AGREED = "agreed"
    MOVED = "moved"
    CHANGED = "changed"
    HELD = "held"
    DECLINED = "declined"
    NOT_POSSIBLE = "not-possible"
    MISSED = "missed"
    CANCELLED = "cancelled"
    OVERDUE = "overdue"


def _life() -> dict[tuple[VisitStatus, Verb], VisitStatus]:
    ends = {
        Verb.HELD: VisitStatus.HELD,
        Verb.DECLINED: VisitStatus.DECLINED,
        Verb.NOT_POSSIBLE: VisitStatus.NOT_POSSIBLE,
        Verb.MISSED: VisitStatus.MISSED,
    }
    arranged = {Verb.OFFERED: VisitStatus.OFFERED, Verb.AGREED: VisitStatus.AGREED}
    by_status: dict[VisitStatus, dict[Verb, VisitStatus]] = {
        VisitStatus.PLANNED: {**arranged, **ends},
        VisitStatus.OFFERED: {Verb.AGREED: VisitStatus.AGREED, **ends},
        VisitStatus.AGREED: {Verb.MOVED: VisitStatus.AGREED, **ends},
        # What was held stays held; a wrong record is a correction, which is another event.
        VisitStatus.HELD: {},
        # Why it was missed, or that it was held after all, is often recorded days later; and what
        # was missed can be arranged anew while there is time.
        VisitStatus.MISSED: {**arranged, **ends},
        # An obstacle can go away, and what seemed impossible can have taken place.
        VisitStatus.NOT_POSSIBLE: {**arranged, Verb.HELD: VisitStatus.HELD},
        # A child may come back at any time.
        VisitStatus.DECLINED: {**arranged, Verb.HELD: VisitStatus.HELD},
        # Called off while the advocate was already there: the record comes after.
        VisitStatus.CANCELLED: {Verb.HELD: VisitStatus.HELD},
    }
    return {
        (status, verb): after
        for status, steps in by_status.items()
        for verb, after in steps.items()
    }


TRANSITIONS: Final[Mapping[tuple[VisitStatus, Verb], VisitStatus]] = MappingProxyType(_life())
"""What a person may record: (how the visit stands, what happened) -> how it stands then."""

ARRANGING: Final = frozenset({Verb.OFFERED, Verb.AGREED, Verb.MOVED})


@dataclass(frozen=True, slots=True)
class Visit:
    """A meeting of a child and the advocate, or the advocate's attendance at the conference.

    `conference_on` and `conference_at` are when the conference was expected as this visit was last
    fitted to it. `by_record` says that the outcome comes from the conference's own record and not
    from the advocate. `at` is the time agreed with the child; what is called off keeps it until
    the child says no. `changed_at` is the instant of the last change.
    """

    visit_ref: UUID
    child_ref: UUID
    conference_ref: UUID
    offer_ref: UUID
    authority: str
    kind: VisitKind
    conference_version: int
    due_on: date
    changed_at: datetime
    advocate_ref: UUID | None = None
    conference_on: date | None = None
    conference_at: datetime | None = None
    status: VisitStatus = VisitStatus.PLANNED
    at: datetime | None = None
    held_at: datetime | None = None
    seen_alone: YesNo = YesNo.UNKNOWN
    declined_by: Role | None = None
    reason: VisitReason | None = None
    overdue: bool = False
    moves: int = 0
    by_record: bool = False
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it is still to take place."""
        return self.status in OPEN

    @property
    def is_missed(self) -> bool:
        """Whether its time passed without it, and nobody has said that it cannot be."""
        return self.status is VisitStatus.MISSED


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be recorded: a code for machines, a sentence for people."""

    code: str
    sentence: str


def overdue_at(visit: Visit) -> datetime | None:
    """Return when an open visit becomes late: as its due day ends, once.

    A conference put off without a new day makes nobody late.
    """
    waits_for_a_day = visit.kind in AROUND_CONFERENCE and visit.conference_on is None
    if not visit.is_open or visit.overdue or waits_for_a_day:
        return None
    return end_of(visit.due_on)


def offered(visit: Visit, now: datetime) -> Visit | Refusal:
    """Record that a time was offered to the child."""
    return _refused(visit, Verb.OFFERED) or replace(
        visit,
        status=VisitStatus.OFFERED,
        reason=None,
        declined_by=None,
        overdue=_is_late_already(visit, now),
    )


def _is_late_already(visit: Visit, now: datetime) -> bool:
    """Whether everybody knows that it is late: what was missed is arranged anew, late as it is."""
    return visit.overdue or (visit.is_missed and end_of(visit.due_on) <= now)


def agreed(visit: Visit, conference: Conference, at: datetime, now: datetime) -> Visit | Refusal:
    """Record the time agreed with the child."""
    return (
        _refused(visit, Verb.AGREED)
        or _unfit(visit, conference, at, now)
        or replace(
            visit,
            status=VisitStatus.AGREED,
            at=at,
            reason=None,
            declined_by=None,
            overdue=_is_late_already(visit, now),
        )
    )


def moved(
    visit: Visit, conference: Conference, at: datetime, reason: VisitReason, now: datetime
) -> Visit | Refusal:
    """Record another agreed time, and why the former one did not hold."""
    return (
        _refused(visit, Verb.MOVED)
        or _unfit(visit, conference, at, now)
        or replace(visit, at=at, reason=reason, moves=visit.moves + 1)
    )


def held(
    visit: Visit, conference: Conference, held_at: datetime, seen_alone: YesNo, now: datetime
) -> Visit | Refusal:
    """Record that it took place: often said days later, also of a visit given up as missed."""
    return (
        _refused(visit, Verb.HELD)
        or _held_at_a_wrong_time(visit, conference, held_at, now)
        or replace(
            visit,
            status=VisitStatus.HELD,
            held_at=held_at,
            seen_alone=seen_alone,
            reason=None,
            declined_by=None,
            overdue=False,
            by_record=False,
        )
    )


def declined(visit: Visit, by_role: Role, reason: VisitReason | None) -> Visit | Refusal:
    """Record who turned the visit down: an adult's no is never written down as the child's."""
    if (by_role is Role.CHILD) != (reason in {None, VisitReason.CHILD_DECLINED}):
        sentence = "the reason child-declined, or none, belongs to the child's own no only"
        return Refusal("not-the-childs-no", sentence)
    return _refused(visit, Verb.DECLINED) or replace(
        visit,
        status=VisitStatus.DECLINED,
        declined_by=by_role,
        reason=reason or VisitReason.CHILD_DECLINED,
        at=None,
        overdue=False,
        by_record=False,
    )


def not_possible(visit: Visit, reason: VisitReason) -> Visit | Refusal:
    """Record what stood in the way of the visit."""
    return _refused(visit, Verb.NOT_POSSIBLE) or replace(
        visit, status=VisitStatus.NOT_POSSIBLE, reason=reason, overdue=False, by_record=False
    )


def missed(visit: Visit, reason: VisitReason | None, now: datetime) -> Visit | Refusal:
    """Record that its time passed without it, with the reason where one is known."""
    return (
        _refused(visit, Verb.MISSED)
        or _still_to_come(visit, now)
        or replace(visit, status=VisitStatus.MISSED, reason=reason, overdue=False, by_record=False)
    )


def can_have_been_missed(visit: Visit, now: datetime) -> bool:
    """Whether its agreed time has passed, or, without one, the day it is due on has begun."""
    if visit.status is VisitStatus.AGREED and visit.at is not None:
        return visit.at <= now
    return not visit.is_open or visit.due_on <= london_date(now)


def _still_to_come(visit: Visit, now: datetime) -> Refusal | None:
    if can_have_been_missed(visit, now):
        return None
    sentence = "its time is still to come: record another time, or what stands in the way"
    return Refusal("still-to-come", sentence)


def _refused(visit: Visit, verb: Verb) -> Refusal | None:
    if (visit.status, verb) in TRANSITIONS:
        return None
    sentence = f"a visit that is {visit.status} cannot be recorded as {verb}"
    return Refusal(f"visit-is-{visit.status}", sentence)


def _unfit(visit: Visit, conference: Conference, at: datetime, now: datetime) -> Refusal | None:
    if at <= now:
        return Refusal("in-the-past", "a visit is agreed for a time to come; record it as held")
    if fits(visit.kind, at, conference):
        return None
    return Refusal("does-not-fit-conference", _where_it_belongs(visit.kind, conference))


def _where_it_belongs(kind: VisitKind, conference: Conference) -> str:
    if kind in COME_FIRST:
        return "it comes before the conference: choose a time before that begins"
    if conference.expected.on is None:
        return "the conference has no day yet: what comes with it or after it cannot be agreed"
    if kind is VisitKind.AT_CONFERENCE:
        return "the advocate attends on the day of the conference: choose a time on that day"
    return "it comes after the conference: choose a time after that begins"


def may_be_arranged(visit: Visit, now: datetime) -> bool:
    """Whether there is still time to arrange it: what comes first, until the conference begins."""
    is_too_late = visit.conference_at is not None and visit.conference_at <= now
    return not (visit.kind in COME_FIRST and is_too_late)


def fits(kind: VisitKind, at: datetime, conference: Conference) -> bool:
    """Tell whether a time suits the conference as it is expected now.

    What comes before lies before it begins, attending lies on its day, what comes after lies after
    it. While the conference has no day, anything may come before it and nothing after it.
    """
    expected = conference.expected
    if kind not in AROUND_CONFERENCE:
        return True
    if expected.on is None:
        return kind in COME_FIRST
    if kind is VisitKind.AT_CONFERENCE:
        return london_date(at) == expected.on
    if expected.at is None:
        return (london_date(at) < expected.on) == (kind in COME_FIRST)
    return (at < expected.at) == (kind in COME_FIRST)


def _held_at_a_wrong_time(
    visit: Visit, conference: Conference, held_at: datetime, now: datetime
) -> Refusal | None:
    begins = conference.expected.at
    attended_early = visit.kind is VisitKind.AT_CONFERENCE and conference.sits_after(
        london_date(held_at)
    )
    before_too_late = visit.kind is VisitKind.BEFORE and begins is not None and held_at >= begins
    after_too_early = visit.kind is VisitKind.AFTER and begins is not None and held_at < begins
    wrong = (
        (held_at > now, "in-the-future", "what is still to come was not held yet"),
        (
            held_at < now - A_YEAR,
            "long-ago",
            "it would have been a year ago or longer: check the year",
        ),
        (
            attended_early,
            "before-the-conference",
            "the conference is on a later day: the advocate attends on that day",
        ),
        (before_too_late, "after-the-conference", "a visit before is held before the conference"),
        (after_too_early, "before-the-conference", "a visit after is held after the conference"),
    )
    return next((Refusal(code, why) for is_wrong, code, why in wrong if is_wrong), None)
