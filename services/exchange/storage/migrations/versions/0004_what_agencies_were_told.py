"""Remember of a feed what was sent of each thing, so that its taking back can be sent too.

What was sent before is read from the entries. An entry whose agreement held no reference of the
thing says of nothing in particular, and is left out.
"""

import json
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEYS = {
    "conference": "conference_ref",
    "offer": "offer_ref",
    "visit": "visit_ref",
    "child-view": "view_ref",
}
_SUBJECTS = ("child", "meeting")
_COMPARED = ("participation", "approved_for", "lapsed_because", "cancelled_because")

_ENTRIES = sa.table(
    "feed_entries",
    *(sa.column(name) for name in ("agency_ref", "number", "name", "pseudonym", "data")),
    sa.column("agreement_ref"),
)
_SUBJECT_ROWS = sa.table("feed_subjects", sa.column("pseudonym"), sa.column("told"))


def upgrade() -> None:
    """Go to this revision."""
    told: sa.Column[str] = sa.Column("told", sa.Text(), nullable=False, server_default="[]")
    op.add_column("feed_subjects", told)
    owed: sa.Column[str] = sa.Column("owed", sa.Text(), nullable=True)
    op.add_column("feed_entries", owed)
    for pseudonym, things in _sent().items():
        statement = _SUBJECT_ROWS.update().where(_SUBJECT_ROWS.c.pseudonym == pseudonym)
        op.get_bind().execute(statement.values(told=json.dumps(list(things.values()))))


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("feed_entries", "owed")
    op.drop_column("feed_subjects", "told")


def _sent() -> dict[str, dict[str, dict[str, Any]]]:
    """Return, by subject and thing, what was sent of it, in the order of the feeds."""
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    order = (_ENTRIES.c.agency_ref, _ENTRIES.c.number)
    for row in op.get_bind().execute(sa.select(_ENTRIES).order_by(*order)):
        data = json.loads(row.data)
        entity = row.name.partition(".")[0]
        thing = row.pseudonym if entity in _SUBJECTS else data.get(_KEYS.get(entity, ""))
        if thing is not None:
            things = found[row.pseudonym]
            things[thing] = _with(things.get(thing, {"thing": thing}), row, data)
    return found


def _with(told: dict[str, Any], row: Any, data: dict[str, Any]) -> dict[str, Any]:
    compared = {name: data[name] for name in _COMPARED if name in data}
    return {
        "thing": told["thing"],
        "agreement_ref": row.agreement_ref,
        "events": sorted({*told.get("events", ()), row.name}),
        "fields": sorted({*told.get("fields", ()), *data}),
        "values": {**told.get("values", {}), **compared},
    }
