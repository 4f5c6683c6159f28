"""What the exchange says: conferences, meetings, children, messages and agencies."""

from datetime import date
from typing import Annotated
from uuid import UUID

from services.contracts.codes import (
    AdjournedBecause,
    AgencyStatus,
    Attendance,
    AttendanceMode,
    CancelledBecause,
    Channel,
    ConferenceKind,
    ConferenceStatus,
    Disability,
    LegalBasis,
    MeetingFormat,
    MessagePurpose,
    MessageStatus,
    Need,
    Role,
    SharingPurpose,
    Voice,
    YesNo,
)
from services.contracts.fields import (
    CONFERENCE,
    Age,
    AgencyRef,
    Authority,
    ChildRef,
    Coded,
    ConferenceRef,
    EventType,
    Language,
    MeetingRef,
    Moment,
    ResponsibleAuthority,
    State,
    authority,
    code,
    count,
    day,
    event_type,
    flag,
    group,
    moment,
    ref,
)


class Participation(Coded):
    """How the child took part in one session: attendance and voice are two separate axes."""

    attendance: Annotated[
        Attendance,
        code("Whether the child was there.", Attendance.ATTENDED, Attendance.DID_NOT_ATTEND),
    ]
    mode: Annotated[
        AttendanceMode | None,
        code("How the child was there, if so.", AttendanceMode.IN_PERSON, AttendanceMode.REMOTE),
    ] = None
    voice: Annotated[
        Voice, code("How the child's view reached the conference.", Voice.ADVOCATE, Voice.DRAWING)
    ]
    advocate_present: Annotated[bool, flag("Whether an advocate was there for this child.")]
    part_attendance: Annotated[
        bool, flag("Whether the child was there for a part only.", example=False)
    ]
    session_on: Annotated[date, day("The day of that session.")]


class Sitting(State):
    """When and how people meet, and how it stands."""

    authority: ResponsibleAuthority
    kind: Annotated[
        ConferenceKind,
        code("What sort of conference it is.", ConferenceKind.INITIAL, ConferenceKind.REVIEW),
    ]
    status: Annotated[ConferenceStatus, code("How it stands.", ConferenceStatus.SCHEDULED)]
    starts_at: Annotated[Moment, moment("When it begins.")]
    ends_at: Annotated[
        Moment | None, moment("When it is to end, if known.", "2026-11-30T15:30:00Z")
    ] = None
    format: Annotated[
        MeetingFormat, code("How people meet.", MeetingFormat.IN_PERSON, MeetingFormat.UNKNOWN)
    ]
    adjourned_because: Annotated[
        AdjournedBecause | None,
        code("Why it was adjourned.", AdjournedBecause.QUORUM, AdjournedBecause.INTERPRETER),
    ] = None
    reconvenes_on: Annotated[
        date | None, day("The day it is to be taken up again, if known.", "2026-12-14")
    ] = None
    cancelled_because: Annotated[
        CancelledBecause | None,
        code("Why it was cancelled.", CancelledBecause.NOT_NEEDED, CancelledBecause.PROCEEDINGS),
    ] = None


class ChildFacts(State):
    """The coded facts about a child that other services match by."""

    unborn: Annotated[bool, flag("Whether the child is not born yet.", example=False)]
    language: Annotated[
        Language, code("The child's language, ISO 639; `und` where unknown.", "en", "und")
    ]
    needs: Annotated[
        tuple[Need, ...],
        code("Needs an advocate's skill should match.", [Need.EASY_READ, Need.PICTURES], []),
    ]
    disabilities: Annotated[
        tuple[Disability, ...],
        code("Disabilities by census code; empty where unknown.", [Disability.LEARNING], []),
    ]
    looked_after: Annotated[
        YesNo, code("Whether the child is looked after.", YesNo.NO, YesNo.UNKNOWN)
    ]
    in_custody: Annotated[YesNo, code("Whether the child is in custody.", YesNo.NO, YesNo.UNKNOWN)]
    out_of_area: Annotated[
        YesNo, code("Whether the child is placed out of area.", YesNo.NO, YesNo.UNKNOWN)
    ]


class ConferenceState(Sitting, ChildFacts):
    """One child's conference, with what services about the child need to know of the meeting."""

    conference_ref: ConferenceRef
    child_ref: ChildRef
    meeting_ref: MeetingRef
    age_years: Annotated[
        Age | None,
        count("The child's completed years on the day; empty for an unborn child.", 9, 14),
    ] = None
    requested_at: Annotated[
        Moment | None, moment("When the conference was asked for.", "2026-11-10T11:20:00Z")
    ] = None
    strategy_discussion_on: Annotated[
        date | None, day("The strategy discussion that began the enquiry.", "2026-11-09")
    ] = None
    transfer_clock_on: Annotated[
        date | None, day("The day a transfer-in counts from, as the place counts.", "2026-11-09")
    ] = None
    from_authority: Annotated[
        Authority | None, authority("The authority a child is transferred from.", "W06000015")
    ] = None
    held_at: Annotated[
        Moment | None, moment("When it was held.", "2026-11-30T14:05:00Z", "2026-12-07T09:30:00Z")
    ] = None
    participation: Annotated[
        Participation | None, group("How the child took part in the fullest session.")
    ] = None


class ConferenceScheduled(ConferenceState):
    """A conference about a child was scheduled."""


class ConferenceRescheduled(ConferenceState):
    """A conference was given another time."""


class ConferenceChanged(ConferenceState):
    """Something about a conference other than its time changed."""


class ConferenceAdjourned(ConferenceState):
    """A conference was adjourned, to be taken up again."""

    adjourned_because: Annotated[
        AdjournedBecause,
        code("Why it was adjourned.", AdjournedBecause.QUORUM, AdjournedBecause.INTERPRETER),
    ]


