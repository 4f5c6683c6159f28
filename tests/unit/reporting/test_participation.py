"""How the child took part, by both classifications, and what is never guessed."""

from collections import Counter
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import Attendance, ConferenceStatus, Voice
from services.reporting.domain.journey import AnyFact
from services.reporting.domain.participation import (
    Participations,
    ReviewCode,
    TookPart,
    review_code,
    took_part,
)
from tests.unit.reporting.journeys import conference, held, journey, offer
from tests.unit.reporting.journeys import took_part as said
from tests.unit.reporting.strategies import HISTORIES

THERE, AWAY = Attendance.ATTENDED, Attendance.DID_NOT_ATTEND


@pytest.mark.parametrize(
    ("attendance", "advocate_present", "expected"),
    [
        (THERE, True, TookPart.ATTENDED_WITH_ADVOCATE),
        (THERE, False, TookPart.ATTENDED_WITHOUT_ADVOCATE),
        (AWAY, True, TookPart.REPRESENTED_BY_ADVOCATE),
        (AWAY, False, TookPart.NEITHER),
        (Attendance.NOT_INVITED, False, TookPart.NEITHER),
    ],
)
def test_the_class_is_attended_by_advocate_present(
    attendance: Attendance, *, advocate_present: bool, expected: TookPart
) -> None:
    record = said(attendance=attendance, advocate_present=advocate_present)
    assert took_part(journey(held(participation=record))) is expected


@pytest.mark.parametrize("voice", list(Voice))
def test_the_class_never_depends_on_the_voice(voice: Voice) -> None:
    record = said(attendance=THERE, advocate_present=True, voice=voice)
    assert took_part(journey(held(participation=record))) is TookPart.ATTENDED_WITH_ADVOCATE


def test_what_was_not_recorded_is_not_recorded_and_never_neither() -> None:
    assert took_part(journey(held())) is TookPart.NOT_RECORDED
    assert review_code(journey(held())) is ReviewCode.NOT_RECORDED


def test_a_child_whose_offer_was_turned_down_took_part_all_the_same() -> None:
    record = said(attendance=THERE)
    without_offer = journey(held(participation=record))
    with_offer = journey(held(participation=record), offer())
    assert took_part(without_offer) is took_part(with_offer) is TookPart.ATTENDED_WITHOUT_ADVOCATE


def test_there_is_nothing_to_take_part_in_before_the_conference_or_birth() -> None:
    assert took_part(journey(conference())) is None
    assert took_part(journey(conference(status=ConferenceStatus.CANCELLED))) is None
    assert took_part(journey(held(unborn=True, age_years=None))) is None
    assert took_part(journey(offer())) is None


def test_a_session_of_an_adjourned_conference_counts() -> None:
    adjourned = conference(
        status=ConferenceStatus.ADJOURNED, participation=said(advocate_present=True)
    )
    assert took_part(journey(adjourned)) is TookPart.REPRESENTED_BY_ADVOCATE


@pytest.mark.parametrize(
    ("attendance", "voice", "expected"),
    [
        (THERE, Voice.SELF, ReviewCode.PN1),
        (THERE, Voice.ADVOCATE, ReviewCode.PN2),
        (THERE, Voice.SYMBOLIC, ReviewCode.PN3),
        (THERE, Voice.NONE, ReviewCode.PN4),
        (AWAY, Voice.ADVOCATE, ReviewCode.PN5),
        (AWAY, Voice.LETTER, ReviewCode.PN6),
        (AWAY, Voice.DRAWING, ReviewCode.PN6),
        (AWAY, Voice.NONE, ReviewCode.PN7),
        (Attendance.NOT_INVITED, Voice.NONE, ReviewCode.PN7),
        (AWAY, Voice.SELF, ReviewCode.NOT_RECORDED),
        (THERE, Voice.NOT_RECORDED, ReviewCode.NOT_RECORDED),
        (AWAY, Voice.NOT_RECORDED, ReviewCode.NOT_RECORDED),
    ],
)
def test_the_national_code_is_attendance_by_voice(
    attendance: Attendance, voice: Voice, expected: ReviewCode
) -> None:
    record = said(attendance=attendance, voice=voice)
    assert review_code(journey(held(participation=record))) is expected


@pytest.mark.parametrize(("age", "expected"), [(3, ReviewCode.PN0), (4, ReviewCode.PN1)])
def test_below_four_there_is_one_code_whatever_happened(age: int, expected: ReviewCode) -> None:
    record = said(attendance=THERE, voice=Voice.SELF)
    assert review_code(journey(held(age_years=age, participation=record))) is expected


def test_below_four_the_age_alone_is_enough() -> None:
    assert review_code(journey(held(age_years=0))) is ReviewCode.PN0


@given(st.lists(HISTORIES, max_size=8))
def test_the_classes_add_up_to_the_conferences_there_was_something_to_take_part_in(
    histories: list[list[AnyFact]],
) -> None:
    ways = [took_part(journey(*facts)) for facts in histories]
    counted = Participations.of(Counter(way for way in ways if way is not None))
    codes = [review_code(journey(*facts)) for facts in histories]
    assert sum(astuple(counted)) == len([way for way in ways if way is not None])
    assert [way is None for way in ways] == [code is None for code in codes]
