"""What every service may say: that an event could not be handled, never what was in it."""

from typing import Annotated
from uuid import UUID

from services.contracts import fields
from services.contracts.fields import CHILD, EventId, Kebab, MaybeEventType, State, event_id


class DeadLetterState(State):
    """An event that a service has laid aside for a person."""

    dead_letter_ref: Annotated[
        UUID,
        fields.ref(
            "The dead letter.",
            "dead0000-0000-4000-8000-000000000001",
            "dead0000-0000-4000-8000-000000000002",
        ),
    ]
    service: Annotated[Kebab, fields.code("The service that has it.", "referral", "reporting")]
    event_id: Annotated[EventId, event_id("The event laid aside, `unknown` if not readable.")]
    event_type: Annotated[
        MaybeEventType,
        fields.event_type(
            "Its type, `unknown` if not readable.", "alongside.conference.scheduled.v1", "unknown"
        ),
    ]
    child_ref: Annotated[UUID | None, fields.ref("The child it is about, where known.", *CHILD)] = (
        None
    )
    code: Annotated[Kebab, fields.code("Why, as a code.", "not-json", "third-crash")]
    open: Annotated[bool, fields.flag("Whether it still waits for a person.")]


class DeadLetterRefused(DeadLetterState):
    """An event can never be handled as it is."""


class DeadLetterCrashed(DeadLetterState):
    """An event broke its handler for the third time."""


class DeadLetterClosed(DeadLetterState):
    """A person dealt with a dead letter."""
