"""Draw by lot what is hidden beside the small; one lot for all that was ever shown."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    lot = secrets.token_urlsafe(24)
    with op.batch_alter_table("releases") as table:
        table.add_column(sa.Column("lot", sa.Text(), nullable=False, server_default=lot))
    with op.batch_alter_table("releases") as table:
        table.alter_column("lot", server_default=None)


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("releases") as table:
        table.drop_column("lot")
