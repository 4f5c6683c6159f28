"""What feedback knows of a conference: enough to say whether a view can still reach it."""

from dataclasses import dataclass
from uuid import UUID

from services.contracts.codes import ConferenceStatus


@dataclass(frozen=True, slots=True)
class Conference:
    """One child's conference; `as_of` is the version that exchange gave it."""

    conference_ref: UUID
    child_ref: UUID
    status: ConferenceStatus
    as_of: int
    version: int = 0
