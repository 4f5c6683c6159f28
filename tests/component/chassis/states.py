"""What the chassis' tests say on the bus, and how they look at what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.chassis.sql import Sql
from tests.component.chassis.toy import THING
from tests.harness import START, World

CHILD = UUID("c4110000-0000-4000-8000-000000000001")
MEETING = UUID("3ee70000-0000-4000-8000-000000000001")


def conference(**changes: Any) -> dict[str, Any]:
    """A conference three days ahead."""
    state = {
        "conference_ref": "c0f00000-0000-4000-8000-000000000001",
        "child_ref": CHILD,
        "meeting_ref": MEETING,
        "version": 1,
        "authority": "E09000020",
        "kind": "initial",
        "status": "scheduled",
        "starts_at": START + timedelta(days=3),
        "format": "in-person",
        "age_years": 9,
        "unborn": False,
        "language": "en",
        "needs": (),
        "disabilities": (),
        "looked_after": "no",
        "in_custody": "no",
        "out_of_area": "no",
    }
    return {**state, **changes}


def child(**changes: Any) -> dict[str, Any]:
    """A child."""
    state = {
        "child_ref": CHILD,
        "version": 1,
        "authority": "E09000020",
        "unborn": False,
        "language": "en",
        "needs": (),
        "disabilities": (),
        "looked_after": "no",
        "in_custody": "no",
        "out_of_area": "no",
        "contact_stopped": False,
    }
    return {**state, **changes}


def thing(world: World) -> Any:
    """What the toy keeps of that conference."""
    return world.desk("scheduling").read(
        lambda work: work.find(THING, "c0f00000-0000-4000-8000-000000000001")
    )


def rows(world: World, statement: str) -> list[tuple[Any, ...]]:
    """What a SELECT on the toy's database finds."""
    return world.desk("scheduling").read(lambda work: Sql(work._connection).rows(statement))
