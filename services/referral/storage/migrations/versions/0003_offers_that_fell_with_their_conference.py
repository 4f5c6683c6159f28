"""Remember of a withdrawn offer whether its conference was the mistake, or a person ended it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision; of an offer that a cancelled conference has it is taken to be so."""
    fell: sa.Column[bool] = sa.Column(
        "fell_with_conference", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("offers", fell)
    op.execute(
        "UPDATE offers SET fell_with_conference = TRUE"
        " WHERE status = 'withdrawn' AND withdrawn_because = 'error' AND conference_ref IN"
        " (SELECT conference_ref FROM conferences WHERE cancelled_because = 'error')"
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("offers", "fell_with_conference")
