"""What a commissioner sees: no case, no small number, and nothing that ticks."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.chassis.work import Work
from services.contracts.codes import ConferenceStatus, VisitKind
from services.reporting.domain.suppression import TOTAL
from services.reporting.handlers.commissioner import CommissionerBoard, commissioner_board
from services.reporting.settings import Reporting
from tests.component.reporting.families import KENSINGTON, Family
from tests.harness import World

Ask = Callable[..., Any]


def refer(world: World, count: int, first: int = 1, **about: Any) -> list[Family]:
    families = [Family(world, number, **about) for number in range(first, first + count)]
    for family in families:
        family.conference()
        family.offer()
    return families


def next_month(world: World) -> None:
    """Go on to the first of the next month."""
    month = (world.now.replace(day=1) + timedelta(days=31)).replace(day=1, hour=9)
    world.advance(month)


def referred(found: CommissionerBoard) -> int | None:
    return found.funnel.cells.get(KENSINGTON, {TOTAL: 0})[TOTAL]


def test_what_comes_in_this_month_is_seen_the_next(world: World, ask: Ask) -> None:
    refer(world, 8)
    today: CommissionerBoard = ask(commissioner_board)
    assert (referred(today), today.as_of) == (0, date(2026, 10, 31))
    next_month(world)
    found: CommissionerBoard = ask(commissioner_board)
    assert (referred(found), found.as_of) == (8, date(2026, 11, 30))


def test_nothing_moves_while_the_month_goes_on(world: World, ask: Ask) -> None:
    families = refer(world, 12)
    next_month(world)
    before = ask(commissioner_board)
    for family in families[:6]:
        family.visited(VisitKind.BEFORE)
    world.advance(world.now + timedelta(days=20))
    assert ask(commissioner_board) == before
    next_month(world)
    after: CommissionerBoard = ask(commissioner_board)
    assert after.funnel.cells[KENSINGTON]["taken_up"] == 6


def test_what_one_child_answered_is_not_seen_by_comparing_two_months(
    world: World, ask: Ask
) -> None:
    families = refer(world, 20)
    for family in families[:7]:
        family.declined()
    next_month(world)
    before: CommissionerBoard = ask(commissioner_board)
    families[7].declined()
    next_month(world)
    after: CommissionerBoard = ask(commissioner_board)
    assert before.funnel.cells[KENSINGTON]["declined_by_child"] == 7
    assert after.funnel.cells[KENSINGTON]["declined_by_child"] in {7, None}
    assert after.funnel.cells[KENSINGTON]["open"] in {13, None}


def test_a_small_number_is_hidden_with_others(world: World, ask: Ask) -> None:
    families = refer(world, 40)
    for family in families[:20]:
        family.visited(VisitKind.BEFORE)
    for family in families[20:23]:
        family.declined()
    next_month(world)
    found: CommissionerBoard = ask(commissioner_board)
    shown = {column: found.funnel.cells[KENSINGTON][column] for column in found.funnel.columns}
    assert shown["declined_by_child"] is None
    assert {shown["open"], shown["taken_up"]} in ({17, None}, {20, None})
    assert (shown["unmet"], shown[TOTAL]) == (0, 40)


def test_one_lot_decides_for_all_months_and_is_told_to_nobody(world: World, ask: Ask) -> None:
    families = refer(world, 20)
    for family in families[:3]:
        family.declined()
    next_month(world)
    before: CommissionerBoard = ask(commissioner_board)
    assert ask(commissioner_board) == before
    # What comes in later is of this month: what is shown is kept as it was seen before.
    families[3].declined()
    assert ask(commissioner_board) == before
    next_month(world)
    families[4].declined()
    (lot,) = {lot for (lot,) in ask(lots)}
    assert lot not in world.client.get("/v1/board/commissioner").text


def lots(work: Work[Reporting]) -> list[tuple[Any, ...]]:
    return work.sql.rows("SELECT lot FROM releases")


def test_both_tables_are_of_the_same_children_so_that_none_is_found_by_comparing(
    world: World, ask: Ask
) -> None:
    families = refer(world, 40)
    for family in families[:20]:
        family.visited(VisitKind.BEFORE)
    for family in families[20:37]:
        family.declined()
    for family in families[37:]:
        family.conference(
            "cancelled", status=ConferenceStatus.CANCELLED, cancelled_because="not-needed"
        )
    world.advance(datetime(2026, 12, 12, 9, tzinfo=UTC))
    for family in families[:37]:
        family.held()
    for family in families[:20]:
        family.took_part(advocate_present=True)
    next_month(world)
    found: CommissionerBoard = ask(commissioner_board)
    funnel, parts = found.funnel.cells, found.participation.cells
    assert funnel[KENSINGTON]["fell_away"] is None
    assert parts[KENSINGTON]["not_held"] is None
    assert funnel[KENSINGTON][TOTAL] == parts[KENSINGTON][TOTAL] == 40
    assert None in {parts[KENSINGTON]["represented_by_advocate"], parts[KENSINGTON]["not_recorded"]}


def test_who_stands_alone_in_one_table_stands_alone_in_the_other(world: World, ask: Ask) -> None:
    refer(world, 30)
    # In one of the tables alone would all of these have had the same.
    for family in refer(world, 8, first=100, authority="E08000039"):
        family.declined()
    refer(world, 9, first=200, authority="E08000019")
    next_month(world)
    found: CommissionerBoard = ask(commissioner_board)
    assert "E08000039" in found.funnel.rolled_up
    assert found.funnel.rolled_up == found.participation.rolled_up
    assert found.funnel.rows == (*found.participation.rows, TOTAL)


def test_no_view_of_it_holds_a_case(world: World) -> None:
    families = refer(world, 8)
    next_month(world)
    said = world.client.get("/v1/board/commissioner").text
    assert not any(str(family.conference_ref) in said for family in families)
    assert not any(str(family.child_ref) in said for family in families)
    assert "E09000020" in said


def test_the_year_turns_in_april_and_last_year_can_still_be_seen(world: World, ask: Ask) -> None:
    refer(world, 8)
    world.advance(datetime(2027, 4, 2, 9, tzinfo=UTC))
    refer(world, 7, first=100)
    next_month(world)
    now: CommissionerBoard = ask(commissioner_board)
    before: CommissionerBoard = ask(commissioner_board, "2026-27")
    assert (now.year, referred(now)) == ("2027-28", 7)
    assert (before.year, referred(before)) == ("2026-27", 8)
    assert ask(commissioner_board, "2019-20") is None


def test_authorities_with_few_children_are_shown_together(world: World, ask: Ask) -> None:
    refer(world, 10)
    refer(world, 2, first=100, authority="E08000039")
    refer(world, 7, first=200, authority="E08000019")
    next_month(world)
    found: CommissionerBoard = ask(commissioner_board)
    with_two = [name for name in found.funnel.rolled_up if name != "E08000039"]
    assert with_two in (["E08000019"], [KENSINGTON])
    assert found.funnel.cells["other-authorities"][TOTAL] in {2 + 7, 2 + 10}
