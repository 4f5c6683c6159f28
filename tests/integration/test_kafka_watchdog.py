"""What a watchdog finds, look by look; no broker is needed for that."""

from dataclasses import replace

from services.chassis.bus import TopicState
from services.chassis.kafka_watchdog import (
    ASSIGNMENT_PATIENCE_S,
    ORPHAN_PATIENCE_S,
    PATIENCE_S,
    Sight,
    View,
    Watch,
    fresh_watch,
)

TOPIC = "alongside.referral.v1"
WELL = Sight({TOPIC: "first"}, {(TOPIC, 0): 10, (TOPIC, 1): 4}, 1, catching_up=False)
THERE = View(
    {TOPIC: TopicState(TOPIC, "first", {0: 10, 1: 4})}, frozenset({(TOPIC, 0), (TOPIC, 1)})
)
MORE = View({TOPIC: TopicState(TOPIC, "first", {0: 11, 1: 4})}, THERE.owned)
NOTHING = View({}, None)
UNASSIGNED = replace(WELL, topic_ids=None)


def looks(*seen: tuple[Sight, View], every_s: float) -> Watch | str:
    """Look at what is seen, one after the other, from the beginning."""
    finding: Watch | str = fresh_watch(0.0)
    for number, (sight, view) in enumerate(seen, start=1):
        if isinstance(finding, str):
            return finding
        finding = finding.look(sight, view, number * every_s)
    return finding


def test_all_is_well_while_nothing_is_behind_however_long() -> None:
    assert isinstance(looks(*[(WELL, THERE)] * 10, every_s=PATIENCE_S), Watch)


def test_renewed_topic_is_found_at_the_first_look() -> None:
    renewed = replace(THERE, states={TOPIC: TopicState(TOPIC, "second", {0: 1, 1: 1})})
    assert looks((WELL, renewed), every_s=1) == "a topic was renewed"


def test_topic_renewed_while_nothing_is_assigned_is_found_by_what_was_assigned_before() -> None:
    renewed = replace(THERE, states={TOPIC: TopicState(TOPIC, "second", {0: 1, 1: 1})})
    finding = looks((WELL, THERE), (UNASSIGNED, renewed), every_s=1)
    assert finding == "a topic was renewed"


def test_topic_that_is_gone_is_believed_at_the_second_look() -> None:
    assert isinstance(looks((WELL, NOTHING), every_s=1), Watch)
    assert isinstance(looks((WELL, NOTHING), (WELL, THERE), (WELL, NOTHING), every_s=1), Watch)
    assert looks((WELL, NOTHING), (WELL, NOTHING), every_s=1) == "a topic is gone"


def test_log_that_lost_its_end_is_believed_at_the_second_look() -> None:
    cut = replace(THERE, states={TOPIC: TopicState(TOPIC, "first", {0: 7, 1: 4})})
    assert isinstance(looks((WELL, cut), every_s=1), Watch)
    assert looks((WELL, cut), (WELL, cut), every_s=1) == "a log is shorter than it was"


def test_stream_that_stands_still_with_more_to_read_is_found_after_the_patience() -> None:
    seconds = int(PATIENCE_S)
    assert isinstance(looks(*[(WELL, MORE)] * (seconds - 1), every_s=1), Watch)
    finding = looks(*[(WELL, MORE)] * (seconds + 2), every_s=1)
    assert finding == "there is more to read and nothing moves"


def test_stream_that_is_behind_but_moves_is_left_alone() -> None:
    moving = [(replace(WELL, steps=n), MORE) for n in range(10)]
    assert isinstance(looks(*moving, every_s=PATIENCE_S - 1), Watch)


def test_catching_up_has_its_own_pace() -> None:
    long_catch_up = replace(UNASSIGNED, catching_up=True)
    assert isinstance(looks(*[(long_catch_up, MORE)] * 5, every_s=PATIENCE_S), Watch)


def test_missing_assignment_is_found_after_the_patience() -> None:
    finding = looks((UNASSIGNED, THERE), (UNASSIGNED, THERE), every_s=ASSIGNMENT_PATIENCE_S / 2)
    assert finding == "no assignment though the broker answers"


def test_partition_that_belongs_to_nobody_is_found_though_this_member_has_nothing_to_do() -> None:
    orphan = replace(THERE, owned=frozenset({(TOPIC, 0)}))
    idle = replace(WELL, following={})
    assert isinstance(looks((idle, orphan), every_s=ORPHAN_PATIENCE_S - 1), Watch)
    assert isinstance(looks((idle, orphan), (idle, THERE), every_s=ORPHAN_PATIENCE_S - 1), Watch)
    finding = looks((idle, orphan), (idle, orphan), every_s=ORPHAN_PATIENCE_S)
    assert finding == "a partition belongs to nobody"


def test_group_that_is_not_settled_is_no_finding() -> None:
    unsettled = replace(THERE, owned=None)
    assert isinstance(looks(*[(WELL, unsettled)] * 5, every_s=ORPHAN_PATIENCE_S), Watch)
