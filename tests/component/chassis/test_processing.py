"""What the frame around a handler promises, seen with a service of forty lines."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from services.chassis import ids, topics
from services.chassis.bus import Partition
from services.chassis.work import Work
from tests.component.chassis.states import CHILD, MEETING, child, conference, rows, thing
from tests.component.chassis.toy import CHILD as CHILDREN
from tests.component.chassis.toy import KnownChild, Toy
from tests.harness import PREFIX, START, World


def test_event_is_handled_and_its_answer_is_on_the_bus(world: World) -> None:
    world.publish("conference.scheduled", conference())
    assert thing(world).heard == 1
    (said,) = world.events("reminder.came-due")
    assert (said.subject, said.sequence, said.data.lead_working_days) == (str(CHILD), 1, 1)


def test_same_record_twice_has_one_effect(world: World) -> None:
    world.publish("conference.scheduled", conference(), sequence=1)
    world.publish("conference.scheduled", conference(), sequence=1)
    assert thing(world).heard == 1
    assert len(world.events("reminder.came-due")) == 1


def test_event_of_another_child_is_not_held_up_by_a_refused_one(world: World) -> None:
    other = UUID("c4110000-0000-4000-8000-000000000002")
    world.publish("conference.scheduled", conference(authority="E99999999", child_ref=other))
    world.publish("conference.scheduled", conference())
    assert thing(world).child_ref == CHILD
    (letter,) = world.events("dead-letter.refused")
    assert (letter.data.code, letter.data.child_ref) == ("no-such-authority", other)


@pytest.mark.parametrize("flush_first", [False, True])
def test_refused_event_leaves_nothing_behind(world: World, toy: Toy, *, flush_first: bool) -> None:
    toy.flush_first = flush_first
    world.publish("conference.scheduled", conference(authority="E99999999"))
    assert thing(world) is None
    assert world.events("reminder.came-due") == []
    assert len(rows(world, "SELECT 1 FROM dead_letters")) == 1


def test_event_before_its_prerequisite_waits_and_its_followers_behind_it(world: World) -> None:
    adjourned = conference(status="adjourned", adjourned_because="quorum", version=1)
    world.publish("conference.adjourned", adjourned, sequence=1)
    world.publish("conference.rescheduled", conference(version=2), sequence=2)
    assert thing(world) is None
    world.publish("child.registered", child(), sequence=3)
    # The child's own event stands in the same queue: only its arrival from elsewhere frees it.
    assert thing(world) is None


def test_waiting_event_is_handled_when_its_prerequisite_comes(world: World) -> None:
    adjourned = conference(status="adjourned", adjourned_because="quorum")
    world.publish("conference.adjourned", adjourned, sequence=1)
    world.publish("conference.rescheduled", conference(version=2), sequence=2)
    world.command("scheduling", lambda work: work.save(CHILDREN, KnownChild(MEETING)))
    assert (thing(world).heard, thing(world).last_type) == (2, "conference.rescheduled")
    assert rows(world, "SELECT 1 FROM later WHERE topic IS NOT NULL") == []


def test_missing_sequence_holds_the_key_for_a_minute_then_the_hole_is_recorded(
    world: World,
) -> None:
    world.publish("conference.scheduled", conference(), sequence=1)
    world.publish("conference.rescheduled", conference(version=3), sequence=3)
    assert thing(world).heard == 1
    world.advance(START + timedelta(seconds=61))
    assert thing(world).heard == 2
    assert rows(world, "SELECT sequence FROM holes") == [(2,)]


def test_event_that_fills_a_hole_late_is_still_handled(world: World) -> None:
    world.publish("conference.scheduled", conference(), sequence=1)
    world.publish("conference.rescheduled", conference(version=3), sequence=3)
    world.advance(START + timedelta(seconds=61))
    world.publish("conference.rescheduled", conference(version=2), sequence=2)
    assert thing(world).heard == 3
    assert rows(world, "SELECT sequence FROM holes") == []


def test_sequence_that_comes_in_time_lets_the_key_go_on_in_order(world: World) -> None:
    world.publish("conference.scheduled", conference(), sequence=1)
    world.publish(
        "conference.cancelled",
        conference(status="cancelled", cancelled_because="error"),
        sequence=3,
    )
    world.publish("conference.rescheduled", conference(version=2), sequence=2)
    assert (thing(world).heard, thing(world).last_type) == (3, "conference.cancelled")


def test_handler_that_crashes_on_one_event_is_started_again_and_then_goes_past_it(
    world: World, toy: Toy
) -> None:
    topic = f"{PREFIX}.exchange.v1"
    toy.crash_on = ids.derived("foreign", topic, str(CHILD), "1")
    world.publish("conference.scheduled", conference())
    world.publish("conference.rescheduled", conference(version=2))
    assert world.runners["scheduling"].crashes == 2
    (letter,) = world.events("dead-letter.crashed")
    assert letter.data.event_id == toy.crash_on
    assert (thing(world).heard, thing(world).last_type) == (1, "conference.rescheduled")


def test_statement_the_database_does_not_understand_is_a_crash_and_is_not_tried_for_ever(
    world: World, toy: Toy
) -> None:
    toy.misspell_on = ids.derived("foreign", f"{PREFIX}.exchange.v1", str(CHILD), "1")
    world.publish("conference.scheduled", conference())
    world.publish("conference.rescheduled", conference(version=2))
    assert world.runners["scheduling"].crashes == 2
    (letter,) = world.events("dead-letter.crashed")
    assert letter.data.event_id == toy.misspell_on
    assert thing(world).last_type == "conference.rescheduled"


def test_timer_rings_once_at_its_time(world: World) -> None:
    world.publish("conference.scheduled", conference())
    world.advance(START + timedelta(days=1))
    assert not thing(world).rang
    world.advance(START + timedelta(days=2))
    world.advance(START + timedelta(days=5))
    assert thing(world).rang
    assert len(world.events("reminder.cancelled")) == 1


def test_timer_of_a_cancelled_thing_never_rings(world: World) -> None:
    world.publish("conference.scheduled", conference())
    cancelled = conference(status="cancelled", cancelled_because="error", version=2)
    world.publish("conference.cancelled", cancelled)
    world.advance(START + timedelta(days=5))
    assert not thing(world).rang


@pytest.mark.parametrize(
    ("headers", "value", "code"),
    [
        ((), b"garbage", "not-cloudevents"),
        ((("ce_id", b"\xff"),), b"{}", "not-cloudevents"),
    ],
)
def test_garbage_on_a_topic_is_laid_aside(
    world: World, headers: Any, value: bytes, code: str
) -> None:
    world.publish_raw(f"{PREFIX}.exchange.v1", b"x", headers, value)
    world.publish("conference.scheduled", conference())
    assert thing(world).heard == 1
    assert rows(world, "SELECT code FROM dead_letters") == [(code,)]


def test_renewed_topic_is_read_from_its_start_and_known_events_are_dropped(world: World) -> None:
    world.publish("conference.scheduled", conference(), sequence=1)
    admin = world.bus.admin()
    admin.delete(f"{PREFIX}.exchange.v1")
    admin.close()
    topics.provision(world.bus, topics.specs(PREFIX), world.installation)
    world.publish("conference.scheduled", conference(), sequence=1)
    world.publish("conference.rescheduled", conference(version=2), sequence=2)
    assert thing(world).heard == 2


def test_everything_said_is_said_again_on_a_renewed_topic(world: World) -> None:
    world.publish("conference.scheduled", conference())
    before = [event.id for event in world.events("reminder.came-due")]
    (world.data / "bus.sqlite3").unlink()
    for extra in ("bus.sqlite3-wal", "bus.sqlite3-shm"):
        (world.data / extra).unlink(missing_ok=True)
    topics.provision(world.bus, topics.specs(PREFIX), world.installation)
    world.runners["scheduling"].relay.close()
    world.settle()
    assert [event.id for event in world.events("reminder.came-due")] == before


def _remember(ref: UUID, work: Work[Toy]) -> None:
    work.save(CHILDREN, KnownChild(ref))


def test_two_events_that_are_refused_after_waiting_leave_a_dead_letter_each(world: World) -> None:
    for number in (1, 2):
        other = UUID(f"c4110000-0000-4000-8000-0000000000{number:02}")
        adjourned = conference(
            status="adjourned",
            adjourned_because="quorum",
            authority="E99999999",
            child_ref=other,
            meeting_ref=other,
            conference_ref=f"c0f00000-0000-4000-8000-0000000000{number:02}",
        )
        world.publish("conference.adjourned", adjourned)
        world.command("scheduling", partial(_remember, other))
    letters = rows(world, "SELECT partition, log_offset FROM dead_letters")
    assert len(set(letters)) == 2
    assert all(offset > 0 for _, offset in letters)


def test_waiting_event_that_crashes_its_handler_is_laid_aside_in_the_end(
    world: World, toy: Toy
) -> None:
    adjourned = conference(status="adjourned", adjourned_because="quorum")
    toy.crash_on = world.publish("conference.adjourned", adjourned)
    world.command("scheduling", lambda work: work.save(CHILDREN, KnownChild(MEETING)))
    (letter,) = world.events("dead-letter.crashed")
    assert letter.data.event_id == toy.crash_on
    assert rows(world, "SELECT 1 FROM later WHERE topic IS NOT NULL") == []


def test_event_that_waits_for_one_of_its_own_batch_is_woken(world: World) -> None:
    adjourned = conference(status="adjourned", adjourned_because="quorum")
    runner = world.runners["scheduling"]
    held, runner.step = runner.step, lambda: False  # type: ignore[method-assign]
    world.publish("conference.adjourned", adjourned)
    world.publish("child.registered", child(child_ref=MEETING))
    runner.step = held  # type: ignore[method-assign]
    _all_in_one_batch(world)
    world.settle()
    assert thing(world).last_type == "conference.adjourned"


def _all_in_one_batch(world: World) -> None:
    admin, reader = world.bus.admin(), world.bus.reader()
    state = admin.describe([f"{PREFIX}.exchange.v1"])[f"{PREFIX}.exchange.v1"]
    batch = [
        record
        for number, end in state.ends.items()
        for chunk in reader.read(Partition(state.topic, state.topic_id, number), 0, end)
        for record in chunk
    ]
    admin.close()
    reader.close()
    batch.sort(key=lambda record: (record.offset, record.key != str(CHILD).encode()))
    world.runners["scheduling"].processor.process(batch)
