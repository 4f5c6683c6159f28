"""The day a conference first sat: an advocate attended it then, whatever day it has by now."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("conferences", sa.Column("first_sat_on", sa.String(10), nullable=True))
    op.execute(
        "UPDATE conferences SET first_sat_on = substr(starts_at, 1, 10)"
        " WHERE status = 'adjourned' AND changed_at >= starts_at"
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("conferences", "first_sat_on")
