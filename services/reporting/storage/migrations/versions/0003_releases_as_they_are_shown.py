"""Forget the figures frozen by the day: a release now is of a month, and is kept as it is shown."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.execute("DELETE FROM releases")


def downgrade() -> None:
    """Go back to the one before."""
    op.execute("DELETE FROM releases")
