"""Small numbers protected: what may be shown to people who must not recognise a child.

A count of one to five is shown as `c`; nought is shown. Another number is hidden beside it where
the hidden one could otherwise be worked out, exactly or nearly, from everything that is shown.
What the sums still give away is not guessed at but computed: a table with its totals is a network
in which every sum is kept, and a hidden count can be anything that a flow through the other hidden
counts allows (Gusfield 1988; SDC Handbook, chapter 5).
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

THRESHOLD: Final = 5
"""The largest count that is small: the Department for Education's own rule."""

TOTAL: Final = "total"
OTHERS: Final = "other-authorities"

Key: TypeAlias = tuple[str, str]
Counts: TypeAlias = Mapping[str, Mapping[str, int]]

_Node: TypeAlias = tuple[str, str]


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


def protect(counts: Counts, columns: Sequence[str], undecided: str | None = None) -> ProtectedTable:
    """Hide what must be hidden of a table, or withhold it.

    Args:
        counts: the count by row and column.
        columns: the columns, in the order they are shown.
        undecided: the column of children of whom nothing can be said yet; a row that has nothing
            but these tells nothing of anybody.
    """
    if not counts:
        return ProtectedTable((), (*columns, TOTAL), {})
    rolled, small = _roll_up(counts, undecided)
    if any(_is_telling(row, undecided) for row in rolled.values()):
        return ProtectedTable(withheld="every child would be seen to have had the same outcome")
    cells = _cells(rolled, columns)
    hidden = _hide(cells)
    if hidden is None:
        return ProtectedTable(withheld="hidden numbers could be worked out from the others")
    rows = (*sorted(rolled), TOTAL) if len(rolled) > 1 else tuple(rolled)
    shown = {cell.key: None if cell.key in hidden else cell.count for cell in cells}
    return ProtectedTable(rows, (*columns, TOTAL), shown, small)


def _roll_up(counts: Counts, undecided: str | None) -> tuple[Counts, tuple[str, ...]]:
    """Add together the rows that are too small or too alike to stand alone."""
    by_size = sorted(counts, key=lambda row: (sum(counts[row].values()), row))
    small = [row for row in by_size if _is_small(counts[row], undecided)]
    if not small or len(counts) == 1:
        return counts, ()
    rest = [row for row in by_size if row not in small and any(counts[row].values())]
    while len(small) == 1 or _is_small(_sum(counts, small), undecided):
        if not rest:
            break
        small.append(rest.pop(0))
    kept = {row: counts[row] for row in counts if row not in small}
    return {**kept, OTHERS: _sum(counts, small)}, tuple(sorted(small))


def _is_small(row: Mapping[str, int], undecided: str | None) -> bool:
    return 0 < sum(row.values()) <= THRESHOLD or _is_telling(row, undecided)


def _is_telling(row: Mapping[str, int], undecided: str | None) -> bool:
    present = [column for column, count in row.items() if count]
    return len(present) == 1 and present[0] != undecided


def _sum(counts: Counts, rows: Sequence[str]) -> dict[str, int]:
    columns = counts[rows[0]]
    return {column: sum(counts[row][column] for row in rows) for column in columns}


def _cells(counts: Counts, columns: Sequence[str]) -> list[_Cell]:
    """Lay the table out as a network: at every node as much comes in as goes out.

    A table of one row has no second set of sums: all its columns are one node.
    """
    alone = len(counts) == 1
    cells = []
    for row in sorted(counts):
        inner = ("row", row)
        for column in columns:
            head = ("columns", "") if alone else ("column", column)
            cells.append(_Cell((row, column), inner, head, counts[row][column]))
        tail = ("columns", "") if alone else ("column", TOTAL)
        cells.append(_Cell((row, TOTAL), tail, inner, sum(counts[row].values())))
    if not alone:
        sums = {column: sum(row[column] for row in counts.values()) for column in columns}
        foot = ("row", TOTAL)
        cells += [_Cell((TOTAL, c), ("column", c), foot, sums[c]) for c in columns]
        cells.append(_Cell((TOTAL, TOTAL), foot, ("column", TOTAL), sum(sums.values())))
    return cells


def _hide(cells: Sequence[_Cell]) -> set[Key] | None:
    """Choose what is hidden: the small, then more until no small count can be worked out.

    None if everything around a small count is hidden and it still can be.
    """
    network = {cell.key: cell for cell in cells}
    small = [cell for cell in cells if 0 < cell.count <= THRESHOLD]
    hidden = {cell.key for cell in small}
    while unsafe := [cell for cell in small if not _is_safe(network, hidden, cell)]:
        companions = [_companion(cells, hidden, cell) for cell in unsafe]
        found = {companion for companion in companions if companion is not None}
        if not found:
            return None
        hidden |= found
    return hidden


def _is_safe(network: Mapping[Key, _Cell], hidden: set[Key], cell: _Cell) -> bool:
    less, more = _slack(network, hidden, cell)
    return less + more >= THRESHOLD and cell.count + more > THRESHOLD


def _companion(cells: Sequence[_Cell], hidden: set[Key], beside: _Cell) -> Key | None:
    """Choose what to hide beside a cell: the smallest of its row and column, a total only last."""
    row, column = beside.key
    candidates = [
        (TOTAL in cell.key, cell.count, cell.key)
        for cell in cells
        if cell.count and cell.key not in hidden and (cell.key[0] == row or cell.key[1] == column)
    ]
    return min(candidates)[-1] if candidates else None


def _slack(network: Mapping[Key, _Cell], hidden: set[Key], cell: _Cell) -> tuple[int, int]:
    """Return by how much a hidden count could be less or more, every shown sum kept."""
    others = [network[key] for key in hidden if key != cell.key]
    more = _most(others, cell.head, cell.tail)
    less = min(_most(others, cell.tail, cell.head), cell.count - 1)
    return less, more


def _most(cells: Sequence[_Cell], source: _Node, sink: _Node) -> int:
    """Return the most that can flow between two nodes, up to the threshold.

    A hidden count can grow without end and shrink to one, for nought would have been shown.
    """
    room: dict[_Node, dict[tuple[_Node, Key, bool], int]] = {}
    for cell in cells:
        room.setdefault(cell.tail, {})[cell.head, cell.key, True] = THRESHOLD
        room.setdefault(cell.head, {})[cell.tail, cell.key, False] = cell.count - 1
    flow = 0
    while flow < THRESHOLD and (path := _path(room, source, sink)):
        for node, (to, key, grows) in path:
            room[node][to, key, grows] -= 1
            room[to][node, key, not grows] += 1
        flow += 1
    return flow


def _path(
    room: Mapping[_Node, Mapping[tuple[_Node, Key, bool], int]], source: _Node, sink: _Node
) -> list[tuple[_Node, tuple[_Node, Key, bool]]]:
    came: dict[_Node, tuple[_Node, tuple[_Node, Key, bool]]] = {}
    waiting = deque([source])
    while waiting and sink not in came:
        node = waiting.popleft()
        for step, capacity in room.get(node, {}).items():
            if capacity > 0 and step[0] not in came and step[0] != source:
                came[step[0]] = (node, step)
                waiting.append(step[0])
    path = []
    node = sink
    while node in came:
        path.append(came[node])
        node = came[node][0]
    return path
