"""What sums give away: which other numbers would add up to all that is shown.

Numbers with their sums are a network in which every sum is kept. A hidden number can be anything
that a flow through the other hidden numbers allows (Gusfield 1988; SDC Handbook, chapter 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

Node: TypeAlias = tuple[str, str]
Key: TypeAlias = tuple[str, str]
Room: TypeAlias = dict[Node, dict[Node, int]]


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two sums; without a key it is shown nowhere, and so is never known."""

    key: Key | None
    tail: Node
    head: Node
    count: int
    least: int = 1
    """What it must be at least: a hidden number is not nought, for nought would be shown."""


@dataclass(frozen=True, slots=True)
class Range:
    """By how much a hidden number could be less and more, as far as was asked."""

    less: int
    more: int


def room(numbers: Sequence[Number], enough: int) -> Room:
    """Return by how much these numbers could change, towards their heads and back."""
    made: Room = {}
    for number in numbers:
        give_room(made, number, enough)
    return made


def give_room(room: Room, number: Number, enough: int) -> None:
    """Let a number change: it can grow by all that is asked, and shrink to its least."""
    room.setdefault(number.tail, {})[number.head] = enough
    room.setdefault(number.head, {})[number.tail] = number.count - number.least


def range_of(room: Room, number: Number, enough: int) -> Range:
    """Say how far a hidden number is from known; no more than `enough` is asked for."""
    more = _most(room, number.head, number.tail, enough)
    less = _most(room, number.tail, number.head, enough)
    return Range(min(less, number.count - number.least), more)


def _most(room: Room, source: Node, sink: Node, enough: int) -> int:
    """Return the most that can flow between two nodes by other ways than the direct one."""
    paths: list[list[Node]] = []
    while len(paths) < enough and (path := _path(room, source, sink)):
        _push(room, path, 1)
        paths.append(path)
    for path in paths:
        _push(room, path, -1)
    return len(paths)


def _push(room: Room, path: Sequence[Node], amount: int) -> None:
    for node, to in pairwise(path):
        room[node][to] -= amount
        room[to][node] += amount


def _path(room: Room, source: Node, sink: Node) -> list[Node]:
    """Return a way with room on every step, looking at each node once; empty if there is none."""
    seen = {source}
    path = [source]
    steps = [iter(room.get(source, {}).items())]
    while path:
        if path[-1] != source and room[path[-1]].get(sink, 0) > 0:
            return [*path, sink]
        following = next(
            (to for to, left in steps[-1] if left > 0 and to != sink and to not in seen), None
        )
        if following is None:
            path.pop()
            steps.pop()
        else:
            seen.add(following)
            path.append(following)
            steps.append(iter(room[following].items()))
    return []
