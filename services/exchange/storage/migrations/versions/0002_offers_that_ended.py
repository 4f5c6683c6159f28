"""Remember of an offer whether it has come to its end."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    ended: sa.Column[bool] = sa.Column(
        "ended", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("offers_seen", ended)


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("offers_seen", "ended")
