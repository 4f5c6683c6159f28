"""What a commissioner is shown, month after month, so that no two releases give a child away.

Whoever has two releases has their difference: a figure that went from 7 to 8 is one child. So
nothing depends on the day on which something happened: the figures are looked at on the first of
each month. And a figure that moved by one to five since any release that showed it is hidden like
a small one, together with what else would give its movement away (decision 0013).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias

from services.reporting.domain.funnel import Outcome
from services.reporting.domain.participation import TookPart
from services.reporting.domain.periods import Day
from services.reporting.domain.sums import Key
from services.reporting.domain.suppression import (
    OTHERS,
    THRESHOLD,
    TOTAL,
    Asked,
    Classes,
    Counts,
    Pair,
    ProtectedTable,
    drawn,
    protect,
)

NO_OFFER: Final = "no_offer"
NOT_HELD: Final = "not_held"

FUNNEL: Final = Classes(
    (*(each.value for each in Outcome), NO_OFFER), Outcome.OPEN.value, outside=NO_OFFER
)
"""What became of the offers, and how many children have none."""

PARTICIPATION: Final = Classes(
    (*(each.value for each in TookPart), NOT_HELD), TookPart.NOT_RECORDED.value, outside=NOT_HELD
)
"""How the children took part, and how many had no conference yet to take part in."""

Line: TypeAlias = Mapping[Key, int]
"""Figures that add up to nought, each with its sign."""


@dataclass(frozen=True)
class YearFigures:
    """The figures of one year from April to March as they are shown, those of `as_of`'s end.

    Both tables are of the same children, those of whom a conference or an offer is known.
    """

    year: int
    as_of: Day
    funnel: ProtectedTable
    participation: ProtectedTable

    @property
    def tables(self) -> tuple[ProtectedTable, ProtectedTable]:
        """Both tables."""
        return self.funnel, self.participation

    def count(self, key: Key) -> int | None:
        """Return a figure, None where it is not shown; who is not mentioned has nought."""
        row, column = key
        for table in self.tables:
            if column in table.columns and row in table.cells:
                return table.cells[row][column]
        is_withheld = any(table.withheld for table in self.tables)
        return None if is_withheld or row in {TOTAL, *self.rolled_up} else 0

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows of the table that is shown, with the sums below."""
        return self.funnel.rows or self.participation.rows

    @property
    def rolled_up(self) -> tuple[str, ...]:
        """The authorities that do not stand alone."""
        return self.funnel.rolled_up


@dataclass(frozen=True)
class Release:
    """What is shown from the first of a month on; `lot` decides what is hidden beside the small."""

    day: Day
    years: tuple[YearFigures, ...]
    lot: str
    version: int = 0


def first_of_month(day: date) -> date:
    """Return the day on which the figures that are shown on this day were looked at."""
    return day.replace(day=1)


def released(
    year: int, as_of: date, counts: Counts, former: Sequence[YearFigures], lot: str
) -> YearFigures:
    """Return what may be shown of a year, given all that was shown of it before.

    What moved by one to five since then is hidden. If that leaves nothing to see, the former
    release stays. Authorities that were shown together stay together.
    """
    together = {row for each in former for row in each.rolled_up}
    asked = Asked(counts, (FUNNEL, PARTICIPATION), lot, together=together)
    while True:
        figures = YearFigures(year, as_of, *protect(asked))
        telling = {key for each in former for key in _telling(each, figures, asked)}
        if not telling:
            break
        asked = replace(asked, hidden={*asked.hidden, *telling})
    has_hidden_all = not _shows_anybody(figures)
    return former[-1] if has_hidden_all and any(map(_shows_anybody, former[-1:])) else figures


def _shows_anybody(figures: YearFigures) -> bool:
    rows = (row for table in figures.tables for row in table.cells.values())
    return any(count for row in rows for count in row.values())


