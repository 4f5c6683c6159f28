"""Which visits a child should have, by when, and what becomes of them when things change."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import (
    CancelledBecause,
    ConferenceStatus,
    EndedBecause,
    LapsedBecause,
    OfferStatus,
    Role,
    Told,
    VisitKind,
    VisitReason,
    VisitStatus,
)
from services.scheduling.domain.case import Case
from services.scheduling.domain.plan import wanted_visits
from services.scheduling.domain.revision import Change, revised
from services.scheduling.domain.visit import Verb
from tests.unit.scheduling.cases import (
    ADVOCATE,
    ANOTHER_ADVOCATE,
    ANY_TIME,
    NOW,
    STARTS_AT,
    a_conference,
    a_planned_case,
    a_visit,
    an_offer,
    at,
    held,
    kinds,
    planned,
    replaced,
    standing,
    visit_of,
    with_advocate,
)

AROUND = {
    VisitKind.INTRODUCTION,
    VisitKind.BEFORE,
    VisitKind.AT_CONFERENCE,
    VisitKind.AFTER,
}


def changes(case: Case, now: datetime = NOW) -> dict[VisitKind, Change]:
    return {change.visit.kind: change for change in revised(case, at(now))}


# --- what is planned, and by when ---


def test_without_an_advocate_nothing_is_planned() -> None:
    assert planned(Case(a_conference(), an_offer(), ())).visits == ()


def test_an_advocate_two_weeks_ahead_brings_four_visits_with_their_days() -> None:
    case = a_planned_case()
    assert {visit.kind: visit.due_on for visit in case.visits} == {
        VisitKind.INTRODUCTION: date(2026, 11, 25),
        VisitKind.BEFORE: date(2026, 12, 3),
        VisitKind.AT_CONFERENCE: date(2026, 12, 7),
        VisitKind.AFTER: date(2026, 12, 14),
    }
    assert {visit.advocate_ref for visit in case.visits} == {ADVOCATE}


def test_allocated_the_day_before_introduction_and_visit_before_are_due_at_once() -> None:
    sunday = datetime(2026, 12, 6, 15, 0, tzinfo=UTC)
    case = a_planned_case(sunday)
    assert visit_of(case, VisitKind.INTRODUCTION).due_on == date(2026, 12, 7)
    assert visit_of(case, VisitKind.BEFORE).due_on == date(2026, 12, 7)


def test_allocated_on_the_morning_of_the_conference_the_visit_before_is_due_today() -> None:
    case = a_planned_case(STARTS_AT - timedelta(hours=2))
    assert visit_of(case, VisitKind.BEFORE).due_on == STARTS_AT.date()


def test_allocated_once_the_conference_has_begun_no_visit_before_is_invented() -> None:
    case = a_planned_case(STARTS_AT + timedelta(minutes=10))
    assert kinds(case.visits) == {VisitKind.AT_CONFERENCE, VisitKind.AFTER}


def test_the_introduction_is_due_before_the_day_of_the_conference() -> None:
    thursday = datetime(2026, 12, 3, 9, tzinfo=UTC)
    case = a_planned_case(thursday)
    assert visit_of(case, VisitKind.INTRODUCTION).due_on == date(2026, 12, 4)


def test_the_day_after_a_conference_nobody_recorded_there_is_nothing_left_to_attend() -> None:
    case = a_planned_case(STARTS_AT + timedelta(days=1))
    assert kinds(case.visits) == {VisitKind.AFTER}


def test_allocated_after_it_was_held_only_the_visit_after_is_left() -> None:
    later = STARTS_AT + timedelta(days=3)
    case = planned(
        Case(held(a_conference()), with_advocate(an_offer(), on=later.date()), ()), later
    )
    assert kinds(case.visits) == {VisitKind.AFTER}
    assert visit_of(case, VisitKind.AFTER).due_on == date(2026, 12, 14)


def test_a_late_visit_after_is_never_due_in_the_past() -> None:
    weeks_later = STARTS_AT + timedelta(days=28)
    case = planned(Case(held(a_conference()), with_advocate(an_offer()), ()), weeks_later)
    assert visit_of(case, VisitKind.AFTER).due_on == date(2027, 1, 4)


def test_a_conference_put_off_without_a_day_only_brings_the_introduction() -> None:
    adjourned = a_conference(status=ConferenceStatus.ADJOURNED)
    case = planned(Case(adjourned, with_advocate(an_offer()), ()))
    assert kinds(case.visits) == {VisitKind.INTRODUCTION}


def test_once_it_has_a_day_again_the_missing_visits_are_planned() -> None:
    adjourned = a_conference(status=ConferenceStatus.ADJOURNED)
    case = planned(Case(adjourned, with_advocate(an_offer()), ()))
    again = planned(replace(case, conference=a_conference(as_of=3)))
    assert kinds(again.visits) == AROUND


@given(
    ahead=st.timedeltas(timedelta(minutes=1), timedelta(days=60)),
    now=ANY_TIME,
)
def test_nothing_is_due_in_the_past_nor_what_comes_before_after_the_conference(
    ahead: timedelta, now: datetime
) -> None:
    conference = a_conference(starts_at=now + ahead)
    place = at(now)
    offer = with_advocate(an_offer(), on=place.today)
    due = {w.kind: w.due_on for w in wanted_visits(Case(conference, offer, ()), place)}
    day = conference.expected.on
    assert day is not None
    assert set(due) == AROUND
    assert place.today <= due[VisitKind.INTRODUCTION] <= day
    assert place.today <= due[VisitKind.BEFORE] <= day
    assert due[VisitKind.AT_CONFERENCE] == day
    assert due[VisitKind.AFTER] > day


# --- the conference moves ---


def test_a_later_conference_moves_every_day_that_hangs_on_it() -> None:
    case = a_planned_case()
    moved = replace(case, conference=a_conference(starts_at=STARTS_AT + timedelta(days=7), as_of=2))
    found = changes(moved)
    assert {kind: change.verb for kind, change in found.items() if change.verb} == {
        VisitKind.BEFORE: Verb.CHANGED,
        VisitKind.AT_CONFERENCE: Verb.CHANGED,
        VisitKind.AFTER: Verb.CHANGED,
    }
    assert found[VisitKind.BEFORE].visit.due_on == date(2026, 12, 10)
    assert found[VisitKind.BEFORE].visit.conference_version == 2


def test_another_hour_on_the_same_day_is_nothing_to_tell_anybody() -> None:
    moved = a_conference(starts_at=STARTS_AT + timedelta(hours=2), as_of=2)
    found = changes(replace(a_planned_case(), conference=moved))
    assert {change.verb for change in found.values()} == {None}


def test_an_unchanged_case_asks_for_no_change() -> None:
    assert changes(a_planned_case()) == {}


def test_an_agreed_time_that_no_longer_lies_before_the_conference_goes_back_to_be_agreed() -> None:
    agreed = a_visit(status=VisitStatus.AGREED, at=STARTS_AT - timedelta(days=2))
    earlier = a_conference(starts_at=STARTS_AT - timedelta(days=5), as_of=2)
    change = changes(replaced(replace(a_planned_case(), conference=earlier), agreed))[
        VisitKind.BEFORE
    ]
    assert change.verb is Verb.MOVED
    assert (change.visit.status, change.visit.at) == (VisitStatus.PLANNED, None)
    assert (change.visit.reason, change.visit.moves) == (VisitReason.CONFERENCE_MOVED, 1)


def test_an_agreed_time_that_still_fits_is_left_to_child_and_advocate() -> None:
    time = STARTS_AT - timedelta(days=3)
    agreed = a_visit(status=VisitStatus.AGREED, at=time)
    later = a_conference(starts_at=STARTS_AT + timedelta(days=7), as_of=2)
    change = changes(replaced(replace(a_planned_case(), conference=later), agreed))[
        VisitKind.BEFORE
    ]
    assert change.verb is Verb.CHANGED
    assert (change.visit.status, change.visit.at) == (VisitStatus.AGREED, time)


def test_an_hour_agreed_for_the_conference_is_lost_with_the_conferences_own_hour() -> None:
    agreed = a_visit(
        VisitKind.AT_CONFERENCE,
        due_on=STARTS_AT.date(),
        status=VisitStatus.AGREED,
        at=STARTS_AT - timedelta(minutes=30),
    )
    moved = a_conference(starts_at=STARTS_AT + timedelta(hours=4), as_of=2)
    change = changes(replaced(replace(a_planned_case(), conference=moved), agreed))[
        VisitKind.AT_CONFERENCE
    ]
    assert change.verb is Verb.MOVED


def test_counting_again_never_makes_a_late_visit_look_timely() -> None:
    late = a_visit(VisitKind.INTRODUCTION, due_on=date(2026, 11, 25), overdue=True)
    case = replaced(a_planned_case(), late)
    changed = replace(
        case, conference=a_conference(as_of=2, ends_at=STARTS_AT + timedelta(hours=2))
    )
    assert changes(changed, NOW + timedelta(days=5)) == {}


def test_a_moved_conference_gives_a_visit_that_was_not_possible_another_chance() -> None:
    gone = a_visit(status=VisitStatus.NOT_POSSIBLE, reason=VisitReason.CHILD_ILL)
    later = a_conference(starts_at=STARTS_AT + timedelta(days=7), as_of=2)
    change = changes(replaced(replace(a_planned_case(), conference=later), gone))[VisitKind.BEFORE]
    assert change.verb is Verb.PLANNED
    assert (change.visit.status, change.visit.reason) == (VisitStatus.PLANNED, None)
    assert change.visit.due_on == date(2026, 12, 10)


def test_a_conference_that_keeps_its_day_leaves_what_was_not_possible_alone() -> None:
    gone = a_visit(status=VisitStatus.NOT_POSSIBLE, reason=VisitReason.PERMISSION_LATE)
    changed = a_conference(starts_at=STARTS_AT + timedelta(hours=2), as_of=2)
    assert VisitKind.BEFORE not in changes(
        replaced(replace(a_planned_case(), conference=changed), gone)
    )


def test_a_visit_the_child_declined_is_not_planned_again_by_a_moved_conference() -> None:
    gone = a_visit(
        status=VisitStatus.DECLINED,
        declined_by=Role.CHILD,
        reason=VisitReason.CHILD_DECLINED,
    )
    later = a_conference(starts_at=STARTS_AT + timedelta(days=7), as_of=2)
    assert VisitKind.BEFORE not in changes(
        replaced(replace(a_planned_case(), conference=later), gone)
    )


def test_a_visit_somebody_else_declined_is_planned_again_when_the_conference_moves() -> None:
    gone = a_visit(
        status=VisitStatus.DECLINED,
        declined_by=Role.PARENT,
        reason=VisitReason.PARENT_PREVENTED,
    )
    later = a_conference(starts_at=STARTS_AT + timedelta(days=7), as_of=2)
    change = changes(replaced(replace(a_planned_case(), conference=later), gone))[VisitKind.BEFORE]
    assert change.verb is Verb.PLANNED
    assert (change.visit.status, change.visit.declined_by) == (VisitStatus.PLANNED, None)
    assert change.visit.due_on == date(2026, 12, 10)


def test_while_it_is_put_off_without_a_day_nothing_but_the_agreed_after_changes() -> None:
    agreed = a_visit(VisitKind.AFTER, status=VisitStatus.AGREED, at=STARTS_AT + timedelta(days=2))
    adjourned = a_conference(status=ConferenceStatus.ADJOURNED, as_of=2)
    found = changes(replaced(replace(a_planned_case(), conference=adjourned), agreed))
    assert {kind: change.verb for kind, change in found.items() if change.verb} == {
        VisitKind.AFTER: Verb.MOVED
    }
    assert found[VisitKind.BEFORE].visit.due_on == date(2026, 12, 3)


def test_a_known_day_to_reconvene_moves_the_days_at_once() -> None:
    adjourned = a_conference(
        status=ConferenceStatus.ADJOURNED, reconvenes_on=date(2026, 12, 21), as_of=2
    )
    found = changes(replace(a_planned_case(), conference=adjourned))
    assert found[VisitKind.BEFORE].visit.due_on == date(2026, 12, 17)


# --- the advocate changes ---


def test_another_advocate_takes_over_every_open_visit() -> None:
    case = a_planned_case()
    other = with_advocate(case.offer, ANOTHER_ADVOCATE, on=date(2026, 11, 26))
    found = changes(replace(case, offer=other), datetime(2026, 11, 26, 9, tzinfo=UTC))
    assert {change.verb for change in found.values()} == {Verb.CHANGED}
    assert set(found) == AROUND
    assert {change.visit.advocate_ref for change in found.values()} == {ANOTHER_ADVOCATE}
    assert found[VisitKind.INTRODUCTION].visit.due_on == date(2026, 11, 30)


def test_when_the_advocate_goes_the_childs_visits_wait_for_the_next_one() -> None:
    case = a_planned_case()
    agreed = a_visit(status=VisitStatus.AGREED, at=STARTS_AT - timedelta(days=3))
    alone = replace(case.offer, advocate_ref=None)
    found = changes(replaced(replace(case, offer=alone), agreed))
    assert {change.visit.advocate_ref for change in found.values()} == {None}
    assert found[VisitKind.BEFORE].visit.at == agreed.at
    assert {change.verb for change in found.values()} == {Verb.CHANGED}


# --- the offer stops ---


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (OfferStatus.DECLINED, VisitReason.OFFER_DECLINED),
        (OfferStatus.PAUSED, VisitReason.OFFER_PAUSED),
        (OfferStatus.LAPSED, VisitReason.OFFER_LAPSED),
        (OfferStatus.STOPPED, VisitReason.OFFER_WITHDRAWN),
        (OfferStatus.WITHDRAWN, VisitReason.OFFER_WITHDRAWN),
    ],
)
def test_an_offer_that_is_no_longer_live_calls_off_every_open_visit(
    status: OfferStatus, reason: VisitReason
) -> None:
    case = a_planned_case()
    found = changes(replace(case, offer=replace(case.offer, status=status)))
    assert {(change.verb, change.visit.reason) for change in found.values()} == {
        (Verb.CANCELLED, reason)
    }
    assert set(found) == AROUND


def test_what_was_held_stays_held_when_the_child_says_no() -> None:
    case = replaced(
        a_planned_case(),
        a_visit(VisitKind.INTRODUCTION, status=VisitStatus.HELD, held_at=NOW),
    )
    no = planned(replace(case, offer=replace(case.offer, status=OfferStatus.DECLINED)))
    assert standing(no) == {
        VisitKind.INTRODUCTION: VisitStatus.HELD,
        VisitKind.BEFORE: VisitStatus.CANCELLED,
        VisitKind.AT_CONFERENCE: VisitStatus.CANCELLED,
        VisitKind.AFTER: VisitStatus.CANCELLED,
    }


def test_a_child_who_comes_back_gets_the_visits_again() -> None:
    case = a_planned_case()
    no = planned(replace(case, offer=replace(case.offer, status=OfferStatus.DECLINED)))
    back = planned(replace(no, offer=replace(no.offer, status=OfferStatus.ACCEPTED)))
    assert set(standing(back).values()) == {VisitStatus.PLANNED}


def test_a_child_who_comes_back_during_the_conference_gets_what_still_makes_sense() -> None:
    case = a_planned_case()
    no = planned(replace(case, offer=replace(case.offer, status=OfferStatus.DECLINED)))
    yes = replace(no, offer=replace(no.offer, status=OfferStatus.ACCEPTED))
    back = planned(yes, STARTS_AT + timedelta(minutes=20))
    assert standing(back) == {
        VisitKind.INTRODUCTION: VisitStatus.CANCELLED,
        VisitKind.BEFORE: VisitStatus.CANCELLED,
        VisitKind.AT_CONFERENCE: VisitStatus.PLANNED,
        VisitKind.AFTER: VisitStatus.PLANNED,
    }


# --- the conference falls away ---


def cancelled(because: CancelledBecause) -> dict[str, object]:
    return {"status": ConferenceStatus.CANCELLED, "cancelled_because": because, "as_of": 2}


AGREED_FOR = datetime(2026, 12, 3, 15, 30, tzinfo=UTC)


def called_off(**offer: object) -> tuple[Case, Case]:
    """A case with a time agreed for the visit before, and the same after it was called off."""
    case = a_planned_case()
    visit = replace(visit_of(case, VisitKind.BEFORE), status=VisitStatus.AGREED, at=AGREED_FOR)
    agreed = replaced(case, visit)
    if offer:
        return agreed, planned(replace(agreed, offer=replace(agreed.offer, **offer)))  # type: ignore[arg-type]
    gone = a_conference(**cancelled(CancelledBecause.ERROR))
    return agreed, planned(replace(agreed, conference=gone))


@pytest.mark.parametrize(
    "offer",
    [{}, {"status": OfferStatus.PAUSED}, {"status": OfferStatus.WITHDRAWN}],
    ids=["cancelled", "paused", "withdrawn"],
)
def test_a_time_agreed_with_the_child_stands_again_when_it_was_called_off_by_mistake(
    offer: dict[str, object],
) -> None:
    agreed, gone = called_off(**offer)
    assert visit_of(gone, VisitKind.BEFORE).status is VisitStatus.CANCELLED
    back = replace(gone, conference=a_conference(as_of=3), offer=agreed.offer)
    change = changes(back)[VisitKind.BEFORE]
    assert (change.verb, change.visit.status) == (Verb.PLANNED, VisitStatus.AGREED)
    assert (change.visit.at, change.visit.reason, change.visit.moves) == (AGREED_FOR, None, 0)
    # A visit without an agreed time is planned again, as before.
    assert changes(back)[VisitKind.AFTER].visit.status is VisitStatus.PLANNED


def test_a_time_that_passed_while_it_was_called_off_is_lost_and_says_why() -> None:
    agreed, gone = called_off()
    back = replace(agreed, conference=a_conference(as_of=3), visits=gone.visits)
    lost = changes(back, AGREED_FOR)[VisitKind.BEFORE].visit
    assert (lost.status, lost.at, lost.moves) == (VisitStatus.PLANNED, None, 1)
    assert lost.reason is VisitReason.CONFERENCE_CANCELLED


def test_a_time_that_no_longer_lies_before_the_conference_that_is_back_is_lost_and_says_why() -> (
    None
):
    agreed, gone = called_off()
    sooner = a_conference(as_of=3, starts_at=AGREED_FOR - timedelta(hours=4))
    lost = changes(replace(agreed, conference=sooner, visits=gone.visits))[VisitKind.BEFORE].visit
    assert (lost.status, lost.at, lost.reason) == (
        VisitStatus.PLANNED,
        None,
        VisitReason.CONFERENCE_MOVED,
    )


def test_the_childs_no_ends_what_was_agreed_also_if_it_was_called_off_before() -> None:
    agreed, paused = called_off(status=OfferStatus.PAUSED)
    said_no = replace(agreed.offer, status=OfferStatus.DECLINED)
    for case in (agreed, paused):
        no = planned(replace(case, offer=said_no))
        back = visit_of(planned(replace(no, offer=agreed.offer)), VisitKind.BEFORE)
        assert (back.status, back.at) == (VisitStatus.PLANNED, None)


def test_a_conference_that_falls_away_leaves_a_told_child_one_closing_contact() -> None:
    case = a_planned_case()
    told = replace(case.offer, told=Told.EXPLAINED)
    gone = a_conference(**cancelled(CancelledBecause.NOT_NEEDED))
    after = planned(replace(case, conference=gone, offer=told))
    assert standing(after).pop(VisitKind.CLOSING) is VisitStatus.PLANNED
    assert {v.reason for v in after.visits if v.kind in AROUND} == {
        VisitReason.CONFERENCE_CANCELLED
    }
    assert visit_of(after, VisitKind.CLOSING).due_on == date(2026, 12, 7)
    assert visit_of(after, VisitKind.CLOSING).advocate_ref == ADVOCATE


def test_a_child_nobody_told_and_nobody_met_gets_no_closing_contact() -> None:
    gone = a_conference(**cancelled(CancelledBecause.NOT_NEEDED))
    after = planned(replace(a_planned_case(), conference=gone))
    assert VisitKind.CLOSING not in standing(after)


def test_a_child_who_met_the_advocate_gets_a_closing_contact_though_nobody_recorded_telling() -> (
    None
):
    met = replaced(
        a_planned_case(), a_visit(VisitKind.INTRODUCTION, status=VisitStatus.HELD, held_at=NOW)
    )
    gone = a_conference(**cancelled(CancelledBecause.THRESHOLD_NOT_MET))
    assert VisitKind.CLOSING in standing(planned(replace(met, conference=gone)))


@pytest.mark.parametrize("because", [CancelledBecause.DIED, CancelledBecause.ERROR])
def test_no_closing_contact_after_a_death_or_an_error(because: CancelledBecause) -> None:
    told = with_advocate(an_offer(told=Told.CONFIRMED))
    case = Case(a_conference(**cancelled(because)), told, ())
    assert planned(case).visits == ()


@pytest.mark.parametrize(
    "because",
    [
        CancelledBecause.EMERGENCY_PROTECTION,
        CancelledBecause.PROCEEDINGS,
        CancelledBecause.LOOKED_AFTER,
    ],
)
def test_where_court_or_care_takes_over_the_child_is_seen_within_a_working_day(
    because: CancelledBecause,
) -> None:
    told = with_advocate(an_offer(told=Told.CONFIRMED))
    case = planned(Case(a_conference(**cancelled(because)), told, ()))
    assert visit_of(case, VisitKind.CLOSING).due_on == date(2026, 11, 24)


def test_the_childs_no_silences_the_closing_contact_too() -> None:
    no = with_advocate(an_offer(told=Told.CONFIRMED, status=OfferStatus.DECLINED))
    case = Case(a_conference(**cancelled(CancelledBecause.NOT_NEEDED)), no, ())
    assert planned(case).visits == ()


@pytest.mark.parametrize(
    ("offer", "owed"),
    [
        ({"status": OfferStatus.STOPPED, "ended_because": EndedBecause.MOVED}, True),
        ({"status": OfferStatus.WITHDRAWN, "ended_because": EndedBecause.NOT_NEEDED}, True),
        ({"status": OfferStatus.WITHDRAWN, "ended_because": EndedBecause.DUPLICATE}, False),
        (
            {
                "status": OfferStatus.LAPSED,
                "lapsed_because": LapsedBecause.CONFERENCE_FELL_AWAY,
            },
            True,
        ),
        ({"status": OfferStatus.LAPSED, "lapsed_because": LapsedBecause.TOLD_NO_ANSWER}, False),
        ({"status": OfferStatus.LAPSED, "lapsed_because": LapsedBecause.DIED}, False),
    ],
)
def test_who_ended_it_and_why_decides_whether_a_goodbye_is_owed(
    offer: dict[str, object], *, owed: bool
) -> None:
    told = with_advocate(an_offer(told=Told.EXPLAINED, **offer))
    assert (VisitKind.CLOSING in standing(planned(Case(a_conference(), told, ())))) is owed


def test_after_the_visit_after_was_held_nothing_is_left_to_close() -> None:
    case = Case(
        held(a_conference()),
        with_advocate(an_offer(told=Told.EXPLAINED, status=OfferStatus.STOPPED)),
        (a_visit(VisitKind.AFTER, status=VisitStatus.HELD, held_at=STARTS_AT),),
    )
    assert VisitKind.CLOSING not in standing(planned(case, STARTS_AT + timedelta(days=9)))


def test_the_closing_contact_keeps_the_advocate_the_child_knows_when_the_bond_is_released() -> None:
    told = with_advocate(an_offer(told=Told.EXPLAINED))
    gone = a_conference(**cancelled(CancelledBecause.NOT_NEEDED))
    case = planned(Case(gone, told, ()))
    released = planned(replace(case, offer=replace(told, advocate_ref=None)))
    assert visit_of(released, VisitKind.CLOSING).advocate_ref == ADVOCATE


def test_a_conference_that_is_back_after_all_calls_the_closing_contact_off() -> None:
    told = with_advocate(an_offer(told=Told.EXPLAINED))
    gone = planned(Case(a_conference(**cancelled(CancelledBecause.NOT_NEEDED)), told, ()))
    back = planned(replace(gone, conference=a_conference(as_of=3)))
    assert standing(back)[VisitKind.CLOSING] is VisitStatus.CANCELLED
    assert kinds(v for v in back.visits if v.is_open) == AROUND


# --- the conference was held ---


def test_what_was_to_come_first_and_did_not_is_missed_with_its_reason_left_open() -> None:
    case = a_planned_case()
    over = planned(replace(case, conference=held(case.conference)), STARTS_AT)
    assert standing(over) == {
        VisitKind.INTRODUCTION: VisitStatus.MISSED,
        VisitKind.BEFORE: VisitStatus.MISSED,
        VisitKind.AT_CONFERENCE: VisitStatus.PLANNED,
        VisitKind.AFTER: VisitStatus.PLANNED,
    }
    assert visit_of(over, VisitKind.BEFORE).reason is None


def test_the_record_of_the_conference_says_whether_the_advocate_was_there() -> None:
    case = a_planned_case()
    there = planned(replace(case, conference=held(case.conference, advocate_present=True)))
    absent = planned(replace(case, conference=held(case.conference, advocate_present=False)))
    assert visit_of(there, VisitKind.AT_CONFERENCE).status is VisitStatus.HELD
    assert visit_of(there, VisitKind.AT_CONFERENCE).held_at == STARTS_AT + timedelta(minutes=5)
    assert visit_of(absent, VisitKind.AT_CONFERENCE).status is VisitStatus.MISSED


def test_a_corrected_record_corrects_what_came_from_the_record() -> None:
    case = a_planned_case()
    there = planned(replace(case, conference=held(case.conference, advocate_present=True)))
    absent = planned(
        replace(there, conference=replace(there.conference, advocate_present=False, as_of=3))
    )
    back = planned(
        replace(absent, conference=replace(there.conference, advocate_present=True, as_of=4))
    )
    assert visit_of(absent, VisitKind.AT_CONFERENCE).status is VisitStatus.MISSED
    assert visit_of(absent, VisitKind.AT_CONFERENCE).held_at is None
    assert visit_of(back, VisitKind.AT_CONFERENCE).status is VisitStatus.HELD


def test_the_record_never_overrules_what_the_advocate_recorded() -> None:
    said = a_visit(VisitKind.AT_CONFERENCE, status=VisitStatus.HELD, held_at=STARTS_AT)
    case = replaced(a_planned_case(), said)
    absent = planned(replace(case, conference=held(case.conference, advocate_present=False)))
    assert visit_of(absent, VisitKind.AT_CONFERENCE) == said


def test_the_visit_after_counts_from_the_day_it_was_really_held() -> None:
    case = a_planned_case()
    two_days_later = STARTS_AT + timedelta(days=2)
    conference = replace(held(case.conference), held_at=two_days_later)
    over = planned(replace(case, conference=conference), two_days_later)
    assert visit_of(over, VisitKind.AFTER).due_on == date(2026, 12, 16)
