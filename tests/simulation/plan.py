"""What happens in one simulated story, made from a seed: a list to be played and shortened."""

from dataclasses import dataclass
from random import Random
from typing import Final

from services.chassis import topics
from tests.harness import ALL, PREFIX
from tests.simulation.mishaps import BUG, OFTEN, POINTS

STEP: Final = "step"
ACT: Final = "act"
CLOCK: Final = "clock"
KILL: Final = "kill"
MISHAP: Final = "mishap"
REPEAT: Final = "repeat a record"
RENEW: Final = "renew a topic"
WIPE: Final = "wipe the bus"
GARBAGE: Final = "garbage on a topic"

PASSES: Final = {point: 12 if point in OFTEN else 1 for point in POINTS}
"""How often at most somebody comes by a point before it strikes there."""

_TOPICS: Final = tuple(spec.name for spec in topics.specs(PREFIX))
_MOST_BUGS: Final = 2
"""The third crash over one event lays it aside: a story with more of them would need a person."""

_KINDS: Final = (
    *([STEP] * 50),
    *([ACT] * 24),
    *([CLOCK] * 7),
    *([MISHAP] * 12),
    *([KILL] * 4),
    *([REPEAT] * 2),
    RENEW,
    GARBAGE,
)


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that happens; `luck` decides whatever else is to be decided about it."""

    kind: str
    who: str = ""
    slot: int = 0
    what: str = ""
    luck: int = 0

    def __str__(self) -> str:
        who = f" {self.who}/{self.slot}" if self.who else ""
        return f"{self.kind}{who}{': ' + self.what if self.what else ''} ({self.luck})"


def plan(seed: int, moves: int) -> list[Move]:
    """Make the moves of a story."""
    chance, bugs = Random(seed), 0  # noqa: S311 -- a story must replay
    made: list[Move] = []
    while len(made) < moves:
        move = _move(chance)
        bugs += move.what == BUG
        if move.what != BUG or bugs <= _MOST_BUGS:
            made.append(move)
    return made


def _move(chance: Random) -> Move:
    kind, luck = chance.choice(_KINDS), chance.getrandbits(32)
    who, slot = chance.choice(ALL), chance.choice((0, 0, 0, 1))
    if kind in {STEP, KILL}:
        return Move(kind, who, slot, luck=luck)
    if kind == MISHAP:
        return Move(kind, who, slot, chance.choice(POINTS), luck)
    if kind in {REPEAT, RENEW, GARBAGE}:
        wiped = kind == RENEW and chance.random() < 0.2
        return Move(WIPE if wiped else kind, what=chance.choice(_TOPICS), luck=luck)
    return Move(kind, luck=luck)
