"""The codes that may stand in an event: closed lists, plus a few that may grow within v1.

An `Extensible` code reads a value it does not know as `other`, so that an older consumer lives
on beside a newer producer. Whoever takes codes in from people asks `known` first: a typing error
is no new code.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Self

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100
"""Outside of these years a date is a slip or a placeholder, and some cannot be reckoned with."""

A_YEAR: Final = timedelta(days=366)
"""What is recorded as having happened longer ago is a slip of the year."""


def is_of_our_time(day: date) -> bool:
    """Whether a day, or an instant, lies in the years that a date about a child can have."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


class Extensible(StrEnum):
    """A list of codes that may get new members within v1; every one has a member `OTHER`."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls("other") if isinstance(value, str) and value != "other" else None

    @classmethod
    def known(cls, value: str) -> bool:
        """Whether the value is one of today's members, not merely readable as `other`."""
        return value in cls._value2member_map_


class Role(Extensible):
    """A person by function, never by name."""

    CHILD = "child"
    PARENT = "parent"
    CARER = "carer"
    SOCIAL_WORKER = "social-worker"
    ADVOCATE = "advocate"
    ADVOCACY_PROVIDER = "advocacy-provider"
    CONFERENCE_CHAIR = "conference-chair"
    SAFEGUARDING_SERVICE = "safeguarding-service"
    REVIEWING_OFFICER = "reviewing-officer"
    SCHOOL = "school"
    HEALTH = "health"
    POLICE = "police"
    OTHER_PROFESSIONAL = "other-professional"
    OTHER = "other"


class YesNo(StrEnum):
    """A fact that may be missing; missing is never read as no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Nation(StrEnum):
    """The nation whose bank holidays and law a policy follows."""

    ENGLAND = "ENG"
    WALES = "WLS"
    SCOTLAND = "SCT"


# --- the conference and its meeting ---------------------------------------------------------


class ConferenceKind(StrEnum):
    """What sort of child protection conference it is."""

    INITIAL = "initial"
    REVIEW = "review"
    TRANSFER_IN = "transfer-in"
    PRE_BIRTH = "pre-birth"


class ConferenceStatus(StrEnum):
    """How a conference, or the meeting siblings share, now stands."""

    SCHEDULED = "scheduled"
    ADJOURNED = "adjourned"
    HELD = "held"
    CANCELLED = "cancelled"


class MeetingFormat(StrEnum):
    """In which way people come together."""

    IN_PERSON = "in-person"
    REMOTE = "remote"
    HYBRID = "hybrid"
    UNKNOWN = "unknown"


class AdjournedBecause(Extensible):
    """Why a conference was broken off or put off, to be taken up again."""

    QUORUM = "quorum"
    REPORTS_MISSING = "reports-missing"
    INTERPRETER = "interpreter"
    FAMILY = "family"
    CHILD = "child"
    ADVOCATE = "advocate"
    WEATHER = "weather"
    OTHER = "other"


class CancelledBecause(StrEnum):
    """Why a conference will not take place."""

    NOT_NEEDED = "not-needed"
    THRESHOLD_NOT_MET = "threshold-not-met"
    PROCEEDINGS = "proceedings"
    EMERGENCY_PROTECTION = "emergency-protection"
    LOOKED_AFTER = "looked-after"
    MOVED = "moved"
    REMOVED = "removed"
    DIED = "died"
    ERROR = "error"


class Attendance(StrEnum):
    """Whether the child was there: the first axis of participation."""

    ATTENDED = "attended"
    DID_NOT_ATTEND = "did-not-attend"
    NOT_INVITED = "not-invited"


class AttendanceMode(StrEnum):
    """How the child was there."""

    IN_PERSON = "in-person"
    REMOTE = "remote"


class Voice(StrEnum):
    """How the child's view reached the conference: the second axis of participation."""

    SELF = "self"
    ADVOCATE = "advocate"
    SYMBOLIC = "symbolic"
    SUPPORTER = "supporter"
    LETTER = "letter"
    TEXT = "text"
    AUDIO = "audio"
    VIDEO = "video"
    DRAWING = "drawing"
    OTHER_MEDIUM = "other-medium"
    NONE = "none"
    NOT_RECORDED = "not-recorded"


