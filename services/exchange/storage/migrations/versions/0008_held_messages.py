"""Whether messages are held back, after an older copy was put back."""

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


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("holds")
