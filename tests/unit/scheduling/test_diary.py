"""An advocate's days, in the order in which they want attention."""

from datetime import UTC, date, datetime

from services.contracts.codes import VisitKind, VisitStatus
from services.scheduling.domain.diary import diary_of
from tests.unit.scheduling.cases import a_visit

TODAY = date(2026, 12, 2)


def test_what_is_late_comes_first_longest_waiting_on_top() -> None:
    yesterday = a_visit(VisitKind.BEFORE, due_on=date(2026, 12, 1))
    last_week = a_visit(VisitKind.INTRODUCTION, due_on=date(2026, 11, 25), overdue=True)
    found = diary_of([yesterday, last_week], TODAY)
    assert found.late == (last_week, yesterday)
    assert found.days == ()


def test_an_agreed_time_stands_on_its_own_day_and_before_what_is_only_due() -> None:
    agreed = a_visit(
        VisitKind.BEFORE,
        status=VisitStatus.AGREED,
        at=datetime(2026, 12, 4, 15, tzinfo=UTC),
        due_on=date(2026, 12, 3),
    )
    due = a_visit(VisitKind.AFTER, due_on=date(2026, 12, 4))
    earlier = a_visit(VisitKind.CLOSING, due_on=date(2026, 12, 3))
    found = diary_of([due, agreed, earlier], TODAY)
    assert [(day.on, day.visits) for day in found.days] == [
        (date(2026, 12, 3), (earlier,)),
        (date(2026, 12, 4), (agreed, due)),
    ]


def test_what_is_done_or_called_off_is_not_in_the_diary() -> None:
    done = [a_visit(status=status) for status in (VisitStatus.HELD, VisitStatus.CANCELLED)]
    assert diary_of(done, TODAY).days == ()


def test_a_visit_due_today_is_not_late() -> None:
    due = a_visit(due_on=TODAY)
    assert diary_of([due], TODAY).late == ()
