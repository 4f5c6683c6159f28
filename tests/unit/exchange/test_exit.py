"""The one exit: what silences a message, what only delays it, and what nothing silences."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import ConferenceStatus, MessagePurpose
from services.contracts.policy import MessageRules
from services.exchange.domain.exit import (
    AFTER_A_CANCELLATION,
    KEPT_FOR,
    LOOK_AGAIN_AFTER,
    ONLY_BEFORE,
    PRESSES,
    SILENCED_BY_END,
    SILENCED_BY_NO,
    SILENCED_BY_PAUSE,
    STILL_MOVED_FOR,
    Send,
    Situation,
    Wait,
    Withhold,
    decide,
    quiet_until,
    told_since,
)
from services.exchange.domain.message import WithheldBecause

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NIGHT = MessageRules(time(19, 0), time(8, 0), before_family_informed=False)
FINE = Situation(
    now=NOW,
    happened_at=NOW - timedelta(minutes=5),
    may_be_told_since=None,
    stale_after=timedelta(hours=24),
    purpose=MessagePurpose.EXPLAIN_OFFER,
    conference_status=ConferenceStatus.SCHEDULED,
    starts_at=NOW + timedelta(days=10),
    family_informed=True,
    rules=NIGHT,
    contact_stopped=False,
    open_dead_letters=False,
    child_said_no=False,
    offer_paused=False,
    offer_over=False,
    to_do=True,
    asked_again=False,
    reachable=True,
)
SILENCERS = {
    "contact_stopped": WithheldBecause.CONTACT_STOPPED,
    "open_dead_letters": WithheldBecause.OPEN_DEAD_LETTER,
}


def test_with_nothing_against_it_a_message_leaves() -> None:
    assert decide(FINE) == Send()


@pytest.mark.parametrize("purpose", list(MessagePurpose))
@pytest.mark.parametrize("silencer", sorted(SILENCERS))
def test_stopped_contact_and_an_open_dead_letter_silence_every_purpose(
    silencer: str, purpose: MessagePurpose
) -> None:
    situation = replace(FINE, purpose=purpose, **{silencer: True})  # type: ignore[arg-type]
    because = SILENCERS[silencer]
    waits = Wait(situation.now + LOOK_AGAIN_AFTER, because)
    assert decide(situation) == (Withhold(because) if purpose in PRESSES else waits)


@pytest.mark.parametrize("purpose", list(MessagePurpose))
def test_a_childs_no_silences_all_but_what_the_no_itself_asks_for(purpose: MessagePurpose) -> None:
    decision = decide(replace(FINE, purpose=purpose, child_said_no=True))
    silent = decision == Withhold(WithheldBecause.CHILD_SAID_NO)
    assert silent == (purpose in SILENCED_BY_NO)


@pytest.mark.parametrize("purpose", list(MessagePurpose))
def test_an_offer_that_is_over_is_not_spoken_of(purpose: MessagePurpose) -> None:
    decision = decide(replace(FINE, purpose=purpose, offer_over=True))
    silent = decision == Withhold(WithheldBecause.OFFER_OVER)
    assert silent == (purpose in SILENCED_BY_END)


def test_what_is_owed_to_the_child_outlives_the_offer() -> None:
    owed = {
        MessagePurpose.VIEW_FOR_CHAIR,
        MessagePurpose.TELL_CHILD_ANSWER,
        MessagePurpose.CLOSING_CONTACT,
        MessagePurpose.CONTINUE_DECISION,
    }
    assert not SILENCED_BY_END & owed


def test_reminders_are_silenced_by_a_no_and_confirming_it_is_not() -> None:
    reminders = {MessagePurpose.VISIT_REMINDER, MessagePurpose.CONFERENCE_REMINDER}
    assert reminders <= SILENCED_BY_NO
    assert not SILENCED_BY_NO & {MessagePurpose.CONFIRM_NO, MessagePurpose.CHECK_OBJECTION}


@pytest.mark.parametrize(("minutes", "sent"), [(24 * 60, True), (24 * 60 + 1, False)])
def test_nothing_old_is_sent(minutes: int, *, sent: bool) -> None:
    old = replace(FINE, happened_at=NOW - timedelta(minutes=minutes))
    assert decide(old) == (Send() if sent else Withhold(WithheldBecause.STALE))


@pytest.mark.parametrize(
    ("status", "begins_in_hours", "sent"),
    [
        (ConferenceStatus.SCHEDULED, 1, True),
        (ConferenceStatus.SCHEDULED, 0, False),
        (ConferenceStatus.SCHEDULED, -2, False),
        (ConferenceStatus.HELD, -2, False),
        (ConferenceStatus.ADJOURNED, -2, True),
    ],
)
def test_what_is_of_use_only_before_is_not_sent_after(
    status: ConferenceStatus, begins_in_hours: int, *, sent: bool
) -> None:
    starts_at = NOW + timedelta(hours=begins_in_hours)
    situation = replace(FINE, conference_status=status, starts_at=starts_at)
    decisions = {decide(replace(situation, purpose=purpose)) for purpose in ONLY_BEFORE}
    assert (decisions == {Send()}) is sent
    assert (Send() in decisions) is sent


def test_what_is_of_use_only_before_waits_while_a_conference_may_still_be_put_off() -> None:
    over, look = WithheldBecause.CONFERENCE_OVER, NOW + LOOK_AGAIN_AFTER
    asked = replace(
        FINE,
        purpose=MessagePurpose.VIEW_FOR_CHAIR,
        happened_at=NOW - timedelta(days=15),
        may_be_told_since=NOW,
    )
    begun = replace(asked, starts_at=NOW - STILL_MOVED_FOR)
    assert decide(begun) == Wait(look, over)
    assert decide(replace(begun, purpose=MessagePurpose.CONFERENCE_REMINDER)) == Withhold(over)
    assert decide(replace(begun, conference_status=ConferenceStatus.HELD)) == Withhold(over)
    assert decide(replace(begun, happened_at=begun.starts_at or NOW)) == Withhold(over)
    long_over = replace(asked, starts_at=NOW - STILL_MOVED_FOR - timedelta(minutes=1))
    assert decide(long_over) == Withhold(over)


def test_our_own_mail_server_makes_nothing_old_but_what_presses() -> None:
    before = NOW - timedelta(days=2)
    assert told_since(MessagePurpose.VIEW_FOR_CHAIR, before, NOW) == NOW
    assert {told_since(purpose, before, NOW) for purpose in PRESSES} == {before}


def test_what_is_owed_after_the_conference_is_sent_after_it() -> None:
    held = replace(FINE, conference_status=ConferenceStatus.HELD, starts_at=NOW - timedelta(days=1))
    for purpose in (MessagePurpose.VISIT_OVERDUE, MessagePurpose.TELL_CHILD_ANSWER):
        assert decide(replace(held, purpose=purpose)) == Send()


@pytest.mark.parametrize("purpose", list(MessagePurpose))
def test_a_cancelled_conference_leaves_only_what_still_has_to_be_done(
    purpose: MessagePurpose,
) -> None:
    gone = replace(FINE, purpose=purpose, conference_status=ConferenceStatus.CANCELLED)
    cancelled = WithheldBecause.CONFERENCE_CANCELLED
    waits = Withhold(cancelled) if purpose in PRESSES else Wait(NOW + LOOK_AGAIN_AFTER, cancelled)
    assert decide(gone) == (Send() if purpose in AFTER_A_CANCELLATION else waits)
    over = replace(gone, starts_at=NOW - timedelta(minutes=1), happened_at=NOW)
    assert decide(over) == (Send() if purpose in AFTER_A_CANCELLATION else Withhold(cancelled))


@pytest.mark.parametrize("purpose", list(MessagePurpose))
def test_a_pause_delays_what_was_asked_and_silences_what_presses(purpose: MessagePurpose) -> None:
    paused = WithheldBecause.OFFER_PAUSED
    waits = Withhold(paused) if purpose in PRESSES else Wait(NOW + LOOK_AGAIN_AFTER, paused)
    decision = decide(replace(FINE, purpose=purpose, offer_paused=True))
    assert decision == (waits if purpose in SILENCED_BY_PAUSE else Send())


def test_what_the_child_has_given_for_the_chair_is_not_part_of_a_pause() -> None:
    assert MessagePurpose.VIEW_FOR_CHAIR not in SILENCED_BY_PAUSE


@pytest.mark.parametrize("purpose", list(MessagePurpose))
def test_what_was_done_or_is_asked_again_is_not_asked_for(purpose: MessagePurpose) -> None:
    situation = replace(FINE, purpose=purpose)
    over, again = WithheldBecause.TASK_OVER, WithheldBecause.ASKED_AGAIN
    assert decide(replace(situation, to_do=False)) == Withhold(over)
    assert decide(replace(situation, asked_again=True)) == Withhold(again)
    # It is no use waiting for the family with it either.
    assert decide(replace(situation, to_do=False, family_informed=False)) == Withhold(over)


@pytest.mark.parametrize("purpose", list(MessagePurpose))
def test_before_the_family_knows_all_waits_but_what_presses(purpose: MessagePurpose) -> None:
    not_informed = WithheldBecause.FAMILY_NOT_INFORMED
    early = replace(FINE, purpose=purpose, family_informed=False, reachable=False)
    waits = Wait(NOW + LOOK_AGAIN_AFTER, not_informed)
    assert decide(early) == (Withhold(not_informed) if purpose in PRESSES else waits)


@pytest.mark.parametrize("purpose", sorted(set(MessagePurpose) - PRESSES))
def test_no_message_waits_for_ever(purpose: MessagePurpose) -> None:
    held, asked = ConferenceStatus.HELD, NOW - KEPT_FOR
    early = replace(FINE, purpose=purpose, family_informed=False, happened_at=asked)
    waiting = replace(early, conference_status=held, starts_at=asked - timedelta(minutes=1))
    if purpose not in ONLY_BEFORE:
        assert isinstance(decide(waiting), Wait)
    given_up = replace(waiting, now=NOW + timedelta(minutes=1))
    assert isinstance(decide(given_up), Withhold)


def test_nobody_waits_beyond_the_conference_to_be_told_that_they_were_to_be_the_advocate() -> None:
    allocated = replace(
        FINE, purpose=MessagePurpose.ADVOCATE_ALLOCATED, family_informed=False, starts_at=NOW
    )
    held = replace(allocated, conference_status=ConferenceStatus.HELD)
    assert decide(held) == Withhold(WithheldBecause.CONFERENCE_OVER)
    assert isinstance(decide(allocated), Wait)
    # Who is found for the time after it is told.
    assert isinstance(decide(replace(allocated, starts_at=NOW - timedelta(hours=1))), Wait)


def test_what_waited_is_as_old_as_what_it_waited_for() -> None:
    waited = replace(
        FINE,
        happened_at=NOW - timedelta(days=9),
        may_be_told_since=NOW - timedelta(hours=12),
    )
    assert decide(waited) == Send()
    late = replace(waited, may_be_told_since=NOW - timedelta(hours=25))
    assert decide(late) == Withhold(WithheldBecause.STALE)


def test_no_outage_keeps_a_letter_for_ever() -> None:
    long_ago = NOW - KEPT_FOR - timedelta(minutes=1)
    waited = replace(
        FINE,
        purpose=MessagePurpose.TELL_CHILD_ANSWER,
        happened_at=long_ago,
        starts_at=long_ago,
        may_be_told_since=NOW - timedelta(hours=1),
    )
    assert decide(waited) == Withhold(WithheldBecause.STALE)


def test_nothing_leaves_before_the_family_knows_unless_the_place_says_so() -> None:
    early = replace(FINE, family_informed=False, purpose=MessagePurpose.CONFERENCE_REMINDER)
    assert decide(early) == Withhold(WithheldBecause.FAMILY_NOT_INFORMED)
    asked = replace(
        early, purpose=MessagePurpose.EXPLAIN_OFFER, happened_at=NOW - timedelta(days=9)
    )
    assert decide(asked) == Wait(NOW + LOOK_AGAIN_AFTER, WithheldBecause.FAMILY_NOT_INFORMED)
    allowed = replace(early, rules=replace(NIGHT, before_family_informed=True))
    assert decide(allowed) == Send()


def test_a_message_nobody_can_be_reached_with_is_shown_as_withheld() -> None:
    decision = decide(replace(FINE, reachable=False))
    assert decision == Withhold(WithheldBecause.NOBODY_TO_WRITE_TO)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2026, 11, 23, 18, 59, tzinfo=UTC), None),
        (datetime(2026, 11, 23, 19, 0, tzinfo=UTC), datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 3, 0, tzinfo=UTC), datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), None),
        # In summer seven in the evening in London is six by UTC …
        (datetime(2026, 7, 1, 18, 0, tzinfo=UTC), datetime(2026, 7, 2, 7, 0, tzinfo=UTC)),
        # … and over the night of the change the end is told by the new hour.
        (datetime(2026, 10, 24, 19, 0, tzinfo=UTC), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
    ],
)
def test_nobody_is_written_to_at_night(at: datetime, until: datetime | None) -> None:
    assert quiet_until(at, NIGHT) == until
    situation = replace(FINE, now=at, happened_at=at, starts_at=at + timedelta(days=9))
    assert decide(situation) == (Send() if until is None else Wait(until))


def test_quiet_hours_may_lie_within_a_day() -> None:
    lunch = replace(NIGHT, quiet_from=time(12, 0), quiet_until=time(13, 0))
    noon = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    assert quiet_until(noon, lunch) == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    assert quiet_until(NOW, lunch) is None


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - made aware below
    st.times(),
    st.times(),
)
def test_the_end_of_quiet_lies_ahead_and_is_not_quiet(
    naive: datetime, quiet_from: time, quiet_end: time
) -> None:
    now = naive.replace(tzinfo=UTC)
    rules = MessageRules(quiet_from, quiet_end, before_family_informed=False)
    until = quiet_until(now, rules)
    if until is not None:
        assert now - timedelta(hours=1) <= until <= now + timedelta(hours=25)
