"""Checks and training that end: who was registered before is looked at on the day after, too."""

from datetime import date

import sqlalchemy as sa
from alembic import op

from services.chassis import ids
from services.chassis.storage import moment
from services.contracts.local_time import end_of

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ENDS = {"checks-over": "checks_valid_until", "training-over": "training_valid_until"}


def upgrade() -> None:
    """Go to this revision."""
    connection = op.get_bind()
    advocates = connection.execute(sa.text("SELECT * FROM advocates")).mappings().all()
    later = sa.table(
        "later",
        *(sa.column(name) for name in ("id", "kind", "due_at", "since", "entity", "entity_key")),
        sa.column("version"),
    )
    rows = [_timer(advocate, kind) for advocate in advocates for kind in _ENDS]
    if rows:
        op.bulk_insert(later, rows)


def downgrade() -> None:
    """Go back to the one before."""
    op.execute("DELETE FROM later WHERE entity = 'advocate'")


def _timer(advocate: sa.RowMapping, kind: str) -> dict[str, object]:
    due_at = moment(end_of(date.fromisoformat(advocate[_ENDS[kind]])))
    key, version = advocate["advocate_ref"], advocate["version"]
    return {
        "id": ids.derived("advocate", key, str(version), kind),
        "kind": kind,
        "due_at": due_at,
        "since": due_at,
        "entity": "advocate",
        "entity_key": key,
        "version": version,
    }
