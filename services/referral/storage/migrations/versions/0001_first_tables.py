"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "advocates",
        sa.Column("advocate_ref", sa.String(36), nullable=False),
        sa.Column("authorities", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("employed_by", sa.String(120), nullable=False),
        sa.Column("conflicts", sa.Text(), nullable=False),
        sa.Column("checks_valid_until", sa.String(10), nullable=False),
        sa.Column("training_valid_until", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("advocate_ref"),
    )
    op.create_table(
        "allocations",
        sa.Column("allocation_ref", sa.String(36), nullable=False),
        sa.Column("offer_ref", sa.String(36), nullable=False),
        sa.Column("child_ref", sa.String(36), nullable=False),
        sa.Column("conference_ref", sa.String(36), nullable=False),
        sa.Column("authority", sa.String(120), nullable=False),
        sa.Column("conference_starts_at", sa.String(27), nullable=False),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("advocate_ref", sa.String(36), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("unmet_because", sa.String(120), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("alarm_at", sa.String(27), nullable=True),
        sa.Column("alarmed", sa.Boolean(), nullable=False),
        sa.Column("held_by", sa.String(36), nullable=True),
        sa.Column("sought_in", sa.String(120), nullable=True),
        sa.Column("not_again", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("allocation_ref"),
    )
    op.create_index(op.f("ix_allocations_child_ref"), "allocations", ["child_ref"], unique=False)
    op.create_index(op.f("ix_allocations_held_by"), "allocations", ["held_by"], unique=False)
    op.create_index(op.f("ix_allocations_offer_ref"), "allocations", ["offer_ref"], unique=False)
    op.create_index(op.f("ix_allocations_sought_in"), "allocations", ["sought_in"], unique=False)
    op.create_table(
        "caseloads",
        sa.Column("advocate_ref", sa.String(36), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("advocate_ref"),
    )
    op.create_table(
        "children",
        sa.Column("child_ref", sa.String(36), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("contact_stopped", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("child_ref"),
    )
    op.create_table(
        "commands",
        sa.Column("principal", sa.String(120), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("digest", sa.String(120), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("principal", "key"),
    )
    op.create_table(
        "conferences",
        sa.Column("conference_ref", sa.String(36), nullable=False),
        sa.Column("child_ref", sa.String(36), nullable=False),
        sa.Column("meeting_ref", sa.String(36), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("authority", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("starts_at", sa.String(27), nullable=False),
        sa.Column("age_years", sa.Integer(), nullable=True),
        sa.Column("unborn", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(120), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("looked_after", sa.String(120), nullable=False),
        sa.Column("cancelled_because", sa.String(120), nullable=True),
        sa.Column("held_at", sa.String(27), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("conference_ref"),
    )
    op.create_index(op.f("ix_conferences_child_ref"), "conferences", ["child_ref"], unique=False)
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
        sa.Column("topic_id", sa.String(120), nullable=True),
        sa.Column("partition", sa.Integer(), nullable=True),
        sa.Column("log_offset", sa.BigInteger(), nullable=True),
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
        sa.Column("meeting_ref", sa.String(36), nullable=False),
        sa.Column("conference_version", sa.Integer(), nullable=False),
        sa.Column("authority", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("policy", sa.String(120), nullable=False),
        sa.Column("mode", sa.String(120), nullable=False),
        sa.Column("basis", sa.String(120), nullable=False),
        sa.Column("route", sa.String(120), nullable=False),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("clocks", sa.Text(), nullable=False),
        sa.Column("told", sa.String(120), nullable=False),
        sa.Column("permission", sa.String(120), nullable=False),
        sa.Column("objection", sa.String(120), nullable=False),
        sa.Column("explained_by", sa.String(120), nullable=True),
        sa.Column("explained_at", sa.String(27), nullable=True),
        sa.Column("answered_at", sa.String(27), nullable=True),
        sa.Column("reported_by", sa.String(120), nullable=True),
        sa.Column("heard_directly", sa.Boolean(), nullable=True),
        sa.Column("not_made_because", sa.String(120), nullable=True),
        sa.Column("stopped_because", sa.String(120), nullable=True),
        sa.Column("withdrawn_because", sa.String(120), nullable=True),
        sa.Column("lapsed_because", sa.String(120), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("rung_role", sa.String(120), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("silenced", sa.Boolean(), nullable=False),
        sa.Column("entered_late", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("offer_ref"),
        sa.UniqueConstraint("child_ref", "conference_ref", name="offers_once"),
    )
    op.create_index(op.f("ix_offers_child_ref"), "offers", ["child_ref"], unique=False)
    op.create_index(op.f("ix_offers_conference_ref"), "offers", ["conference_ref"], unique=False)
    op.create_index(
        "offers_by_authority", "offers", ["authority", "status", "offer_ref"], unique=False
    )
    op.create_index("offers_by_status", "offers", ["status", "offer_ref"], unique=False)
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
        "panels",
        sa.Column("authority", sa.String(120), nullable=False),
        sa.Column("advocates", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("authority"),
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
        "sequences",
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "key"),
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("sequences")
    op.drop_table("positions")
    op.drop_table("panels")
    op.drop_index(
        "outbox_unsent",
        table_name="outbox",
        sqlite_where=sa.text("log_offset IS NULL"),
        postgresql_where=sa.text("log_offset IS NULL"),
    )
    op.drop_index("outbox_placed", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("offers_by_status", table_name="offers")
    op.drop_index("offers_by_authority", table_name="offers")
    op.drop_index(op.f("ix_offers_conference_ref"), table_name="offers")
    op.drop_index(op.f("ix_offers_child_ref"), table_name="offers")
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
    op.drop_index(op.f("ix_conferences_child_ref"), table_name="conferences")
    op.drop_table("conferences")
    op.drop_table("commands")
    op.drop_table("children")
    op.drop_table("caseloads")
    op.drop_index(op.f("ix_allocations_sought_in"), table_name="allocations")
    op.drop_index(op.f("ix_allocations_offer_ref"), table_name="allocations")
    op.drop_index(op.f("ix_allocations_held_by"), table_name="allocations")
    op.drop_index(op.f("ix_allocations_child_ref"), table_name="allocations")
    op.drop_table("allocations")
    op.drop_table("advocates")
