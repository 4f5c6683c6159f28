"""The chassis alone, on real Kafka, while its workers and its broker are killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.chassis_campaign import Campaign
from tests.machine import JARS

FAULTS = 12


@pytest.mark.kafka
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_nothing_is_lost_doubled_or_disordered_while_workers_and_broker_are_killed(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    url = request.getfixturevalue("empty_postgres_url") if database == "postgres" else None
    outcome = Campaign(tmp_path, JARS, seed=20_110_913, database_url=url).run(FAULTS)
    assert outcome.said > 0
    assert (outcome.lost, outcome.doubled, outcome.out_of_order) == (0, 0, 0), outcome