class Need(Extensible):
    """A need of communication or support, as a code to match an advocate's skill with."""

    EASY_READ = "easy-read"
    BSL = "bsl"
    MAKATON = "makaton"
    INTERPRETER = "interpreter"
    PICTURES = "pictures"
    HEARING = "hearing"
    VISION = "vision"
    SPEECH = "speech"
    AUTISM = "autism"
    LEARNING = "learning"
    MOBILITY = "mobility"
    OTHER = "other"


class Disability(StrEnum):
    """The children-in-need census codes of disability, in lower case."""

    NONE = "none"
    MOBILITY = "mob"
    HAND_FUNCTION = "hand"
    PERSONAL_CARE = "pc"
    INCONTINENCE = "inc"
    COMMUNICATION = "comm"
    LEARNING = "ld"
    HEARING = "hear"
    VISION = "vis"
    BEHAVIOUR = "beh"
    CONSCIOUSNESS = "con"
    AUTISM = "aut"
    DISABLED_OTHER = "dda"


# --- messages and agencies ------------------------------------------------------------------


class MessagePurpose(Extensible):
    """What a message to a person was for."""

    EXPLAIN_OFFER = "explain-offer"
    EXPLAIN_OVERDUE = "explain-overdue"
    OFFER_ESCALATED = "offer-escalated"
    INDEPENDENT_CONTACT = "independent-contact"
    PERMISSION_WANTED = "permission-wanted"
    CONFIRM_NO = "confirm-no"
    CHECK_OBJECTION = "check-objection"
    ADVOCATE_ALLOCATED = "advocate-allocated"
    ADVOCATE_UNMET = "advocate-unmet"
    VISIT_REMINDER = "visit-reminder"
    VISIT_REPLANNED = "visit-replanned"
    CONFERENCE_REMINDER = "conference-reminder"
    VISIT_OVERDUE = "visit-overdue"
    CLOSING_CONTACT = "closing-contact"
    CONTINUE_DECISION = "continue-decision"
    VIEW_FOR_CHAIR = "view-for-chair"
    TELL_CHILD_ANSWER = "tell-child-answer"
    OTHER = "other"


class Channel(StrEnum):
    """The way a message went; `none` when it was withheld."""

    EMAIL = "email"
    FILE = "file"
    NONE = "none"


class MessageStatus(StrEnum):
    """What became of a message; `unknown` when a crash fell between attempt and answer."""

    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"
    UNKNOWN = "unknown"


class AgencyStatus(StrEnum):
    """Whether a partner agency takes part."""

    ACTIVE = "active"
    ENDED = "ended"


class SharingPurpose(Extensible):
    """What an agency may use its cut of the stream for."""

    SAFEGUARDING = "safeguarding"
    COMMISSIONING = "commissioning"
    HEALTH = "health"
    EDUCATION = "education"
    ADVOCACY = "advocacy"
    OVERSIGHT = "oversight"
    OTHER = "other"


class LegalBasis(Extensible):
    """The legal basis of an agreement; opting out of advocacy is not consent in this sense."""

    PUBLIC_TASK = "public-task"
    LEGAL_OBLIGATION = "legal-obligation"
    VITAL_INTERESTS = "vital-interests"
    CONSENT = "consent"
    OTHER = "other"


# --- the offer and the advocate -------------------------------------------------------------


class OfferMode(StrEnum):
    """Whether the offer stands until the child's no, waits for a yes, or is actively made."""

    OPT_OUT = "opt-out"
    OPT_IN = "opt-in"
    ACTIVE_OFFER = "active-offer"


