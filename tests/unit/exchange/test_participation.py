"""Attendance and voice are two axes; a session is corrected by its day; the fullest one counts."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import Attendance, AttendanceMode, Voice
from services.exchange.domain.participation import (
    Participation,
    contradiction,
    fullest,
    with_session,
)

THERE = Participation(
    Attendance.ATTENDED,
    Voice.SELF,
    advocate_present=False,
    part_attendance=False,
    session_on=date(2026, 12, 10),
    mode=AttendanceMode.IN_PERSON,
)
REPRESENTED = Participation(
    Attendance.DID_NOT_ATTEND,
    Voice.ADVOCATE,
    advocate_present=True,
    part_attendance=False,
    session_on=date(2026, 12, 17),
)


def test_the_same_day_again_corrects_what_was_recorded() -> None:
    corrected = replace(THERE, voice=Voice.ADVOCATE, advocate_present=True)
    assert with_session((THERE, REPRESENTED), corrected) == (corrected, REPRESENTED)


def test_having_been_there_counts_before_having_been_represented() -> None:
    assert fullest((THERE, REPRESENTED)) == THERE


def test_an_advocate_beside_the_child_counts_before_none() -> None:
    with_advocate = replace(THERE, advocate_present=True, session_on=date(2026, 12, 1))
    assert fullest((with_advocate, THERE)) == with_advocate


def test_of_equals_the_later_session_counts() -> None:
    later = replace(THERE, session_on=date(2026, 12, 20))
    assert fullest((THERE, later)) == later


def test_nothing_recorded_is_nothing() -> None:
    assert fullest(()) is None


@pytest.mark.parametrize("voice", [Voice.SELF, Voice.SYMBOLIC])
def test_a_child_who_was_not_there_cannot_have_spoken(voice: Voice) -> None:
    found = contradiction(replace(REPRESENTED, voice=voice))
    assert found is not None
    assert found.code == "voice-without-attendance"


@pytest.mark.parametrize(
    "session",
    [
        replace(REPRESENTED, mode=AttendanceMode.REMOTE),
        replace(REPRESENTED, part_attendance=True),
    ],
)
def test_how_a_child_was_there_needs_the_child_there(session: Participation) -> None:
    found = contradiction(session)
    assert found is not None
    assert found.code == "mode-without-attendance"


@given(
    st.lists(
        st.builds(
            Participation,
            st.sampled_from(Attendance),
            st.sampled_from(Voice),
            st.booleans(),
            st.booleans(),
            st.dates(date(2026, 1, 1), date(2026, 1, 9)),
        ),
        min_size=1,
    )
)
def test_the_order_of_recording_does_not_change_which_session_counts(
    sessions: list[Participation],
) -> None:
    kept: tuple[Participation, ...] = ()
    for session in sessions:
        kept = with_session(kept, session)
    assert len({s.session_on for s in kept}) == len(kept)
    assert fullest(kept) == fullest(tuple(reversed(kept)))


def test_an_advocate_who_was_not_there_cannot_have_spoken_for_the_child() -> None:
    for session in (REPRESENTED, replace(THERE, voice=Voice.ADVOCATE)):
        found = contradiction(replace(session, advocate_present=False))
        assert found is not None
        assert found.code == "voice-without-advocate"
    assert contradiction(REPRESENTED) is None
