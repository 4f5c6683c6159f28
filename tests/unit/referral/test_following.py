"""How an offer follows its conference; the child's no and yes outlive it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

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
)
from services.referral.domain.following import (
    GOES_ON_ELSEWHERE,
    after_falling_away,
    after_meeting,
    come_back,
    ended_with_conference,
    followed,
)
from services.referral.domain.offer import LIVE, Offer, Verb
from tests.unit.referral.cases import INSTANTS, NOW, STARTS_AT, a_conference, a_place, an_offer

ENGLAND = a_place()
LATER = NOW + timedelta(days=1)


@given(starts_at=INSTANTS, now=INSTANTS, status=st.sampled_from(sorted(LIVE)))
def test_no_date_takes_an_offer_away(
    starts_at: datetime, now: datetime, status: OfferStatus
) -> None:
    moved = followed(an_offer(status), a_conference(starts_at=starts_at), ENGLAND, now)
    assert moved.status is status
    assert (moved.clocks.tell_by is None) == (starts_at <= now)


def test_overdue_stays_overdue_unless_the_time_to_tell_is_still_to_come() -> None:
    late = an_offer(overdue=True)
    past = NOW + timedelta(days=5)
    same = followed(late, a_conference(as_of=2), ENGLAND, past)
    assert (same.overdue, same.conference_version) == (True, 2)
    short = an_offer()
    hasty = followed(short, a_conference(starts_at=NOW + timedelta(hours=8)), ENGLAND, NOW)
    missed = replace(hasty, overdue=True)
    moved = followed(missed, a_conference(), ENGLAND, NOW + timedelta(hours=4))
    assert not moved.overdue


def test_the_grace_counts_from_when_it_was_held() -> None:
    conference = a_conference(status=ConferenceStatus.HELD, held_at=STARTS_AT)
    offer = after_meeting(an_offer(), conference, ENGLAND, STARTS_AT)
    assert offer.clocks.lapse_at == datetime(2026, 12, 21, 17, 0, tzinfo=UTC)
    assert (offer.clocks.tell_by, offer.clocks.rungs) == (None, ())


@pytest.mark.parametrize("because", list(CancelledBecause))
@pytest.mark.parametrize("status", list(OfferStatus))
def test_every_reason_has_its_outcome(status: OfferStatus, because: CancelledBecause) -> None:
    conference = a_conference(status=ConferenceStatus.CANCELLED, cancelled_because=because)
    turn = after_falling_away(an_offer(status), conference, ENGLAND, LATER)
    if turn is None:
        assert status not in LIVE
        return
    after = turn.offer
    if status is OfferStatus.DECLINED:
        assert because in {CancelledBecause.DIED, CancelledBecause.ERROR}
    if because in GOES_ON_ELSEWHERE:
        assert (after.status, after.rung_role) == (OfferStatus.PAUSED, Role.SOCIAL_WORKER)
        assert after.clocks.continue_by == datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
    elif because is CancelledBecause.ERROR:
        assert (turn.verb, after.withdrawn_because) == (Verb.WITHDRAWN, EndedBecause.ERROR)
    else:
        assert (turn.verb, after.status) == (Verb.LAPSED, OfferStatus.LAPSED)
        assert after.lapsed_because is not None


def test_a_yes_before_still_counts_when_the_conference_is_back() -> None:
    ended = an_offer(
        OfferStatus.LAPSED,
        lapsed_because=LapsedBecause.CONFERENCE_FELL_AWAY,
        answered_at=NOW,
    )
    back = come_back(ended, ENGLAND, LATER)
    assert isinstance(back, Offer)
    assert (back.status, back.lapsed_because) == (OfferStatus.ACCEPTED, None)


@pytest.mark.parametrize(
    ("status", "facts", "expected"),
    [
        (OfferStatus.LAPSED, {"lapsed_because": LapsedBecause.CONFERENCE_FELL_AWAY}, True),
        (OfferStatus.LAPSED, {"lapsed_because": LapsedBecause.TOLD_NO_ANSWER}, False),
        (OfferStatus.LAPSED, {"lapsed_because": LapsedBecause.DIED}, True),
        (OfferStatus.WITHDRAWN, {"fell_with_conference": True}, True),
        (OfferStatus.WITHDRAWN, {"withdrawn_because": EndedBecause.ERROR}, False),
        (OfferStatus.WITHDRAWN, {"withdrawn_because": EndedBecause.DUPLICATE}, False),
        (OfferStatus.STANDING, {}, False),
    ],
)
def test_only_what_ended_with_the_conference_comes_back_with_it(
    status: OfferStatus, facts: dict[str, Any], *, expected: bool
) -> None:
    assert ended_with_conference(an_offer(status, **facts)) is expected
