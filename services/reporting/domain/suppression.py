"""Small numbers protected: what may be shown to people who must not recognise a child.

A count of one to five is shown as `c`; nought is shown. Another number is hidden beside it where
the hidden one could otherwise be worked out, exactly or nearly, from everything that is shown.

Two tables tell the same children apart: what became of the offer, and how the child took part. A
reader may know which of these never go together (whose conference fell away took part in none), and
so work out a number of one table from the other. So both are one network (`sums`): of every pair of
classes that goes together the reader is taken to know that it does, and of every other that it
does not.

The reader knows this rule as well. Which number is hidden beside another is therefore drawn by lot,
once for each place and class, and never chosen for its size: whoever knows that the smallest was
chosen can tell the two apart, and then count back.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from services.reporting.domain.sums import Key, Node, Number, Range, Room, give_room, range_of, room

THRESHOLD: Final = 5
"""The largest count that is small: the Department for Education's own rule."""

TOTAL: Final = "total"
OTHERS: Final = "other-authorities"

ALIKE: Final = "every child would be seen to have had the same outcome"

KNOWN: Final = Range(less=0, more=0)

Pair: TypeAlias = tuple[str, str]
Counts: TypeAlias = Mapping[str, Mapping[Pair, int]]
"""How many children of each row are of both classes of a pair."""


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A table fit to be shown: a count, or None where it is hidden (`c`), by row and column.

    `withheld` says why there is no table at all. `rolled_up` are the rows that were too small to
    stand alone and are shown together as `OTHERS`.
    """

    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    cells: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    rolled_up: tuple[str, ...] = ()
    withheld: str | None = None


@dataclass(frozen=True, slots=True)
class Classes:
    """How a table tells its children apart.

    Args:
        columns: in the order they are shown; no column of one table is one of the other.
        undecided: of these children nothing can be said yet; a row that has nothing but these
            tells nothing of anybody.
        outside: of these children the table is not; they are there so that nobody can work out
            how many they are by comparing it with the other table.
    """

    columns: Sequence[str]
    undecided: str | None = None
    outside: str | None = None

    def is_telling(self, row: Mapping[str, int]) -> bool:
        """Whether every child of the row is seen to have had the same."""
        inside = [column for column in self.columns if row[column] and column != self.outside]
        return len(inside) == 1 and inside[0] != self.undecided


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be shown, and what must not be for the sake of what was shown before.

    Args:
        counts: the children of each row by pair of classes.
        tables: the classes of both tables; the first one also has the sums of its columns.
        lot: a secret by which it is drawn what is hidden beside what is small.
        hidden: what must be hidden besides what is small.
        together: the rows that are not to stand alone.
    """

    counts: Counts
    tables: tuple[Classes, Classes]
    lot: str
    hidden: Collection[Key] = ()
    together: Collection[str] = ()


def protect(asked: Asked) -> tuple[ProtectedTable, ProtectedTable]:
    """Hide what must be hidden of two tables of the same children, row by row the same total.

    Only the first table has the sums of its columns: with those of both it could no longer be
    computed what they give away together.
    """
    small = _too_small(asked)
    rows = {row: asked.counts[row] for row in asked.counts if row not in small}
    if small:
        rows[OTHERS] = _added(asked.counts, small)
    numbers = _numbers(rows, asked.tables)
    withheld = [_is_withheld(rows, classes) for classes in asked.tables]
    unseen = {
        column
        for classes, is_withheld in zip(asked.tables, withheld, strict=True)
        if is_withheld
        for column in classes.columns
    }
    more = {*asked.hidden, *((row, c) for row in (*rows, TOTAL) for c in unseen)}
    hidden = _hide(numbers, more, asked.lot)
    shown = {n.key: None if n.key in hidden else n.count for n in numbers if n.key}
    first, second = (
        ProtectedTable(rolled_up=tuple(sorted(small)), withheld=ALIKE)
        if is_withheld
        else _table(shown, classes, small)
        for classes, is_withheld in zip(asked.tables, withheld, strict=True)
    )
    return first, second


def _table(
    shown: Mapping[Key, int | None], classes: Classes, small: Collection[str]
) -> ProtectedTable:
    columns = (*classes.columns, TOTAL)
    named = sorted({row for row, column in shown if column in classes.columns} - {TOTAL})
    has_foot = (TOTAL, classes.columns[0]) in shown
    rows = (*named, TOTAL) if has_foot else tuple(named)
    cells = {row: {column: shown[row, column] for column in columns} for row in rows}
    return ProtectedTable(rows, columns, cells, tuple(sorted(small)))


def _is_withheld(rows: Counts, classes: Classes) -> bool:
    return any(classes.is_telling(_by_class(row)) for row in rows.values())


def drawn(lot: str, key: Key) -> bytes:
    """Return the number that a figure drew: the same in every month, and nothing about it."""
    return hashlib.blake2b("\0".join(key).encode(), key=lot.encode()[:64]).digest()


