"""The tables of feedback."""

from typing import Final

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from services.chassis.storage import NUMBER, Code, Json, Moment, Ref, service_metadata
from services.chassis.vault import data_keys

METADATA: Final = service_metadata()

DATA_KEYS: Final = data_keys(METADATA)

CONFERENCES: Final = Table(
    "conferences",
    METADATA,
    Column("conference_ref", Ref, primary_key=True),
    Column("child_ref", Ref, nullable=False),
    Column("status", Code, nullable=False),
    Column("as_of", Integer, nullable=False),
    Column("sat_at", Moment),
    Column("version", Integer, nullable=False),
)

CHILD_VIEWS: Final = Table(
    "child_views",
    METADATA,
    Column("view_ref", Ref, primary_key=True),
    Column("child_ref", Ref, nullable=False),
    Column("conference_ref", Ref, nullable=False),
    Column("author", Code, nullable=False),
    Column("medium", Code, nullable=False),
    Column("provenance", Code, nullable=False),
    Column("language", Code, nullable=False),
    Column("statements", Json, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("status", Code, nullable=False),
    Column("shared_at", Moment),
    Column("received_at", Moment),
    Column("answer", Code),
    Column("answer_reason", Code),
    Column("answered_at", Moment),
    Column("corrected_at", Moment),
    Column("told_at", Moment),
    Column("understood", Code),
    Column("version", Integer, nullable=False),
)
Index("child_views_conference", CHILD_VIEWS.c.conference_ref)
Index("child_views_child", CHILD_VIEWS.c.child_ref)
Index("child_views_status", CHILD_VIEWS.c.status)

# The words themselves; `sealed` is empty once they were destroyed.
WORDS: Final = Table(
    "words",
    METADATA,
    Column("words_ref", Ref, primary_key=True),
    Column("view_ref", Ref, nullable=False),
    Column("part", Code, nullable=False),
    Column("sealed", Text),
    Column("version", Integer, nullable=False),
)
Index("words_part", WORDS.c.view_ref, WORDS.c.part, unique=True)

# Ledgers: rows are only ever added.
APPROVALS: Final = Table(
    "approvals",
    METADATA,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("view_ref", Ref, nullable=False),
    Column("statement", Integer, nullable=False),
    Column("audience", Code, nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("heard_from_child", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
)
Index("approvals_view", APPROVALS.c.view_ref)

LOOKS: Final = Table(
    "looks",
    METADATA,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("view_ref", Ref, nullable=False),
    Column("looked_as", Code, nullable=False),
    Column("statements", Json, nullable=False),
    Column("at", Moment, nullable=False),
)
Index("looks_view", LOOKS.c.view_ref)
