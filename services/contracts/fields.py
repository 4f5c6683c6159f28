"""The vocabulary of fields: every value on the bus is one of a few kinds, and free text is none.

A field reads `starts_at: Annotated[Moment, moment("When the meeting begins.")]`: its type, then
its kind with the sentence and the examples that go into the JSON schema. A contract test holds
that nothing reaches the bus without a kind of `KINDS`.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Final, TypeAlias, TypeVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from services.contracts.codes import FIRST_YEAR, LAST_YEAR, is_of_our_time

D = TypeVar("D", bound=date)

KINDS: Final = frozenset(
    {
        "authority",
        "code",
        "count",
        "date",
        "event-id",
        "event-type",
        "flag",
        "ref",
        "time",
        "version",
    }
)

KEBAB: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_EVENT_TYPE: Final = r"^alongside\.[a-z][a-z-]*\.[a-z][a-z-]*\.v[1-9][0-9]?$"


def _of_our_time(value: D) -> D:
    if not is_of_our_time(value):
        code = f"not_between_{FIRST_YEAR}_and_{LAST_YEAR}"
        raise PydanticCustomError(code, "is not of our time")
    return value


def _in_utc(moment: datetime) -> datetime:
    return _of_our_time(moment).astimezone(UTC)


Moment: TypeAlias = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Day: TypeAlias = Annotated[date, AfterValidator(_of_our_time)]
Authority: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[EWSN][0-9]{8}$")]
AgencyRef: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,30}$")]
Language: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
PolicyRef: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,40}@[0-9]{4}-[0-9]{2}-[0-9]{2}$")
]
Kebab: TypeAlias = Annotated[str, StringConstraints(pattern=KEBAB, max_length=64)]
EventId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-zA-Z._-]{1,64}$")]
EventType: TypeAlias = Annotated[str, StringConstraints(pattern=_EVENT_TYPE, max_length=120)]
MaybeEventType: TypeAlias = Annotated[
    str, StringConstraints(pattern=rf"^unknown$|{_EVENT_TYPE}", max_length=120)
]
Count: TypeAlias = Annotated[int, Field(ge=0)]
Ordinal: TypeAlias = Annotated[int, Field(ge=1)]
Age: TypeAlias = Annotated[int, Field(ge=0, le=25)]


def _field(kind: str, sentence: str, *examples: object) -> FieldInfo:
    field: FieldInfo = Field(
        description=sentence, examples=list(examples), json_schema_extra={"kind": kind}
    )
    return field


def ref(sentence: str, *examples: str) -> FieldInfo:
    """Describe a reference: says which, and nothing else."""
    return _field("ref", sentence, *examples)


def code(sentence: str, *examples: object) -> FieldInfo:
    """Describe a value out of a list, or several of them."""
    return _field("code", sentence, *examples)


def count(sentence: str, *examples: int) -> FieldInfo:
    """Describe a whole number, zero or more."""
    return _field("count", sentence, *examples)


def number(sentence: str) -> FieldInfo:
    """Describe the version of a state, counted from 1."""
    return _field("version", sentence, 3, 1)


def flag(sentence: str, *, example: bool = True) -> FieldInfo:
    """Describe a fact that is or is not."""
    return _field("flag", sentence, example)


def day(sentence: str, *examples: str) -> FieldInfo:
    """Describe a calendar day."""
    return _field("date", sentence, *(examples or ("2026-11-30", "2026-12-07")))


def moment(sentence: str, *examples: str) -> FieldInfo:
    """Describe a point in time, in UTC."""
    return _field("time", sentence, *(examples or ("2026-11-30T14:00:00Z", "2026-12-07T09:30:00Z")))


def authority(sentence: str, *examples: object) -> FieldInfo:
    """Describe a local authority by its ONS code."""
    return _field("authority", sentence, *(examples or ("E09000020", "E06000001")))


def event_id(sentence: str) -> FieldInfo:
    """Describe the id of another event."""
    return _field("event-id", sentence, "019adc8f-3c7e-8a51-9d42-5b7fc0a1e2d3", "unknown")


def event_type(sentence: str, *examples: object) -> FieldInfo:
    """Describe the type of an event, or several of them."""
    return _field("event-type", sentence, *examples)


def group(sentence: str) -> FieldInfo:
    """Describe a group of fields, each with a kind of its own."""
    field: FieldInfo = Field(description=sentence)
    return field


CHILD: Final = ("c41d0000-0000-4000-8000-000000000001", "c41d0000-0000-4000-8000-000000000002")
CONFERENCE: Final = ("c0ff0000-0000-4000-8000-000000000001", "c0ff0000-0000-4000-8000-000000000002")
MEETING: Final = ("3ee70000-0000-4000-8000-000000000001", "3ee70000-0000-4000-8000-000000000002")
OFFER: Final = ("0ffe0000-0000-4000-8000-000000000001", "0ffe0000-0000-4000-8000-000000000002")
ADVOCATE: Final = ("adc00000-0000-4000-8000-000000000001", "adc00000-0000-4000-8000-000000000002")

ChildRef: TypeAlias = Annotated[UUID, ref("The child, by a random reference.", *CHILD)]
ConferenceRef: TypeAlias = Annotated[
    UUID, ref("This child's conference: one child at one meeting.", *CONFERENCE)
]
MeetingRef: TypeAlias = Annotated[UUID, ref("The sitting that siblings may share.", *MEETING)]
OfferRef: TypeAlias = Annotated[UUID, ref("The offer of an advocate.", *OFFER)]
ConferenceVersion: TypeAlias = Annotated[
    Ordinal, number("The version of the conference this state was computed from.")
]
ResponsibleAuthority: TypeAlias = Annotated[
    Authority, authority("The local authority responsible, by its ONS code.")
]


def _spaced(name: str) -> str:
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", name).replace("_", " ")
    return words[:1].upper() + words[1:].lower()


class Coded(BaseModel):
    """A frozen group of coded values; refuses fields it does not know unless told to ignore them.

    Producers construct it. Consumers read with `model_validate_json(value, extra="ignore")`.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        field_title_generator=lambda name, _info: _spaced(name),
        model_title_generator=lambda model: _spaced(model.__name__),
    )


class State(Coded):
    """How a thing stands after an event: the whole coded state, never a difference."""

    version: Annotated[Ordinal, number("The version of this state; it rises with every change.")]
