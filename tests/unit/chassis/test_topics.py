"""What is told of when a record was written."""

from datetime import UTC, datetime, timedelta, timezone

from services.chassis.topics import stamp_of

NOON = datetime(2026, 11, 23, 12, 0, 1, 234567, tzinfo=UTC)
MIDNIGHT_MS = int(datetime(2026, 11, 23, tzinfo=UTC).timestamp()) * 1000


def test_on_an_agencys_topic_a_record_is_stamped_with_its_day() -> None:
    assert stamp_of("alongside.agency.health.v1", "alongside", NOON) == MIDNIGHT_MS
    elsewhere = NOON.astimezone(timezone(timedelta(hours=13)))
    assert stamp_of("alongside.agency.health.v1", "alongside", elsewhere) == MIDNIGHT_MS


def test_on_our_own_topics_the_log_stamps_its_records_itself() -> None:
    assert stamp_of("alongside.exchange.v1", "alongside", NOON) is None
    assert stamp_of("other.agency.health.v1", "alongside", NOON) is None
