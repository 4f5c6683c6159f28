"""What becomes of a dead letter when a person sees to it, seen with a service of forty lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.chassis import ids, topics
from services.chassis.aggregates import Due
from services.chassis.errors import Refused
from services.chassis.second_try import (
    DISCARDED,
    HANDLED,
    SUPERSEDED,
    Letter,
    discard,
    letter_of,
    own_reference,
    retry_event,
    retry_timer,
)
from services.chassis.sql import Sql
from services.chassis.work import Work
from services.contracts.catalogue import EVENTS
from tests.component.chassis.toy import SUBSCRIPTIONS, THING, Toy, build
from tests.harness import PREFIX, START, World

CHILD = "c4110000-0000-4000-8000-000000000001"
CONFERENCE = "c0f00000-0000-4000-8000-000000000001"
TOPIC = f"{PREFIX}.exchange.v1"


@pytest.fixture
def toy() -> Toy:
    return Toy()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, tmp_path: Path, toy: Toy) -> World:
    url = request.getfixturevalue("empty_postgres_url") if request.param == "postgres" else None
    return World(tmp_path, built=[build(tmp_path, toy, database_url=url)])


def conference(version: int = 1, **changes: Any) -> dict[str, Any]:
    state = {
        "conference_ref": CONFERENCE,
        "child_ref": CHILD,
        "meeting_ref": "3ee70000-0000-4000-8000-000000000001",
        "version": version,
        "authority": "E09000020",
        "kind": "initial",
        "status": "scheduled",
        "starts_at": START + timedelta(days=3),
        "format": "in-person",
        "age_years": 9,
        "unborn": False,
        "language": "en",
        "needs": (),
        "disabilities": (),
        "looked_after": "no",
        "in_custody": "no",
        "out_of_area": "no",
    }
    return {**state, **changes}


def thing(world: World) -> Any:
    return world.desk("scheduling").read(lambda work: work.find(THING, CONFERENCE))


def letters(world: World) -> list[Letter]:
    """Return all letters, in the order of their places."""

    def read(work: Work[Toy]) -> list[Letter]:
        rows = Sql(work._connection).rows("SELECT id FROM dead_letters ORDER BY log_offset")
        return [found for (row,) in rows if (found := letter_of(work, row)) is not None]

    return world.desk("scheduling").read(read)


def retry(world: World, letter: Letter) -> str:
    state = retry_event(world.desk("scheduling"), world.bus, letter)
    world.settle()
    return state


def crashed_on(world: World, toy: Toy, sequence: int) -> None:
    """Let the conference's events come, and the one of this number break its handler."""
    toy.crash_on = ids.derived("foreign", TOPIC, CHILD, str(sequence))
    for version in (1, 2):
        world.publish("conference.scheduled", conference(version))
    toy.crash_on = None


def test_event_is_handled_at_a_second_try_and_its_letter_closed(world: World, toy: Toy) -> None:
    crashed_on(world, toy, 2)
    (letter,) = letters(world)
    assert retry(world, letter) == HANDLED
    assert thing(world).heard == 2
    assert letters(world)[0].state == HANDLED
    (closed,) = world.events("dead-letter.closed")
    assert (closed.data.open, closed.data.code) == (False, HANDLED)
    assert str(closed.data.child_ref) == CHILD
    assert str(closed.data.dead_letter_ref) == letter.id
    assert closed.data.version == 2


def test_event_that_is_refused_again_leaves_everything_as_it_was(world: World) -> None:
    world.publish("conference.scheduled", conference(authority="E99999999"))
    (letter,) = letters(world)
    with pytest.raises(Refused, match="no-such-authority"):
        retry(world, letter)
    assert letters(world) == [letter]
    assert thing(world) is None
    assert world.events("dead-letter.closed") == []


def test_event_that_breaks_its_handler_again_stays_open_and_is_named(
    world: World, toy: Toy
) -> None:
    crashed_on(world, toy, 2)
    toy.crash_on = ids.derived("foreign", TOPIC, CHILD, "2")
    with pytest.raises(Refused, match=r"crashed: .*ZeroDivisionError at "):
        retry(world, letters(world)[0])
    assert letters(world)[0].state == "open"
    assert thing(world).heard == 1


def test_event_of_which_a_newer_state_was_handled_is_superseded(world: World, toy: Toy) -> None:
    crashed_on(world, toy, 1)
    assert thing(world).heard == 1
    assert retry(world, letters(world)[0]) == SUPERSEDED
    assert thing(world).heard == 1
    assert world.events("dead-letter.closed")[0].data.code == SUPERSEDED


