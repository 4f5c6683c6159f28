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
        "agencies",
        sa.Column("agency_ref", sa.String(120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("agency_ref"),
    )
    op.create_table(
        "agency_keys",
        sa.Column("key_ref", sa.String(36), nullable=False),
        sa.Column("agency_ref", sa.String(120), nullable=False),
        sa.Column("prefix", sa.String(120), nullable=False),
        sa.Column("digest", sa.String(120), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key_ref"),
        sa.UniqueConstraint("prefix"),
    )
    op.create_index(op.f("ix_agency_keys_agency_ref"), "agency_keys", ["agency_ref"], unique=False)
    op.create_table(
        "agreements",
        sa.Column("agreement_ref", sa.String(36), nullable=False),
        sa.Column("agency_ref", sa.String(120), nullable=False),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("agreement_ref"),
    )
    op.create_index(op.f("ix_agreements_agency_ref"), "agreements", ["agency_ref"], unique=False)
    op.create_index(op.f("ix_agreements_status"), "agreements", ["status"], unique=False)
    op.create_table(
        "allocations_seen",
        sa.Column("conference_ref", sa.String(36), nullable=False),
        sa.Column("advocate_ref", sa.String(36), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("conference_ref"),
    )
    op.create_table(
        "children",
        sa.Column("child_ref", sa.String(36), nullable=False),
        sa.Column("authority", sa.String(120), nullable=False),
        sa.Column("unborn", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("la_child_id_index", sa.String(120), nullable=False),
        sa.Column("upn_index", sa.String(120), nullable=True),
        sa.Column("nhs_number_index", sa.String(120), nullable=True),
        sa.Column("particulars", sa.Text(), nullable=False),
        sa.Column("contact_stopped", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("child_ref"),
        sa.UniqueConstraint("la_child_id_index"),
    )
    op.create_index(
        op.f("ix_children_nhs_number_index"), "children", ["nhs_number_index"], unique=False
    )
    op.create_index(op.f("ix_children_upn_index"), "children", ["upn_index"], unique=False)
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
        sa.Column("meeting_ref", sa.String(36), nullable=False),
        sa.Column("authority", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("starts_at", sa.String(27), nullable=False),
        sa.Column("ends_at", sa.String(27), nullable=True),
        sa.Column("format", sa.String(120), nullable=False),
        sa.Column("age_years", sa.Integer(), nullable=True),
        sa.Column("unborn", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.String(27), nullable=True),
        sa.Column("strategy_discussion_on", sa.String(10), nullable=True),
        sa.Column("transfer_clock_on", sa.String(10), nullable=True),
        sa.Column("from_authority", sa.String(120), nullable=True),
        sa.Column("adjourned_because", sa.String(120), nullable=True),
        sa.Column("reconvenes_on", sa.String(10), nullable=True),
        sa.Column("cancelled_because", sa.String(120), nullable=True),
        sa.Column("held_at", sa.String(27), nullable=True),
        sa.Column("sessions", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("conference_ref"),
    )
    op.create_index(op.f("ix_conferences_child_ref"), "conferences", ["child_ref"], unique=False)
    op.create_index(
        op.f("ix_conferences_meeting_ref"), "conferences", ["meeting_ref"], unique=False
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
        "dead_letters_seen",
        sa.Column("dead_letter_ref", sa.String(36), nullable=False),
        sa.Column("child_ref", sa.String(36), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("dead_letter_ref"),
    )
    op.create_index(
        op.f("ix_dead_letters_seen_child_ref"), "dead_letters_seen", ["child_ref"], unique=False
    )
    op.create_table(
        "feed_entries",
        sa.Column("agency_ref", sa.String(120), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("authority", sa.String(120), nullable=False),
        sa.Column("pseudonym", sa.String(36), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("time", sa.String(27), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("agreement_ref", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("agency_ref", "number"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "feed_subjects",
        sa.Column("pseudonym", sa.String(36), nullable=False),
        sa.Column("agency_ref", sa.String(120), nullable=False),
        sa.Column("subject_ref", sa.String(36), nullable=False),
        sa.Column("last_sequence", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("pseudonym"),
    )
    op.create_index(
        op.f("ix_feed_subjects_subject_ref"), "feed_subjects", ["subject_ref"], unique=False
    )
    op.create_table(
        "feeds",
        sa.Column("agency_ref", sa.String(120), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("agency_ref"),
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
        "ledger",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("about_ref", sa.String(36), nullable=False),
        sa.Column("what", sa.String(120), nullable=False),
        sa.Column("why", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(op.f("ix_ledger_about_ref"), "ledger", ["about_ref"], unique=False)
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
        "meetings",
        sa.Column("meeting_ref", sa.String(36), nullable=False),
        sa.Column("authority", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("starts_at", sa.String(27), nullable=False),
        sa.Column("ends_at", sa.String(27), nullable=True),
        sa.Column("format", sa.String(120), nullable=False),
        sa.Column("conference_index", sa.String(120), nullable=False),
        sa.Column("private", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.String(27), nullable=True),
        sa.Column("strategy_discussion_on", sa.String(10), nullable=True),
        sa.Column("transfer_clock_on", sa.String(10), nullable=True),
        sa.Column("from_authority", sa.String(120), nullable=True),
        sa.Column("family_informed_on", sa.String(10), nullable=True),
        sa.Column("adjourned_because", sa.String(120), nullable=True),
        sa.Column("reconvenes_on", sa.String(10), nullable=True),
        sa.Column("cancelled_because", sa.String(120), nullable=True),
        sa.Column("held_at", sa.String(27), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_ref"),
        sa.UniqueConstraint("conference_index"),
    )
    op.create_index(
        "meetings_by_authority", "meetings", ["authority", "status", "starts_at"], unique=False
    )
    op.create_index("meetings_by_start", "meetings", ["starts_at", "meeting_ref"], unique=False)
    op.create_table(
        "messages",
        sa.Column("message_ref", sa.String(36), nullable=False),
        sa.Column("child_ref", sa.String(36), nullable=False),
        sa.Column("conference_ref", sa.String(36), nullable=True),
        sa.Column("meeting_ref", sa.String(36), nullable=True),
        sa.Column("purpose", sa.String(120), nullable=False),
        sa.Column("recipient_role", sa.String(120), nullable=False),
        sa.Column("recipient_ref", sa.String(36), nullable=True),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.String(27), nullable=False),
        sa.Column("not_before", sa.String(27), nullable=False),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("reached_role", sa.String(120), nullable=True),
        sa.Column("channel", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("message_ref"),
    )
    op.create_index(op.f("ix_messages_child_ref"), "messages", ["child_ref"], unique=False)
    op.create_index("messages_by_status", "messages", ["status", "not_before"], unique=False)
    op.create_table(
        "offers_seen",
        sa.Column("offer_ref", sa.String(36), nullable=False),
        sa.Column("conference_ref", sa.String(36), nullable=False),
        sa.Column("said_no", sa.Boolean(), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("offer_ref"),
    )
    op.create_index(
        op.f("ix_offers_seen_conference_ref"), "offers_seen", ["conference_ref"], unique=False
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
        "people",
        sa.Column("person_ref", sa.String(36), nullable=False),
        sa.Column("role", sa.String(120), nullable=False),
        sa.Column("email_index", sa.String(120), nullable=False),
        sa.Column("adult", sa.Text(), nullable=False),
        sa.Column("authorities", sa.Text(), nullable=False),
        sa.Column("provider_ref", sa.String(36), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_ref"),
        sa.UniqueConstraint("email_index"),
    )
    op.create_index(op.f("ix_people_role"), "people", ["role"], unique=False)
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
        "suggestions",
        sa.Column("suggestion_ref", sa.String(36), nullable=False),
        sa.Column("child_ref", sa.String(36), nullable=False),
        sa.Column("other_child_ref", sa.String(36), nullable=False),
        sa.Column("matched_on", sa.String(120), nullable=False),
        sa.Column("blocked_because", sa.String(120), nullable=True),
        sa.Column("since", sa.String(27), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("suggestion_ref"),
    )
    op.create_index(op.f("ix_suggestions_child_ref"), "suggestions", ["child_ref"], unique=False)
    op.create_index(
        op.f("ix_suggestions_other_child_ref"), "suggestions", ["other_child_ref"], unique=False
    )


def downgrade() -> None:  # noqa: PLR0915
    """Go back to the one before."""
    op.drop_index(op.f("ix_suggestions_other_child_ref"), table_name="suggestions")
    op.drop_index(op.f("ix_suggestions_child_ref"), table_name="suggestions")
    op.drop_table("suggestions")
    op.drop_table("sequences")
    op.drop_table("positions")
    op.drop_index(op.f("ix_people_role"), table_name="people")
    op.drop_table("people")
    op.drop_index(
        "outbox_unsent",
        table_name="outbox",
        sqlite_where=sa.text("log_offset IS NULL"),
        postgresql_where=sa.text("log_offset IS NULL"),
    )
    op.drop_index("outbox_placed", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_offers_seen_conference_ref"), table_name="offers_seen")
    op.drop_table("offers_seen")
    op.drop_index("messages_by_status", table_name="messages")
    op.drop_index(op.f("ix_messages_child_ref"), table_name="messages")
    op.drop_table("messages")
    op.drop_index("meetings_by_start", table_name="meetings")
    op.drop_index("meetings_by_authority", table_name="meetings")
    op.drop_table("meetings")
    op.drop_table("marked")
    op.drop_index(op.f("ix_ledger_about_ref"), table_name="ledger")
    op.drop_table("ledger")
    op.drop_table("leases")
    op.drop_index("later_waits", table_name="later")
    op.drop_index("later_queue", table_name="later")
    op.drop_index("later_entity", table_name="later")
    op.drop_index("later_due", table_name="later")
    op.drop_table("later")
    op.drop_table("key_states")
    op.drop_table("installation")
    op.drop_table("holes")
    op.drop_table("feeds")
    op.drop_index(op.f("ix_feed_subjects_subject_ref"), table_name="feed_subjects")
    op.drop_table("feed_subjects")
    op.drop_table("feed_entries")
    op.drop_index(op.f("ix_dead_letters_seen_child_ref"), table_name="dead_letters_seen")
    op.drop_table("dead_letters_seen")
    op.drop_table("dead_letters")
    op.drop_table("data_keys")
    op.drop_table("crashes")
    op.drop_index(op.f("ix_conferences_meeting_ref"), table_name="conferences")
    op.drop_index(op.f("ix_conferences_child_ref"), table_name="conferences")
    op.drop_table("conferences")
    op.drop_table("commands")
    op.drop_index(op.f("ix_children_upn_index"), table_name="children")
    op.drop_index(op.f("ix_children_nhs_number_index"), table_name="children")
    op.drop_table("children")
    op.drop_table("allocations_seen")
    op.drop_index(op.f("ix_agreements_status"), table_name="agreements")
    op.drop_index(op.f("ix_agreements_agency_ref"), table_name="agreements")
    op.drop_table("agreements")
    op.drop_index(op.f("ix_agency_keys_agency_ref"), table_name="agency_keys")
    op.drop_table("agency_keys")
    op.drop_table("agencies")
