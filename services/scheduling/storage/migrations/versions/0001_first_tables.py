"""First tables."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage import Code, Day, Json, Moment, Ref

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915
    """Go to this revision."""
    op.create_table(
        "calendars",
        sa.Column("calendar_ref", Ref(), nullable=False),
        sa.Column("advocate_ref", Ref(), nullable=False),
        sa.Column("digest", Code(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("calendar_ref"),
    )
    op.create_index("calendars_advocate", "calendars", ["advocate_ref"], unique=False)
    op.create_index("calendars_digest", "calendars", ["digest"], unique=True)
    op.create_table(
        "commands",
        sa.Column("principal", Code(), nullable=False),
        sa.Column("key", Code(), nullable=False),
        sa.Column("digest", Code(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", Json(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("principal", "key"),
    )
    op.create_table(
        "conferences",
        sa.Column("conference_ref", Ref(), nullable=False),
        sa.Column("child_ref", Ref(), nullable=False),
        sa.Column("authority", Code(), nullable=False),
        sa.Column("status", Code(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=True),
        sa.Column("reconvenes_on", Day(), nullable=True),
        sa.Column("cancelled_because", Code(), nullable=True),
        sa.Column("held_at", Moment(), nullable=True),
        sa.Column("advocate_present", sa.Boolean(), nullable=True),
        sa.Column("session_on", Day(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("conference_ref"),
    )
    op.create_table(
        "crashes",
        sa.Column("event_id", Code(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("error", Code(), nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", Ref(), nullable=False),
        sa.Column("event_id", Code(), nullable=False),
        sa.Column("event_type", Code(), nullable=False),
        sa.Column("subject", Code(), nullable=False),
        sa.Column("topic", Code(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("log_offset", sa.BigInteger(), nullable=False),
        sa.Column("code", Code(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("state", Code(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "holes",
        sa.Column("topic", Code(), nullable=False),
        sa.Column("key", Code(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "key", "sequence"),
    )
    op.create_table(
        "installation", sa.Column("id", Ref(), nullable=False), sa.PrimaryKeyConstraint("id")
    )
    op.create_table(
        "key_states",
        sa.Column("topic", Code(), nullable=False),
        sa.Column("key", Code(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "key"),
    )
    op.create_table(
        "later",
        sa.Column("id", Ref(), nullable=False),
        sa.Column("kind", Code(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("waits_for", Code(), nullable=True),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("entity", Code(), nullable=True),
        sa.Column("entity_key", Code(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("topic", Code(), nullable=True),
        sa.Column("key", Code(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("headers", Json(), nullable=True),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("later_due", "later", ["due_at"], unique=False)
    op.create_index("later_entity", "later", ["entity", "entity_key"], unique=False)
    op.create_index("later_queue", "later", ["topic", "key", "sequence"], unique=False)
    op.create_index("later_waits", "later", ["waits_for"], unique=False)
    op.create_table(
        "leases",
        sa.Column("name", Code(), nullable=False),
        sa.Column("holder", Code(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "marked",
        sa.Column("topic", Code(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("topic_id", Code(), nullable=False),
        sa.Column("log_offset", sa.BigInteger(), nullable=False),
        sa.Column("event_id", Code(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition"),
    )
    op.create_table(
        "offers",
        sa.Column("offer_ref", Ref(), nullable=False),
        sa.Column("child_ref", Ref(), nullable=False),
        sa.Column("conference_ref", Ref(), nullable=False),
        sa.Column("policy", Code(), nullable=False),
        sa.Column("status", Code(), nullable=False),
        sa.Column("told", Code(), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("ended_because", Code(), nullable=True),
        sa.Column("lapsed_because", Code(), nullable=True),
        sa.Column("allocation_ref", Ref(), nullable=True),
        sa.Column("allocation_as_of", sa.Integer(), nullable=False),
        sa.Column("allocated_on", Day(), nullable=True),
        sa.Column("advocate_ref", Ref(), nullable=True),
        sa.Column("last_advocate_ref", Ref(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("offer_ref"),
    )
    op.create_index("offers_conference", "offers", ["conference_ref"], unique=False)
    op.create_table(
        "outbox",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", Code(), nullable=False),
        sa.Column("topic", Code(), nullable=False),
        sa.Column("key", Code(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("headers", Json(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("said_at", Moment(), nullable=False),
        sa.Column("topic_id", Code(), nullable=True),
        sa.Column("partition", sa.Integer(), nullable=True),
        sa.Column("log_offset", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("topic", "key", "sequence", name="outbox_order"),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_placed", "outbox", ["topic", "partition", "log_offset"], unique=False)
    op.create_index(
        "outbox_unsent",
        "outbox",
        ["number"],
        unique=False,
        sqlite_where=sa.text("log_offset IS NULL"),
        postgresql_where=sa.text("log_offset IS NULL"),
    )
    op.create_table(
        "positions",
        sa.Column("topic", Code(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("topic_id", Code(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False),
        sa.Column("last_event_id", Code(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition"),
    )
    op.create_table(
        "reminders",
        sa.Column("reminder_ref", Ref(), nullable=False),
        sa.Column("child_ref", Ref(), nullable=False),
        sa.Column("conference_ref", Ref(), nullable=False),
        sa.Column("offer_ref", Ref(), nullable=False),
        sa.Column("conference_at", Moment(), nullable=False),
        sa.Column("lead_working_days", sa.Integer(), nullable=False),
        sa.Column("recipient_role", Code(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("useful_until", Moment(), nullable=False),
        sa.Column("recipient_ref", Ref(), nullable=True),
        sa.Column("status", Code(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reminder_ref"),
    )
    op.create_index("reminders_offer", "reminders", ["offer_ref"], unique=False)
    op.create_table(
        "sequences",
        sa.Column("topic", Code(), nullable=False),
        sa.Column("key", Code(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "key"),
    )
    op.create_table(
        "visits",
        sa.Column("visit_ref", Ref(), nullable=False),
        sa.Column("child_ref", Ref(), nullable=False),
        sa.Column("conference_ref", Ref(), nullable=False),
        sa.Column("offer_ref", Ref(), nullable=False),
        sa.Column("authority", Code(), nullable=False),
        sa.Column("kind", Code(), nullable=False),
        sa.Column("conference_version", sa.Integer(), nullable=False),
        sa.Column("due_on", Day(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("advocate_ref", Ref(), nullable=True),
        sa.Column("conference_on", Day(), nullable=True),
        sa.Column("conference_at", Moment(), nullable=True),
        sa.Column("status", Code(), nullable=False),
        sa.Column("at", Moment(), nullable=True),
        sa.Column("held_at", Moment(), nullable=True),
        sa.Column("seen_alone", Code(), nullable=False),
        sa.Column("declined_by", Code(), nullable=True),
        sa.Column("reason", Code(), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("by_record", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("visit_ref"),
    )
    op.create_index("visits_advocate", "visits", ["advocate_ref", "due_on"], unique=False)
    op.create_index("visits_child", "visits", ["child_ref"], unique=False)
    op.create_index("visits_conference", "visits", ["conference_ref"], unique=False)
    op.create_index("visits_once", "visits", ["offer_ref", "kind"], unique=True)
    op.create_index("visits_status", "visits", ["status", "due_on"], unique=False)


def downgrade() -> None:  # noqa: PLR0915
    """Go back to the one before."""
    op.drop_index("visits_status", table_name="visits")
    op.drop_index("visits_once", table_name="visits")
    op.drop_index("visits_conference", table_name="visits")
    op.drop_index("visits_child", table_name="visits")
    op.drop_index("visits_advocate", table_name="visits")
    op.drop_table("visits")
    op.drop_table("sequences")
    op.drop_index("reminders_offer", table_name="reminders")
    op.drop_table("reminders")
    op.drop_table("positions")
    op.drop_index(
        "outbox_unsent",
        table_name="outbox",
        sqlite_where=sa.text("log_offset IS NULL"),
        postgresql_where=sa.text("log_offset IS NULL"),
    )
    op.drop_index("outbox_placed", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("offers_conference", table_name="offers")
    op.drop_table("offers")
    op.drop_table("marked")
    op.drop_table("leases")
    op.drop_index("later_waits", table_name="later")
    op.drop_index("later_queue", table_name="later")
    op.drop_index("later_entity", table_name="later")
    op.drop_index("later_due", table_name="later")
    op.drop_table("later")
    op.drop_table("key_states")
    op.drop_table("installation")
    op.drop_table("holes")
    op.drop_table("dead_letters")
    op.drop_table("crashes")
    op.drop_table("conferences")
    op.drop_table("commands")
    op.drop_index("calendars_digest", table_name="calendars")
    op.drop_index("calendars_advocate", table_name="calendars")
    op.drop_table("calendars")
