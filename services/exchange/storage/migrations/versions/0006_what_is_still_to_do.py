"""Remember how offers, visits and views stand, so that nobody is asked for what was done.

Of the offers there are, only no and end were kept: they are written down as what they were treated
as, with what the messages that wait say of them, until their next event says how they stand.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OFFERS = {
    "status": "standing",
    "told": "not-known",
    "permission": "not-needed",
    "objection": "none",
}
_COUNTS = ("rung", "conference_version")


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("messages", sa.Column("about_ref", sa.String(36), nullable=True))
    op.add_column("messages", sa.Column("may_be_told_since", sa.String(27), nullable=True))
    op.execute(
        "UPDATE messages SET may_be_told_since = not_before"
        " WHERE status = 'waiting' AND reason IS NOT NULL"
    )
    _keep_more_of_offers()
    parted: sa.Column[str] = sa.Column("parted", sa.Text(), nullable=False, server_default="[]")
    op.add_column("allocations_seen", parted)
    op.create_table(
        "visits_seen",
        sa.Column("visit_ref", sa.String(36), nullable=False),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("visit_ref"),
    )
    op.create_table(
        "views_seen",
        sa.Column("view_ref", sa.String(36), nullable=False),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("for_chair", sa.Boolean(), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("view_ref"),
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("views_seen")
    op.drop_table("visits_seen")
    op.drop_column("allocations_seen", "parted")
    for name in ("said_no", "ended"):
        flag: sa.Column[bool] = sa.Column(
            name, sa.Boolean(), nullable=False, server_default=sa.false()
        )
        op.add_column("offers_seen", flag)
    op.execute("UPDATE offers_seen SET said_no = true WHERE status IN ('declined', 'paused')")
    op.execute(
        "UPDATE offers_seen SET ended = true WHERE status IN ('withdrawn', 'stopped', 'lapsed')"
    )
    for name in (*_OFFERS, *_COUNTS, "heard_directly"):
        op.drop_column("offers_seen", name)
    op.drop_column("messages", "may_be_told_since")
    op.drop_column("messages", "about_ref")


def _keep_more_of_offers() -> None:
    for name, value in _OFFERS.items():
        code: sa.Column[str] = sa.Column(name, sa.String(120), nullable=False, server_default=value)
        op.add_column("offers_seen", code)
    for name in _COUNTS:
        count: sa.Column[int] = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        op.add_column("offers_seen", count)
    op.add_column("offers_seen", sa.Column("heard_directly", sa.Boolean(), nullable=True))
    op.execute("UPDATE offers_seen SET status = 'declined' WHERE said_no = true")
    op.execute("UPDATE offers_seen SET status = 'lapsed' WHERE ended = true")
    op.execute(
        "UPDATE offers_seen SET objection = 'open' WHERE conference_ref IN"
        " (SELECT conference_ref FROM messages"
        " WHERE purpose = 'check-objection' AND status = 'waiting')"
    )
    op.execute(
        "UPDATE offers_seen SET permission = 'wanted' WHERE conference_ref IN"
        " (SELECT conference_ref FROM messages"
        " WHERE purpose = 'permission-wanted' AND status = 'waiting')"
    )
    op.drop_column("offers_seen", "ended")
    op.drop_column("offers_seen", "said_no")
