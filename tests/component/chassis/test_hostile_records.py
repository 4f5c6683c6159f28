"""Whatever lies on a topic: it harms nobody else, and no worker is started anew for it for ever."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.event import listens_for

from services.chassis.bus import Partition, Record
from services.chassis.envelope import Head, headers_of
from services.chassis.errors import Refused
from services.contracts.catalogue import EVENTS
from tests.component.chassis.states import CHILD, child, conference, rows, thing
from tests.component.chassis.toy import CHILDREN, THINGS, Toy
from tests.harness import PREFIX, START, World

TOPIC = f"{PREFIX}.exchange.v1"
OTHER = UUID("c4110000-0000-4000-8000-0000000000aa")
NO_EVENT = (("junk", b"x"),)
CANCELLED = conference(status="cancelled", cancelled_because="error", version=3)


def head(**changes: Any) -> Head:
    written: dict[str, Any] = {
        "id": "an-event",
        "type": EVENTS["conference.scheduled"].ce_type,
        "source": "/services/exchange",
        "subject": str(CHILD),
        "time": START,
        "sequence": 1,
        "correlation_id": "said",
        "causation_id": None,
    }
    return Head(**{**written, **changes})


def value(**changes: Any) -> bytes:
    model = EVENTS["conference.scheduled"].model.model_validate(conference(**changes))
    return model.model_dump_json().encode()


def codes(world: World) -> list[str]:
    return [row[0] for row in rows(world, "SELECT code FROM dead_letters ORDER BY log_offset")]


def cut_log(world: World, count: int) -> None:
    """Let the log lose its last records under the same topic id."""
    with closing(sqlite3.connect(world.data / "bus.sqlite3")) as log, log:
        ((topic_id,),) = log.execute("SELECT id FROM topics WHERE name = ?", (TOPIC,))
        where = "topic_id = ? AND partition = (SELECT partition FROM log WHERE key = ? LIMIT 1)"
        place = (topic_id, str(CHILD).encode())
        ((end,),) = log.execute(f"SELECT max(offset) FROM log WHERE {where}", place)  # noqa: S608
        log.execute(f"DELETE FROM log WHERE {where} AND offset > ?", (*place, end - count))  # noqa: S608


def forbid(world: World, table: str, condition: str) -> None:
    """Let the toy's database take no such row; `{row}` in the condition stands for the row."""
    engine = world.desk("scheduling").engine
    statement = f"ALTER TABLE {table} ADD CHECK (NOT ({condition.format(row='')}))"
    if engine.dialect.name == "sqlite":
        statement = (
            f"CREATE TRIGGER forbidden BEFORE INSERT ON {table}"
            f" WHEN {condition.format(row='NEW.')}"
            " BEGIN SELECT RAISE(ABORT, 'forbidden'); END"
        )
    with engine.begin() as connection:
        connection.execute(text(statement))


def start_again(world: World) -> None:
    for runner in world.runners.values():
        runner.start()
    world.settle()


@pytest.mark.parametrize(
    "odd",
    [
        {"id": "x" * 150},
        {"subject": "x" * 150},
        {"correlation_id": "x" * 250},
        {"id": "é"},
        {"time": datetime.fromisoformat("9999-12-31T23:59:59-23:59")},
        {"time": datetime(1066, 10, 14, tzinfo=UTC)},
    ],
    ids=str,
)
def test_header_no_database_could_hold_is_laid_aside(world: World, odd: dict[str, Any]) -> None:
    bad = head(**odd)
    pairs = tuple(
        (name, bad.time.isoformat().encode() if name == "ce_time" else text)
        for name, text in headers_of(head(**{**odd, "time": START}))
    )
    world.publish_raw(TOPIC, bad.subject.encode(), pairs, value())
    world.publish("conference.scheduled", conference())
    assert codes(world) == ["not-cloudevents"]
    assert thing(world).heard == 1


def test_reference_with_a_nul_is_refused_and_the_next_child_s_event_handled(world: World) -> None:
    world.publish_raw(
        TOPIC, str(CHILD).encode(), headers_of(head()), b'{"conference_ref":"a\x00b"}'
    )
    world.publish("conference.scheduled", conference(child_ref=OTHER))
    assert codes(world) == ["breaks-contract"]
    assert thing(world).child_ref == OTHER


