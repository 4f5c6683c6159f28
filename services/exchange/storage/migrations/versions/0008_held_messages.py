"""Whether messages are held back, after a restore; and when a chair said they had read a view.

Of a view that was received before nobody knows the instant here: it was long ago.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "holds",
        sa.Column("name", sa.String(120), primary_key=True),
        sa.Column("since", sa.String(27)),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.add_column("views_seen", sa.Column("received_at", sa.String(27), nullable=True))
    op.execute(
        "UPDATE views_seen SET received_at = '2000-01-01T00:00:00.000000Z'"
        " WHERE status IN ('received', 'answered', 'told')"
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("views_seen", "received_at")
    op.drop_table("holds")
