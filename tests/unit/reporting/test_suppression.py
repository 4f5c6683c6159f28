"""What a stranger can work out from two protected tables: tried by brute force, not believed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from math import prod

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.reporting.domain.release import FUNNEL, NOT_HELD, PARTICIPATION
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
    protect,
)

COLUMNS = ("a", "b", "c")
LEFT = Classes(COLUMNS)
LOT = "one lot"
LOTS = ("one lot", "another lot", "a third", "a fourth", "a fifth", "a sixth")
SAME = Classes(("all of them",), undecided="all of them")
"""A second table that tells nothing: then the first one is as if it stood alone."""

Shown = Mapping[Key, int | None]
Tables = tuple[ProtectedTable, ProtectedTable]


def row(*counts: int) -> dict[Pair, int]:
    return {(c, "all of them"): n for c, n in zip("abcd", counts, strict=False)}


def alone(
    counts: Counts, columns: str = "abc", undecided: str | None = None, lot: str = LOT
) -> ProtectedTable:
    return protect(Asked(counts, (Classes(tuple(columns), undecided), SAME), lot))[0]


def shown(table: ProtectedTable, name: str) -> list[int | None]:
    return [table.cells[name][column] for column in table.columns]


# --- one line -------------------------------------------------------------------------------


def test_a_small_count_is_hidden_with_another_so_that_the_total_does_not_tell() -> None:
    first, small, third, total = shown(alone({"E1": row(20, 3, 30)}), "E1")
    assert (small, total) == (None, 53)
    assert (first, third) in {(None, 30), (20, None)}


def test_two_small_counts_whose_sum_is_small_take_a_third_with_them() -> None:
    table = alone({"E1": row(24, 3, 2, 14)}, "abcd")
    assert shown(table, "E1") in ([24, None, None, None, 43], [None, None, None, 14, 43])


def test_nought_is_shown() -> None:
    assert shown(alone({"E1": row(20, 0, 30)}), "E1") == [20, 0, 30, 50]


def test_a_table_without_small_counts_is_shown_whole() -> None:
    table = alone({"E1": row(6, 7, 8), "E2": row(9, 10, 11)})
    assert all(None not in line.values() for line in table.cells.values())
    assert table.cells[TOTAL][TOTAL] == 51


def test_a_small_total_is_hidden_too() -> None:
    assert shown(alone({"E1": row(2, 1, 0)}), "E1") == [None, None, 0, None]


def test_no_children_make_an_empty_table() -> None:
    assert alone({}).rows == ()
    assert shown(alone({"E1": row(0, 0, 0)}), "E1") == [0, 0, 0, 0]


def test_what_else_must_be_hidden_is_hidden_like_a_small_count() -> None:
    asked = Asked({"E1": row(20, 12, 30)}, (LEFT, SAME), LOT, hidden={("E1", "a")})
    assert shown(protect(asked)[0], "E1") in ([None, None, 30, 62], [None, 12, None, 62])


def test_the_lot_and_not_the_size_says_what_is_hidden_beside_a_small_count() -> None:
    seen = {tuple(shown(alone({"E1": row(20, 3, 30)}, lot=lot), "E1")) for lot in LOTS}
    assert seen == {(None, None, 30, 53), (20, None, None, 53)}


def test_who_knows_the_rule_but_not_the_lot_cannot_count_back() -> None:
    """Every line of up to twenty children is protected as the rule says, and sorted by its looks.

    Had the smallest number been hidden beside the small one, of 8, 5, 8 and 20 the two that are
    hidden would be known to be 8 and 5.
    """
    lines = [line for line in product(range(21), repeat=3) if 14 <= sum(line) <= 20]
    alike: dict[tuple[int | None, ...], set[tuple[int, ...]]] = {}
    for lot, line in product(LOTS, lines):
        table = alone({"E1": row(*line)}, lot=lot)
        if not table.withheld:
            alike.setdefault(tuple(shown(table, "E1")), set()).add(line)
    hidden = [
        {line[place] for line in lines}
        for looks, lines in alike.items()
        for place in range(3)
        if looks[place] is None
    ]
    small = [values for values in hidden if min(values) <= THRESHOLD]
    assert small
    assert all(len(values) > THRESHOLD and max(values) > THRESHOLD for values in small)


def test_where_there_is_no_choice_a_small_count_can_still_be_any_up_to_five() -> None:
    """Of two places with two classes each, all are hidden whatever the lot.

    Then it can be told that both counts of a class are small, but not which they are.
    """
    alike: dict[tuple[int | None, ...], set[tuple[int, int]]] = {}
    for lot, ours, theirs in product(LOTS, range(1, 10), range(1, 10)):
        counts = {"E1": row(ours, 4 + theirs), "E2": row(theirs, 20 - theirs)}
        table = alone(counts, "ab", lot=lot)
        looks = tuple(count for name in table.rows for count in shown(table, name))
        alike.setdefault(looks, set()).add((ours, theirs))
    hidden = (None, None, None, None, None, 20, None, 24, None)
    for place in (0, 1):
        assert {pair[place] for pair in alike[hidden]} == {1, 2, 3, 4, 5}


# --- lines that tell by being alike -----------------------------------------------------------


def test_a_line_that_says_the_same_of_every_child_is_withheld() -> None:
    table = alone({"E1": row(12, 0, 0)})
    assert table.withheld is not None
    assert table.cells == {}


def test_a_line_of_which_nothing_can_be_said_yet_is_shown() -> None:
    table = alone({"E1": row(0, 0, 12)}, undecided="c")
    assert shown(table, "E1") == [0, 0, 12, 12]


def test_authorities_too_small_to_stand_alone_are_added_together() -> None:
    table = alone({"E1": row(2, 1, 1), "E2": row(9, 0, 0), "E3": row(30, 20, 10)})
    assert table.rolled_up == ("E1", "E2")
    assert table.rows == ("E3", OTHERS, TOTAL)


def test_one_small_authority_is_never_the_others_alone() -> None:
    table = alone({"E1": row(2, 1, 1), "E2": row(9, 8, 7), "E3": row(30, 20, 10)})
    assert table.rolled_up == ("E1", "E2")


def test_who_stood_together_once_stays_together() -> None:
    counts = {"E1": row(9, 8, 7), "E2": row(9, 8, 8), "E3": row(30, 20, 10)}
    asked = Asked(counts, (LEFT, SAME), LOT, together={"E1", "E2"})
    assert protect(asked)[0].rolled_up == ("E1", "E2")


# --- two tables of the same children ----------------------------------------------------------

HELD = tuple(way for way in PARTICIPATION.columns if way != NOT_HELD)
WITH_ADVOCATE = ("attended_with_advocate", "represented_by_advocate")
ALWAYS_OVER = ("not_known_if_told", "told_no_answer")


def go_together(outcome: str, way: str) -> bool:
    """Tell whether a child can be counted as both, by the rules that count.

    Where an advocate was there for the child, the offer was taken up. Whether the child was told
    is asked once the conference was held.
    """
    if outcome in {"taken_up", "no_offer"}:
        return True
    return way not in WITH_ADVOCATE and not (outcome in ALWAYS_OVER and way == NOT_HELD)


PAIRS = [(o, w) for o in FUNNEL.columns for w in PARTICIPATION.columns if go_together(o, w)]
BOTH = (FUNNEL, PARTICIPATION)
OPEN: Pair = ("open", NOT_HELD)

FELL_AWAY: Counts = {
    "E1": {
        ("taken_up", "attended_with_advocate"): 20,
        ("declined_by_child", "neither"): 7,
        ("fell_away", NOT_HELD): 3,
        ("open", NOT_HELD): 10,
    }
}
"""Whose conference fell away, and whose is still to come, are together who had none."""


def test_who_had_no_conference_does_not_tell_how_many_fell_away() -> None:
    funnel, parts = protect(Asked(FELL_AWAY, BOTH, LOT))
    values = possible_values((funnel, parts), FELL_AWAY)
    assert funnel.cells["E1"]["fell_away"] is None
    assert values is not None
    assert len(values["E1", "fell_away"]) > THRESHOLD


def test_by_no_lot_is_one_left_to_see_of_two_who_had_no_conference() -> None:
    """Whose conference fell away, and who is still open, add up to whom none was held of."""
    ways: set[tuple[bool, bool]] = set()
    for number, fell_away, still_open in product(range(12), range(1, 6), (1, 6, 10, 20)):
        ours = {**FELL_AWAY["E1"], ("fell_away", NOT_HELD): fell_away, OPEN: still_open}
        for counts in ({"E1": ours}, {"E1": ours, "E2": FELL_AWAY["E1"]}):
            funnel, parts = protect(Asked(counts, BOTH, f"lot {number}"))
            assert funnel.cells["E1"]["fell_away"] is None
            seen = (funnel.cells["E1"]["open"], parts.cells["E1"][NOT_HELD])
            assert None in seen
            ways.add((seen[0] is None, seen[1] is None))
    assert ways == {(True, True), (True, False), (False, True)}


def test_the_attack_finds_what_two_tables_protected_each_alone_give_away() -> None:
    """Hidden beside the child's no, which is the smallest in its own table."""
    funnel, parts = protect(Asked(FELL_AWAY, BOTH, LOT))
    cells = {"declined_by_child": None, "fell_away": None, "taken_up": 20, "open": 10}
    careless = replace(funnel, cells={"E1": {**funnel.cells["E1"], **cells}})
    counts = {"neither": 7, NOT_HELD: 13, "attended_with_advocate": 20}
    whole = replace(parts, cells={"E1": {**parts.cells["E1"], **counts}})
    values = possible_values((careless, whole), FELL_AWAY)
    assert values is not None
    assert values["E1", "fell_away"] == {3}


