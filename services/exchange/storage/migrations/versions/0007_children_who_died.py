"""A child's death is a fact of its own, beside an end to contact that a person recorded."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision.

    Until now a death was not kept of a child with whom contact had been stopped before.
    """
    op.execute("ALTER TABLE children RENAME COLUMN contact_stopped TO stopped")
    op.execute("ALTER TABLE children RENAME COLUMN mourned TO died")
    op.execute(
        "UPDATE children SET stopped = NOT died, died = true WHERE stopped AND child_ref IN"
        " (SELECT child_ref FROM conferences WHERE cancelled_because = 'died')"
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.execute("UPDATE children SET stopped = true, died = NOT stopped WHERE died")
    op.execute("ALTER TABLE children RENAME COLUMN died TO mourned")
    op.execute("ALTER TABLE children RENAME COLUMN stopped TO contact_stopped")