class OfferBasis(StrEnum):
    """What obliges the place to make the offer."""

    LAW = "law"
    GUIDANCE = "guidance"
    LOCAL_POLICY = "local-policy"


class OfferRoute(StrEnum):
    """The usual route, or the one for a child below the place's usual age."""

    USUAL = "usual"
    DISCRETIONARY = "discretionary"


class OfferStatus(StrEnum):
    """How an offer of an advocate now stands."""

    STANDING = "standing"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PAUSED = "paused"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    NOT_MADE = "not-made"


class Told(StrEnum):
    """What is known of the child having been told: an adult's word, or the child's own."""

    NOT_KNOWN = "not-known"
    EXPLAINED = "explained"
    CONFIRMED = "confirmed"


class Permission(StrEnum):
    """A parent's permission, where a historical policy asks for it."""

    NOT_NEEDED = "not-needed"
    WANTED = "wanted"
    GIVEN = "given"
    REFUSED = "refused"


class PermissionRule(StrEnum):
    """Whose permission a policy asks for before an offer counts."""

    NONE = "none"
    PARENT = "parent"


class Objection(StrEnum):
    """Someone else's no: it stops nothing until somebody independent has asked the child."""

    NONE = "none"
    OPEN = "open"
    UPHELD_NO = "upheld-no"
    OVERRULED = "overruled"


class NotMadeBecause(Extensible):
    """Why no offer was made; always to be reviewed by a person."""

    UNBORN = "unborn"
    KIND_NOT_COVERED = "kind-not-covered"
    NO_UNDERSTANDING_ROUTE = "no-understanding-route"
    CONTACT_STOPPED = "contact-stopped"
    ENTERED_AFTER_HELD = "entered-after-held"
    OTHER = "other"


class EndedBecause(Extensible):
    """Why a person or an authority ended an offer that the child had not turned down."""

    NOT_NEEDED = "not-needed"
    ERROR = "error"
    DUPLICATE = "duplicate"
    MOVED = "moved"
    PROCEEDINGS = "proceedings"
    EMERGENCY_PROTECTION = "emergency-protection"
    LOOKED_AFTER = "looked-after"
    OTHER = "other"


class LapsedBecause(StrEnum):
    """Why an offer came to its end by itself."""

    HELD_NEVER_TOLD = "held-never-told"
    TOLD_NO_ANSWER = "told-no-answer"
    CONFERENCE_FELL_AWAY = "conference-fell-away"
    AGED_OUT = "aged-out"
    MOVED = "moved"
    DIED = "died"


class RungAct(StrEnum):
    """What a rung of the ladder does: tell a role, or have the provider meet the child."""

    NOTIFY = "notify"
    INDEPENDENT_CONTACT = "independent-contact"


class AllocationStatus(StrEnum):
    """How the search for, or the bond with, an advocate now stands."""

    ALLOCATED = "allocated"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    RELEASED = "released"
    REPLACED = "replaced"
    UNMET = "unmet"
    CONFLICT = "conflict"


class AllocationReason(StrEnum):
    """Why this advocate and no other."""

    SAME_AS_LAST_TIME = "same-as-last-time"
    SPEAKS_LANGUAGE = "speaks-language"
    HAS_SKILL = "has-skill"
    HAS_ROOM = "has-room"
    SERVES_AUTHORITY = "serves-authority"
    ONLY_ONE_INDEPENDENT = "only-one-independent"
    CHOSEN_BY_PERSON = "chosen-by-person"
    CHILD_ASKED = "child-asked"


class UnmetBecause(StrEnum):
    """What no advocate could offer."""

    NOBODY_INDEPENDENT = "nobody-independent"
    NOBODY_WITH_SKILL = "nobody-with-skill"
    NOBODY_WITH_LANGUAGE = "nobody-with-language"
    NOBODY_WITH_ROOM = "nobody-with-room"
    NOBODY_REGISTERED = "nobody-registered"