def test_only_the_first_table_has_the_sums_of_its_columns() -> None:
    counts = {"E1": FELL_AWAY["E1"], "E2": FELL_AWAY["E1"]}
    funnel, parts = protect(Asked(counts, BOTH, LOT))
    assert (funnel.rows, parts.rows) == (("E1", "E2", TOTAL), ("E1", "E2"))


# --- the attack -------------------------------------------------------------------------------

COUNT = st.integers(1, 12)
WORTH_TRYING = 6_000


@st.composite
def truths(draw: st.DrawFn) -> Counts:
    """Draw one authority with some pairs of classes, or two or three with fewer."""
    sizes = draw(st.sampled_from([[3], [4], [2, 2], [3, 2], [2, 2, 2]]))
    pairs = st.sampled_from(PAIRS)
    return {
        f"E{number}": draw(st.dictionaries(pairs, COUNT, min_size=size, max_size=size))
        for number, size in enumerate(sizes)
    }


def possible_values(tables: Tables, truth: Counts) -> dict[Key, set[int]] | None:
    """Fill in the pairs in every way near the truth that respects all that is shown.

    The attacker knows which classes go together, that nought would have been shown, and the sums.
    What is found near the truth is possible indeed; None where there are too many ways to try.
    """
    seen = seen_in(tables)
    names = sorted(truth)
    lines = [list(_lines(seen, name, truth[name])) for name in names]
    if prod(len(each) for each in lines) > WORTH_TRYING:
        return None
    values: dict[Key, set[int]] = {key: set() for key in seen}
    for filled in product(*lines):
        cells = counted(dict(zip(names, filled, strict=True)), tables)
        if all(_fits(seen, key, cells.get(key, 0)) for key in seen):
            for key in seen:
                values[key].add(cells.get(key, 0))
    return values


