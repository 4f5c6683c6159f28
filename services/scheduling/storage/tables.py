"""The tables of scheduling."""

from typing import Final

from sqlalchemy import Boolean, Column, Index, Integer, Table, text

from services.chassis.storage import Code, Day, Moment, Ref, service_metadata

METADATA: Final = service_metadata()

CONFERENCES: Final = Table(
    "conferences",
    METADATA,
    Column("conference_ref", Ref, primary_key=True),
    Column("child_ref", Ref, nullable=False),
    Column("authority", Code, nullable=False),
    Column("status", Code, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("as_of", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("ends_at", Moment),
    Column("reconvenes_on", Day),
    Column("cancelled_because", Code),
    Column("held_at", Moment),
    Column("advocate_present", Boolean),
    Column("session_on", Day),
    Column("first_sat_on", Day),
    Column("version", Integer, nullable=False),
)
Index("conferences_child", CONFERENCES.c.child_ref)

OFFERS: Final = Table(
    "offers",
    METADATA,
    Column("offer_ref", Ref, primary_key=True),
    Column("child_ref", Ref, nullable=False),
    Column("conference_ref", Ref, nullable=False),
    Column("policy", Code, nullable=False),
    Column("status", Code, nullable=False),
    Column("told", Code, nullable=False),
    Column("as_of", Integer, nullable=False),
    Column("ended_because", Code),
    Column("lapsed_because", Code),
    Column("allocation_ref", Ref),
    Column("allocation_as_of", Integer, nullable=False),
    Column("allocated_on", Day),
    Column("advocate_ref", Ref),
    Column("last_advocate_ref", Ref),
    Column("version", Integer, nullable=False),
)
Index("offers_conference", OFFERS.c.conference_ref)

VISITS: Final = Table(
    "visits",
    METADATA,
    Column("visit_ref", Ref, primary_key=True),
    Column("child_ref", Ref, nullable=False),
    Column("conference_ref", Ref, nullable=False),
    Column("offer_ref", Ref, nullable=False),
    Column("authority", Code, nullable=False),
    Column("kind", Code, nullable=False),
    Column("conference_version", Integer, nullable=False),
    Column("due_on", Day, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("advocate_ref", Ref),
    Column("conference_on", Day),
    Column("conference_at", Moment),
    Column("status", Code, nullable=False),
    Column("at", Moment),
    Column("held_at", Moment),
    Column("seen_alone", Code, nullable=False),
    Column("declined_by", Code),
    Column("reason", Code),
    Column("overdue", Boolean, nullable=False),
    Column("moves", Integer, nullable=False),
    Column("by_record", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)
# One visit of a kind per offer: it is moved, given up and taken up again, never made twice. Only
# what was held for a sitting that was broken off is there once more, for the next.
_ONCE: Final = text("kind NOT IN ('at-conference', 'after') OR status <> 'held'")
Index(
    "visits_once",
    VISITS.c.offer_ref,
    VISITS.c.kind,
    unique=True,
    sqlite_where=_ONCE,
    postgresql_where=_ONCE,
)
Index("visits_conference", VISITS.c.conference_ref)
Index("visits_child", VISITS.c.child_ref)
Index("visits_advocate", VISITS.c.advocate_ref, VISITS.c.due_on)
Index("visits_status", VISITS.c.status, VISITS.c.due_on)

REMINDERS: Final = Table(
    "reminders",
    METADATA,
    Column("reminder_ref", Ref, primary_key=True),
    Column("child_ref", Ref, nullable=False),
    Column("conference_ref", Ref, nullable=False),
    Column("offer_ref", Ref, nullable=False),
    Column("conference_at", Moment, nullable=False),
    Column("lead_working_days", Integer, nullable=False),
    Column("recipient_role", Code, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("useful_until", Moment, nullable=False),
    Column("recipient_ref", Ref),
    Column("status", Code, nullable=False),
    Column("version", Integer, nullable=False),
)
Index("reminders_offer", REMINDERS.c.offer_ref)

CALENDARS: Final = Table(
    "calendars",
    METADATA,
    Column("calendar_ref", Ref, primary_key=True),
    Column("advocate_ref", Ref, nullable=False),
    Column("digest", Code, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("version", Integer, nullable=False),
)
Index("calendars_digest", CALENDARS.c.digest, unique=True)
Index("calendars_advocate", CALENDARS.c.advocate_ref)
