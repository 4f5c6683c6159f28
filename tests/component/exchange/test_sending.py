"""The exit at work: what holds a message back, what delays it, and what a crash leaves behind."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.contracts.codes import Channel
from services.exchange.app import build
from services.exchange.domain.message import MessageStatus
from services.exchange.handlers.letters import Letter
from services.exchange.handlers.messages import message_standing
from services.exchange.handlers.sending import SendWaiting, claim, lose_sight, settle
from services.exchange.handlers.sinks import Handover
from services.exchange.metrics import collect
from services.exchange.settings import ExchangeSettings
from services.exchange.storage import queries
from tests.component.exchange.story import (
    CHAIR_AT,
    WORKER_AT,
    Posted,
    a_child,
    a_dead_letter,
    a_reminder,
    a_view,
    an_offer,
    mails,
    messages,
    post,
    register,
    sent_to,
)
from tests.harness import World


def only(world: World) -> tuple[str, str | None]:
    (message,) = messages(world)
    return message.status.value, message.reason.value if message.reason else None


def without_worker(**changes: Any) -> dict[str, Any]:
    return a_child(social_worker=None, **changes)


def test_a_place_whose_policy_is_gone_writes_to_nobody(world: World) -> None:
    posted = post(world)
    elsewhere = "UPDATE children SET authority = 'S12000033' WHERE child_ref = ?"
    world.desk("exchange").run(lambda work: work.sql.run(elsewhere, (posted.child,)))
    world.publish("offer.made", an_offer(posted))
    assert only(world) == ("withheld", "no-policy")


ENDS = [
    ("withdrawn", {"withdrawn_because": "error"}),
    ("stopped", {"stopped_because": "other"}),
    ("lapsed", {"lapsed_because": "conference-fell-away"}),
]


@pytest.mark.parametrize(("verb", "because"), ENDS)
def test_an_offer_that_ended_in_the_night_is_not_asked_to_be_explained_in_the_morning(
    world: World, verb: str, because: dict[str, str]
) -> None:
    posted = post(world)
    world.advance(world.now.replace(hour=22))
    world.publish("offer.made", an_offer(posted))
    world.publish(f"offer.{verb}", an_offer(posted, version=2, status=verb, **because))
    world.advance(world.now + timedelta(hours=12))
    assert only(world) == ("withheld", "offer-over")
    assert sent_to(world) == []


def test_an_offer_that_is_there_again_is_asked_to_be_explained(world: World) -> None:
    posted = post(world)
    world.advance(world.now.replace(hour=22))
    world.publish("offer.made", an_offer(posted))
    gone = an_offer(posted, version=2, status="withdrawn", withdrawn_because="error")
    world.publish("offer.withdrawn", gone)
    world.publish("offer.reopened", an_offer(posted, version=3))
    world.advance(world.now + timedelta(hours=12))
    assert sent_to(world) == [WORKER_AT]
    assert sorted(str(m.reason) for m in messages(world)) == ["None", "asked-again"]


def test_one_offer_that_ended_beside_a_live_one_silences_nothing(world: World) -> None:
    posted = post(world)
    other = "0ffe0000-0000-4000-8000-000000000002"
    gone = an_offer(posted, offer_ref=other, status="withdrawn", withdrawn_because="duplicate")
    world.publish("offer.withdrawn", gone)
    world.publish("offer.made", an_offer(posted))
    assert sent_to(world) == [WORKER_AT]


def test_a_row_that_was_tampered_with_holds_up_that_message_alone(world: World) -> None:
    first = post(world)
    second = post(world, conference_id="C2", children=[a_child(la_child_id="A2")])
    moved = (
        "UPDATE children SET particulars = (SELECT particulars FROM children WHERE child_ref = ?)"
    )
    world.desk("exchange").run(lambda work: work.sql.run(moved, (second.child,)))
    world.publish("offer.made", an_offer(first))
    other = "0ffe0000-0000-4000-8000-000000000002"
    world.publish("offer.made", an_offer(second, offer_ref=other))
    found = {str(m.child_ref): (m.status.value, m.reason) for m in messages(world)}
    assert found == {first.child: ("withheld", "unreadable"), second.child: ("sent", None)}


def test_a_letter_names_nobody_and_points_to_the_page(world: World) -> None:
    posted = post(world)
    world.publish("offer.made", an_offer(posted))
    (mail,) = mails(world)
    text = f"{mail['Subject']} {mail.get_content()}"
    assert f"http://127.0.0.1:8080/stories/{posted.conference}" in text
    for name in ("Zoe", "Testchild", "Sam", "Chris", "Town Hall", "2016", "A1"):
        assert name not in text
    (message,) = messages(world)
    assert mail["Message-ID"] == f"<{message.message_ref}@alongside.invalid>"


def test_nothing_leaves_after_contact_was_stopped(world: World) -> None:
    posted = post(world)
    world.client.post(f"/v1/children/{posted.child}/contact-stopped")
    world.publish("offer.made", an_offer(posted))
    assert only(world) == ("waiting", "contact-stopped")
    world.advance(world.now + timedelta(days=30))
    assert mails(world) == []


def test_nothing_leaves_while_an_event_about_the_child_is_laid_aside(world: World) -> None:
    posted = post(world)
    letter = a_dead_letter(posted)
    world.publish("dead-letter.refused", letter)
    world.publish("offer.made", an_offer(posted))
    assert only(world) == ("waiting", "open-dead-letter")
    world.publish("dead-letter.closed", letter | {"version": 2, "open": False})
    world.advance(world.now + timedelta(minutes=15))
    assert only(world) == ("sent", None)


def test_a_dead_letter_about_no_child_silences_nobody(world: World) -> None:
    posted = post(world)
    world.publish("dead-letter.crashed", a_dead_letter(posted, child_ref=None))
    world.publish("offer.made", an_offer(posted))
    assert only(world) == ("sent", None)


def test_a_childs_no_silences_reminders_at_the_moment_of_sending(world: World) -> None:
    posted = post(world)
    no = {
        "status": "declined",
        "answered_at": "2026-11-23T08:00:00Z",
        "reported_by": "child",
        "heard_directly": True,
    }
    world.publish("offer.declined", an_offer(posted, **no))
    world.publish("reminder.came-due", a_reminder(posted))
    assert only(world) == ("withheld", "child-said-no")


def test_nothing_leaves_before_the_family_is_known_to_be_informed(world: World) -> None:
    posted = post(world, family_informed_on=None)
    world.publish("offer.made", an_offer(posted))
    assert only(world) == ("waiting", "family-not-informed")
    world.advance(datetime(2026, 12, 10, 14, tzinfo=UTC))
    assert only(world) == ("waiting", "conference-over")
    world.advance(datetime(2026, 12, 10, 16, tzinfo=UTC))
    world.client.post(f"{posted.url}/held", json={"held_at": "2026-12-10T14:00:00Z"})
    world.advance(datetime(2026, 12, 10, 17, tzinfo=UTC))
    assert only(world) == ("withheld", "conference-over")


def test_what_was_asked_before_a_conference_that_was_put_off_after_its_hour_is_asked(
    world: World,
) -> None:
    posted = post(world, family_informed_on=None)
    world.publish("child-view.shared", a_view(posted))
    world.advance(datetime(2026, 12, 10, 14, 30, tzinfo=UTC))
    assert only(world) == ("waiting", "conference-over")
    world.client.post(f"{posted.url}/adjourn", json={"reason": "family"})
    world.client.post(f"{posted.url}/reschedule", json={"starts_at": "2026-12-17T14:00:00Z"})
    post(world, family_informed_on="2026-12-10", starts_at="2026-12-17T14:00:00Z")
    world.advance(datetime(2026, 12, 10, 15, tzinfo=UTC))
    assert only(world) == ("sent", None)


def test_who_is_to_tell_the_child_is_asked_when_the_family_is_known_to_be_informed(
    world: World,
) -> None:
    posted = post(world, family_informed_on=None)
    world.publish("offer.made", an_offer(posted))
    world.advance(world.now + timedelta(days=3))
    assert only(world) == ("waiting", "family-not-informed")
    assert mails(world) == []
    post(world, family_informed_on="2026-11-24")
    world.advance(world.now + timedelta(minutes=20))
    assert only(world) == ("sent", None)


def test_what_is_entered_after_the_meeting_is_counted_and_never_messaged(world: World) -> None:
    posted = post(world, starts_at="2026-11-19T14:00:00Z", late_entry=True)
    world.publish("offer.made", an_offer(posted))
    assert only(world) == ("withheld", "conference-over")


def test_a_replay_never_speaks(world: World) -> None:
    posted = post(world)
    world.publish("offer.made", an_offer(posted), time=world.now - timedelta(hours=25))
    assert only(world) == ("withheld", "stale")


def test_a_message_of_the_evening_waits_for_the_morning(world: World) -> None:
    posted = post(world)
    world.advance(world.now.replace(hour=20))
    world.publish("offer.made", an_offer(posted))
    assert only(world) == ("waiting", None)
    standing = world.desk("exchange").read(message_standing)
    assert (standing["waiting"], standing["failed"]) == (1, 0)
    world.advance(world.now + timedelta(hours=12))
    assert only(world) == ("sent", None)


def test_what_changed_while_it_waited_counts(world: World) -> None:
    posted = post(world)
    world.advance(world.now.replace(hour=20))
    world.publish("offer.made", an_offer(posted))
    world.client.post(f"{posted.url}/cancel", json={"reason": "error"})
    world.advance(world.now + timedelta(hours=12))
    assert only(world) == ("waiting", "conference-cancelled")
    gone = an_offer(posted, version=2, status="withdrawn", withdrawn_because="error")
    world.publish("offer.withdrawn", gone)
    world.advance(world.now + timedelta(minutes=15))
    assert only(world) == ("withheld", "offer-over")
    assert mails(world) == []


def test_a_cancelled_conference_that_is_never_taken_back_keeps_nothing_for_long(
    world: World,
) -> None:
    posted = post(world)
    world.advance(world.now.replace(hour=20))
    world.publish("child-view.shared", a_view(posted))
    world.client.post(f"{posted.url}/cancel", json={"reason": "not-needed"})
    world.advance(world.now + timedelta(hours=12))
    assert only(world) == ("waiting", "conference-cancelled")
    world.advance(datetime(2026, 12, 24, 13, tzinfo=UTC))
    assert only(world) == ("waiting", "conference-cancelled")
    world.advance(datetime(2026, 12, 24, 14, 15, tzinfo=UTC))
    assert only(world) == ("withheld", "conference-cancelled")


def test_a_cancellation_that_is_taken_back_loses_nothing_the_child_gave_for_the_chair(
    world: World,
) -> None:
    posted = post(world)
    world.advance(world.now.replace(hour=20))
    world.publish("child-view.shared", a_view(posted))
    world.client.post(f"{posted.url}/cancel", json={"reason": "error"})
    world.advance(world.now + timedelta(hours=12))
    world.client.post(f"{posted.url}/reinstate")
    world.advance(world.now + timedelta(minutes=15))
    assert sent_to(world) == [CHAIR_AT]


def test_a_home_without_a_safe_contact_is_not_written_to_but_the_social_worker_is(
    world: World,
) -> None:
    contact = {"person": "parent", "channel": "email", "value": "p@example.org", "safety": "safe"}
    posted = post(world, children=[a_child(contacts=[contact])])
    world.publish("reminder.came-due", a_reminder(posted, recipient_role="parent"))
    (message,) = messages(world)
    assert (message.recipient_role, message.reached_role) == ("parent", "social-worker")
    assert sent_to(world) == [WORKER_AT]


def test_a_home_with_a_safe_contact_is_written_to_until_the_next_conference(world: World) -> None:
    contact = {
        "person": "parent",
        "channel": "email",
        "value": "p@example.org",
        "safety": "safe",
        "confirmed_by": "Sam Sample",
        "confirmed_on": "2026-11-20",
    }
    posted = post(world, children=[a_child(contacts=[contact])])
    review = {"conference_id": "C2", "kind": "review", "children": [a_child()]}
    post(world, **review, starts_at="2026-11-24T10:00:00Z")
    world.publish("reminder.came-due", a_reminder(posted, recipient_role="parent"))
    assert sent_to(world) == ["p@example.org"]
    world.advance(world.now + timedelta(days=2))
    later = a_reminder(posted, recipient_role="parent", reminder_ref=posted.child)
    world.publish("reminder.came-due", later)
    assert sent_to(world) == ["p@example.org", WORKER_AT]


def test_without_a_social_worker_the_safeguarding_service_is_asked(world: World) -> None:
    register(world, "safeguarding-service", "elsewhere@council.example", authorities=["E08000039"])
    register(world, "safeguarding-service", "anywhere@council.example")
    posted = post(world, children=[without_worker()])
    world.publish("offer.made", an_offer(posted))
    assert sent_to(world) == ["anywhere@council.example"]


def test_a_disclosure_of_what_is_asked_is_in_the_ledger(world: World) -> None:
    posted = post(world)
    world.publish("offer.made", an_offer(posted))
    rows = world.desk("exchange").read(
        lambda work: work.sql.rows("SELECT who, about_ref, what, why FROM ledger")
    )
    assert rows == [("social-worker", posted.child, "message", "explain-offer")]


class Sink:
    """A way out whose answers a test decides."""

    channel = Channel.EMAIL

    def __init__(self, *answers: Handover) -> None:
        self.answers = list(answers)
        self.letters: list[Letter] = []

    def hand_over(self, letter: Letter) -> Handover:
        self.letters.append(letter)
        return self.answers.pop(0)


@pytest.fixture
def quiet(tmp_path: Path) -> World:
    """An exchange whose worker sends nothing by itself."""
    settings = ExchangeSettings(
        data=tmp_path / "data", keys=tmp_path / "keys", broker="embedded", clock="driven"
    )
    service = build(settings)
    object.__setattr__(service, "steps", ())
    return World(tmp_path / "data", built=[service])


def waiting(world: World) -> Posted:
    posted = post(world)
    world.publish("offer.made", an_offer(posted))
    return posted


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Handover.DONE, "sent"),
        (Handover.REJECTED, "failed"),
        (Handover.LOST_SIGHT, "unknown"),
    ],
)
def test_what_came_of_an_attempt_is_said_and_it_is_not_repeated(
    quiet: World, answer: Handover, status: str
) -> None:
    waiting(quiet)
    sink = Sink(answer)
    send = SendWaiting(sink)
    assert send(quiet.desk("exchange"))
    assert not send(quiet.desk("exchange"))
    quiet.settle()
    assert only(quiet) == (status, None)
    (event,) = quiet.events(f"message.{status}")
    assert event.data.channel == "email"
    assert len(sink.letters) == 1


def test_a_server_that_is_not_there_is_tried_again_later_with_the_same_id(quiet: World) -> None:
    waiting(quiet)
    sink = Sink(Handover.TRY_LATER, Handover.DONE)
    send = SendWaiting(sink)
    assert send(quiet.desk("exchange"))
    assert not send(quiet.desk("exchange"))
    assert only(quiet) == ("waiting", None)
    quiet.advance(quiet.now + timedelta(minutes=5))
    assert send(quiet.desk("exchange"))
    assert only(quiet) == ("sent", None)
    first, second = sink.letters
    assert first.message_ref == second.message_ref


def test_where_nobody_answers_the_next_message_is_not_tried_at_once(quiet: World) -> None:
    posted = waiting(quiet)
    quiet.publish("reminder.came-due", a_reminder(posted))
    desk = quiet.desk("exchange")
    sink = Sink(Handover.NOBODY_THERE, Handover.DONE)
    send = SendWaiting(sink)
    assert send(desk)
    assert not send(desk)
    assert len(sink.letters) == 1
    assert {message.status.value for message in messages(quiet)} == {"waiting"}
    after_the_rest = SendWaiting(Sink(Handover.NOBODY_THERE, Handover.DONE), rest_s=0)
    assert after_the_rest(desk)
    quiet.advance(quiet.now + timedelta(minutes=5))
    assert after_the_rest(desk)
    assert sorted(message.status.value for message in messages(quiet)) == ["sent", "waiting"]


def test_an_attempt_that_a_crash_left_behind_is_unknown_and_never_sent_again(
    quiet: World,
) -> None:
    waiting(quiet)
    desk = quiet.desk("exchange")
    ref = desk.read(queries.next_waiting)
    assert ref is not None
    assert desk.run(lambda work: claim(work, ref)) is not None
    # Here the process ends. The next one finds the attempt …
    sink = Sink()
    assert not SendWaiting(sink)(desk)
    quiet.settle()
    assert only(quiet) == ("unknown", None)
    assert len(quiet.events("message.unknown")) == 1
    # … and the first one, if it only slept, changes nothing any more.
    desk.run(lambda work: settle(work, ref, Handover.DONE, Channel.EMAIL))
    assert only(quiet) == ("unknown", None)
    assert desk.run(lambda work: claim(work, ref)) is None
    assert sink.letters == []


def test_an_attempt_is_written_down_before_the_letter_leaves(quiet: World) -> None:
    waiting(quiet)
    seen: list[MessageStatus] = []

    class Watching(Sink):
        def hand_over(self, letter: Letter) -> Handover:
            seen.extend(message.status for message in messages(quiet))
            return super().hand_over(letter)

    SendWaiting(Watching(Handover.DONE))(quiet.desk("exchange"))
    assert seen == [MessageStatus.ATTEMPTING]


def test_nothing_to_lose_sight_of_says_nothing(quiet: World) -> None:
    waiting(quiet)
    quiet.desk("exchange").run(lose_sight)
    assert only(quiet) == ("waiting", None)


def test_the_metrics_count_messages_by_how_they_stand(world: World) -> None:
    posted = post(world)
    world.publish("offer.made", an_offer(posted))
    silent = post(world, conference_id="C2", family_informed_on=None)
    world.publish("reminder.came-due", a_reminder(silent))
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for metric in collect(world.desk("exchange"))
        for sample in metric.samples
    }
    assert samples["alongside_exchange_messages", "sent"] == 1
    assert samples["alongside_exchange_messages", "withheld"] == 1
    assert samples["alongside_exchange_messages_withheld", "family-not-informed"] == 1
    assert samples["alongside_exchange_disclosures", "message"] == 1
