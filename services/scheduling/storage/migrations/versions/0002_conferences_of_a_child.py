"""Find every conference of a child: what was recorded with one may matter to all."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_index("conferences_child", "conferences", ["child_ref"])


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_index("conferences_child", "conferences")
