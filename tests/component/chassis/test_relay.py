"""The relay: what is said is on the bus once acknowledged, whatever happens to bus and lease."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from services.chassis import topics
from services.chassis.bus import Message, Placed
from services.chassis.embedded_bus import EmbeddedBus, EmbeddedPublisher
from services.chassis.errors import BusUnavailable
from services.chassis.lease import Lease
from services.chassis.relay import Relay
from services.chassis.sql import Sql
from tests.component.chassis.states import conference
from tests.component.chassis.toy import build
from tests.harness import PREFIX, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, built=[build(tmp_path)])


class Flaky(EmbeddedPublisher):
    """Sends everything, and says that it did not."""

    def publish(self, messages: Sequence[Message]) -> Sequence[Placed]:
        super().publish(messages)
        raise BusUnavailable("the acknowledgement was lost")


def unsent(world: World) -> int:
    statement = "SELECT count(*) FROM outbox WHERE log_offset IS NULL"
    rows: Any = world.desk("scheduling").read(lambda work: work.sql.rows(statement))
    return int(rows[0][0])


def test_lost_acknowledgement_is_sent_again_with_the_same_id_and_sequence(
    world: World, tmp_path: Path
) -> None:
    relay = world.runners["scheduling"].relay
    relay._publisher = Flaky(tmp_path / "bus.sqlite3")
    with pytest.raises(BusUnavailable):
        world.publish("conference.scheduled", conference())
    assert unsent(world) == 1
    world.settle()
    assert unsent(world) == 0
    first, again = world.events("reminder.came-due")
    assert (first.id, first.sequence) == (again.id, again.sequence)


def test_relay_that_lost_its_lease_marks_nothing(world: World) -> None:
    relay = world.runners["scheduling"].relay
    world.publish("conference.scheduled", conference())
    desk = world.desk("scheduling")
    desk.run(
        lambda work: work.sql.run("UPDATE leases SET token = token + 1, holder = ?", ("other/1/2",))
    )
    world.runners["scheduling"].processor.process([])
    other = conference(conference_ref="c0f00000-0000-4000-8000-000000000002")
    with pytest.raises(AssertionError):
        _say_more(world, other)
    assert unsent(world) == 1
    assert relay.step() == 0


def _say_more(world: World, state: dict[str, Any]) -> None:
    world.publish("conference.scheduled", state)
    assert unsent(world) == 0


def test_second_process_takes_over_only_when_the_first_is_gone(world: World) -> None:
    engine = world.desk("scheduling").engine
    first, second = Lease(engine, "x"), Lease(engine, "x", duration_s=0.0)
    assert first.take()
    second._holder = first._holder.rsplit("/", 1)[0] + "/another-start"
    assert second.take()


def test_dead_holder_is_seen_at_once(world: World) -> None:
    engine = world.desk("scheduling").engine
    lease = Lease(engine, "y")
    machine = lease._holder.rsplit("/", 2)[0]
    lease._holder = f"{machine}/999999999/1"
    assert lease.take()
    assert Lease(engine, "y").take()


def test_log_that_forgot_what_it_acknowledged_is_told_everything_again(world: World) -> None:
    world.publish("conference.scheduled", conference())
    state = _state(world)
    connection = EmbeddedPublisher(world.data / "bus.sqlite3")._file.connection
    connection.execute("DELETE FROM log WHERE topic_id = ? AND offset > 0", (state.topic_id,))
    connection.close()
    assert world.events("reminder.came-due") == []
    world.runners["scheduling"].relay.close()
    world.settle()
    assert len(world.events("reminder.came-due")) == 1


def _state(world: World) -> Any:
    admin = world.bus.admin()
    name = f"{PREFIX}.scheduling.v1"
    state = admin.describe([name])[name]
    admin.close()
    return state


def test_topic_that_is_missing_is_made_by_the_relay(world: World) -> None:
    admin = world.bus.admin()
    admin.delete(f"{PREFIX}.scheduling.v1")
    admin.close()
    world.publish("conference.scheduled", conference())
    assert len(world.events("reminder.came-due")) == 1


def test_topic_that_is_gone_when_more_is_said_holds_it_all_in_the_order_it_was_said(
    world: World,
) -> None:
    scheduled = conference()
    world.publish("conference.scheduled", scheduled)
    admin = world.bus.admin()
    admin.delete(f"{PREFIX}.scheduling.v1")
    admin.close()
    world.runners["scheduling"].relay.close()
    world.publish("conference.scheduled", conference())
    world.settle()
    statement = "SELECT id FROM outbox WHERE topic LIKE '%scheduling%' ORDER BY number"
    said: Any = world.desk("scheduling").read(lambda work: work.sql.rows(statement))
    assert len(said) == 2
    assert [event.id for event in world.events("reminder.came-due")] == [row[0] for row in said]


def test_topics_of_another_installation_are_not_touched(tmp_path: Path, world: World) -> None:
    bus = EmbeddedBus(tmp_path / "bus.sqlite3")
    made = topics.provision(bus, topics.specs("other"), "22222222-2222-4222-8222-222222222222")
    assert all(name.startswith("other.") for name in made)
    world.publish("conference.scheduled", conference())
    admin = bus.admin()
    ends = [max(s.ends.values()) for s in admin.describe(made).values()]
    admin.close()
    assert set(ends) == {1}


def test_two_relays_of_one_service_send_each_row_once(world: World) -> None:
    desk = world.desk("scheduling")
    second = Relay(desk, world.bus, world.installation)
    second._lease._holder = f"elsewhere/1/{1}"
    world.publish("conference.scheduled", conference())
    assert second.step() == 0
    assert len(world.events("reminder.came-due")) == 1


def test_sql_counts_touched_rows(world: World) -> None:
    desk = world.desk("scheduling")
    world.publish("conference.scheduled", conference())
    with desk.engine.connect() as connection:
        assert Sql(connection).run("UPDATE outbox SET key = key") == 1
