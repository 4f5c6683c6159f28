"""What a stranger can work out who kept every release: tried by solving for the difference."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import TypeAlias

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.reporting.domain.release import NOT_HELD, YearFigures, first_of_month, released
from services.reporting.domain.suppression import OTHERS, THRESHOLD, TOTAL, Counts, Pair
from tests.unit.reporting.test_suppression import LOT, PAIRS, seen_in

JUNE, JULY, AUGUST = date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31)

Told: TypeAlias = tuple[int, str, Pair]
"""How many were of a pair, in an authority, in a release: what the attacker solves for."""

Equation: TypeAlias = dict[Told, Fraction]

NO: Pair = ("declined_by_child", "neither")
OPEN: Pair = ("open", NOT_HELD)
TAKEN_UP: Pair = ("taken_up", "attended_with_advocate")
UNMET: Pair = ("unmet", "neither")


def one(**pairs: int) -> Counts:
    named = {"no": NO, "still_open": OPEN, "taken_up": TAKEN_UP, "unmet": UNMET}
    return {"E1": {named[name]: count for name, count in pairs.items()}}


def releases(*truths: Counts) -> list[YearFigures]:
    """Release one truth after the other, as of the end of each month."""
    out: list[YearFigures] = []
    for as_of, truth in zip((JUNE, JULY, AUGUST), truths, strict=False):
        out.append(released(2026, as_of, truth, out, LOT))
    return out


def test_what_moved_by_one_child_is_hidden() -> None:
    before, after = releases(
        one(taken_up=20, no=7, still_open=13), one(taken_up=20, no=8, still_open=12)
    )
    assert (before.count(("E1", "declined_by_child")), before.count(("E1", "open"))) == (7, 13)
    assert (after.count(("E1", "declined_by_child")), after.count(("E1", "open"))) == (None, None)
    assert after.count(("E1", TOTAL)) == 40


def test_what_moved_by_more_than_five_is_shown() -> None:
    _, after = releases(
        one(taken_up=20, no=7, still_open=30), one(taken_up=28, no=13, still_open=16)
    )
    assert (after.count(("E1", "taken_up")), after.count(("E1", "open"))) == (28, 16)
    assert after.as_of == JULY


def test_what_did_not_move_is_shown_as_before() -> None:
    before, after = releases(one(taken_up=20, no=7), one(taken_up=20, no=7))
    assert before.tables == after.tables


def test_what_was_hidden_for_a_month_is_compared_with_when_it_was_last_shown() -> None:
    *_, last = releases(
        one(taken_up=20, no=7, still_open=13),
        one(taken_up=20, no=8, still_open=12),
        one(taken_up=20, no=9, still_open=11),
    )
    assert last.count(("E1", "declined_by_child")) is None


def test_a_total_that_moved_by_one_child_is_hidden() -> None:
    _, after = releases(one(taken_up=20, no=9), one(taken_up=21, no=9))
    assert (after.count(("E1", TOTAL)), after.count(("E1", "taken_up"))) == (None, None)


def test_what_is_left_of_a_line_tells_of_no_single_child() -> None:
    """Nine came, eight of them were helped: one of the two that are hidden."""
    _, after = releases(one(taken_up=20, no=3, unmet=9), one(taken_up=28, no=4, unmet=9))
    assert after.count(("E1", TOTAL)) is None or after.count(("E1", "taken_up")) is None


def test_children_who_came_and_all_had_the_same_are_not_told_of() -> None:
    _, after = releases(one(taken_up=20, no=9), one(taken_up=20, no=16))
    assert after.count(("E1", "declined_by_child")) is None


def test_where_nothing_would_be_left_to_see_the_former_release_stays() -> None:
    before, after = releases(one(taken_up=6, no=7), one(taken_up=7, no=8))
    assert after == before
    assert after.as_of == JUNE


def test_who_was_added_to_the_others_is_not_seen_when_growing_up() -> None:
    small = {"E2": {TAKEN_UP: 2, NO: 2}, "E3": {TAKEN_UP: 3, NO: 1}}
    grown = {"E2": {TAKEN_UP: 12, NO: 9}, "E3": {TAKEN_UP: 3, NO: 1}}
    large = {"E1": {TAKEN_UP: 40, NO: 20}}
    _, after = releases({**large, **small}, {**large, **grown})
    assert after.rolled_up == ("E2", "E3")


def test_figures_are_looked_at_on_the_first_of_each_month() -> None:
    assert first_of_month(date(2026, 11, 23)) == date(2026, 11, 1)


# --- the attack -------------------------------------------------------------------------------


@st.composite
def years(draw: st.DrawFn) -> list[Counts]:
    """Draw one to three authorities, and how their children's counts go on for three months."""
    names = draw(st.sampled_from([["E1"], ["E1", "E2"], ["E1", "E2", "E3"]]))
    pairs = {n: draw(st.lists(st.sampled_from(PAIRS), min_size=2, max_size=4)) for n in names}
    months: list[Counts] = []
    counts = {n: dict.fromkeys(pairs[n], 0) for n in names}
    for _ in range(3):
        counts = {n: {p: _moved(draw, counts[n][p]) for p in pairs[n]} for n in names}
        months.append(counts)
    return months


