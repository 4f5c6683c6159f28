"""The team's board: what is happening today, what is late, and that it renews itself."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.contracts.codes import AllocationStatus, OfferStatus, VisitKind, VisitStatus
from services.reporting.api.routes import boards
from services.reporting.domain.lateness import Late
from services.reporting.handlers.board import Board, board
from tests.component.reporting.families import STARTS_AT, Family
from tests.harness import World

Ask = Callable[..., Any]


def late(found: Board) -> dict[str, int]:
    return {kind.value: count for kind, count in found.late_counts.items() if count}


def tiles(world: World) -> list[tuple[str, str]]:
    shown = world.client.get("/board/now").text
    return re.findall(r'__number">(\d+)<.*?__label">([^<]+)<', shown, re.DOTALL)


def test_an_empty_board_is_empty(ask: Ask) -> None:
    found: Board = ask(board)
    assert (found.late, found.today.conferences, found.funnel.referred) == ((), (), 0)
    assert late(found) == {}


def test_what_is_late_is_counted_and_listed_with_its_reasons(world: World, ask: Ask) -> None:
    family = Family(world)
    family.conference()
    family.offer()
    family.offer("overdue", overdue=True)
    family.offer("escalated", rung=1, rung_role="conference-chair")
    found: Board = ask(board)
    assert late(found) == {"escalated": 1, "telling-overdue": 1}
    assert [(case.conference_ref, case.late, case.rung) for case in found.late] == [
        (family.conference_ref, (Late.ESCALATED, Late.TELLING_OVERDUE), 1)
    ]


def test_the_beginning_of_the_conference_is_itself_a_reason(world: World, ask: Ask) -> None:
    family = Family(world)
    family.conference()
    family.offer()
    assert late(ask(board)) == {}
    world.advance(STARTS_AT + timedelta(minutes=1))
    found: Board = ask(board)
    assert late(found) == {"not-told-before-conference": 1}
    assert [case.late for case in found.late] == [(Late.NOT_TOLD_BEFORE_CONFERENCE,)]
    assert ("1", "children not told in time") in tiles(world)


def test_an_unmet_child_and_a_late_visit_are_late(world: World, ask: Ask) -> None:
    unmet, visited = Family(world, 1), Family(world, 2)
    for family in (unmet, visited):
        family.conference()
        family.offer()
        family.explained()
    unmet.allocated("unmet", status=AllocationStatus.UNMET, unmet_because="nobody-with-room")
    visited.allocated()
    visited.visit(VisitKind.BEFORE, "overdue", overdue=True)
    assert late(ask(board)) == {"unmet": 1, "visit-overdue": 1}
    assert len(ask(board).late) == 2


def test_a_list_that_is_cut_says_of_how_many_and_holds_only_what_is_late(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.reporting.handlers.board.LISTED", 2)
    for number in range(1, 6):
        family = Family(world, number, starts_at=STARTS_AT + timedelta(days=number))
        family.conference()
        family.offer(overdue=number > 2)
    found = world.client.get("/v1/board").json()
    assert (found["late_cases"], [case["late"] for case in found["late"]]) == (
        3,
        [["telling-overdue"]] * 2,
    )
    assert "2 of 3 are listed" in world.client.get("/board/now").text


def test_a_list_that_is_whole_says_nothing_of_its_length(world: World) -> None:
    family = Family(world)
    family.conference()
    family.offer(overdue=True)
    assert "are listed" not in world.client.get("/board/now").text


def test_the_counts_are_those_of_the_cases(world: World, ask: Ask) -> None:
    for number in range(1, 6):
        family = Family(world, number)
        family.conference()
        family.offer(overdue=number % 2 == 0)
        family.visit(VisitKind.BEFORE, "overdue", overdue=True)
    found: Board = ask(board)
    listed = {kind: sum(kind in case.late for case in found.late) for kind in Late}
    assert found.late_counts == listed


def test_the_board_of_one_authority_shows_no_other(world: World, ask: Ask) -> None:
    mine, theirs = Family(world, 1), Family(world, 2, authority="E08000039")
    for family in (mine, theirs):
        family.conference()
        family.offer(overdue=True)
    found: Board = ask(board, "E08000039")
    assert [case.conference_ref for case in found.late] == [theirs.conference_ref]
    assert (found.funnel.referred, ask(board).funnel.referred) == (1, 2)


def test_today_shows_the_conferences_visits_and_offers_of_the_day(world: World, ask: Ask) -> None:
    family = Family(world, starts_at=world.now + timedelta(hours=5))
    family.conference()
    family.offer()
    family.visit(
        VisitKind.BEFORE, "agreed", status=VisitStatus.AGREED, at=world.now + timedelta(hours=2)
    )
    Family(world, 2).conference()
    today = ask(board).today
    assert [(each.conference_ref, each.untold) for each in today.conferences] == [
        (family.conference_ref, True)
    ]
    assert [each.conference_ref for each in today.visits] == [family.conference_ref]
    assert today.offers_made == 1
    world.advance(world.now + timedelta(days=1))
    assert ask(board).today.conferences == ask(board).today.visits == ()


def test_a_day_begins_in_london_and_not_at_greenwich(world: World, ask: Ask) -> None:
    world.advance(datetime(2027, 6, 30, 22, 30, tzinfo=UTC))
    Family(world, starts_at=datetime(2027, 6, 30, 23, 30, tzinfo=UTC)).conference()
    assert ask(board).today.conferences == ()
    world.advance(datetime(2027, 6, 30, 23, 5, tzinfo=UTC))
    assert len(ask(board).today.conferences) == 1


def test_a_listener_gets_the_board_at_once_and_again_after_each_event(world: World) -> None:
    async def listen() -> list[Board]:
        stream = boards(world.desk("reporting"), None)
        heard = [await anext(stream)]
        family.offer()
        heard.append(await asyncio.wait_for(anext(stream), 20))
        await stream.aclose()
        return heard

    family = Family(world)
    family.conference()
    before, after = asyncio.run(listen())
    assert (before.funnel.referred, after.funnel.referred) == (0, 1)
    assert after.how_far > before.how_far


def test_a_listener_hears_when_time_alone_makes_something_late(world: World) -> None:
    async def listen() -> list[Board]:
        stream = boards(world.desk("reporting"), None)
        heard = [await anext(stream)]
        world.clock.move(STARTS_AT + timedelta(minutes=1))
        heard.append(await asyncio.wait_for(anext(stream), 20))
        await stream.aclose()
        return heard

    family = Family(world)
    family.conference()
    family.offer()
    assert [len(each.late) for each in asyncio.run(listen())] == [0, 1]


def test_the_tile_of_the_untold_is_the_figure_of_the_funnel(world: World, ask: Ask) -> None:
    for number, status in ((1, OfferStatus.STANDING), (2, OfferStatus.LAPSED)):
        family = Family(world, number)
        family.conference()
        family.offer()
        family.held()
        if status is OfferStatus.LAPSED:
            family.offer("lapsed", status=status, lapsed_because="held-never-told")
    world.advance(STARTS_AT + timedelta(days=1))
    found: Board = ask(board)
    assert found.funnel.not_known_if_told == 2
    assert found.late_counts[Late.NOT_TOLD_BEFORE_CONFERENCE] == len(found.late) == 1
    assert ("2", "not known if told, conferences held in 2026-27") in tiles(world)
