"""A conference that sits again is attended again: what was held for the sitting before stays."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ONCE = sa.text("kind NOT IN ('at-conference', 'after') OR status <> 'held'")


def upgrade() -> None:
    """Go to this revision."""
    op.drop_index("visits_once", table_name="visits")
    op.create_index(
        "visits_once",
        "visits",
        ["offer_ref", "kind"],
        unique=True,
        sqlite_where=_ONCE,
        postgresql_where=_ONCE,
    )


def downgrade() -> None:
    """Go back to the one before; impossible once a child had attended two sittings."""
    op.drop_index("visits_once", table_name="visits")
    op.create_index("visits_once", "visits", ["offer_ref", "kind"], unique=True)
