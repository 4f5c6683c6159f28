"""What a stranger can work out from a protected table: tried by brute force, not believed."""

from dataclasses import replace
from itertools import product
from math import prod

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.reporting.domain.suppression import (
    OTHERS,
    THRESHOLD,
    TOTAL,
    Key,
    ProtectedTable,
    protect,
)

COLUMNS = ("a", "b", "c")


def row(*counts: int) -> dict[str, int]:
    return dict(zip(COLUMNS, counts, strict=True))


def shown(table: ProtectedTable, name: str) -> list[int | None]:
    return [table.cells[name, column] for column in table.columns]


# --- one line -------------------------------------------------------------------------------


def test_a_small_count_is_hidden_with_another_so_that_the_total_does_not_tell() -> None:
    table = protect({"E1": row(20, 3, 30)}, COLUMNS)
    assert shown(table, "E1") == [None, None, 30, 53]


def test_two_small_counts_whose_sum_is_small_take_a_third_with_them() -> None:
    table = protect({"E1": {"a": 24, "b": 3, "c": 2, "d": 14}}, ("a", "b", "c", "d"))
    assert shown(table, "E1") == [24, None, None, None, 43]


def test_nought_is_shown() -> None:
    table = protect({"E1": row(20, 0, 30)}, COLUMNS)
    assert shown(table, "E1") == [20, 0, 30, 50]


def test_a_table_without_small_counts_is_shown_whole() -> None:
    table = protect({"E1": row(6, 7, 8), "E2": row(9, 10, 11)}, COLUMNS)
    assert None not in table.cells.values()
    assert table.cells[TOTAL, TOTAL] == 51


def test_a_small_total_is_hidden_too() -> None:
    table = protect({"E1": row(2, 1, 0)}, COLUMNS)
    assert shown(table, "E1") == [None, None, 0, None]


def test_no_children_make_an_empty_table() -> None:
    assert protect({}, COLUMNS).rows == ()
    assert shown(protect({"E1": row(0, 0, 0)}, COLUMNS), "E1") == [0, 0, 0, 0]


# --- lines that tell by being alike -----------------------------------------------------------


def test_a_line_that_says_the_same_of_every_child_is_withheld() -> None:
    table = protect({"E1": row(12, 0, 0)}, COLUMNS)
    assert table.withheld is not None
    assert table.cells == {}


def test_a_line_of_which_nothing_can_be_said_yet_is_shown() -> None:
    table = protect({"E1": row(0, 0, 12)}, COLUMNS, undecided="c")
    assert shown(table, "E1") == [0, 0, 12, 12]


def test_authorities_too_small_to_stand_alone_are_added_together() -> None:
    counts = {"E1": row(2, 1, 1), "E2": row(9, 0, 0), "E3": row(30, 20, 10)}
    table = protect(counts, COLUMNS)
    assert table.rolled_up == ("E1", "E2")
    assert table.rows == ("E3", OTHERS, TOTAL)


def test_one_small_authority_is_never_the_others_alone() -> None:
    counts = {"E1": row(2, 1, 1), "E2": row(9, 8, 7), "E3": row(30, 20, 10)}
    assert protect(counts, COLUMNS).rolled_up == ("E1", "E2")


# --- the attack -------------------------------------------------------------------------------

COUNTS = st.integers(0, 12)
LINES = st.tuples(COUNTS, COUNTS, COUNTS).map(lambda line: {"E0": row(*line)})
TABLES = st.dictionaries(
    st.sampled_from(["E0", "E1", "E2"]),
    st.fixed_dictionaries({"a": COUNTS, "b": COUNTS}),
    min_size=2,
)
WORTH_TRYING = 40_000


