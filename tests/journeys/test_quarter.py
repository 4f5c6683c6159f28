"""The first real quarter, played through the API on all services, gives its printed figures."""

from dataclasses import asdict
from pathlib import Path

import pytest

from services.launcher.quarter.player import Player
from services.launcher.quarter.report import lines, siblings
from services.launcher.quarter.reproduced import Reproduced, reproduced
from services.launcher.quarter.script import quarter
from services.reporting.handlers.reconciling import reconcile
from tests.harness import World
from tests.journeys.playing import (
    ForgetfulApi,
    ShakyStage,
    WorldApi,
    WorldStage,
    effects_in,
    world_in_2011,
)
from tests.journeys.printed import FUNNEL, PARTICIPATION

pytestmark = pytest.mark.timeout(300)  # on an idle machine each takes a quarter of a minute


def test_the_quarter_gives_the_printed_figures(tmp_path: Path) -> None:
    world = world_in_2011(tmp_path)
    Player(WorldApi(world), WorldStage(world)).play(quarter())
    found = _expect_printed_figures(world)
    assert [line for line in lines(found) if not line.agrees] == []
    assert sum(group.children for group in siblings(found.untold)) == 14
    assert all(one.today.provider_meets_before_conference for one in found.untold)


def test_crashes_and_lost_answers_change_no_figure(tmp_path: Path) -> None:
    world = world_in_2011(tmp_path)
    api, stage = ForgetfulApi(world), ShakyStage(world)
    Player(api, stage).play(quarter())
    assert stage.deaths > 100
    assert api.commands > sum(len(day.acts) for day in quarter())
    _expect_printed_figures(world)


def _expect_printed_figures(world: World) -> Reproduced:
    found = world.desk("reporting").read(reproduced)
    assert asdict(found.funnel) == FUNNEL
    assert asdict(found.participation) == PARTICIPATION
    effects = effects_in(world)
    assert (effects.lost, effects.duplicated) == ((), ())
    assert effects.said == sum(found.events.values())
    assert world.desk("reporting").read(reconcile).differences == ()
    standings = {name: runner.standing for name, runner in world.runners.items()}
    assert {name: one.dead_letters for name, one in standings.items() if one.dead_letters} == {}
    return found
