"""What scheduling says: visits around a conference, and reminders."""

from datetime import date
from typing import Annotated
from uuid import UUID

from services.contracts.codes import (
    ReminderAbout,
    ReminderStatus,
    Role,
    VisitKind,
    VisitReason,
    VisitStatus,
    YesNo,
)
from services.contracts.fields import (
    ADVOCATE,
    ChildRef,
    ConferenceRef,
    ConferenceVersion,
    Count,
    Moment,
    OfferRef,
    ResponsibleAuthority,
    State,
    code,
    count,
    day,
    flag,
    moment,
    ref,
)

_VISIT = ("71517000-0000-4000-8000-000000000001", "71517000-0000-4000-8000-000000000002")


class VisitState(State):
    """A meeting of a child and the advocate, or the advocate's attendance at the conference."""

    visit_ref: Annotated[UUID, ref("The visit.", *_VISIT)]
    child_ref: ChildRef
    conference_ref: ConferenceRef
    offer_ref: OfferRef
    advocate_ref: Annotated[UUID | None, ref("The advocate, if any yet.", *ADVOCATE)] = None
    authority: ResponsibleAuthority
    conference_version: ConferenceVersion
    kind: Annotated[
        VisitKind, code("Where it stands in the story.", VisitKind.BEFORE, VisitKind.AFTER)
    ]
    status: Annotated[VisitStatus, code("How the visit stands.", VisitStatus.PLANNED)]
    due_on: Annotated[date, day("The day by which it is due.", "2026-11-27", "2026-12-11")]
    at: Annotated[Moment | None, moment("The agreed time.", "2026-11-26T16:00:00Z")] = None
    held_at: Annotated[Moment | None, moment("When it was held.", "2026-11-26T16:05:00Z")] = None
    seen_alone: Annotated[
        YesNo, code("Whether the child was seen alone.", YesNo.YES, YesNo.UNKNOWN)
    ]
    declined_by: Annotated[Role | None, code("Who turned it down.", Role.CHILD, Role.PARENT)] = None
    reason: Annotated[
        VisitReason | None,
        code("Why it did not take place.", VisitReason.CHILD_ILL, VisitReason.NOT_AT_HOME),
    ] = None
    overdue: Annotated[bool, flag("Whether its due day has passed.", example=False)]
    moves: Annotated[Count, count("How often it was moved.", 1, 0)]


class VisitPlanned(VisitState):
    """A visit was planned, with the day by which it is due."""


class VisitOffered(VisitState):
    """A time for a visit was offered to the child."""


class VisitAgreed(VisitState):
    """A time for a visit was agreed with the child."""

    at: Annotated[
        Moment, moment("The agreed time.", "2026-11-26T16:00:00Z", "2026-12-10T15:30:00Z")
    ]


class VisitMoved(VisitState):
    """A visit was given another time or due day."""


class VisitHeld(VisitState):
    """A visit took place."""

    held_at: Annotated[
        Moment, moment("When it was held.", "2026-11-26T16:05:00Z", "2026-12-10T15:30:00Z")
    ]


class VisitDeclined(VisitState):
    """A visit was turned down."""

    declined_by: Annotated[Role, code("Who turned it down.", Role.CHILD, Role.PARENT)]


class VisitNotPossible(VisitState):
    """A visit could not take place."""

    reason: Annotated[
        VisitReason,
        code("Why it did not take place.", VisitReason.CHILD_ILL, VisitReason.SHORT_NOTICE),
    ]


class VisitMissed(VisitState):
    """A visit's time passed without it."""


class VisitCancelled(VisitState):
    """A visit is no longer wanted or needed."""

    reason: Annotated[
        VisitReason,
        code("Why it was cancelled.", VisitReason.CONFERENCE_CANCELLED, VisitReason.OFFER_DECLINED),
    ]


class VisitOverdue(VisitState):
    """A visit was not held by its due day."""

    overdue: Annotated[bool, flag("Whether its due day has passed.")]


class VisitChanged(VisitState):
    """A visit has another advocate or due day."""


class ReminderState(State):
    """A reminder of a conference or a visit."""

    reminder_ref: Annotated[
        UUID,
        ref(
            "The reminder.",
            "4e310000-0000-4000-8000-000000000001",
            "4e310000-0000-4000-8000-000000000002",
        ),
    ]
    child_ref: ChildRef
    conference_ref: ConferenceRef
    visit_ref: Annotated[UUID | None, ref("The visit it reminds of, if any.", *_VISIT)] = None
    about: Annotated[
        ReminderAbout, code("What it reminds of.", ReminderAbout.VISIT, ReminderAbout.CONFERENCE)
    ]
    lead_working_days: Annotated[Count, count("How many working days ahead.", 3, 1)]
    recipient_role: Annotated[
        Role, code("Who is reminded, by function.", Role.ADVOCATE, Role.SOCIAL_WORKER)
    ]
    recipient_ref: Annotated[
        UUID | None, ref("The advocate reminded, where it is one.", *ADVOCATE)
    ] = None
    due_at: Annotated[
        Moment, moment("When it is due.", "2026-11-25T09:00:00Z", "2026-12-04T09:00:00Z")
    ]
    status: Annotated[ReminderStatus, code("How it stands.", ReminderStatus.CAME_DUE)]


class ReminderCameDue(ReminderState):
    """The time for a reminder came."""


class ReminderCancelled(ReminderState):
    """A reminder is no longer needed."""
