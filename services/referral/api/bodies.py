"""What may be sent to referral: codes, times and references only; free text has no field."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal, Self, TypeAlias, TypeVar
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from services.contracts.codes import AllocationReason, EndedBecause, Extensible, Need, Role
from services.contracts.fields import Moment
from services.referral.domain.advocate import Advocate

E = TypeVar("E", bound=Extensible)


def _known(codes: type[E]) -> Callable[[Any], Any]:
    """Refuse a code that is not in today's list: a typing error is no new code."""

    def checked(value: object) -> object:
        if isinstance(value, str) and codes.known(value):
            return value
        raise PydanticCustomError("enum", "is not one of: {codes}", {"codes": ", ".join(codes)})

    return checked


KnownRole: TypeAlias = Annotated[Role, BeforeValidator(_known(Role))]
KnownNeed: TypeAlias = Annotated[Need, BeforeValidator(_known(Need))]
KnownReason: TypeAlias = Annotated[EndedBecause, BeforeValidator(_known(EndedBecause))]
Authority: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[EWSN][0-9]{8}$")]
Language: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Employer: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-z][0-9a-z-]{1,40}$")]


class Body(BaseModel):
    """Whatever is sent: unknown fields are refused, and errors never repeat what was sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ExplainedBody(Body):
    """Somebody told the child; `at` is now where it is missing."""

    by_role: KnownRole
    at: Moment | None = None


class AcceptedBody(Body):
    """The child said yes."""

    heard_directly: bool
    at: Moment | None = None


class DeclinedBody(Body):
    """The child said no, heard by or passed on by somebody."""

    reported_by: KnownRole
    heard_directly: bool
    at: Moment | None = None

    @model_validator(mode="after")
    def _the_child_is_heard(self) -> Self:
        if self.reported_by is Role.CHILD and not self.heard_directly:
            raise PydanticCustomError("contradiction", "what the child reports is heard directly")
        return self


class ObjectedBody(Body):
    """Somebody other than the child said no."""

    by_role: KnownRole


class ObjectionDecidedBody(Body):
    """What the child said, asked by somebody independent."""

    child_wants: bool


class PermissionBody(Body):
    """What a parent said, where a historical policy asks."""

    permission: Literal["given", "refused"]


class EndedBody(Body):
    """Why a person ends the offer."""

    reason: KnownReason


class ChoiceBody(Body):
    """Whom a person chose, and whether the child asked for it."""

    advocate_ref: UUID
    reason: Literal[AllocationReason.CHOSEN_BY_PERSON, AllocationReason.CHILD_ASKED]


class AdvocateFacts(Body):
    """What is known of an advocate, as codes; names and contacts are the exchange's."""

    authorities: tuple[Authority, ...] = Field(min_length=1, max_length=200)
    languages: tuple[Language, ...] = Field(min_length=1, max_length=50)
    skills: tuple[KnownNeed, ...] = Field(default=(), max_length=20)
    capacity: int = Field(ge=0, le=500)
    active: bool = True
    employed_by: Employer = Field(description="The provider's reference, or `council`.")
    conflicts: tuple[UUID, ...] | None = Field(
        default=None,
        max_length=500,
        description="Children this person cannot be independent for; left out, those known stay.",
    )
    checks_valid_until: date
    training_valid_until: date

    def of(self, advocate_ref: UUID, known_conflicts: tuple[UUID, ...] = ()) -> Advocate:
        """Return the advocate these facts describe; a conflict that was found is not forgotten."""
        conflicts = known_conflicts if self.conflicts is None else self.conflicts
        return Advocate(
            advocate_ref=advocate_ref,
            authorities=tuple(sorted(set(self.authorities))),
            languages=tuple(sorted(set(self.languages))),
            skills=tuple(sorted(set(self.skills))),
            capacity=self.capacity,
            active=self.active,
            employed_by=self.employed_by,
            conflicts=tuple(sorted(set(conflicts))),
            checks_valid_until=self.checks_valid_until,
            training_valid_until=self.training_valid_until,
        )


class RegisterBody(AdvocateFacts):
    """A new advocate, by the reference the exchange gave the person."""

    advocate_ref: UUID
