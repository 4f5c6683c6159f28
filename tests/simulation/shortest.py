"""Finds the shortest story that still goes wrong: moves are left out as long as it does."""

from collections.abc import Callable, Sequence

from tests.simulation.plan import Move


def shortest(moves: Sequence[Move], goes_wrong: Callable[[Sequence[Move]], bool]) -> list[Move]:
    """Return moves none of which can be left out (Zeller's delta debugging, complements only)."""
    kept, parts = list(moves), 2
    while len(kept) > 1:
        size = -(-len(kept) // parts)
        for start in range(0, len(kept), size):
            rest = kept[:start] + kept[start + size :]
            if goes_wrong(rest):
                kept, parts = rest, max(parts - 1, 2)
                break
        else:
            if size == 1:
                return kept
            parts = min(parts * 2, len(kept))
    return kept
