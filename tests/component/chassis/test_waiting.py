"""Who waits in the queue of a key is always waited for: by a time, or by a prerequisite."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.chassis.bus import Message
from services.chassis.envelope import Head, headers_of
from services.contracts.catalogue import EVENTS
from tests.component.chassis.states import CHILD, MEETING, conference, rows, thing
from tests.component.chassis.toy import CHILD as CHILDREN
from tests.component.chassis.toy import KnownChild, Toy
from tests.harness import PREFIX, START, World

MINUTE_LATER = START + timedelta(seconds=61)
ADJOURNED = {"status": "adjourned", "adjourned_because": "quorum"}


def in_one_batch(world: World, *events: tuple[int, str]) -> None:
    """Say several events, by sequence and name, before anybody looks."""
    topic, key = f"{PREFIX}.exchange.v1", str(CHILD).encode()
    messages = []
    for sequence, name in events:
        kind = EVENTS[name]
        state = conference(version=sequence, **ADJOURNED) if "adjourned" in name else conference()
        data = kind.model.model_validate(state).model_dump_json()
        source = f"/services/{kind.service}"
        written = Head(
            f"event-{sequence}", kind.ce_type, source, str(CHILD), START, sequence, "said", None
        )
        messages.append(Message(topic, key, headers_of(written), data.encode()))
    publisher = world.bus.publisher()
    publisher.publish(messages)
    publisher.close()
    world.settle()


def test_gap_before_an_event_that_is_too_early_lets_the_service_rest_after_its_minute(
    world: World,
) -> None:
    adjourned = conference(version=2, **ADJOURNED)
    world.publish("conference.scheduled", conference(), sequence=1)
    world.publish("conference.rescheduled", conference(version=3), sequence=3)
    world.publish("conference.adjourned", adjourned, sequence=2)
    world.advance(MINUTE_LATER)
    waiting = "SELECT sequence, due_at FROM later WHERE topic IS NOT NULL ORDER BY sequence"
    assert rows(world, waiting) == [(2, None), (3, None)]
    world.command("scheduling", lambda work: work.save(CHILDREN, KnownChild(MEETING)))
    assert (thing(world).heard, thing(world).last_type) == (3, "conference.rescheduled")


def test_event_that_becomes_too_early_after_the_gap_was_given_up_lets_the_service_rest(
    world: World,
) -> None:
    adjourned = conference(version=2, **ADJOURNED)
    world.publish("conference.scheduled", conference(version=4), sequence=4)
    world.publish("conference.adjourned", adjourned, sequence=2)
    world.advance(MINUTE_LATER)
    assert rows(world, "SELECT sequence FROM holes") == [(1,)]
    assert rows(world, "SELECT 1 FROM later WHERE topic IS NOT NULL AND due_at IS NOT NULL") == []


def test_gap_that_shows_within_a_batch_is_given_up_after_its_minute(world: World) -> None:
    in_one_batch(
        world,
        (2, "conference.rescheduled"),
        (4, "conference.rescheduled"),
        (1, "conference.scheduled"),
    )
    assert thing(world).heard == 2
    world.advance(MINUTE_LATER)
    assert thing(world).heard == 3
    assert rows(world, "SELECT sequence FROM holes") == [(3,)]


def test_event_that_turns_out_too_early_within_a_batch_is_woken_by_its_prerequisite(
    world: World,
) -> None:
    in_one_batch(world, (2, "conference.adjourned"), (1, "conference.scheduled"))
    assert thing(world).heard == 1
    world.command("scheduling", lambda work: work.save(CHILDREN, KnownChild(MEETING)))
    assert thing(world).heard == 2


@pytest.mark.parametrize("flush_first", [False, True])
def test_timer_that_rings_before_its_prerequisite_waits_for_it(
    world: World, toy: Toy, *, flush_first: bool
) -> None:
    toy.rings_for, toy.flush_first = MEETING, flush_first
    world.publish("conference.scheduled", conference())
    world.advance(START + timedelta(days=2))
    assert not thing(world).rang
    world.command("scheduling", lambda work: work.save(CHILDREN, KnownChild(MEETING)))
    assert thing(world).rang
    assert rows(world, "SELECT 1 FROM later") == []
    assert world.runners["scheduling"].crashes == 0


def test_timer_that_waits_is_gone_when_its_thing_is_cancelled(world: World, toy: Toy) -> None:
    toy.rings_for = MEETING
    world.publish("conference.scheduled", conference())
    world.advance(START + timedelta(days=2))
    cancelled = conference(status="cancelled", cancelled_because="error", version=2)
    world.publish("conference.cancelled", cancelled)
    world.command("scheduling", lambda work: work.save(CHILDREN, KnownChild(MEETING)))
    assert not thing(world).rang