class ConferenceCancelled(ConferenceState):
    """A conference was cancelled for this child."""

    cancelled_because: Annotated[
        CancelledBecause,
        code("Why it was cancelled.", CancelledBecause.NOT_NEEDED, CancelledBecause.PROCEEDINGS),
    ]


class ConferenceHeld(ConferenceState):
    """A conference was held."""

    held_at: Annotated[
        Moment, moment("When it was held.", "2026-11-30T14:05:00Z", "2026-12-07T09:30:00Z")
    ]


class ConferenceParticipationRecorded(ConferenceState):
    """It was recorded how the child took part in a conference."""

    participation: Annotated[
        Participation, group("How the child took part in the fullest session.")
    ]


class MeetingState(Sitting):
    """The sitting that siblings share; says nothing of the children."""

    meeting_ref: MeetingRef


class MeetingArranged(MeetingState):
    """A meeting was arranged."""


class MeetingMoved(MeetingState):
    """A meeting was given another time."""


class MeetingChanged(MeetingState):
    """Something about a meeting other than its time changed."""


class MeetingAdjourned(MeetingState):
    """A meeting was adjourned, to be taken up again."""

    adjourned_because: Annotated[
        AdjournedBecause,
        code("Why it was adjourned.", AdjournedBecause.QUORUM, AdjournedBecause.WEATHER),
    ]


class MeetingHeld(MeetingState):
    """A meeting was held."""


class MeetingCancelled(MeetingState):
    """A meeting was cancelled for every child."""

    cancelled_because: Annotated[
        CancelledBecause,
        code("Why it was cancelled.", CancelledBecause.NOT_NEEDED, CancelledBecause.PROCEEDINGS),
    ]


class ChildState(ChildFacts):
    """A child, as the few codes other services need."""

    child_ref: ChildRef
    authority: ResponsibleAuthority
    contact_stopped: Annotated[
        bool, flag("Whether no message may go to the child or home.", example=False)
    ]


class ChildRegistered(ChildState):
    """A child became known."""


class ChildChanged(ChildState):
    """A coded fact about a child changed."""


class ChildContactStopped(ChildState):
    """All contact with a child was stopped."""

    contact_stopped: Annotated[bool, flag("Whether no message may go to the child or home.")]


class MessageState(State):
    """A message to a person: what for and what became of it, never what it said or why."""

    message_ref: Annotated[
        UUID,
        ref(
            "The message.",
            "3e550000-0000-4000-8000-000000000001",
            "3e550000-0000-4000-8000-000000000002",
        ),
    ]
    child_ref: ChildRef
    conference_ref: Annotated[
        UUID | None, ref("The conference it was about, if any.", *CONFERENCE)
    ] = None
    purpose: Annotated[
        MessagePurpose,
        code("What it was for.", MessagePurpose.EXPLAIN_OFFER, MessagePurpose.CONFERENCE_REMINDER),
    ]
    recipient_role: Annotated[
        Role, code("Whom it was for, by function.", Role.SOCIAL_WORKER, Role.ADVOCATE)
    ]
    reached_role: Annotated[
        Role | None,
        code(
            "Whom it was sent to, by function, where nobody could be reached in that role.",
            Role.SAFEGUARDING_SERVICE,
        ),
    ] = None
    channel: Annotated[Channel, code("The way it went.", Channel.EMAIL, Channel.FILE)]
    status: Annotated[MessageStatus, code("What became of it.", MessageStatus.SENT)]


class MessageSent(MessageState):
    """A message was handed over to its channel."""


class MessageFailed(MessageState):
    """A message could not be handed over."""


class MessageWithheld(MessageState):
    """A message was held back at the exit."""


class MessageUnknown(MessageState):
    """It is not known whether a message went out, and it is not tried again."""


class AgencyState(State):
    """A partner agency and what its agreement lets it see."""

    agency_ref: Annotated[AgencyRef, ref("The agency.", "sheffield-health", "rbkc-commissioner")]
    status: Annotated[AgencyStatus, code("Whether it takes part.", AgencyStatus.ACTIVE)]
    agreement_ref: Annotated[
        UUID | None, ref("The agreement in force, if any.", "a97ee000-0000-4000-8000-000000000001")
    ] = None
    events: Annotated[
        tuple[EventType, ...],
        event_type(
            "The events it may see.",
            ["alongside.conference.scheduled.v1", "alongside.offer.made.v1"],
            [],
        ),
    ]
    purpose: Annotated[
        SharingPurpose,
        code("What it may use them for.", SharingPurpose.HEALTH, SharingPurpose.COMMISSIONING),
    ]
    legal_basis: Annotated[
        LegalBasis, code("The legal basis.", LegalBasis.PUBLIC_TASK, LegalBasis.LEGAL_OBLIGATION)
    ]
    starts_on: Annotated[date | None, day("The agreement's first day.", "2026-04-01")] = None
    expires_on: Annotated[date | None, day("The agreement's last day.", "2027-03-31")] = None
    authorities: Annotated[
        tuple[Authority, ...],
        authority("The authorities whose children it may see.", ["E08000019", "E08000039"], []),
    ]


class AgencyChanged(AgencyState):
    """Something about an agency changed."""


class AgencyAgreed(AgencyState):
    """An agreement with an agency came into force."""

    agreement_ref: Annotated[
        UUID,
        ref(
            "The agreement in force.",
            "a97ee000-0000-4000-8000-000000000001",
            "a97ee000-0000-4000-8000-000000000002",
        ),
    ]


class AgencyEnded(AgencyState):
    """An agency's agreement came to its end."""