def _telling(former: YearFigures, figures: YearFigures, asked: Asked) -> Iterator[Key]:
    """Yield what must be hidden for the sake of a former release.

    Each figure seen in both that moved a little; and where what is left of a line moved a little,
    one figure of that line by lot.
    """
    for row in _regrouped(former, figures):
        every = ((row, column) for table in figures.tables for column in table.columns)
        yield from (key for key in every if figures.count(key))
    for line in _lines(figures, asked.counts):
        moved = _moved(former, figures, line)
        yield from (key for key, by in moved.items() if 0 < abs(by) <= THRESHOLD)
        if len(moved) < len(line):
            left = sum(line[key] * by for key, by in moved.items())
            if 0 < abs(left) <= THRESHOLD:
                yield _any([key for key, by in moved.items() if by], asked.lot)
    for table, classes in zip(figures.tables, (FUNNEL, PARTICIPATION), strict=True):
        for row in table.rows:
            came = _moved(former, figures, [(row, c) for c in classes.columns])
            if len(came) == len(classes.columns) and _came_alike(came, classes):
                yield _any([key for key, by in came.items() if by], asked.lot)


def _moved(former: YearFigures, figures: YearFigures, keys: Iterable[Key]) -> dict[Key, int]:
    """Return by how much those figures moved that are seen in both."""
    return {
        key: now - before
        for key in keys
        if (now := figures.count(key)) is not None
        and (before := _before(former, figures, key)) is not None
    }


def _came_alike(came: Mapping[Key, int], classes: Classes) -> bool:
    """Whether all children who came since then are seen to have had the same."""
    by_class = {column: by for (_, column), by in came.items()}
    return min(by_class.values()) >= 0 and classes.is_telling(by_class)


def _any(keys: Iterable[Key], lot: str) -> Key:
    return min(keys, key=lambda key: drawn(lot, key))


def _before(former: YearFigures, figures: YearFigures, key: Key) -> int | None:
    """Return what a figure was in a former release; None where that did not show it."""
    row, column = key
    rows = [row]
    if row == TOTAL and TOTAL not in former.rows:
        rows = list(former.rows)
    elif row == OTHERS:
        rows = _joined(former, figures)
    counts = [former.count((each, column)) for each in rows]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _joined(former: YearFigures, figures: YearFigures) -> list[str]:
    """Return the rows of a former release whose children stand together now."""
    theirs = {*figures.rolled_up, OTHERS} if figures.rolled_up else set()
    return [row for row in former.rows if row in theirs]


def _regrouped(former: YearFigures, figures: YearFigures) -> Iterator[str]:
    """Yield the rows in which several of a former release were added up.

    Their sums could be compared with sums that were shown nowhere and still were known.
    """
    if len(_joined(former, figures)) > 1:
        yield OTHERS
    if len(figures.rows) == 1 and TOTAL in former.rows:
        yield from figures.rows


def _lines(figures: YearFigures, counts: Counts) -> Iterator[Line]:
    """Yield all that adds up: rows, columns, and classes of both tables that only go together."""
    for table in figures.tables:
        for row in table.rows:
            yield {(row, c): -1 if c == TOTAL else 1 for c in table.columns}
        if TOTAL in table.rows:
            for c in table.columns:
                yield {(row, c): -1 if row == TOTAL else 1 for row in table.rows}
    names = {OTHERS: list(figures.rolled_up)}
    for row in set(figures.rows) - {TOTAL}:
        pairs = {p for each in names.get(row, [row]) for p, n in counts[each].items() if n}
        for block in _blocks(pairs):
            outcomes = {one for one, _ in block}
            ways = {other for _, other in block}
            yield {**{(row, c): 1 for c in outcomes}, **{(row, c): -1 for c in ways}}


def _blocks(pairs: set[Pair]) -> list[set[Pair]]:
    """Part the pairs of classes into those that hang together."""
    blocks: list[set[Pair]] = []
    for pair in sorted(pairs):
        joined = [block for block in blocks if any(set(pair) & set(each) for each in block)]
        blocks = [block for block in blocks if block not in joined]
        blocks.append({pair}.union(*joined))
    return blocks
