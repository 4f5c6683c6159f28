"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915
    """Go to this revision."""
    op.create_table(
        "calendars",
        sa.Column("calendar_ref", sa.String(36), nullable=False),
        sa.Column("advocate_ref", sa.String(36), nullable=False),
        sa.Column("digest", sa.String(120), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("revoked_at", sa.String(27), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("calendar_ref"),
    )
    op.create_index("calendars_advocate", "calendars", ["advocate_ref"], unique=False)
    op.create_index("calendars_digest", "calendars", ["digest"], unique=True)
    op.create_table(
        "commands",
        sa.Column("principal", sa.String(120), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("digest", sa.String(120), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("principal", "key"),
    )
    op.create_table(
        "conferences",
        sa.Column("conference_ref", sa.String(36), nullable=False),
        sa.Column("child_ref", sa.String(36), nullable=False),
        sa.Column("authority", sa.String(120), nullable=False),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("starts_at", sa.String(27), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.String(27), nullable=False),
        sa.Column("ends_at", sa.String(27), nullable=True),
        sa.Column("reconvenes_on", sa.String(10), nullable=True),
        sa.Column("cancelled_because", sa.String(120), nullable=True),
        sa.Column("held_at", sa.String(27), nullable=True),
        sa.Column("advocate_present", sa.Boolean(), nullable=True),
        sa.Column("session_on", sa.String(10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("conference_ref"),
    )
    op.create_table(
        "crashes",
        sa.Column("event_id", sa.String(120), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("event_id", sa.String(120), nullable=False),
        sa.Column("event_type", sa.String(120), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("log_offset", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(120), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(120), nullable=False),
        sa.Column("since", sa.String(27), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "holes",
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("topic", "key", "sequence"),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "key_states",
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "key"),
    )
    op.create_table(
        "later",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("due_at", sa.String(27), nullable=True),
        sa.Column("waits_for", sa.String(120), nullable=True),
        sa.Column("since", sa.String(27), nullable=False),
        sa.Column("entity", sa.String(120), nullable=True),
        sa.Column("entity_key", sa.String(120), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("topic", sa.String(120), nullable=True),
        sa.Column("key", sa.String(120), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("later_due", "later", ["due_at"], unique=False)
    op.create_index("later_entity", "later", ["entity", "entity_key"], unique=False)
    op.create_index("later_queue", "later", ["topic", "key", "sequence"], unique=False)
    op.create_index("later_waits", "later", ["waits_for"], unique=False)
    op.create_table(
        "leases",
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("holder", sa.String(120), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "marked",
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.String(120), nullable=False),
        sa.Column("log_offset", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition"),
    )
    op.create_table(
        "offers",
        sa.Column("offer_ref", sa.String(36), nullable=False),
        sa.Column("child_ref", sa.String(36), nullable=False),
        sa.Column("conference_ref", sa.String(36), nullable=False),
        sa.Column("policy", sa.String(120), nullable=False),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("told", sa.String(120), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("ended_because", sa.String(120), nullable=True),
        sa.Column("lapsed_because", sa.String(120), nullable=True),
        sa.Column("allocation_ref", sa.String(36), nullable=True),
        sa.Column("allocation_as_of", sa.Integer(), nullable=False),
        sa.Column("allocated_on", sa.String(10), nullable=True),
        sa.Column("advocate_ref", sa.String(36), nullable=True),
        sa.Column("last_advocate_ref", sa.String(36), nullable=True),
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
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("said_at", sa.String(27), nullable=False),
        sa.Column("topic_id", sa.String(120), nullable=True),
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
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.String(120), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False),
        sa.Column("last_event_id", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition"),
    )
    op.create_table(
        "reminders",
        sa.Column("reminder_ref", sa.String(36), nullable=False),
        sa.Column("child_ref", sa.String(36), nullable=False),
        sa.Column("conference_ref", sa.String(36), nullable=False),
        sa.Column("offer_ref", sa.String(36), nullable=False),
        sa.Column("conference_at", sa.String(27), nullable=False),
        sa.Column("lead_working_days", sa.Integer(), nullable=False),
        sa.Column("recipient_role", sa.String(120), nullable=False),
        sa.Column("due_at", sa.String(27), nullable=False),
        sa.Column("useful_until", sa.String(27), nullable=False),
        sa.Column("recipient_ref", sa.String(36), nullable=True),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reminder_ref"),
    )
    op.create_index("reminders_offer", "reminders", ["offer_ref"], unique=False)
    op.create_table(
        "sequences",
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "key"),
    )
    op.create_table(
        "visits",
        sa.Column("visit_ref", sa.String(36), nullable=False),
        sa.Column("child_ref", sa.String(36), nullable=False),
        sa.Column("conference_ref", sa.String(36), nullable=False),
        sa.Column("offer_ref", sa.String(36), nullable=False),
        sa.Column("authority", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("conference_version", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
        sa.Column("changed_at", sa.String(27), nullable=False),
        sa.Column("advocate_ref", sa.String(36), nullable=True),
        sa.Column("conference_on", sa.String(10), nullable=True),
        sa.Column("conference_at", sa.String(27), nullable=True),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("at", sa.String(27), nullable=True),
        sa.Column("held_at", sa.String(27), nullable=True),
        sa.Column("seen_alone", sa.String(120), nullable=False),
        sa.Column("declined_by", sa.String(120), nullable=True),
        sa.Column("reason", sa.String(120), nullable=True),
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
