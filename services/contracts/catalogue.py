"""Every event there is: its model, who says it, and what it is keyed by."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from services.contracts import (
    chassis_events,
    exchange_events,
    feedback_events,
    referral_events,
    scheduling_events,
)
from services.contracts.fields import State

ANY_SERVICE: Final = "any"
DEAD_LETTERS: Final = "dead-letter.v1"


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of event: an entity, what happened to it, and the model of its state after that.

    `key` names the attribute of the model that is the event's key and subject.
    """

    entity: str
    verb: str
    model: type[State]
    service: str
    key: str
    version: int = 1

    @property
    def name(self) -> str:
        """The name within our house: `<entity>.<verb>`."""
        return f"{self.entity}.{self.verb}"

    @property
    def ce_type(self) -> str:
        """The name on the wire, in the header `ce_type`."""
        return f"alongside.{self.name}.v{self.version}"

    @property
    def topic(self) -> str:
        """The topic, without the installation's prefix."""
        return DEAD_LETTERS if self.service == ANY_SERVICE else f"{self.service}.v{self.version}"

    @property
    def sentence(self) -> str:
        """What happened, in one sentence."""
        return str(self.model.__doc__)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic, named without the installation's prefix; `producer` is its only writer."""

    partitions: int
    producer: str
    sentence: str


def _events(
    service: str, entity: str, key: str, verbs: Mapping[str, type[State]]
) -> dict[str, EventType]:
    return {
        f"{entity}.{verb}": EventType(entity, verb, model, service, key)
        for verb, model in verbs.items()
    }


EVENTS: Final[Mapping[str, EventType]] = MappingProxyType(
    _events(
        "exchange",
        "conference",
        "child_ref",
        {
            "scheduled": exchange_events.ConferenceScheduled,
            "rescheduled": exchange_events.ConferenceRescheduled,
            "changed": exchange_events.ConferenceChanged,
            "adjourned": exchange_events.ConferenceAdjourned,
            "cancelled": exchange_events.ConferenceCancelled,
            "held": exchange_events.ConferenceHeld,
            "participation-recorded": exchange_events.ConferenceParticipationRecorded,
        },
    )
    | _events(
        "exchange",
        "meeting",
        "meeting_ref",
        {
            "arranged": exchange_events.MeetingArranged,
            "moved": exchange_events.MeetingMoved,
            "changed": exchange_events.MeetingChanged,
            "adjourned": exchange_events.MeetingAdjourned,
            "held": exchange_events.MeetingHeld,
            "cancelled": exchange_events.MeetingCancelled,
        },
    )
    | _events(
        "exchange",
        "child",
        "child_ref",
        {
            "registered": exchange_events.ChildRegistered,
            "changed": exchange_events.ChildChanged,
            "contact-stopped": exchange_events.ChildContactStopped,
        },
    )
    | _events(
        "exchange",
        "message",
        "child_ref",
        {
            "sent": exchange_events.MessageSent,
            "failed": exchange_events.MessageFailed,
            "withheld": exchange_events.MessageWithheld,
            "unknown": exchange_events.MessageUnknown,
        },
    )
    | _events(
        "exchange",
        "agency",
        "agency_ref",
        {
            "changed": exchange_events.AgencyChanged,
            "agreed": exchange_events.AgencyAgreed,
            "ended": exchange_events.AgencyEnded,
        },
    )
    | _events(
        "referral",
        "offer",
        "child_ref",
        {
            "made": referral_events.OfferMade,
            "not-made": referral_events.OfferNotMade,
            "permission-given": referral_events.OfferPermissionGiven,
            "permission-refused": referral_events.OfferPermissionRefused,
            "explained": referral_events.OfferExplained,
            "explained-confirmed": referral_events.OfferExplainedConfirmed,
            "accepted": referral_events.OfferAccepted,
            "declined": referral_events.OfferDeclined,
            "objected": referral_events.OfferObjected,
            "objection-decided": referral_events.OfferObjectionDecided,
            "stopped": referral_events.OfferStopped,
            "paused": referral_events.OfferPaused,
            "resumed": referral_events.OfferResumed,
            "reopened": referral_events.OfferReopened,
            "withdrawn": referral_events.OfferWithdrawn,
            "lapsed": referral_events.OfferLapsed,
            "overdue": referral_events.OfferOverdue,
            "escalated": referral_events.OfferEscalated,
            "changed": referral_events.OfferChanged,
        },
    )
    | _events(
        "referral",
        "allocation",
        "child_ref",
        {
            "allocated": referral_events.AllocationAllocated,
            "confirmed": referral_events.AllocationConfirmed,
            "refused": referral_events.AllocationRefused,
            "conflict-found": referral_events.AllocationConflictFound,
            "replaced": referral_events.AllocationReplaced,
            "released": referral_events.AllocationReleased,
            "unmet": referral_events.AllocationUnmet,
        },
    )
    | _events(
        "referral",
        "advocate",
        "advocate_ref",
        {
            "registered": referral_events.AdvocateRegistered,
            "changed": referral_events.AdvocateChanged,
        },
    )
    | _events(
        "scheduling",
        "visit",
        "child_ref",
        {
            "planned": scheduling_events.VisitPlanned,
            "offered": scheduling_events.VisitOffered,
            "agreed": scheduling_events.VisitAgreed,
            "moved": scheduling_events.VisitMoved,
            "held": scheduling_events.VisitHeld,
            "declined": scheduling_events.VisitDeclined,
            "not-possible": scheduling_events.VisitNotPossible,
            "missed": scheduling_events.VisitMissed,
            "cancelled": scheduling_events.VisitCancelled,
            "overdue": scheduling_events.VisitOverdue,
            "changed": scheduling_events.VisitChanged,
        },
    )
    | _events(
        "scheduling",
        "reminder",
        "child_ref",
        {
            "came-due": scheduling_events.ReminderCameDue,
            "cancelled": scheduling_events.ReminderCancelled,
        },
    )
    | _events(
        "feedback",
        "child-view",
        "child_ref",
        {
            "recorded": feedback_events.ChildViewRecorded,
            "approved": feedback_events.ChildViewApproved,
            "shared": feedback_events.ChildViewShared,
            "received": feedback_events.ChildViewReceived,
            "answered": feedback_events.ChildViewAnswered,
            "told": feedback_events.ChildViewTold,
            "withdrawn": feedback_events.ChildViewWithdrawn,
        },
    )
    | _events(
        ANY_SERVICE,
        "dead-letter",
        "service",
        {
            "refused": chassis_events.DeadLetterRefused,
            "crashed": chassis_events.DeadLetterCrashed,
            "closed": chassis_events.DeadLetterClosed,
        },
    )
)

TOPICS: Final[Mapping[str, Topic]] = MappingProxyType(
    {
        "exchange.v1": Topic(
            4, "exchange", "Conferences, meetings, children, messages and agencies."
        ),
        "referral.v1": Topic(4, "referral", "Offers of an advocate, allocations and advocates."),
        "scheduling.v1": Topic(4, "scheduling", "Visits around a conference, and reminders."),
        "feedback.v1": Topic(4, "feedback", "That a child's view exists, and what became of it."),
        DEAD_LETTERS: Topic(4, ANY_SERVICE, "Events that a service has laid aside for a person."),
    }
)

_BY_CE_TYPE: Final = {event.ce_type: event for event in EVENTS.values()}


def by_ce_type(ce_type: str) -> EventType | None:
    """Find the event of that type; none where this version does not know it."""
    return _BY_CE_TYPE.get(ce_type)
