"""When a conference first sat: before that it has no answer, and nobody can be told one.

Of one that is held or was put off until now nobody knows the hour any more: it sat long ago.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("conferences", sa.Column("sat_at", sa.String(27), nullable=True))
    op.execute(
        "UPDATE conferences SET sat_at = '2000-01-01T00:00:00.000000Z'"
        " WHERE status IN ('held', 'adjourned')"
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("conferences", "sat_at")
