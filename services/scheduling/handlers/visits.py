"""What people record of a visit, and what happens when its day passes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.chassis.aggregates import Due
from services.chassis.errors import Refused
from services.chassis.work import Work
from services.contracts.codes import Role, VisitReason, YesNo
from services.scheduling.domain import visit as rules
from services.scheduling.domain.case import Case
from services.scheduling.domain.facts import Conference
from services.scheduling.domain.revision import not_to_be_arranged, recorded_already
from services.scheduling.domain.visit import ARRANGING, Refusal, Verb, Visit, may_be_arranged
from services.scheduling.handlers.planning import case_of, replan
from services.scheduling.settings import Scheduling
from services.scheduling.storage.repositories import CONFERENCES, OFFERS, VISITS

Step: TypeAlias = Callable[[Visit, Conference], Visit | Refusal]


@dataclass(frozen=True, slots=True)
class Held:
    """That a visit took place."""

    held_at: datetime
    seen_alone: YesNo = YesNo.UNKNOWN


@dataclass(frozen=True, slots=True)
class Declined:
    """Who turned a visit down."""

    by_role: Role
    reason: VisitReason | None = None


def offer_visit(work: Work[Scheduling], visit_ref: UUID) -> Visit:
    """Record that a time was offered to the child."""
    return _step(work, visit_ref, Verb.OFFERED, lambda visit, _: rules.offered(visit, work.now))


def agree_visit(work: Work[Scheduling], visit_ref: UUID, at: datetime) -> Visit:
    """Record the time agreed with the child."""
    return _step(
        work, visit_ref, Verb.AGREED, lambda visit, conf: rules.agreed(visit, conf, at, work.now)
    )


def move_visit(work: Work[Scheduling], visit_ref: UUID, at: datetime, reason: VisitReason) -> Visit:
    """Record another agreed time."""
    return _step(
        work,
        visit_ref,
        Verb.MOVED,
        lambda visit, conf: rules.moved(visit, conf, at, reason, work.now),
    )


def hold_visit(work: Work[Scheduling], visit_ref: UUID, said: Held) -> Visit:
    """Record that a visit took place; of a sitting that was broken off, the next one follows."""
    visit = _step(
        work,
        visit_ref,
        Verb.HELD,
        lambda visit, conf: rules.held(visit, conf, said.held_at, said.seen_alone, work.now),
    )
    replan(work, work.get(CONFERENCES, visit.conference_ref), work.get(OFFERS, visit.offer_ref))
    return visit


def decline_visit(work: Work[Scheduling], visit_ref: UUID, said: Declined) -> Visit:
    """Record who turned a visit down."""
    return _step(
        work,
        visit_ref,
        Verb.DECLINED,
        lambda visit, _: rules.declined(visit, said.by_role, said.reason),
    )


def rule_out_visit(work: Work[Scheduling], visit_ref: UUID, reason: VisitReason) -> Visit:
    """Record what stood in the way of a visit."""
    return _step(
        work, visit_ref, Verb.NOT_POSSIBLE, lambda visit, _: rules.not_possible(visit, reason)
    )


def miss_visit(work: Work[Scheduling], visit_ref: UUID, reason: VisitReason | None) -> Visit:
    """Record that a visit's time passed without it."""
    return _step(
        work, visit_ref, Verb.MISSED, lambda visit, _: rules.missed(visit, reason, work.now)
    )


def when_a_visit_is_overdue(work: Work[Scheduling], due: Due) -> None:
    """Say once that a visit's due day has passed."""
    visit = work.get(VISITS, due.key)
    work.record(VISITS, replace(visit, overdue=True, changed_at=work.now), Verb.OVERDUE)


def can_be_arranged(work: Work[Scheduling], visit: Visit) -> bool:
    """Whether there is time for a visit, and nothing that stops it."""
    case = _case(work, visit, work.get(CONFERENCES, visit.conference_ref))
    return may_be_arranged(visit, work.now) and not_to_be_arranged(visit, case) is None


def _case(work: Work[Scheduling], visit: Visit, conference: Conference) -> Case:
    return case_of(work, conference, work.get(OFFERS, visit.offer_ref))


def _step(work: Work[Scheduling], visit_ref: UUID, verb: Verb, step: Step) -> Visit:
    visit = work.get(VISITS, visit_ref)
    conference = work.get(CONFERENCES, visit.conference_ref)
    after = step(visit, conference)
    if not isinstance(after, Refusal) and verb in ARRANGING:
        after = not_to_be_arranged(after, _case(work, visit, conference)) or after
    if not isinstance(after, Refusal) and after.held_at is not None and verb is Verb.HELD:
        after = recorded_already(visit, after.held_at, _case(work, visit, conference)) or after
    if isinstance(after, Refusal):
        raise Refused(after.code, after.sentence)
    return work.record(VISITS, replace(after, changed_at=work.now), verb)
