"""The clocks of an offer: when it asks for attention, and who is turned to then."""

from dataclasses import dataclass
from datetime import datetime

from services.contracts.codes import Role


@dataclass(frozen=True, slots=True)
class RungDue:
    """When a rung of the place's ladder is reached, and who is turned to; the lowest is 1."""

    number: int
    role: Role
    at: datetime


@dataclass(frozen=True, slots=True)
class Clocks:
    """The instants at which an offer asks for attention; an empty one does not run.

    `since` is when the time to tell the child began to run.
    """

    since: datetime
    tell_by: datetime | None = None
    rungs: tuple[RungDue, ...] = ()
    objection_by: datetime | None = None
    confirm_no_by: datetime | None = None
    continue_by: datetime | None = None
    lapse_at: datetime | None = None
