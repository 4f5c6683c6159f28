"""Shapes that differ from what the handlers answer."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from services.reporting.domain.suppression import ProtectedTable
from services.reporting.handlers.commissioner import CommissionerBoard

HIDDEN: Final = "c"


@dataclass(frozen=True, slots=True)
class ProtectedRow:
    """One row: a count, or `c` where it is hidden, by column."""

    name: str
    counts: dict[str, int | str]


@dataclass(frozen=True, slots=True)
class ProtectedView:
    """A table fit to be shown, or why there is none."""

    columns: tuple[str, ...]
    rows: tuple[ProtectedRow, ...]
    rolled_up: tuple[str, ...]
    withheld: str | None


@dataclass(frozen=True, slots=True)
class CommissionerView:
    """The protected figures of one year as they stood at the end of `as_of`."""

    as_of: date
    year: str
    years: tuple[str, ...]
    funnel: ProtectedView
    participation: ProtectedView


def commissioner_view(board: CommissionerBoard) -> CommissionerView:
    """Show a commissioner's board."""
    return CommissionerView(
        board.as_of,
        board.year,
        board.years,
        protected_view(board.funnel),
        protected_view(board.participation),
    )


def protected_view(table: ProtectedTable) -> ProtectedView:
    """Show a protected table row by row, hidden counts as `c`."""
    return ProtectedView(
        table.columns,
        tuple(ProtectedRow(row, _counts(table, row)) for row in table.rows),
        table.rolled_up,
        table.withheld,
    )


def _counts(table: ProtectedTable, row: str) -> dict[str, int | str]:
    return {column: _shown(table.cells[row][column]) for column in table.columns}


def _shown(count: int | None) -> int | str:
    return HIDDEN if count is None else count
