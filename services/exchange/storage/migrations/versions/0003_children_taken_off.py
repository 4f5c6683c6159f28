"""Remember of a conference that its child alone was taken off the meeting."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    taken_off: sa.Column[bool] = sa.Column(
        "taken_off", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("conferences", taken_off)


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("conferences", "taken_off")
