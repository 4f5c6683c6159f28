"""What referral remembers of a child beside the conferences: whether contact was stopped."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Child:
    """One child; `as_of` is the version that exchange gave this state."""

    child_ref: UUID
    as_of: int
    contact_stopped: bool
    version: int = 0
