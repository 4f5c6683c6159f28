"""The whole system on real Kafka, broken over and over while people use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.campaign import Campaign, Outcome

FAULTS = 5
SEED = 20_110_913


@pytest.mark.kafka(own=True)
@pytest.mark.timeout(1500)
@pytest.mark.parametrize(
    ("engine", "database"),
    [("faust", "sqlite"), pytest.param("librdkafka", "postgres", marks=pytest.mark.postgres)],
)
def test_nothing_is_lost_doubled_or_disordered_whatever_breaks(
    request: pytest.FixtureRequest, tmp_path: Path, engine: str, database: str
) -> None:
    postgres = request.getfixturevalue("postgres_server") if database == "postgres" else None
    outcome = Campaign(tmp_path, Outcome(SEED, engine, database), FAULTS, postgres).run()
    assert (outcome.wrong, outcome.faults) == ([], FAULTS), outcome.line()
    assert outcome.events > FAULTS