def possible_values(table: ProtectedTable, real: dict[Key, int]) -> dict[Key, set[int]] | None:
    """Fill in what is hidden in every way near the truth that respects all that is shown.

    The attacker knows that nought would have been shown, and the sums. What is found near the
    truth is possible indeed; None where there are too many ways to try.
    """
    rows = [name for name in table.rows if name != TOTAL]
    lines = {name: _lines(table, real, name) for name in rows}
    if prod(len(each) for each in lines.values()) > WORTH_TRYING:
        return None
    values: dict[Key, set[int]] = {key: set() for key in table.cells}
    for filled in product(*lines.values()):
        cells = {
            (name, column): count
            for name, line in zip(rows, filled, strict=True)
            for column, count in zip(table.columns, line, strict=True)
        }
        if len(rows) > 1:
            sums = {(TOTAL, c): sum(cells[name, c] for name in rows) for c in table.columns}
            cells |= sums
        if all(_fits(table, key, count) for key, count in cells.items()):
            for key, count in cells.items():
                values[key].add(count)
    return values


def _lines(table: ProtectedTable, real: dict[Key, int], name: str) -> list[tuple[int, ...]]:
    near = [
        range(max(1, real[name, column] - THRESHOLD), real[name, column] + THRESHOLD + 1)
        if table.cells[name, column] is None
        else (real[name, column],)
        for column in table.columns
        if column != TOTAL
    ]
    lines = [(*line, sum(line)) for line in product(*near)]
    return [line for line in lines if _fits(table, (name, TOTAL), line[-1])]


def _fits(table: ProtectedTable, key: Key, count: int) -> bool:
    return count > 0 if table.cells[key] is None else count == table.cells[key]


@settings(max_examples=200, deadline=None)
@given(LINES | TABLES)
@example({"E0": row(1, 1, 20)})
@example({"E0": {"a": 4, "b": 9}, "E1": {"a": 12, "b": 2}, "E2": {"a": 7, "b": 8}})
@example({"E0": {"a": 1, "b": 9}, "E1": {"a": 9, "b": 1}})
def test_no_small_count_can_be_worked_out_exactly_or_nearly(
    truth: dict[str, dict[str, int]],
) -> None:
    table = protect(truth, tuple(next(iter(truth.values()))))
    if table.withheld is not None:
        return
    real = {key: _real(truth, table, key) for key in table.cells}
    assert all(seen in {None, real[key]} for key, seen in table.cells.items())
    values = possible_values(table, real)
    for key in [key for key, count in real.items() if 0 < count <= THRESHOLD]:
        assert table.cells[key] is None
        if values is not None:
            assert max(values[key]) > THRESHOLD
            assert max(values[key]) - min(values[key]) >= THRESHOLD


def test_the_attack_finds_what_is_hidden_too_little() -> None:
    careless = ProtectedTable(("E0",), (*COLUMNS, TOTAL), {})
    real = {("E0", "a"): 3, ("E0", "b"): 20, ("E0", "c"): 30, ("E0", TOTAL): 53}
    only_the_small = replace(careless, cells={**real, ("E0", "a"): None})
    values = possible_values(only_the_small, real)
    assert values is not None
    assert values["E0", "a"] == {3}


def _real(truth: dict[str, dict[str, int]], table: ProtectedTable, key: Key) -> int:
    name, column = key
    names = {TOTAL: list(truth), OTHERS: list(table.rolled_up)}.get(name, [name])
    columns = list(next(iter(truth.values()))) if column == TOTAL else [column]
    return sum(truth[each][one] for each in names for one in columns)


@given(TABLES)
def test_the_same_table_is_always_protected_the_same_way(
    truth: dict[str, dict[str, int]],
) -> None:
    backwards = dict(reversed(list(truth.items())))
    assert protect(truth, ("a", "b")) == protect(backwards, ("a", "b"))


def test_a_table_of_all_authorities_is_protected() -> None:
    truth = {f"E{n:03d}": row(n % 7, 40 + n, (n * 5) % 11) for n in range(153)}
    table = protect(truth, COLUMNS)
    assert table.withheld is None
    assert table.cells["E152", "a"] is None
