"""What reporting keeps: every event once, and one row for each child and conference."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, text

from services.chassis.storage import Code, Day, Json, Moment, Ref, service_metadata

METADATA: Final = service_metadata()

EVENT_LOG: Final = Table(
    "event_log",
    METADATA,
    Column("event_id", Code, primary_key=True),
    Column("type", Code, nullable=False),
    Column("service", Code, nullable=False),
    Column("subject", Code, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("happened_at", Moment, nullable=False),
    Column("happened_on", Day, nullable=False),
    Column("child_ref", Ref),
    Column("conference_ref", Ref),
    Column("authority", Code),
    Column("correlation_id", Code, nullable=False),
    Column("causation_id", Code),
    Column("data", Json, nullable=False),
    Column("digest", Code, nullable=False),
)
"""Every event of every topic, once: what all figures can be counted from again."""

_OF_NO_CONFERENCE: Final = text("conference_ref IS NULL")
Index("event_log_conference", EVENT_LOG.c.conference_ref)
Index(
    "event_log_child",
    EVENT_LOG.c.child_ref,
    sqlite_where=_OF_NO_CONFERENCE,
    postgresql_where=_OF_NO_CONFERENCE,
)
Index("event_log_day", EVENT_LOG.c.happened_on, EVENT_LOG.c.type)
Index("event_log_authority", EVENT_LOG.c.authority, EVENT_LOG.c.happened_on, EVENT_LOG.c.type)

CONTENT_ALARMS: Final = Table(
    "content_alarms",
    METADATA,
    Column("event_id", Code, primary_key=True),
    Column("other_digest", Code, primary_key=True),
    Column("type", Code, nullable=False),
    Column("logged_digest", Code, nullable=False),
    Column("seen_at", Moment, nullable=False),
)
"""Events that came again with the same id and other content; they were not applied."""

JOURNEYS: Final = Table(
    "journeys",
    METADATA,
    Column("conference_ref", Ref, primary_key=True),
    Column("child_ref", Ref, nullable=False),
    Column("journey", Json, nullable=False),
    Column("authority", Code),
    Column("counted_on", Day),
    Column("outcome", Code),
    Column("took_part", Code),
    Column("review_code", Code),
    Column("starts_at", Moment),
    Column("starts_on", Day),
    Column("conference_status", Code),
    Column("over", Boolean, nullable=False),
    Column("told_on", Day),
    Column("told_in_time", Boolean, nullable=False),
    Column("allocated_on", Day),
    Column("allocated_in_time", Boolean, nullable=False),
    Column("met_on", Day),
    Column("met_in_time", Boolean, nullable=False),
    Column("visited_on", Day),
    Column("visited_in_time", Boolean, nullable=False),
    Column("next_visit_on", Day),
    Column("telling_overdue", Boolean, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("untold", Boolean, nullable=False),
    Column("unmet", Boolean, nullable=False),
    Column("visits_overdue", Integer, nullable=False),
    Column("not_agreed", Boolean, nullable=False),
    Column("watched", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)
"""One row for each child and conference: its facts, and how it counts."""

Index(
    "journeys_counted",
    JOURNEYS.c.counted_on,
    JOURNEYS.c.authority,
    JOURNEYS.c.outcome,
    JOURNEYS.c.took_part,
)
Index(
    "journeys_authority",
    JOURNEYS.c.authority,
    JOURNEYS.c.counted_on,
    JOURNEYS.c.outcome,
    JOURNEYS.c.took_part,
)
Index("journeys_day", JOURNEYS.c.starts_on, JOURNEYS.c.starts_at)
Index("journeys_visit", JOURNEYS.c.next_visit_on)
Index(
    "journeys_watched",
    JOURNEYS.c.starts_at,
    sqlite_where=text("watched = 1"),
    postgresql_where=text("watched"),
)

RELEASES: Final = Table(
    "releases",
    METADATA,
    Column("day", Day, primary_key=True),
    Column("years", Json, nullable=False),
    Column("lot", Text, nullable=False),
    Column("version", Integer, nullable=False),
)
"""What the commissioner sees from the first of a month on; nothing that is hidden is kept."""
