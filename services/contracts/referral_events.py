"""What referral says: offers of an advocate, allocations and advocates."""

from typing import Annotated
from uuid import UUID

from services.contracts.codes import (
    AllocationReason,
    AllocationStatus,
    ConferenceKind,
    EndedBecause,
    LapsedBecause,
    Need,
    NotMadeBecause,
    Objection,
    OfferBasis,
    OfferMode,
    OfferRoute,
    OfferStatus,
    Permission,
    Role,
    Told,
    UnmetBecause,
)
from services.contracts.fields import (
    ADVOCATE,
    Authority,
    ChildRef,
    ConferenceRef,
    ConferenceVersion,
    Count,
    Language,
    MeetingRef,
    Moment,
    OfferRef,
    PolicyRef,
    ResponsibleAuthority,
    State,
    authority,
    code,
    count,
    flag,
    moment,
    ref,
)


class OfferState(State):
    """The offer of an advocate to one child for one conference."""

    offer_ref: OfferRef
    child_ref: ChildRef
    conference_ref: ConferenceRef
    meeting_ref: MeetingRef
    conference_version: ConferenceVersion
    authority: ResponsibleAuthority
    kind: Annotated[
        ConferenceKind,
        code("What sort of conference it is.", ConferenceKind.INITIAL, ConferenceKind.REVIEW),
    ]
    policy: Annotated[
        PolicyRef, code("The policy it was made under.", "rbkc@2013-01-01", "england@2018-01-01")
    ]
    mode: Annotated[
        OfferMode,
        code("Whether it stands until the child's no.", OfferMode.OPT_OUT),
    ]
    basis: Annotated[
        OfferBasis,
        code("What obliges the place to make it.", OfferBasis.LOCAL_POLICY, OfferBasis.GUIDANCE),
    ]
    route: Annotated[
        OfferRoute,
        code("The usual route or the discretionary.", OfferRoute.USUAL, OfferRoute.DISCRETIONARY),
    ]
    status: Annotated[OfferStatus, code("How the offer stands.", OfferStatus.STANDING)]
    told: Annotated[
        Told, code("What is known of the child having been told.", Told.EXPLAINED, Told.NOT_KNOWN)
    ]
    permission: Annotated[
        Permission,
        code("A parent's permission, where asked for.", Permission.NOT_NEEDED),
    ]
    objection: Annotated[
        Objection,
        code("Someone else's no; decided only by the child.", Objection.NONE),
    ]
    explained_by: Annotated[
        Role | None, code("Who told the child.", Role.SOCIAL_WORKER, Role.ADVOCATE)
    ] = None
    explained_at: Annotated[
        Moment | None, moment("When the child was told.", "2026-11-12T15:00:00Z")
    ] = None
    answered_at: Annotated[
        Moment | None, moment("When the child answered.", "2026-11-13T15:00:00Z")
    ] = None
    reported_by: Annotated[
        Role | None, code("Who passed the child's no on.", Role.CHILD, Role.SOCIAL_WORKER)
    ] = None
    heard_directly: Annotated[bool | None, flag("Whether the no was heard from the child.")] = None
    not_made_because: Annotated[
        NotMadeBecause | None,
        code("Why none was made.", NotMadeBecause.UNBORN, NotMadeBecause.KIND_NOT_COVERED),
    ] = None
    stopped_because: Annotated[
        EndedBecause | None, code("Why it was stopped.", EndedBecause.MOVED, EndedBecause.ERROR)
    ] = None
    withdrawn_because: Annotated[
        EndedBecause | None,
        code("Why the authority withdrew it.", EndedBecause.NOT_NEEDED, EndedBecause.DUPLICATE),
    ] = None
    lapsed_because: Annotated[
        LapsedBecause | None,
        code("Why it lapsed.", LapsedBecause.HELD_NEVER_TOLD, LapsedBecause.TOLD_NO_ANSWER),
    ] = None
    rung: Annotated[Count, count("The rung of the ladder reached; 0 is none yet.", 1, 0)]
    rung_role: Annotated[
        Role | None, code("Who was turned to there.", Role.CONFERENCE_CHAIR, Role.ADVOCACY_PROVIDER)
    ] = None
    overdue: Annotated[bool, flag("Whether the time to tell the child has passed.", example=False)]
    tell_by: Annotated[
        Moment | None, moment("By when the child is to be told.", "2026-11-13T17:00:00Z")
    ] = None


class OfferMade(OfferState):
    """An offer of an advocate was made."""


class OfferNotMade(OfferState):
    """No offer was made, for a reason a person reviews."""

    not_made_because: Annotated[
        NotMadeBecause,
        code("Why none was made.", NotMadeBecause.UNBORN, NotMadeBecause.KIND_NOT_COVERED),
    ]


class OfferPermissionGiven(OfferState):
    """A parent gave the permission a historical policy asks for."""


class OfferPermissionRefused(OfferState):
    """A parent refused the permission a historical policy asks for."""


class OfferExplained(OfferState):
    """An adult says that the child was told of the offer."""

    explained_by: Annotated[Role, code("Who told the child.", Role.SOCIAL_WORKER, Role.ADVOCATE)]
    explained_at: Annotated[
        Moment, moment("When the child was told.", "2026-11-12T15:00:00Z", "2026-11-16T16:30:00Z")
    ]


class OfferExplainedConfirmed(OfferState):
    """The child says that somebody told them of the offer."""


