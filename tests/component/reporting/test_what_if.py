"""What today's rules would have done about children nobody told under the rules of 2011."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.contracts.codes import Role
from services.reporting.handlers.what_if import WhatIf, what_today_would_have_done
from tests.component.reporting.families import Family
from tests.harness import World

Ask = Callable[..., Any]
THEN = datetime(2011, 9, 13, 9, 30, tzinfo=UTC)


def test_each_untold_child_would_have_been_met_before_the_conference(tmp_path: Path) -> None:
    world = World(tmp_path, services=("reporting",), now=THEN)
    untold, told = Family(world, 1), Family(world, 2)
    for family in (untold, told):
        family.conference(starts_at=datetime(2011, 10, 4, 13, 0, tzinfo=UTC))
        family.offer(policy="rbkc-2011@2011-09-13", mode="opt-in", permission="wanted")
    told.explained()
    for family in (untold, told):
        family.held()
    found: tuple[WhatIf, ...] = world.desk("reporting").read(what_today_would_have_done)
    assert [each.conference_ref for each in found] == [untold.conference_ref]
    today = found[0].today
    assert found[0].policy_of_the_day == "rbkc-2011@2011-09-13"
    assert today.policy == "rbkc@2013-01-01"
    assert today.asked is Role.SOCIAL_WORKER
    assert today.tell_by == datetime(2011, 9, 15, 16, 0, tzinfo=UTC)
    assert today.provider_meets_before_conference
