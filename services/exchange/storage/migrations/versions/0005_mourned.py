"""Remember of a child that it is the record of its death that stopped contact."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    mourned: sa.Column[bool] = sa.Column(
        "mourned", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("children", mourned)


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("children", "mourned")