def _too_small(asked: Asked) -> list[str]:
    """Say which rows are added together: too small or too alike to stand alone in any table.

    Where they are still too few, others join them by lot.
    """
    counts = asked.counts

    def is_small(rows: Sequence[str]) -> bool:
        row = _by_class(_added(counts, rows))
        too_few = 0 < row[TOTAL] <= THRESHOLD
        return too_few or any(classes.is_telling(row) for classes in asked.tables)

    by_lot = sorted(counts, key=lambda row: drawn(asked.lot, (row, TOTAL)))
    small = [row for row in by_lot if row in asked.together or is_small([row])]
    if not small or len(counts) == 1:
        return []
    rest = [row for row in by_lot if row not in small and any(counts[row].values())]
    while rest and (len(small) == 1 or is_small(small)):
        small.append(rest.pop(0))
    return small


def _added(counts: Counts, rows: Sequence[str]) -> Counter[Pair]:
    added: Counter[Pair] = Counter()
    for row in rows:
        added.update(counts[row])
    return added


def _by_class(row: Mapping[Pair, int]) -> Counter[str]:
    """Count the children of a row by class of either table, and all of them."""
    found: Counter[str] = Counter()
    for pair, count in row.items():
        found.update(dict.fromkeys((*pair, TOTAL), count))
    return found


def _numbers(rows: Counts, tables: tuple[Classes, Classes]) -> list[Number]:
    """Lay both tables out as one network: at every node as much comes in as goes out.

    All children go round: sum of a column, row and column, pair of classes, class of the other
    table, sum of the row, sum of everything. Of one row no sums of columns are shown, for they
    would be the row again.
    """
    numbers = [number for row in sorted(rows) for number in _of_row(row, rows[row], tables)]
    all_rows = [_by_class(row) for row in rows.values()]
    sums = {c: sum(row[c] for row in all_rows) for c in (*tables[0].columns, TOTAL)}
    first, last = _at("all"), _at("all", TOTAL)
    is_shown = len(rows) > 1
    if is_shown:
        numbers.append(Number((TOTAL, TOTAL), last, first, sums[TOTAL]))
    for column in tables[0].columns:
        key = (TOTAL, column) if is_shown else None
        least = 1 if is_shown else 0
        tail = first if is_shown else last
        numbers.append(Number(key, tail, _at("all", column), sums[column], least))
    return numbers


def _of_row(name: str, pairs: Mapping[Pair, int], tables: tuple[Classes, Classes]) -> list[Number]:
    row = _by_class(pairs)
    first, second = tables
    return [
        *(Number((name, c), _at("all", c), _at(name, c), row[c]) for c in first.columns),
        *(
            Number(None, _at(name, one), _at(name, other), count, least=0)
            for (one, other), count in sorted(pairs.items())
            if count
        ),
        *(Number((name, c), _at(name, c), _at(name, TOTAL), row[c]) for c in second.columns),
        Number((name, TOTAL), _at(name, TOTAL), _at("all", TOTAL), row[TOTAL]),
    ]


def _at(row: str, column: str = "") -> Node:
    """Name a place where numbers are added up: a class of a row, a row, a class, or everything."""
    return row, column


def _hide(numbers: Sequence[Number], more: Collection[Key], lot: str) -> set[Key]:
    """Choose what is hidden: the small, what else must be, then more until none can be worked out.

    What is safe stays safe when more is hidden, so one turn is enough.
    """
    shown = {n.key: n for n in numbers if n.key and n.count}
    must = {k: n for k, n in shown.items() if n.count <= THRESHOLD or k in more}
    hidden = set(must)
    left = room([*must.values(), *(n for n in numbers if n.key is None)], THRESHOLD)
    for key, number in must.items():
        while not _is_safe(number, left):
            companion = _companion(shown.keys() - hidden, key, lot)
            hidden.add(companion)
            give_room(left, shown[companion], THRESHOLD)
    # What turned out to be known from the sums anyway hides nothing.
    return {k for k in hidden if k in must or range_of(left, shown[k], THRESHOLD) != KNOWN}


def _is_safe(number: Number, left: Room) -> bool:
    """Whether the count could as well be large, and could be any of enough numbers."""
    found = range_of(left, number, THRESHOLD)
    return found.less + found.more >= THRESHOLD and number.count + found.more > THRESHOLD


def _companion(shown: Collection[Key], beside: Key, lot: str) -> Key:
    """Choose what to hide beside a count: another of its row or column by lot, a total only last.

    Where all of these are hidden already, other sums give the count away: any other is next. There
    always is one: what is hidden together with all its sums can be any number.
    """

    def rank(key: Key) -> tuple[bool, bool, bytes]:
        apart = key[0] != beside[0] and key[1] != beside[1]
        return apart, TOTAL in key, drawn(lot, key)

    return min(shown, key=rank)
