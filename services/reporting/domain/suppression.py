"""Small numbers protected: what may be shown to people who must not recognise a child.

A count of one to five is shown as `c`; nought is shown. Another number is hidden beside it where
the hidden one could otherwise be worked out, exactly or nearly, from everything that is shown.
What the sums still give away is not guessed at but computed: a table with its totals is a network
in which every sum is kept, and a hidden count can be anything that a flow through the other hidden
counts allows (Gusfield 1988; SDC Handbook, chapter 5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypeAlias

THRESHOLD: Final = 5
"""The largest count that is small: the Department for Education's own rule."""

TOTAL: Final = "total"
OTHERS: Final = "other-authorities"

Key: TypeAlias = tuple[str, str]
Counts: TypeAlias = Mapping[str, Mapping[str, int]]

_Node: TypeAlias = tuple[str, str]
_Room: TypeAlias = dict[_Node, dict[_Node, int]]


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A table fit to be shown: a count, or None where it is hidden (`c`), by row and column.

    `withheld` says why there is no table at all. `rolled_up` are the rows that were too small to
    stand alone and are shown together as `OTHERS`.
    """

    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    cells: Mapping[Key, int | None] = field(default_factory=dict)
    rolled_up: tuple[str, ...] = ()
    withheld: str | None = None


@dataclass(frozen=True, slots=True)
class _Cell:
    key: Key
    tail: _Node
    head: _Node
    count: int


@dataclass(frozen=True, slots=True)
class Classes:
    """How a table tells its children apart.

    Args:
        columns: in the order they are shown.
        undecided: of these children nothing can be said yet; a row that has nothing but these
            tells nothing of anybody.
        outside: of these children the table is not; they are there so that nobody can work out
            how many they are by comparing it with another table.
    """

    columns: Sequence[str]
    undecided: str | None = None
    outside: str | None = None

    def is_telling(self, row: Mapping[str, int]) -> bool:
        """Whether every child of the row is seen to have had the same."""
        present = [column for column, count in row.items() if count and column != self.outside]
        return len(present) == 1 and present[0] != self.undecided


def protect(counts: Counts, columns: Sequence[str], undecided: str | None = None) -> ProtectedTable:
    """Hide what must be hidden of a table that is shown alone, or withhold it.

    Args:
        counts: the count by row and column.
        columns: the columns, in the order they are shown.
        undecided: as in `Classes`.
    """
    return protect_together([(counts, Classes(columns, undecided))])[0]


def protect_together(tables: Sequence[tuple[Counts, Classes]]) -> list[ProtectedTable]:
    """Hide what must be hidden of several tables of the same children, row by row the same total.

    What is too small in one stands alone in none: the difference of two tables would show it.
    """
    small = _too_small(tables)
    return [_protect(counts, classes, small) for counts, classes in tables]


def _protect(counts: Counts, classes: Classes, small: Sequence[str]) -> ProtectedTable:
    if not counts:
        return ProtectedTable((), (*classes.columns, TOTAL), {})
    rolled = {row: counts[row] for row in counts if row not in small}
    if small:
        rolled[OTHERS] = _sum(counts, small)
    if any(classes.is_telling(row) for row in rolled.values()):
        return ProtectedTable(withheld="every child would be seen to have had the same outcome")
    cells = _cells(rolled, classes.columns)
    hidden = _hide(cells)
    if hidden is None:
        return ProtectedTable(withheld="hidden numbers could be worked out from the others")
    rows = (*sorted(rolled), TOTAL) if len(rolled) > 1 else tuple(rolled)
    shown = {cell.key: None if cell.key in hidden else cell.count for cell in cells}
    return ProtectedTable(rows, (*classes.columns, TOTAL), shown, tuple(sorted(small)))


def _too_small(tables: Sequence[tuple[Counts, Classes]]) -> list[str]:
    """Say which rows are added together: too small or too alike to stand alone in any table."""
    first = tables[0][0]

    def is_small(rows: Sequence[str]) -> bool:
        return any(_is_small(_sum(counts, rows), classes) for counts, classes in tables)

    by_size = sorted(first, key=lambda row: (sum(first[row].values()), row))
    small = [row for row in by_size if is_small([row])]
    if not small or len(first) == 1:
        return []
    rest = [row for row in by_size if row not in small and any(first[row].values())]
    while rest and (len(small) == 1 or is_small(small)):
        small.append(rest.pop(0))
    return small


def _is_small(row: Mapping[str, int], classes: Classes) -> bool:
    return 0 < sum(row.values()) <= THRESHOLD or classes.is_telling(row)


def _sum(counts: Counts, rows: Sequence[str]) -> dict[str, int]:
    columns = counts[rows[0]]
    return {column: sum(counts[row][column] for row in rows) for column in columns}


def _cells(counts: Counts, columns: Sequence[str]) -> list[_Cell]:
    """Lay the table out as a network: at every node as much comes in as goes out.

    Of one row no sums of columns are shown, for they would be the row again.
    """
    cells = []
    for row in sorted(counts):
        node = ("row", row)
        inner = counts[row]
        cells += [_Cell((row, c), node, ("column", c), inner[c]) for c in columns]
        cells.append(_Cell((row, TOTAL), ("column", TOTAL), node, sum(inner.values())))
    if len(counts) > 1:
        sums = {column: sum(row[column] for row in counts.values()) for column in columns}
        foot = ("row", TOTAL)
        cells += [_Cell((TOTAL, c), ("column", c), foot, sums[c]) for c in columns]
        cells.append(_Cell((TOTAL, TOTAL), foot, ("column", TOTAL), sum(sums.values())))
    return cells


def _hide(cells: Sequence[_Cell]) -> set[Key] | None:
    """Choose what is hidden: the small, then more until no small count can be worked out.

    What is safe stays safe when more is hidden, so one turn is enough. None if everything is hidden
    and one still can be worked out.
    """
    small = [cell for cell in cells if 0 < cell.count <= THRESHOLD]
    hidden = {cell.key for cell in small}
    room = _room(cells, small)
    for cell in small:
        while not _is_safe(room, cell):
            companion = _companion(cells, hidden, cell)
            if companion is None:
                return None
            hidden.add(companion.key)
            _give_room(room, companion)
    return hidden


def _is_safe(room: _Room, cell: _Cell) -> bool:
    """Whether the count could as well be large, and could be any of enough numbers."""
    more = _most(room, cell.head, cell.tail)
    less = min(_most(room, cell.tail, cell.head), cell.count - 1)
    return less + more >= THRESHOLD and cell.count + more > THRESHOLD


def _companion(cells: Sequence[_Cell], hidden: set[Key], beside: _Cell) -> _Cell | None:
    """Choose what to hide beside a cell: the smallest of its row and column, a total only last.

    Where both are hidden already, other sums give the cell away: the smallest anywhere is next.
    """
    row, column = beside.key

    def rank(cell: _Cell) -> tuple[bool, bool, int, Key]:
        apart = cell.key[0] != row and cell.key[1] != column
        return apart, TOTAL in cell.key, cell.count, cell.key

    candidates = [cell for cell in cells if cell.count and cell.key not in hidden]
    return min(candidates, key=rank, default=None)


def _room(cells: Sequence[_Cell], hidden: Sequence[_Cell]) -> _Room:
    """Return by how much each hidden count could change, towards its head and back."""
    room: _Room = {}
    for cell in hidden:
        _give_room(room, cell)
    if not any(cell.key[0] == TOTAL for cell in cells):
        total = ("column", TOTAL)
        for column in {cell.head for cell in cells if cell.key[1] != TOTAL}:
            room.setdefault(column, {})[total] = THRESHOLD
            room.setdefault(total, {})[column] = THRESHOLD
    return room


def _give_room(room: _Room, cell: _Cell) -> None:
    """Let a count change: it can grow without end and shrink to one, for nought would be shown."""
    room.setdefault(cell.tail, {})[cell.head] = THRESHOLD
    room.setdefault(cell.head, {})[cell.tail] = cell.count - 1


def _most(room: _Room, source: _Node, sink: _Node) -> int:
    """Return the most that can flow between two nodes by other ways than the direct one.

    No more than the threshold is asked for.
    """
    paths: list[list[_Node]] = []
    while len(paths) < THRESHOLD and (path := _path(room, source, sink)):
        _push(room, path, 1)
        paths.append(path)
    for path in paths:
        _push(room, path, -1)
    return len(paths)


def _push(room: _Room, path: Sequence[_Node], amount: int) -> None:
    for node, to in pairwise(path):
        room[node][to] -= amount
        room[to][node] += amount


def _path(room: _Room, source: _Node, sink: _Node) -> list[_Node]:
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
