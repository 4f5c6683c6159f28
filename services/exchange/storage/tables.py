"""The exchange's tables. What names a person is in `Text` columns that hold sealed texts only."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text, false

from services.chassis.storage import NUMBER, Code, Day, Json, Moment, Ref, service_metadata
from services.chassis.vault import data_keys

METADATA: MetaData = service_metadata()

DATA_KEYS = data_keys(METADATA)

CHILDREN = Table(
    "children",
    METADATA,
    Column("child_ref", Ref, primary_key=True),
    Column("authority", Code, nullable=False),
    Column("unborn", Boolean, nullable=False),
    Column("facts", Json, nullable=False),
    Column("la_child_id_index", Code, nullable=False, unique=True),
    Column("upn_index", Code, index=True),
    Column("nhs_number_index", Code, index=True),
    Column("particulars", Text, nullable=False),
    Column("stopped", Boolean, nullable=False),
    Column("died", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False),
)

MEETINGS = Table(
    "meetings",
    METADATA,
    Column("meeting_ref", Ref, primary_key=True),
    Column("authority", Code, nullable=False),
    Column("kind", Code, nullable=False),
    Column("status", Code, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment),
    Column("format", Code, nullable=False),
    Column("conference_index", Code, nullable=False, unique=True),
    Column("private", Text, nullable=False),
    Column("requested_at", Moment),
    Column("strategy_discussion_on", Day),
    Column("transfer_clock_on", Day),
    Column("from_authority", Code),
    Column("family_informed_on", Day),
    Column("adjourned_because", Code),
    Column("reconvenes_on", Day),
    Column("cancelled_because", Code),
    Column("held_at", Moment),
    Column("version", Integer, nullable=False),
)
Index("meetings_by_start", MEETINGS.c.starts_at, MEETINGS.c.meeting_ref)
Index("meetings_by_authority", MEETINGS.c.authority, MEETINGS.c.status, MEETINGS.c.starts_at)

CONFERENCES = Table(
    "conferences",
    METADATA,
    Column("conference_ref", Ref, primary_key=True),
    Column("child_ref", Ref, nullable=False, index=True),
    Column("meeting_ref", Ref, nullable=False, index=True),
    Column("authority", Code, nullable=False),
    Column("kind", Code, nullable=False),
    Column("status", Code, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment),
    Column("format", Code, nullable=False),
    Column("age_years", Integer),
    Column("unborn", Boolean, nullable=False),
    Column("facts", Json, nullable=False),
    Column("requested_at", Moment),
    Column("strategy_discussion_on", Day),
    Column("transfer_clock_on", Day),
    Column("from_authority", Code),
    Column("adjourned_because", Code),
    Column("reconvenes_on", Day),
    Column("cancelled_because", Code),
    Column("held_at", Moment),
    Column("sessions", Json, nullable=False),
    Column("taken_off", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False),
)

SUGGESTIONS = Table(
    "suggestions",
    METADATA,
    Column("suggestion_ref", Ref, primary_key=True),
    Column("child_ref", Ref, nullable=False, index=True),
    Column("other_child_ref", Ref, nullable=False, index=True),
    Column("matched_on", Code, nullable=False),
    Column("blocked_because", Code),
    Column("since", Moment, nullable=False),
    Column("version", Integer, nullable=False),
)

PEOPLE = Table(
    "people",
    METADATA,
    Column("person_ref", Ref, primary_key=True),
    Column("role", Code, nullable=False, index=True),
    Column("email_index", Code, nullable=False, unique=True),
    Column("adult", Text, nullable=False),
    Column("authorities", Json, nullable=False),
    Column("provider_ref", Ref),
    Column("version", Integer, nullable=False),
)

AGENCIES = Table(
    "agencies",
    METADATA,
    Column("agency_ref", Code, primary_key=True),
    Column("name", Text, nullable=False),
    Column("status", Code, nullable=False),
    Column("agreement", Json),
    Column("version", Integer, nullable=False),
)

AGREEMENTS = Table(
    "agreements",
    METADATA,
    Column("agreement_ref", Ref, primary_key=True),
    Column("agency_ref", Code, nullable=False, index=True),
    Column("status", Code, nullable=False, index=True),
    Column("terms", Json, nullable=False),
    Column("ended_at", Moment),
    Column("version", Integer, nullable=False),
)

AGENCY_KEYS = Table(
    "agency_keys",
    METADATA,
    Column("key_ref", Ref, primary_key=True),
    Column("agency_ref", Code, nullable=False, index=True),
    Column("prefix", Code, nullable=False, unique=True),
    Column("digest", Code, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("version", Integer, nullable=False),
)

FEEDS = Table(
    "feeds",
    METADATA,
    Column("agency_ref", Code, primary_key=True),
    Column("last_number", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
)

FEED_SUBJECTS = Table(
    "feed_subjects",
    METADATA,
    Column("pseudonym", Ref, primary_key=True),
    Column("agency_ref", Code, nullable=False),
    Column("subject_ref", Ref, nullable=False, index=True),
    Column("last_sequence", BigInteger, nullable=False),
    Column("told", Json, nullable=False, server_default="[]"),
    Column("version", Integer, nullable=False),
)

FEED_ENTRIES = Table(
    "feed_entries",
    METADATA,
    Column("agency_ref", Code, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("id", Ref, nullable=False, unique=True),
    Column("name", Code, nullable=False),
    Column("authority", Code, nullable=False),
    Column("pseudonym", Ref, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("time", Moment, nullable=False),
    Column("data", Json, nullable=False),
    Column("agreement_ref", Ref, nullable=False),
    Column("owed", Json),
)

LEDGER = Table(
    "ledger",
    METADATA,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("who", Code, nullable=False),
    Column("about_ref", Ref, nullable=False, index=True),
    Column("what", Code, nullable=False),
    Column("why", Code, nullable=False),
)

MESSAGES = Table(
    "messages",
    METADATA,
    Column("message_ref", Ref, primary_key=True),
    Column("child_ref", Ref, nullable=False, index=True),
    Column("conference_ref", Ref),
    Column("meeting_ref", Ref),
    Column("purpose", Code, nullable=False),
    Column("recipient_role", Code, nullable=False),
    Column("recipient_ref", Ref),
    Column("page", Text, nullable=False),
    Column("happened_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("status", Code, nullable=False),
    Column("reached_role", Code),
    Column("channel", Code, nullable=False),
    Column("reason", Code),
    Column("about_ref", Ref),
    Column("may_be_told_since", Moment),
    Column("version", Integer, nullable=False),
)
Index("messages_by_status", MESSAGES.c.status, MESSAGES.c.not_before)

HOLDS = Table(
    "holds",
    METADATA,
    Column("name", Code, primary_key=True),
    Column("since", Moment),
    Column("version", Integer, nullable=False),
)

OFFERS_SEEN = Table(
    "offers_seen",
    METADATA,
    Column("offer_ref", Ref, primary_key=True),
    Column("conference_ref", Ref, nullable=False, index=True),
    Column("status", Code, nullable=False),
    Column("told", Code, nullable=False),
    Column("permission", Code, nullable=False),
    Column("objection", Code, nullable=False),
    Column("heard_directly", Boolean),
    Column("rung", Integer, nullable=False),
    Column("conference_version", Integer, nullable=False),
    Column("seen_version", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)

ALLOCATIONS_SEEN = Table(
    "allocations_seen",
    METADATA,
    Column("conference_ref", Ref, primary_key=True),
    Column("advocate_ref", Ref),
    Column("parted", Json, nullable=False, server_default="[]"),
    Column("version", Integer, nullable=False),
)

VISITS_SEEN = Table(
    "visits_seen",
    METADATA,
    Column("visit_ref", Ref, primary_key=True),
    Column("status", Code, nullable=False),
    Column("overdue", Boolean, nullable=False),
    Column("seen_version", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)

VIEWS_SEEN = Table(
    "views_seen",
    METADATA,
    Column("view_ref", Ref, primary_key=True),
    Column("status", Code, nullable=False),
    Column("for_chair", Boolean, nullable=False),
    Column("seen_version", Integer, nullable=False),
    Column("received_at", Moment),
    Column("version", Integer, nullable=False),
)

DEAD_LETTERS_SEEN = Table(
    "dead_letters_seen",
    METADATA,
    Column("dead_letter_ref", Ref, primary_key=True),
    Column("child_ref", Ref, nullable=False, index=True),
    Column("open", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)