def _moved(draw: st.DrawFn, count: int) -> int:
    by = draw(st.sampled_from([-7, -1, 0, 0, 1, 2, 6, 8, 13]))
    return max(0, count + by)


@settings(max_examples=150, deadline=None)
@given(years())
@example([one(taken_up=20, no=7, still_open=13), one(taken_up=20, no=8, still_open=12)])
@example([one(taken_up=20, no=3, unmet=9), one(taken_up=28, no=4, unmet=9)])
def test_no_movement_of_a_few_children_can_be_worked_out(truths: Sequence[Counts]) -> None:
    out = releases(*truths)
    # Where a former release stayed, its own truth is what was said of that month.
    as_of = [figures.as_of for figures in out]
    said = [truths[as_of.index(day)] for day in as_of]
    known = reduced(equations(out, said))
    for earlier, later in combinations(range(len(out)), 2):
        for names, column in figures_of(out[later], said[later]):
            now = _sum_of(later, said[later], names, column)
            before = _sum_of(earlier, said[earlier], names, column)
            moved = _count(said[later], now) - _count(said[earlier], before)
            if 0 < abs(moved) <= THRESHOLD:
                assert not follows({**now, **{one: -by for one, by in before.items()}}, known)


def _count(truth: Counts, summed: Equation) -> int:
    return sum(truth[name][pair] for _, name, pair in summed)


def test_the_attack_finds_a_release_that_took_no_care() -> None:
    truths = one(taken_up=20, no=7, still_open=13), one(taken_up=20, no=8, still_open=12)
    careless = [released(2026, JUNE, truth, [], LOT) for truth in truths]
    known = reduced(equations(careless, truths))
    change: Equation = {(1, "E1", NO): Fraction(1), (0, "E1", NO): Fraction(-1)}
    assert follows(change, known)


def figures_of(figures: YearFigures, truth: Counts) -> Iterator[tuple[Collection[str], str]]:
    """Yield every figure that a release is about, shown or not: of which authorities, and what."""
    groups = [{name} for name in truth if name not in figures.rolled_up]
    outcomes = {TOTAL, *(outcome for pairs in truth.values() for outcome, _ in pairs)}
    ways = {way for pairs in truth.values() for _, way in pairs}
    for names in (*groups, figures.rolled_up):
        yield from ((names, column) for column in outcomes | ways)
    yield from ((set(truth), column) for column in outcomes)


def equations(out: Sequence[YearFigures], truths: Sequence[Counts]) -> Iterator[Equation]:
    """Yield every sum that was ever shown."""
    for month, (figures, truth) in enumerate(zip(out, truths, strict=True)):
        for (name, column), count in seen_in(figures.tables).items():
            if count is not None:
                names = {OTHERS: figures.rolled_up, TOTAL: tuple(truth)}.get(name, (name,))
                yield _sum_of(month, truth, names, column)


def _sum_of(month: int, truth: Counts, names: Collection[str], column: str) -> Equation:
    return {
        (month, name, pair): Fraction(1)
        for name in names
        for pair in truth.get(name, {})
        if column == TOTAL or column in pair
    }


def reduced(rows: Iterator[Equation]) -> dict[Told, Equation]:
    """Bring equations to echelon form: one for each unknown it begins with."""
    known: dict[Told, Equation] = {}
    for row in rows:
        left = _less(row, known)
        if left:
            known[min(left)] = left
    return known


def follows(wanted: Mapping[Told, Fraction], known: Mapping[Told, Equation]) -> bool:
    """Whether a sum can be worked out from the equations."""
    return not _less(wanted, known)


def _less(row: Mapping[Told, Fraction], known: Mapping[Told, Equation]) -> Equation:
    left = {unknown: factor for unknown, factor in row.items() if factor}
    while todo := set(left) & set(known):
        first = min(todo)
        factor = left[first] / known[first][first]
        for unknown, by in known[first].items():
            left[unknown] = left.get(unknown, Fraction(0)) - factor * by
        left = {unknown: value for unknown, value in left.items() if value}
    return left
