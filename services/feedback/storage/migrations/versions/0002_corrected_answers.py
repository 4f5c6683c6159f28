"""Remember when an answer was corrected: what the child was told before was another answer.

Of the answers there are nobody knows which were corrected: each is taken as the first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("child_views", sa.Column("corrected_at", sa.String(27), nullable=True))


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("child_views", "corrected_at")
