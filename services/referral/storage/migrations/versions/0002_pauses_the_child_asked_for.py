"""Remember of an offer that its pause is the child's own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    child_paused: sa.Column[bool] = sa.Column(
        "child_paused", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("offers", child_paused)


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("offers", "child_paused")
