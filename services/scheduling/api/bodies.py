"""What requests to scheduling may hold."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from services.contracts.codes import Extensible, Role, VisitReason, YesNo
from services.contracts.fields import Moment


def _known(codes: type[Extensible]) -> BeforeValidator:
    """Refuse a code that is not on the list: from a person it is a typing error, not a new code."""

    def check(value: object) -> object:
        if not isinstance(value, str) or not codes.known(value):
            listed = ", ".join(sorted(codes))
            raise PydanticCustomError(
                "enum", "Input should be one of: {listed}", {"listed": listed}
            )
        return value

    return BeforeValidator(check)


_KnownReason = Annotated[VisitReason, _known(VisitReason)]
_KnownRole = Annotated[Role, _known(Role)]


class Body(BaseModel):
    """A request: takes no field it does not know and never repeats what was sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class OfferedBody(Body):
    """A time was offered to the child."""


class AgreedBody(Body):
    """The time agreed with the child."""

    at: Moment


class MovedBody(Body):
    """Another agreed time, and why."""

    at: Moment
    reason: _KnownReason


class HeldBody(Body):
    """When it took place, and whether the child was seen alone."""

    held_at: Moment
    seen_alone: YesNo = YesNo.UNKNOWN


class DeclinedBody(Body):
    """Who turned it down, and why."""

    by_role: _KnownRole
    reason: _KnownReason | None = None


class NotPossibleBody(Body):
    """What stood in its way."""

    reason: _KnownReason


class MissedBody(Body):
    """Why its time passed without it, where that is known."""

    reason: _KnownReason | None = None


class CalendarBody(Body):
    """Whose calendar."""

    advocate_ref: UUID
