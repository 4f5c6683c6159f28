"""Referral's tables: offers, allocations, advocates, and what it knows of conferences."""

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, Table, UniqueConstraint, false

from services.chassis.storage import Code, Day, Json, Moment, Ref, service_metadata

METADATA: MetaData = service_metadata()

CONFERENCES = Table(
    "conferences",
    METADATA,
    Column("conference_ref", Ref, primary_key=True),
    Column("child_ref", Ref, nullable=False, index=True),
    Column("meeting_ref", Ref, nullable=False),
    Column("as_of", Integer, nullable=False),
    Column("authority", Code, nullable=False),
    Column("kind", Code, nullable=False),
    Column("status", Code, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("age_years", Integer),
    Column("unborn", Boolean, nullable=False),
    Column("language", Code, nullable=False),
    Column("needs", Json, nullable=False),
    Column("looked_after", Code, nullable=False),
    Column("cancelled_because", Code),
    Column("held_at", Moment),
    Column("version", Integer, nullable=False),
)

CHILDREN = Table(
    "children",
    METADATA,
    Column("child_ref", Ref, primary_key=True),
    Column("as_of", Integer, nullable=False),
    Column("contact_stopped", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

OFFERS = Table(
    "offers",
    METADATA,
    Column("offer_ref", Ref, primary_key=True),
    Column("child_ref", Ref, nullable=False, index=True),
    Column("conference_ref", Ref, nullable=False, index=True),
    Column("meeting_ref", Ref, nullable=False),
    Column("conference_version", Integer, nullable=False),
    Column("authority", Code, nullable=False),
    Column("kind", Code, nullable=False),
    Column("policy", Code, nullable=False),
    Column("mode", Code, nullable=False),
    Column("basis", Code, nullable=False),
    Column("route", Code, nullable=False),
    Column("status", Code, nullable=False),
    Column("clocks", Json, nullable=False),
    Column("told", Code, nullable=False),
    Column("permission", Code, nullable=False),
    Column("objection", Code, nullable=False),
    Column("explained_by", Code),
    Column("explained_at", Moment),
    Column("answered_at", Moment),
    Column("reported_by", Code),
    Column("heard_directly", Boolean),
    Column("not_made_because", Code),
    Column("stopped_because", Code),
    Column("withdrawn_because", Code),
    Column("lapsed_because", Code),
    Column("rung", Integer, nullable=False),
    Column("rung_role", Code),
    Column("overdue", Boolean, nullable=False),
    Column("met", Boolean, nullable=False),
    Column("silenced", Boolean, nullable=False),
    Column("entered_late", Boolean, nullable=False),
    Column("child_paused", Boolean, nullable=False, server_default=false()),
    Column("fell_with_conference", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False),
    # One offer for one child and one conference, whatever else goes wrong.
    UniqueConstraint("child_ref", "conference_ref", name="offers_once"),
)
Index("offers_by_authority", OFFERS.c.authority, OFFERS.c.status, OFFERS.c.offer_ref)
Index("offers_by_status", OFFERS.c.status, OFFERS.c.offer_ref)

ALLOCATIONS = Table(
    "allocations",
    METADATA,
    Column("allocation_ref", Ref, primary_key=True),
    Column("offer_ref", Ref, nullable=False, index=True),
    Column("child_ref", Ref, nullable=False, index=True),
    Column("conference_ref", Ref, nullable=False),
    Column("authority", Code, nullable=False),
    Column("conference_starts_at", Moment, nullable=False),
    Column("status", Code, nullable=False),
    Column("advocate_ref", Ref),
    Column("reasons", Json, nullable=False),
    Column("unmet_because", Code),
    Column("attempts", Integer, nullable=False),
    Column("alarm_at", Moment),
    Column("alarmed", Boolean, nullable=False),
    Column("held_by", Ref, index=True),
    Column("sought_in", Code, index=True),
    Column("not_again", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

ADVOCATES = Table(
    "advocates",
    METADATA,
    Column("advocate_ref", Ref, primary_key=True),
    Column("authorities", Json, nullable=False),
    Column("languages", Json, nullable=False),
    Column("skills", Json, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("employed_by", Code, nullable=False),
    Column("conflicts", Json, nullable=False),
    Column("checks_valid_until", Day, nullable=False),
    Column("training_valid_until", Day, nullable=False),
    Column("version", Integer, nullable=False),
)

CASELOADS = Table(
    "caseloads",
    METADATA,
    Column("advocate_ref", Ref, primary_key=True),
    Column("children", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)

PANELS = Table(
    "panels",
    METADATA,
    Column("authority", Code, primary_key=True),
    Column("advocates", Json, nullable=False),
    Column("version", Integer, nullable=False),
)
