"""Every figure counted again from the log; and that a wrong table is found out."""

from collections.abc import Callable
from typing import Any

import pytest

from services.chassis.database import writing
from services.chassis.sql import Sql
from services.contracts.codes import AllocationStatus, VisitKind
from services.reporting.handlers.reconciling import Reconciled, reconcile
from services.reporting.storage import repositories
from tests.component.reporting.families import Family
from tests.harness import World

Ask = Callable[..., Any]


def some_journeys(world: World, count: int = 6) -> list[Family]:
    """Let each family live a part of a life, each in another order."""
    families = [Family(world, number) for number in range(1, count + 1)]
    acts: list[Callable[[Family], object]] = [
        Family.conference,
        Family.offer,
        Family.explained,
        Family.declined,
        Family.held,
        Family.took_part,
        lambda family: family.visited(VisitKind.BEFORE),
        lambda family: family.allocated(
            "unmet", status=AllocationStatus.UNMET, unmet_because="nobody-with-room"
        ),
    ]
    for number, family in enumerate(families):
        for act in [*acts[number:], *acts[:number]][:-1]:
            act(family)
    return families


def spoil(world: World, statement: str, *values: Any) -> None:
    with writing(world.desk("reporting").engine) as connection:
        assert Sql(connection).run(statement, values) > 0


def test_the_tables_agree_with_the_log(world: World, ask: Ask) -> None:
    some_journeys(world)
    found: Reconciled = ask(reconcile)
    assert found.differences == ()
    assert found.checked > len(world.events())


def test_an_empty_log_agrees_with_empty_tables(ask: Ask) -> None:
    assert ask(reconcile) == Reconciled(0, ())


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE journeys SET outcome = 'objected' WHERE conference_ref = ?", "outcome"),
        ("UPDATE journeys SET told_on = '2020-01-01' WHERE conference_ref = ?", "told_on"),
        ("DELETE FROM journeys WHERE conference_ref = ?", "the table does not"),
        ("DELETE FROM event_log WHERE conference_ref = ?", "the log does not"),
    ],
)
def test_a_table_that_differs_is_found(
    world: World, ask: Ask, statement: str, expected: str
) -> None:
    family = some_journeys(world)[0]
    spoil(world, statement, str(family.conference_ref))
    found: Reconciled = ask(reconcile)
    assert any(
        expected in said and str(family.conference_ref) in said for said in found.differences
    )


def test_a_wrong_outcome_is_a_wrong_figure(world: World, ask: Ask) -> None:
    family = some_journeys(world)[0]
    spoil(
        world,
        "UPDATE journeys SET outcome = NULL WHERE conference_ref = ?",
        str(family.conference_ref),
    )
    assert any(said.startswith("figure ") for said in ask(reconcile).differences)


def test_an_event_whose_content_was_changed_is_found(world: World, ask: Ask) -> None:
    some_journeys(world)
    event_id = world.events()[0].id
    statement = "UPDATE event_log SET data = replace(data, ':', ': ') WHERE event_id = ?"
    spoil(world, statement, event_id)
    assert any(event_id in said for said in ask(reconcile).differences)


def test_more_than_one_chunk_is_counted(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    families = some_journeys(world, count=5)
    monkeypatch.setattr(repositories, "CHUNK", 2)
    spoil(
        world,
        "UPDATE journeys SET rung = 9 WHERE conference_ref = ?",
        str(families[-1].conference_ref),
    )
    found: Reconciled = ask(reconcile)
    assert list(found.differences) == [
        f"journey {families[-1].conference_ref}: rung is not what the log gives"
    ]