# --- visits and reminders -------------------------------------------------------------------


class VisitKind(StrEnum):
    """Where a visit stands in the story of the conference."""

    INTRODUCTION = "introduction"
    BEFORE = "before"
    AT_CONFERENCE = "at-conference"
    AFTER = "after"
    FOLLOW_UP = "follow-up"
    CLOSING = "closing"


class VisitStatus(StrEnum):
    """How a visit now stands."""

    PLANNED = "planned"
    OFFERED = "offered"
    AGREED = "agreed"
    HELD = "held"
    DECLINED = "declined"
    NOT_POSSIBLE = "not-possible"
    MISSED = "missed"
    CANCELLED = "cancelled"


class VisitReason(Extensible):
    """Why a visit did not take place."""

    CHILD_DECLINED = "child-declined"
    CHILD_ILL = "child-ill"
    CHILD_AWAY = "child-away"
    NOT_AT_HOME = "not-at-home"
    PARENT_PREVENTED = "parent-prevented"
    NO_CONSENT = "no-consent"
    ADVOCATE_ILL = "advocate-ill"
    NO_INTERPRETER = "no-interpreter"
    SHORT_NOTICE = "short-notice"
    PERMISSION_LATE = "permission-late"
    CONFERENCE_CANCELLED = "conference-cancelled"
    CONFERENCE_MOVED = "conference-moved"
    OFFER_DECLINED = "offer-declined"
    OFFER_PAUSED = "offer-paused"
    OFFER_LAPSED = "offer-lapsed"
    OFFER_WITHDRAWN = "offer-withdrawn"
    NOT_NEEDED = "not-needed"
    OTHER = "other"


class ReminderAbout(StrEnum):
    """What a reminder reminds of."""

    CONFERENCE = "conference"
    VISIT = "visit"


class ReminderStatus(StrEnum):
    """How a reminder now stands; `planned` is known to scheduling alone and never published."""

    PLANNED = "planned"
    CAME_DUE = "came-due"
    CANCELLED = "cancelled"


# --- the child's views ----------------------------------------------------------------------


class ViewAuthor(Extensible):
    """Who put the view down."""

    CHILD = "child"
    ADVOCATE = "advocate"
    OTHER = "other"


class Medium(Extensible):
    """The form a view was given in."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    DRAWN = "drawn"
    SIGNED = "signed"
    SYMBOLS = "symbols"
    OBSERVED = "observed"
    RECORDING = "recording"
    OTHER = "other"


class Provenance(StrEnum):
    """Whose words they are; an observation is never shown as the child's words."""

    OWN_WORDS = "own-words"
    TRANSLATED = "translated"
    DRAWN = "drawn"
    OBSERVATION = "observation"


class ViewStatus(StrEnum):
    """How far a child's view has come on its way to the conference and back."""

    RECORDED = "recorded"
    APPROVED = "approved"
    SHARED = "shared"
    RECEIVED = "received"
    ANSWERED = "answered"
    TOLD = "told"
    WITHDRAWN = "withdrawn"


class Audience(StrEnum):
    """Whom a statement may reach; a statement approved for nobody has no audience at all."""

    CHAIR = "chair"
    PROFESSIONALS = "professionals"
    PARENTS_PRESENT = "parents-present"
    MINUTES = "minutes"
    NAMED_PERSON = "named-person"


class Answer(StrEnum):
    """How far the conference did what the child asked for."""

    FULL = "full"
    PARTLY = "part"
    NOT = "not"


class AnswerReason(Extensible):
    """Why the conference answered a view as it did."""

    AGREED = "agreed"
    PARTLY_POSSIBLE = "partly-possible"
    NOT_SAFE = "not-safe"
    NOT_IN_OUR_POWER = "not-in-our-power"
    NEEDS_MORE_WORK = "needs-more-work"
    OTHER = "other"
