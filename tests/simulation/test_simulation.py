"""Whole stories under one scheduler: whatever goes wrong in them, nothing is lost or doubled."""

import json
import os
from collections import Counter
from collections.abc import Sequence

import pytest

from tests.simulation.mishaps import POINTS
from tests.simulation.plan import Move, plan
from tests.simulation.planted import PLANTED
from tests.simulation.shortest import shortest
from tests.simulation.story import Outcome, tell

SEEDS = int(os.environ.get("SEEDS", "60"))
AT_ONCE = 10
MOVES = 120
SEEDS_TO_FIND_A_PLANTED_MISTAKE = 60


def told(seed: int, moves: Sequence[Move] | None = None) -> Outcome:
    return tell(seed, plan(seed, MOVES) if moves is None else moves)


def story_of(seed: int, moves: Sequence[Move]) -> str:
    """Write the shortest story of this seed that still goes wrong."""
    left = shortest(moves, lambda fewer: bool(told(seed, fewer).wrong))
    return "\n".join([f"seed {seed}:", *map(str, left), "then:", *told(seed, left).wrong[:5]])


@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
def test_nothing_is_lost_doubled_or_disordered_whatever_happens_between_steps(first: int) -> None:
    happened: Counter[str] = Counter()
    for seed in range(first, first + AT_ONCE):
        found = told(seed)
        assert not found.wrong, story_of(seed, plan(seed, MOVES))
        assert found.said > 0
        happened += found.mishaps
    assert len(happened) > len(POINTS) // 2


def test_a_seed_tells_the_same_story_twice() -> None:
    first, second = told(3), told(3)
    assert json.dumps(first.trace) == json.dumps(second.trace)
    assert first.mishaps == second.mishaps


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mistake", PLANTED)
def test_a_planted_mistake_is_found(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED[mistake](monkeypatch)
    assert any(told(seed).wrong for seed in range(SEEDS_TO_FIND_A_PLANTED_MISTAKE))


def test_the_shortest_story_holds_only_what_it_needs() -> None:
    moves = plan(1, 40)
    needed = {moves[7], moves[31]}
    assert set(shortest(moves, lambda some: needed <= set(some))) == needed
