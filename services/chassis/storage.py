"""Column types, and the tables that every service's database holds beside its own."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)


class Ref(String):
    """A reference: a UUID as 36 characters."""

    def __init__(self) -> None:
        super().__init__(36)


class Code(String):
    """A code of a code list, or any other short fixed word."""

    def __init__(self) -> None:
        super().__init__(120)


class Moment(String):
    """An instant in UTC as text of fixed width, so that text order is time order."""

    def __init__(self) -> None:
        super().__init__(27)


class Day(String):
    """A date as YYYY-MM-DD."""

    def __init__(self) -> None:
        super().__init__(10)


class Json(Text):
    """A tuple, a mapping or a nested value, as JSON text."""


def moment(instant: datetime) -> str:
    """Write an instant the way `Moment` columns hold it."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def from_moment(stored: str) -> datetime:
    """Read what a `Moment` column holds."""
    return datetime.fromisoformat(stored)


NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""A row number that the database counts up itself."""


def service_metadata() -> MetaData:
    """Make the metadata of one service's database, the chassis' tables already in it."""
    metadata = MetaData()
    installation(metadata)
    positions(metadata)
    key_states(metadata)
    holes(metadata)
    sequences(metadata)
    outbox(metadata)
    marked(metadata)
    later(metadata)
    dead_letters(metadata)
    crashes(metadata)
    leases(metadata)
    commands(metadata)
    return metadata


def installation(metadata: MetaData) -> Table:
    """Whose database this is; one row."""
    return Table("installation", metadata, Column("id", Ref, primary_key=True))


def positions(metadata: MetaData) -> Table:
    """The truth about what was processed: the next offset of each partition of each incarnation."""
    return Table(
        "positions",
        metadata,
        Column("topic", Code, primary_key=True),
        Column("partition", Integer, primary_key=True),
        Column("topic_id", Code, nullable=False),
        Column("next_offset", BigInteger, nullable=False),
        Column("last_event_id", Code, nullable=False),
    )


def key_states(metadata: MetaData) -> Table:
    """The last sequence handled per topic and key."""
    return Table(
        "key_states",
        metadata,
        Column("topic", Code, primary_key=True),
        Column("key", Code, primary_key=True),
        Column("sequence", BigInteger, nullable=False),
    )


def holes(metadata: MetaData) -> Table:
    """Sequences that never came in time; an event that fills one is still handled."""
    return Table(
        "holes",
        metadata,
        Column("topic", Code, primary_key=True),
        Column("key", Code, primary_key=True),
        Column("sequence", BigInteger, primary_key=True),
        Column("since", Moment, nullable=False),
    )


def sequences(metadata: MetaData) -> Table:
    """The last sequence said per topic and key."""
    return Table(
        "sequences",
        metadata,
        Column("topic", Code, primary_key=True),
        Column("key", Code, primary_key=True),
        Column("sequence", BigInteger, nullable=False),
    )


def outbox(metadata: MetaData) -> Table:
    """Everything this service said; `log_offset` is empty until the broker acknowledged it."""
    table = Table(
        "outbox",
        metadata,
        Column("number", NUMBER, primary_key=True, autoincrement=True),
        Column("id", Code, nullable=False, unique=True),
        Column("topic", Code, nullable=False),
        Column("key", Code, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("headers", Json, nullable=False),
        Column("value", LargeBinary, nullable=False),
        Column("said_at", Moment, nullable=False),
        Column("topic_id", Code),
        Column("partition", Integer),
        Column("log_offset", BigInteger),
        UniqueConstraint("topic", "key", "sequence", name="outbox_order"),
        sqlite_autoincrement=True,
    )
    waiting = text("log_offset IS NULL")
    Index("outbox_unsent", table.c.number, sqlite_where=waiting, postgresql_where=waiting)
    Index("outbox_placed", table.c.topic, table.c.partition, table.c.log_offset)
    return table


def marked(metadata: MetaData) -> Table:
    """The last acknowledged record of each partition this service writes to."""
    return Table(
        "marked",
        metadata,
        Column("topic", Code, primary_key=True),
        Column("partition", Integer, primary_key=True),
        Column("topic_id", Code, nullable=False),
        Column("log_offset", BigInteger, nullable=False),
        Column("event_id", Code, nullable=False),
    )


def later(metadata: MetaData) -> Table:
    """Work for later: timers (`due_at`) and events that came too early (`waits_for`)."""
    table = Table(
        "later",
        metadata,
        Column("id", Ref, primary_key=True),
        Column("kind", Code, nullable=False),
        Column("due_at", Moment),
        Column("waits_for", Code),
        Column("since", Moment, nullable=False),
        # A timer belongs to a version of an aggregate …
        Column("entity", Code),
        Column("entity_key", Code),
        Column("version", BigInteger),
        # … a waiting event to the queue of its key.
        Column("topic", Code),
        Column("key", Code),
        Column("sequence", BigInteger),
        Column("headers", Json),
        Column("value", LargeBinary),
        Column("topic_id", Code),
        Column("partition", Integer),
        Column("log_offset", BigInteger),
    )
    Index("later_due", table.c.due_at)
    Index("later_waits", table.c.waits_for)
    Index("later_entity", table.c.entity, table.c.entity_key)
    Index("later_queue", table.c.topic, table.c.key, table.c.sequence)
    return table


def dead_letters(metadata: MetaData) -> Table:
    """Where the events lie that were refused or crashed three times; never what is in them."""
    return Table(
        "dead_letters",
        metadata,
        Column("id", Ref, primary_key=True),
        Column("event_id", Code, nullable=False),
        Column("event_type", Code, nullable=False),
        Column("subject", Code, nullable=False),
        Column("topic", Code, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("log_offset", BigInteger, nullable=False),
        Column("code", Code, nullable=False),
        Column("detail", Text, nullable=False),
        Column("state", Code, nullable=False),
        Column("since", Moment, nullable=False),
        Column("version", Integer, nullable=False),
    )


def crashes(metadata: MetaData) -> Table:
    """How often an event ended the process."""
    return Table(
        "crashes",
        metadata,
        Column("event_id", Code, primary_key=True),
        Column("times", Integer, nullable=False),
        Column("error", Code, nullable=False),
    )


def leases(metadata: MetaData) -> Table:
    """Who may do what only one process may do; `token` fences the former holder."""
    return Table(
        "leases",
        metadata,
        Column("name", Code, primary_key=True),
        Column("holder", Code, nullable=False),
        Column("token", BigInteger, nullable=False),
        Column("beat", BigInteger, nullable=False),
    )


def commands(metadata: MetaData) -> Table:
    """Replies already given, by principal and Idempotency-Key."""
    return Table(
        "commands",
        metadata,
        Column("principal", Code, primary_key=True),
        Column("key", Code, primary_key=True),
        Column("digest", Code, nullable=False),
        Column("status", Integer, nullable=False),
        Column("headers", Json, nullable=False),
        Column("body", Text, nullable=False),
        Column("at", Moment, nullable=False),
    )
