"""The rules of a place as frozen values: what a policy file says, in the words the rules read.

Everything a place may decide for itself is here and nowhere in the code; what must hold
everywhere is in the rules. Loading and checking is the chassis's work.
"""

from dataclasses import dataclass
from datetime import date, time
from typing import Protocol

from services.contracts.codes import (
    ConferenceKind,
    Nation,
    OfferBasis,
    OfferMode,
    OfferRoute,
    PermissionRule,
    Role,
    RungAct,
)


class WorkingCalendar(Protocol):
    """Counts working days in one nation, with the closures of one place.

    A working day is no Saturday, no Sunday, no bank holiday and no closure.
    """

    def is_working_day(self, day: date, /) -> bool:
        """Whether people work on that day."""
        ...

    def add(self, day: date, n: int, /) -> date:
        """Return the working day that lies `n` working days after `day`, or before if negative.

        `day` itself is day 0, the next working day is day 1. With 0 a working day is itself and
        any other day becomes the next working day.
        """
        ...

    def between(self, a: date, b: date, /) -> int:
        """Count the working days from `a`, which is day 0, to `b`; negative if `b` is earlier.

        Turns `add` round: for any other working day `b`, `add(a, between(a, b))` is `b`.
        """
        ...


@dataclass(frozen=True, slots=True)
class OfferRules:
    """Who is offered an advocate, how and on what basis.

    `kinds` are the kinds of conference that lead to an offer. `below_age` is the route for a
    child younger than `usual_age_from`: no lower age excludes by itself.
    """

    mode: OfferMode
    basis: OfferBasis
    usual_age_from: int
    usual_age_to: int
    kinds: tuple[ConferenceKind, ...]
    below_age: OfferRoute
    permission: PermissionRule


@dataclass(frozen=True, slots=True)
class ExplainRules:
    """Who tells the child of the offer, and by when.

    The clock is the smaller of `within_working_days` and `share_of_time_left`, the part (0 to 1)
    of the time between the start and the conference.
    """

    by: Role
    within_working_days: int
    share_of_time_left: float


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder climbed while nobody has told the child.

    It is reached at the smaller of `after_working_days` and `share` (0 to 1) of the time between
    the start and the conference.
    """

    after_working_days: int
    share: float
    role: Role
    act: RungAct


@dataclass(frozen=True, slots=True)
class ObjectionCheck:
    """Who asks the child when somebody else said no, and within how many working days."""

    by: Role
    within_working_days: int


@dataclass(frozen=True, slots=True)
class VisitRules:
    """By when the visits around a conference are due.

    The introduction counts from the allocation, the visit after from the conference, the closing
    contact from the end of the offer.
    """

    introduction_within_working_days: int
    before_working_days_before: int
    after_within_working_days: int
    closing_within_working_days: int


@dataclass(frozen=True, slots=True)
class ReminderRules:
    """Who is reminded, how many working days ahead and at what local hour."""

    lead_working_days: tuple[int, ...]
    hour: int
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class MessageRules:
    """When nobody is written to (local time), and whether anybody may be before the family knows.

    `quiet_from` later than `quiet_until` means over night.
    """

    quiet_from: time
    quiet_until: time
    before_family_informed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of one place during one period; first and last day belong to it.

    An authority is its ONS code; `*E` stands for all of England, `*W` for Wales, `*S` for
    Scotland. `continue_decision_working_days` is the time a person has to decide how advocacy goes
    on when a conference gave way to court or care.
    """

    id: str
    title: str
    authorities: tuple[str, ...]
    effective_from: date
    effective_until: date | None = None
    nation: Nation
    closures: tuple[date, ...] = ()
    offer: OfferRules
    explain: ExplainRules
    ladder: tuple[Rung, ...]
    objection_check: ObjectionCheck
    confirm_no_within_working_days: int
    grace_working_days: int
    unmet_alarm_working_days: int
    continue_decision_working_days: int
    visits: VisitRules
    reminders: ReminderRules
    messages: MessageRules

    @property
    def reference(self) -> str:
        """The policy as an event names it: `<id>@<first day>`."""
        return f"{self.id}@{self.effective_from.isoformat()}"
