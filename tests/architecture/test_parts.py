"""The parts that tests borrow from the machine work, so that a red test is the code's own fault."""

import pytest
import sqlalchemy

from services.launcher.kafka_broker import KafkaBroker


@pytest.mark.postgres
def test_each_asked_for_database_is_empty_and_its_own(
    postgres_url: str, empty_postgres_url: str
) -> None:
    assert postgres_url != empty_postgres_url
    engine = sqlalchemy.create_engine(empty_postgres_url)
    with engine.connect() as connection:
        assert sqlalchemy.inspect(connection).get_table_names() == []
    engine.dispose()


@pytest.mark.kafka
def test_the_shared_broker_is_up(kafka_broker: KafkaBroker) -> None:
    assert kafka_broker.alive
