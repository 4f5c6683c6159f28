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
        "approvals",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("view_ref", sa.String(36), nullable=False),
        sa.Column("statement", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(120), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("heard_from_child", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("approvals_view", "approvals", ["view_ref"], unique=False)
    op.create_table(
        "child_views",
        sa.Column("view_ref", sa.String(36), nullable=False),
        sa.Column("child_ref", sa.String(36), nullable=False),
        sa.Column("conference_ref", sa.String(36), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("medium", sa.String(120), nullable=False),
        sa.Column("provenance", sa.String(120), nullable=False),
        sa.Column("language", sa.String(120), nullable=False),
        sa.Column("statements", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.String(27), nullable=False),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("shared_at", sa.String(27), nullable=True),
        sa.Column("received_at", sa.String(27), nullable=True),
        sa.Column("answer", sa.String(120), nullable=True),
        sa.Column("answer_reason", sa.String(120), nullable=True),
        sa.Column("answered_at", sa.String(27), nullable=True),
        sa.Column("told_at", sa.String(27), nullable=True),
        sa.Column("understood", sa.String(120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("view_ref"),
    )
    op.create_index("child_views_child", "child_views", ["child_ref"], unique=False)
    op.create_index("child_views_conference", "child_views", ["conference_ref"], unique=False)
    op.create_index("child_views_status", "child_views", ["status"], unique=False)
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
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
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
        "data_keys",
        sa.Column("owner_ref", sa.String(36), nullable=False),
        sa.Column("wrapped_with", sa.String(120), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("owner_ref"),
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
        "looks",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("view_ref", sa.String(36), nullable=False),
        sa.Column("looked_as", sa.String(120), nullable=False),
        sa.Column("statements", sa.Text(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("looks_view", "looks", ["view_ref"], unique=False)
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
        "sequences",
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "key"),
    )
    op.create_table(
        "words",
        sa.Column("words_ref", sa.String(36), nullable=False),
        sa.Column("view_ref", sa.String(36), nullable=False),
        sa.Column("part", sa.String(120), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("words_ref"),
    )
    op.create_index("words_part", "words", ["view_ref", "part"], unique=True)


def downgrade() -> None:  # noqa: PLR0915
    """Go back to the one before."""
    op.drop_index("words_part", table_name="words")
    op.drop_table("words")
    op.drop_table("sequences")
    op.drop_table("positions")
    op.drop_index(
        "outbox_unsent",
        table_name="outbox",
        sqlite_where=sa.text("log_offset IS NULL"),
        postgresql_where=sa.text("log_offset IS NULL"),
    )
    op.drop_index("outbox_placed", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("marked")
    op.drop_index("looks_view", table_name="looks")
    op.drop_table("looks")
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
    op.drop_table("data_keys")
    op.drop_table("crashes")
    op.drop_table("conferences")
    op.drop_table("commands")
    op.drop_index("child_views_status", table_name="child_views")
    op.drop_index("child_views_conference", table_name="child_views")
    op.drop_index("child_views_child", table_name="child_views")
    op.drop_table("child_views")
    op.drop_index("approvals_view", table_name="approvals")
    op.drop_table("approvals")