def test_newer_state_that_lies_aside_itself_supersedes_nothing(world: World) -> None:
    for version in (1, 2):
        world.publish("conference.scheduled", conference(version, authority="E99999999"))
    with pytest.raises(Refused, match="no-such-authority"):
        retry(world, letters(world)[0])


def test_newer_state_of_another_thing_supersedes_nothing(world: World, toy: Toy) -> None:
    toy.crash_on = ids.derived("foreign", TOPIC, CHILD, "1")
    world.publish("conference.scheduled", conference())
    other = conference(7, conference_ref="c0f00000-0000-4000-8000-000000000002")
    world.publish("conference.scheduled", other)
    toy.crash_on = None
    assert retry(world, letters(world)[0]) == HANDLED


def test_event_is_found_by_its_id_in_a_topic_that_was_made_anew(world: World, toy: Toy) -> None:
    crashed_on(world, toy, 2)
    admin = world.bus.admin()
    admin.delete(TOPIC)
    admin.close()
    topics.provision(world.bus, topics.specs(PREFIX), world.installation)
    for version in (1, 1, 1):
        world.publish("conference.scheduled", conference(version), sequence=1)
    world.publish("conference.scheduled", conference(2), sequence=2)
    assert retry(world, letters(world)[0]) == HANDLED
    assert thing(world).heard == 2


def test_event_that_the_log_no_longer_has_cannot_be_retried(world: World, toy: Toy) -> None:
    crashed_on(world, toy, 2)
    admin = world.bus.admin()
    admin.delete(TOPIC)
    admin.close()
    topics.provision(world.bus, topics.specs(PREFIX), world.installation)
    with pytest.raises(Refused, match="not-in-the-log"):
        retry(world, letters(world)[0])


def test_letter_is_closed_once(world: World, toy: Toy) -> None:
    crashed_on(world, toy, 2)
    (letter,) = letters(world)
    discard(world.desk("scheduling"), letter, "no-longer-matters")
    world.settle()
    assert letters(world)[0].state == DISCARDED
    assert letters(world)[0].detail.endswith("(discarded: no-longer-matters)")
    for act in (
        lambda: discard(world.desk("scheduling"), letter, "x"),
        lambda: retry(world, letter),
    ):
        with pytest.raises(Refused, match="closed already"):
            act()
    assert thing(world).heard == 1
    (closed,) = world.events("dead-letter.closed")
    assert (closed.data.open, closed.data.code) == (False, "no-longer-matters")


def test_garbage_can_only_be_discarded(world: World) -> None:
    world.publish_raw(TOPIC, b"x", (), b"garbage")
    (letter,) = letters(world)
    with pytest.raises(Refused, match="can only be discarded"):
        retry(world, letter)
    discard(world.desk("scheduling"), letter, "not-an-event")
    assert letters(world)[0].state == DISCARDED


@pytest.fixture
def broken(world: World) -> World:
    """Let the toy's timer break its handler three times, and mend it then."""
    runner = world.runners["scheduling"]
    mended = runner.service

    def breaks(_work: Work[Toy], _due: Due) -> None:
        raise ZeroDivisionError

    later = replace(SUBSCRIPTIONS, later={"reminder.ring": breaks})
    runner.desk.service = replace(mended, subscriptions=later)
    world.publish("conference.scheduled", conference())
    world.advance(START + timedelta(days=2))
    runner.desk.service = mended
    assert runner.crashes == 2
    return world


def test_timer_rings_at_a_second_try_and_its_letter_is_closed(broken: World) -> None:
    (letter,) = letters(broken)
    assert letter.is_timer
    assert not thing(broken).rang
    assert retry_timer(broken.desk("scheduling"), THING, letter) == HANDLED
    broken.settle()
    assert thing(broken).rang
    (closed,) = broken.events("dead-letter.closed")
    assert (closed.data.event_type, closed.data.child_ref) == ("unknown", None)


def test_timer_of_a_thing_that_has_changed_since_is_superseded(broken: World) -> None:
    broken.publish("conference.rescheduled", conference(2))
    assert retry_timer(broken.desk("scheduling"), THING, letters(broken)[0]) == SUPERSEDED
    assert letters(broken)[0].state == SUPERSEDED


def test_the_first_reference_of_every_contract_says_which_thing_it_is() -> None:
    named = {kind.entity: own_reference(kind) for kind in EVENTS.values()}
    views = {"child-view": "view_ref"}
    assert named == {
        entity: views.get(entity, f"{entity.replace('-', '_')}_ref") for entity in named
    }
