"""What may be recorded of a visit, by whom, and when."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from services.contracts.codes import (
    ConferenceStatus,
    Role,
    VisitKind,
    VisitReason,
    VisitStatus,
    YesNo,
)
from services.scheduling.domain.visit import (
    OPEN,
    TRANSITIONS,
    Refusal,
    Verb,
    Visit,
    agreed,
    declined,
    held,
    may_be_arranged,
    missed,
    moved,
    not_possible,
    offered,
    overdue_at,
)
from tests.unit.scheduling.cases import NOW, STARTS_AT, a_conference, a_visit
from tests.unit.scheduling.cases import held as was_held

TWO_DAYS_BEFORE = STARTS_AT - timedelta(days=2)
AFTERWARDS = STARTS_AT + timedelta(days=10)


def accepted(result: Visit | Refusal) -> Visit:
    assert isinstance(result, Visit), result
    return result


def refused(result: Visit | Refusal) -> str:
    assert isinstance(result, Refusal), result
    return result.code


def attempt(verb: Verb, visit: Visit) -> Visit | Refusal:
    conference = a_conference()
    return {
        Verb.OFFERED: lambda: offered(visit, NOW),
        Verb.AGREED: lambda: agreed(visit, conference, TWO_DAYS_BEFORE, NOW),
        Verb.MOVED: lambda: moved(visit, conference, TWO_DAYS_BEFORE, VisitReason.CHILD_ILL, NOW),
        Verb.HELD: lambda: held(visit, conference, NOW, YesNo.YES, NOW),
        Verb.DECLINED: lambda: declined(visit, Role.CHILD, None),
        Verb.NOT_POSSIBLE: lambda: not_possible(visit, VisitReason.CHILD_ILL),
        Verb.MISSED: lambda: missed(visit, None, NOW),
    }[verb]()


RECORDABLE = (
    Verb.OFFERED,
    Verb.AGREED,
    Verb.MOVED,
    Verb.HELD,
    Verb.DECLINED,
    Verb.NOT_POSSIBLE,
    Verb.MISSED,
)


@pytest.mark.parametrize(("status", "verb"), list(product(VisitStatus, RECORDABLE)))
def test_only_what_the_table_lists_can_be_recorded(status: VisitStatus, verb: Verb) -> None:
    result = attempt(verb, a_visit(status=status, due_on=NOW.date()))
    if (status, verb) in TRANSITIONS:
        assert accepted(result).status is TRANSITIONS[status, verb]
    else:
        assert refused(result) == f"visit-is-{status}"


def test_every_status_is_in_the_table_and_held_is_final() -> None:
    assert {status for status, _ in TRANSITIONS} == set(VisitStatus) - {VisitStatus.HELD}


@pytest.mark.parametrize("status", sorted(OPEN))
def test_an_open_visit_can_always_be_held_declined_ruled_out_or_missed(status: VisitStatus) -> None:
    ends = {Verb.HELD, Verb.DECLINED, Verb.NOT_POSSIBLE, Verb.MISSED}
    assert all((status, verb) in TRANSITIONS for verb in ends)


# --- times agreed ---


def test_a_visit_before_cannot_be_agreed_for_after_the_conference_begins() -> None:
    result = agreed(a_visit(), a_conference(), STARTS_AT, NOW)
    assert refused(result) == "does-not-fit-conference"


def test_a_visit_after_cannot_be_agreed_for_before_the_conference() -> None:
    result = agreed(a_visit(VisitKind.AFTER), a_conference(), TWO_DAYS_BEFORE, NOW)
    assert refused(result) == "does-not-fit-conference"


def test_attending_can_only_be_agreed_for_the_day_of_the_conference() -> None:
    attending = a_visit(VisitKind.AT_CONFERENCE)
    half_an_hour_before = STARTS_AT - timedelta(minutes=30)
    assert accepted(agreed(attending, a_conference(), half_an_hour_before, NOW)).at
    assert refused(agreed(attending, a_conference(), TWO_DAYS_BEFORE, NOW))


def test_while_the_conference_has_no_day_a_visit_before_can_be_agreed_and_one_after_cannot() -> (
    None
):
    adjourned = a_conference(status=ConferenceStatus.ADJOURNED)
    assert accepted(agreed(a_visit(), adjourned, AFTERWARDS, NOW)).at == AFTERWARDS
    result = agreed(a_visit(VisitKind.AFTER), adjourned, AFTERWARDS, NOW)
    assert refused(result) == "does-not-fit-conference"


def test_with_only_the_day_known_a_visit_before_lies_on_an_earlier_day() -> None:
    adjourned = a_conference(status=ConferenceStatus.ADJOURNED, reconvenes_on=date(2026, 12, 21))
    assert accepted(agreed(a_visit(), adjourned, datetime(2026, 12, 20, 9, tzinfo=UTC), NOW)).at
    assert refused(agreed(a_visit(), adjourned, datetime(2026, 12, 21, 8, tzinfo=UTC), NOW))


def test_a_missed_visit_is_agreed_anew_while_there_is_time() -> None:
    missed_one = a_visit(status=VisitStatus.MISSED, reason=VisitReason.CHILD_ILL)
    again = accepted(agreed(missed_one, a_conference(), TWO_DAYS_BEFORE, NOW))
    assert (again.status, again.at, again.reason) == (VisitStatus.AGREED, TWO_DAYS_BEFORE, None)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (VisitKind.BEFORE, "choose a time before that begins"),
        (VisitKind.AT_CONFERENCE, "on the day of the conference"),
        (VisitKind.AFTER, "choose a time after that begins"),
    ],
)
def test_a_time_that_does_not_fit_is_refused_with_where_it_belongs(
    kind: VisitKind, said: str
) -> None:
    at = STARTS_AT + timedelta(days=2) if kind is not VisitKind.AFTER else TWO_DAYS_BEFORE
    result = agreed(a_visit(kind), a_conference(), at, NOW)
    assert isinstance(result, Refusal)
    assert said in result.sentence


def test_what_comes_before_a_conference_is_arranged_until_it_begins() -> None:
    assert may_be_arranged(a_visit(conference_at=STARTS_AT), STARTS_AT - timedelta(minutes=1))
    assert not may_be_arranged(a_visit(conference_at=STARTS_AT), STARTS_AT)
    assert may_be_arranged(a_visit(VisitKind.AFTER, conference_at=STARTS_AT), STARTS_AT)


def test_nothing_is_agreed_for_the_past() -> None:
    result = agreed(a_visit(), a_conference(), NOW - timedelta(hours=1), NOW)
    assert refused(result) == "in-the-past"


def test_a_moved_visit_counts_the_move_and_keeps_the_reason() -> None:
    visit = a_visit(status=VisitStatus.AGREED, at=NOW + timedelta(days=1), moves=1)
    after = accepted(moved(visit, a_conference(), TWO_DAYS_BEFORE, VisitReason.CHILD_AWAY, NOW))
    assert (after.at, after.moves, after.reason) == (TWO_DAYS_BEFORE, 2, VisitReason.CHILD_AWAY)


# --- held ---


def test_a_visit_before_recorded_a_week_late_counts_when_it_was_held_before() -> None:
    given_up = a_visit(status=VisitStatus.MISSED)
    conference = was_held(a_conference())
    after = accepted(held(given_up, conference, TWO_DAYS_BEFORE, YesNo.YES, AFTERWARDS))
    assert (after.status, after.held_at) == (VisitStatus.HELD, TWO_DAYS_BEFORE)
    assert (after.seen_alone, after.reason) == (YesNo.YES, None)


def test_a_visit_before_is_not_held_once_the_conference_began() -> None:
    conference = was_held(a_conference())
    began = conference.expected.at
    assert began is not None
    result = held(a_visit(), conference, began, YesNo.NO, AFTERWARDS)
    assert refused(result) == "after-the-conference"


def test_a_visit_after_is_not_held_before_the_conference() -> None:
    result = held(a_visit(VisitKind.AFTER), a_conference(), NOW, YesNo.NO, NOW)
    assert refused(result) == "before-the-conference"


def test_nothing_was_held_in_the_future() -> None:
    result = held(a_visit(), a_conference(), NOW + timedelta(minutes=1), YesNo.YES, NOW)
    assert refused(result) == "in-the-future"


def test_held_at_last_is_no_longer_overdue() -> None:
    late = a_visit(VisitKind.INTRODUCTION, overdue=True)
    assert accepted(held(late, a_conference(), NOW, YesNo.YES, NOW)).overdue is False


# --- declined ---


def test_the_childs_own_no_to_a_visit_is_the_childs() -> None:
    after = accepted(declined(a_visit(), Role.CHILD, None))
    assert (after.declined_by, after.reason) == (Role.CHILD, VisitReason.CHILD_DECLINED)


@pytest.mark.parametrize("reason", [None, VisitReason.CHILD_DECLINED])
def test_a_parents_no_is_never_written_down_as_the_childs(reason: VisitReason | None) -> None:
    assert refused(declined(a_visit(), Role.PARENT, reason)) == "not-the-childs-no"


def test_a_parents_no_is_recorded_as_the_parents() -> None:
    after = accepted(declined(a_visit(), Role.PARENT, VisitReason.PARENT_PREVENTED))
    assert (after.declined_by, after.reason) == (Role.PARENT, VisitReason.PARENT_PREVENTED)


def test_a_child_who_comes_back_can_agree_a_time_again() -> None:
    no = accepted(declined(a_visit(), Role.CHILD, None))
    yes = accepted(agreed(no, a_conference(), TWO_DAYS_BEFORE, NOW))
    assert (yes.status, yes.declined_by, yes.reason) == (VisitStatus.AGREED, None, None)


# --- overdue ---


def test_a_visit_is_late_as_its_due_day_ends_for_people() -> None:
    assert overdue_at(a_visit(due_on=date(2026, 12, 3))) == datetime(2026, 12, 4, tzinfo=UTC)


def test_in_summer_the_day_ends_an_hour_earlier_in_utc() -> None:
    assert overdue_at(a_visit(due_on=date(2026, 7, 1))) == datetime(2026, 7, 1, 23, tzinfo=UTC)


@pytest.mark.parametrize("status", sorted(set(VisitStatus) - OPEN))
def test_what_is_no_longer_open_is_never_late(status: VisitStatus) -> None:
    assert overdue_at(a_visit(status=status)) is None


def test_it_is_said_once_that_a_visit_is_late() -> None:
    assert overdue_at(a_visit(overdue=True)) is None


def test_a_conference_without_a_day_makes_nobody_late_but_a_goodbye_has_its_day() -> None:
    assert overdue_at(a_visit(conference_on=None)) is None
    assert overdue_at(a_visit(VisitKind.CLOSING, conference_on=None)) is not None
