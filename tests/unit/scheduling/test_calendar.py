"""What an advocate's own calendar shows."""

from datetime import timedelta

import pytest

from services.contracts.codes import ConferenceStatus, VisitKind, VisitStatus
from services.scheduling.domain.calendar import SUMMARIES, Certainty, entry_of
from tests.unit.scheduling.cases import NOW, STARTS_AT, a_conference, a_visit

ENDS_AT = STARTS_AT + timedelta(hours=2)


def test_a_visit_without_an_agreed_time_is_a_tentative_day() -> None:
    entry = entry_of(a_visit(), a_conference())
    assert (entry.starts, entry.ends) == (a_visit().due_on, None)
    assert entry.certainty is Certainty.TENTATIVE


def test_an_agreed_visit_stands_at_its_hour() -> None:
    at = STARTS_AT - timedelta(days=2)
    entry = entry_of(a_visit(status=VisitStatus.AGREED, at=at), a_conference())
    assert (entry.starts, entry.certainty) == (at, Certainty.CONFIRMED)


def test_a_conference_stands_at_its_own_hours() -> None:
    entry = entry_of(a_visit(VisitKind.AT_CONFERENCE), a_conference(ends_at=ENDS_AT))
    assert (entry.starts, entry.ends) == (STARTS_AT, ENDS_AT)
    assert entry.certainty is Certainty.CONFIRMED


def test_a_conference_put_off_without_an_hour_is_a_day() -> None:
    adjourned = a_conference(status=ConferenceStatus.ADJOURNED, ends_at=ENDS_AT)
    entry = entry_of(a_visit(VisitKind.AT_CONFERENCE), adjourned)
    assert (entry.starts, entry.ends) == (a_visit().due_on, None)


@pytest.mark.parametrize(
    "status",
    [
        VisitStatus.CANCELLED,
        VisitStatus.DECLINED,
        VisitStatus.NOT_POSSIBLE,
        VisitStatus.MISSED,
    ],
)
def test_what_does_not_take_place_is_cancelled(status: VisitStatus) -> None:
    assert entry_of(a_visit(status=status), a_conference()).certainty is Certainty.CANCELLED


def test_the_sequence_rises_with_the_visit_and_with_the_conference() -> None:
    first = entry_of(a_visit(version=2), a_conference(as_of=1)).sequence
    assert entry_of(a_visit(version=3), a_conference(as_of=1)).sequence == first + 1
    assert entry_of(a_visit(version=2), a_conference(as_of=2)).sequence == first + 1


def test_the_latest_change_of_either_is_the_entrys() -> None:
    later = NOW + timedelta(hours=1)
    assert entry_of(a_visit(), a_conference(changed_at=later)).changed_at == later
    assert entry_of(a_visit(changed_at=later), a_conference()).changed_at == later


def test_every_kind_of_visit_has_words_for_a_calendar() -> None:
    assert set(SUMMARIES) == set(VisitKind)