class OfferAccepted(OfferState):
    """The child took the offer up."""

    answered_at: Annotated[
        Moment, moment("When the child answered.", "2026-11-13T15:00:00Z", "2026-11-17T16:30:00Z")
    ]


class OfferDeclined(OfferState):
    """The child said no."""

    answered_at: Annotated[
        Moment, moment("When the child answered.", "2026-11-13T15:00:00Z", "2026-11-17T16:30:00Z")
    ]
    reported_by: Annotated[
        Role, code("Who passed the child's no on.", Role.CHILD, Role.SOCIAL_WORKER)
    ]
    heard_directly: Annotated[bool, flag("Whether the no was heard from the child.")]


class OfferObjected(OfferState):
    """Someone other than the child said no; the offer stands."""


class OfferObjectionDecided(OfferState):
    """The child was asked by somebody independent, and decided on another's no."""


class OfferStopped(OfferState):
    """A person ended the offer."""

    stopped_because: Annotated[
        EndedBecause, code("Why it was stopped.", EndedBecause.MOVED, EndedBecause.ERROR)
    ]


class OfferPaused(OfferState):
    """The child asked for a pause."""


class OfferResumed(OfferState):
    """A paused offer goes on."""


class OfferReopened(OfferState):
    """The child came back after a no, or an ended offer was taken up again."""


class OfferWithdrawn(OfferState):
    """The authority withdrew the offer."""

    withdrawn_because: Annotated[
        EndedBecause,
        code("Why the authority withdrew it.", EndedBecause.NOT_NEEDED, EndedBecause.DUPLICATE),
    ]


class OfferLapsed(OfferState):
    """The offer came to its end by itself."""

    lapsed_because: Annotated[
        LapsedBecause,
        code("Why it lapsed.", LapsedBecause.HELD_NEVER_TOLD, LapsedBecause.TOLD_NO_ANSWER),
    ]


class OfferOverdue(OfferState):
    """Nobody told the child in time."""


class OfferEscalated(OfferState):
    """The next rung of the ladder was climbed."""

    rung_role: Annotated[
        Role, code("Who was turned to there.", Role.CONFERENCE_CHAIR, Role.ADVOCACY_PROVIDER)
    ]


class OfferChanged(OfferState):
    """The offer follows a conference that changed."""


class AllocationState(State):
    """The advocate found for a child, or the lack of one."""

    allocation_ref: Annotated[
        UUID,
        ref(
            "The allocation.",
            "a110c000-0000-4000-8000-000000000001",
            "a110c000-0000-4000-8000-000000000002",
        ),
    ]
    offer_ref: OfferRef
    child_ref: ChildRef
    conference_ref: ConferenceRef
    authority: ResponsibleAuthority
    status: Annotated[
        AllocationStatus, code("How the allocation stands.", AllocationStatus.ALLOCATED)
    ]
    advocate_ref: Annotated[UUID | None, ref("The advocate, if any.", *ADVOCATE)] = None
    reasons: Annotated[
        tuple[AllocationReason, ...],
        code(
            "Why this advocate.",
            [AllocationReason.SAME_AS_LAST_TIME, AllocationReason.HAS_SKILL],
            [],
        ),
    ]
    unmet_because: Annotated[
        UnmetBecause | None,
        code(
            "What nobody could offer.",
            UnmetBecause.NOBODY_WITH_LANGUAGE,
            UnmetBecause.NOBODY_WITH_ROOM,
        ),
    ] = None
    attempts: Annotated[Count, count("How often an advocate was looked for.", 2, 1)]
    alarmed: Annotated[
        bool, flag("Whether people were told that there is nobody yet.", example=False)
    ]


class AllocationAllocated(AllocationState):
    """An advocate was found for a child."""

    advocate_ref: Annotated[UUID, ref("The advocate.", *ADVOCATE)]


class AllocationConfirmed(AllocationState):
    """The advocate took the allocation on."""

    advocate_ref: Annotated[UUID, ref("The advocate.", *ADVOCATE)]


class AllocationRefused(AllocationState):
    """The advocate could not take the allocation on."""


class AllocationConflictFound(AllocationState):
    """The advocate turned out not to be independent; access ends at once."""


class AllocationReplaced(AllocationState):
    """Another advocate took over."""


class AllocationReleased(AllocationState):
    """The advocate is no longer bound to the child."""


class AllocationUnmet(AllocationState):
    """Nobody could be found for a child; the search goes on."""

    unmet_because: Annotated[
        UnmetBecause,
        code(
            "What nobody could offer.",
            UnmetBecause.NOBODY_WITH_LANGUAGE,
            UnmetBecause.NOBODY_WITH_ROOM,
        ),
    ]


class AdvocateState(State):
    """An advocate, as codes to match with a child's needs."""

    advocate_ref: Annotated[UUID, ref("The advocate.", *ADVOCATE)]
    authorities: Annotated[
        tuple[Authority, ...],
        authority("The authorities served.", ["E09000020"], ["E08000019", "E08000039"]),
    ]
    languages: Annotated[
        tuple[Language, ...], code("The languages spoken, ISO 639.", ["en", "pl"], ["en"])
    ]
    skills: Annotated[
        tuple[Need, ...], code("The needs that can be met.", [Need.MAKATON, Need.PICTURES], [])
    ]
    capacity: Annotated[Count, count("How many children at one time.", 12, 0)]
    active: Annotated[bool, flag("Whether allocations may be made.")]


class AdvocateRegistered(AdvocateState):
    """An advocate was registered."""


class AdvocateChanged(AdvocateState):
    """Something about an advocate changed."""