@pytest.mark.parametrize("world", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_question_with_a_nul_is_refused_and_not_called_a_database_that_is_away(
    world: World,
) -> None:
    statement = THINGS.select().where(THINGS.c.last_type == "a\x00b")
    for ask in (world.desk("scheduling").run, world.desk("scheduling").read):
        with pytest.raises(Refused) as refused:
            ask(lambda work: work.query(statement))
        assert "a\x00b" not in str(refused.value)


def test_number_that_no_column_holds_is_refused(world: World) -> None:
    row = {"child_ref": str(OTHER), "version": 2**70}
    with pytest.raises(Refused, match="not-storable"):
        world.desk("scheduling").run(lambda work: work.append(CHILDREN, row))


def test_event_the_database_refuses_is_laid_aside_and_not_who_came_before_it(
    world: World, toy: Toy
) -> None:
    toy.unstorable_on = world.publish("conference.rescheduled", conference(version=2), sequence=2)
    world.publish("conference.scheduled", conference(), sequence=1)
    world.publish("conference.cancelled", CANCELLED, sequence=3)
    assert world.runners["scheduling"].crashes == 0
    letters = rows(world, "SELECT event_id, code FROM dead_letters")
    assert letters == [(toy.unstorable_on, "integrity")]
    assert (thing(world).heard, thing(world).last_type) == (2, "conference.cancelled")


def test_event_that_cannot_even_be_refused_is_laid_aside_by_its_place_alone(world: World) -> None:
    forbid(world, "key_states", f"{{row}}\"key\" = '{OTHER}'")
    world.publish("child.registered", child(child_ref=OTHER))
    world.publish("conference.scheduled", conference())
    assert codes(world) == ["integrity"]
    assert thing(world).heard == 1


def test_newer_major_is_refused_and_its_followers_do_not_wait(world: World) -> None:
    world.publish("conference.scheduled", conference(), sequence=1)
    newer = EVENTS["conference.rescheduled"].ce_type.replace(".v1", ".v2")
    world.publish_raw(
        TOPIC, str(CHILD).encode(), headers_of(head(type=newer, sequence=2)), value(version=2)
    )
    world.publish("conference.cancelled", CANCELLED, sequence=3)
    assert codes(world) == ["newer-major"]
    assert thing(world).heard == 2


def test_garbage_that_is_read_a_second_time_is_laid_aside_once(world: World) -> None:
    world.publish_raw(TOPIC, str(CHILD).encode(), NO_EVENT, b"garbage")
    world.publish("conference.scheduled", conference(), sequence=1)
    world.publish("conference.rescheduled", conference(version=2), sequence=2)
    cut_log(world, 1)
    start_again(world)
    world.publish("conference.rescheduled", conference(version=2), sequence=2)
    world.publish("conference.cancelled", CANCELLED, sequence=3)
    assert thing(world).heard == 3
    assert codes(world) == ["not-cloudevents"]


def test_other_garbage_in_the_place_of_the_first_is_laid_aside_as_well(world: World) -> None:
    world.publish("conference.scheduled", conference(), sequence=1)
    world.publish_raw(TOPIC, str(CHILD).encode(), NO_EVENT, b"garbage")
    cut_log(world, 1)
    world.publish_raw(TOPIC, str(CHILD).encode(), NO_EVENT, b"other garbage")
    start_again(world)
    assert codes(world) == ["not-cloudevents", "not-cloudevents"]


def test_log_that_lost_its_last_garbage_is_read_anew_and_what_follows_is_handled(
    world: World,
) -> None:
    world.publish("conference.scheduled", conference(), sequence=1)
    for number in range(4):
        world.publish_raw(TOPIC, str(CHILD).encode(), NO_EVENT, b"garbage %d" % number)
    cut_log(world, 4)
    start_again(world)
    world.publish("conference.rescheduled", conference(version=2), sequence=2)
    assert thing(world).heard == 2


def test_log_that_is_shorter_than_a_hole_that_was_skipped_is_read_anew(world: World) -> None:
    """A position behind a hole remembers no record: only the end of the log tells."""
    world.publish("conference.scheduled", conference(), sequence=1)
    with world.desk("scheduling").engine.begin() as connection:
        connection.execute(
            text("UPDATE positions SET next_offset = next_offset + 5, last_event_id = ''")
        )
    start_again(world)
    world.publish("conference.rescheduled", conference(version=2), sequence=2)
    assert thing(world).heard == 2


def test_records_of_two_incarnations_in_one_batch_never_move_the_position_past_the_new_one_s_end(
    world: World,
) -> None:
    world.publish("conference.scheduled", conference(), sequence=1)
    admin, reader = world.bus.admin(), world.bus.reader()
    state = admin.describe([TOPIC])[TOPIC]
    admin.close()
    new = [
        record
        for number, end in state.ends.items()
        for chunk in reader.read(Partition(TOPIC, state.topic_id, number), 0, end)
        for record in chunk
        if record.key == str(CHILD).encode()
    ]
    reader.close()
    number, end = new[-1].partition, new[-1].offset + 1
    seen: set[tuple[str, int]] = set()

    @listens_for(world.desk("scheduling").engine, "commit")
    def look(connection: Connection) -> None:
        found = connection.execute(text("SELECT topic_id, next_offset FROM positions"))
        seen.update((topic_id, offset) for topic_id, offset in found)

    # Which of two the position was asked for was a matter of luck.
    for age in range(20):
        old = Record(TOPIC, f"older-{age}", number, 57, None, NO_EVENT, b"")
        world.runners["scheduling"].processor.process([old, *new])
    ends = [offset for topic_id, offset in seen if topic_id == state.topic_id]
    assert max(ends) == end
    assert rows(world, "SELECT count(*) FROM dead_letters") == [(20,)]
