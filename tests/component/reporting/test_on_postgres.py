"""The same questions give the same answers on PostgreSQL."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.contracts.codes import AllocationStatus, VisitKind
from services.reporting.handlers.board import board
from services.reporting.handlers.commissioner import commissioner_board
from services.reporting.handlers.figures import figures, funnel_report
from services.reporting.handlers.reconciling import event_ids, reconcile
from services.reporting.handlers.stories import story_of
from services.reporting.handlers.what_if import what_today_would_have_done
from services.reporting.metrics import collect
from tests.component.reporting.families import KENSINGTON, Family
from tests.harness import World

pytestmark = pytest.mark.postgres


def lived(world: World) -> World:
    for number in range(1, 9):
        family = Family(world, number)
        family.conference()
        family.offer(overdue=number % 2 == 0)
        if number % 3 == 0:
            family.explained()
            family.visited(VisitKind.BEFORE)
    world.advance(world.now + timedelta(days=15))
    unmet = Family(world, 20, authority="E08000039")
    unmet.conference()
    unmet.offer()
    unmet.allocated("unmet", status=AllocationStatus.UNMET, unmet_because="nobody-with-room")
    silent = Family(world, 21)
    silent.held()
    silent.offer()
    return world


def answers(world: World) -> dict[str, Any]:
    desk = world.desk("reporting")
    silent = Family(world, 21).conference_ref
    return {
        "board": replace(desk.read(board), how_far=0),
        "one board": replace(desk.read(lambda work: board(work, KENSINGTON)), how_far=0),
        "commissioner": desk.read(commissioner_board),
        "figures": desk.read(figures),
        "report": desk.read(lambda work: funnel_report(work, KENSINGTON)),
        "story": desk.read(lambda work: story_of(work, silent)),
        "what if": desk.read(what_today_would_have_done),
        "reconciled": desk.read(reconcile),
        "ids": desk.read(lambda work: list(event_ids(work))),
        "metrics": [metric.samples for metric in collect(desk)],
    }


def test_every_question_is_answered_alike(tmp_path: Path, empty_postgres_url: str) -> None:
    on_files = World(tmp_path / "sqlite", services=("reporting",))
    on_postgres = World(
        tmp_path / "postgres", services=("reporting",), database_url=empty_postgres_url
    )
    expected, found = answers(lived(on_files)), answers(lived(on_postgres))
    for question, answer in expected.items():
        assert found[question] == answer, question
    assert found["reconciled"].differences == ()
    assert found["figures"].funnel.referred == 10