def seen_in(tables: Tables) -> Shown:
    return {
        (name, column): count
        for table in tables
        for name, line in table.cells.items()
        for column, count in line.items()
    }


def counted(truth: Counts, tables: Tables) -> dict[Key, int]:
    """Count every figure that could be shown of these children."""
    together = {*tables[0].rolled_up}
    cells: dict[Key, int] = {}
    for name, pairs in truth.items():
        rows = {OTHERS if name in together else name, TOTAL}
        for (outcome, way), count in pairs.items():
            for key in product(rows, (outcome, way, TOTAL)):
                cells[key] = cells.get(key, 0) + count
    return cells


def _lines(seen: Shown, name: str, pairs: Mapping[Pair, int]) -> Iterator[dict[Pair, int]]:
    near = [range(max(0, n - THRESHOLD - 1), n + THRESHOLD + 2) for n in pairs.values()]
    for filled in product(*near):
        line = dict(zip(pairs, filled, strict=True))
        sums: dict[str, int] = {TOTAL: sum(filled)}
        for (outcome, way), count in line.items():
            sums[outcome] = sums.get(outcome, 0) + count
            sums[way] = sums.get(way, 0) + count
        if all(_fits(seen, (name, c), n) for c, n in sums.items() if (name, c) in seen):
            yield line


def _fits(seen: Shown, key: Key, count: int) -> bool:
    return count > 0 if seen[key] is None else count == seen[key]


@settings(max_examples=60, deadline=None)
@given(truths())
@example(FELL_AWAY)
@example({"E0": {("taken_up", "neither"): 1, ("open", NOT_HELD): 20}})
@example(
    {
        "E0": {("taken_up", "attended_with_advocate"): 9, ("fell_away", NOT_HELD): 1},
        "E1": {("taken_up", "attended_with_advocate"): 1, ("fell_away", NOT_HELD): 9},
    }
)
def test_no_count_can_be_worked_out_and_no_small_one_nearly(truth: Counts) -> None:
    tables = protect(Asked(truth, BOTH, LOT))
    real = counted(truth, tables)
    seen = seen_in(tables)
    assert all(count in {None, real.get(key, 0)} for key, count in seen.items())
    values = possible_values(tables, truth)
    for key, count in seen.items():
        small = 0 < real.get(key, 0) <= THRESHOLD
        assert count is None or not small
        if count is None and values is not None:
            assert len(values[key]) > 1
            assert not small or max(values[key]) > THRESHOLD
            assert not small or max(values[key]) - min(values[key]) >= THRESHOLD


@given(truths())
def test_the_same_tables_are_always_protected_the_same_way(truth: Counts) -> None:
    backwards = {
        name: dict(sorted(truth[name].items(), reverse=True))
        for name in sorted(truth, reverse=True)
    }
    assert protect(Asked(truth, BOTH, LOT)) == protect(Asked(backwards, BOTH, LOT))


def test_a_table_of_all_authorities_is_protected() -> None:
    truth = {
        f"E{n:03d}": {pair: (n * 7 + m * 5) % 19 for m, pair in enumerate(PAIRS) if (n + m) % 3}
        for n in range(153)
    }
    funnel, parts = protect(Asked(truth, BOTH, LOT))
    assert (funnel.withheld, parts.withheld) == (None, None)
    real = counted(truth, (funnel, parts))
    seen = seen_in((funnel, parts))
    assert not any(0 < (count or 0) <= THRESHOLD for count in seen.values())
    assert {key for key, count in seen.items() if count is None} != {key for key in seen if real}
