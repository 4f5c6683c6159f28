"""What the exchange's API takes in, in the words of the bus; unknown fields are refused."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from services.contracts.codes import (
    AdjournedBecause,
    Attendance,
    AttendanceMode,
    CancelledBecause,
    ConferenceKind,
    Disability,
    Extensible,
    LegalBasis,
    MeetingFormat,
    Need,
    Role,
    SharingPurpose,
    Voice,
    YesNo,
)
from services.contracts.fields import Day, Moment
from services.exchange.domain import cells
from services.exchange.domain.agreement import Identifier, Terms
from services.exchange.domain.authorities import ons_code
from services.exchange.domain.child import UNKNOWN_LANGUAGE, Adult, ChildGiven, Facts, Particulars
from services.exchange.domain.contact import (
    Contact,
    ContactChannel,
    ContactPerson,
    ContactSafety,
)
from services.exchange.domain.intake import MeetingGiven
from services.exchange.domain.participation import Participation
from services.exchange.handlers.people import PersonGiven


def _as_code(value: object) -> object:
    """Read `in_person` as `in-person`: files write the one, the bus the other."""
    return value.strip().lower().replace("_", "-") if isinstance(value, str) else value


_AGENCY_REF = "^[a-z][a-z0-9-]{1,30}$"


def _today_known(codes: type[Extensible]) -> Callable[[object], object]:
    """Refuse a code that is not one of today's: a typing error is no new code."""
    listed = ", ".join(code.value for code in codes)

    def known(value: object) -> object:
        code = _as_code(value)
        if isinstance(code, str) and not codes.known(code):
            raise PydanticCustomError("unknown_code", "is none of: {codes}", {"codes": listed})
        return code

    return known


def _authority(value: object) -> object:
    code = ons_code(value) if isinstance(value, str) else None
    if code is None:
        raise PydanticCustomError("authority_unknown", "is no ONS code of an authority, nor DfE's")
    return code


def _email(value: str) -> str:
    try:
        return cells.email(value)
    except cells.BadCell:
        raise PydanticCustomError("email_form", "is no e-mail address") from None


def _printable(value: object) -> object:
    if isinstance(value, str) and not value.isprintable():
        raise PydanticCustomError("control_character", "holds characters that cannot be printed")
    return value


def _printable_lines(value: object) -> object:
    if isinstance(value, str):
        for line in value.splitlines():
            _printable(line)
    return value


def _as_agency_ref(value: str) -> str:
    if not re.fullmatch(_AGENCY_REF, value):
        raise PydanticCustomError(
            "agency_ref_form", "2 to 31 small letters, digits and hyphens, a letter first"
        )
    return value


Text = Annotated[
    str,
    BeforeValidator(_printable),
    StringConstraints(strip_whitespace=True, max_length=200),
]
Note = Annotated[str, BeforeValidator(_printable_lines), StringConstraints(max_length=2000)]
Named = Annotated[Text, StringConstraints(min_length=1)]
Authority = Annotated[str, BeforeValidator(_authority)]
Email = Annotated[str, StringConstraints(max_length=320), BeforeValidator(_email)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$", to_lower=True)]
Kind = Annotated[ConferenceKind, BeforeValidator(_as_code)]
Format = Annotated[MeetingFormat, BeforeValidator(_as_code)]
AgencyRef = Annotated[
    str, AfterValidator(_as_agency_ref), Field(json_schema_extra={"pattern": _AGENCY_REF})
]


class Body(BaseModel):
    """A request: what it does not know it refuses, and it never repeats what was sent."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)


class AdultBody(Body):
    """A professional by name and address of work."""

    name: Text = ""
    email: Email | None = None

    def as_domain(self) -> Adult:
        return Adult(self.name, self.email)


class ContactBody(Body):
    """One way to reach one person, and who said that it is safe."""

    person: Annotated[ContactPerson, BeforeValidator(_as_code)]
    channel: Annotated[ContactChannel, BeforeValidator(_as_code)]
    value: Named
    safety: Annotated[ContactSafety, BeforeValidator(_as_code)] = ContactSafety.UNKNOWN
    note: Note = ""
    confirmed_by: Named | None = None
    confirmed_on: date | None = None
    expires_on: date | None = None

    @field_validator("value")
    @classmethod
    def _is_one_address(cls, value: str, info: ValidationInfo) -> str:
        """Refuse what is no address by e-mail: one address is one reader, and no more."""
        return _email(value) if info.data.get("channel") is ContactChannel.EMAIL else value

    def as_domain(self) -> Contact:
        return Contact(**self.model_dump())


class ChildBody(Body):
    """One child of a meeting."""

    la_child_id: Named
    given_name: Text = ""
    family_name: Text = ""
    date_of_birth: date | None = None
    expected_birth_on: Day | None = None
    upn: Text | None = None
    nhs_number: Text | None = None
    language: Language = UNKNOWN_LANGUAGE
    communication_needs: tuple[Annotated[Need, BeforeValidator(_today_known(Need))], ...] = ()
    disabilities: tuple[Annotated[Disability, BeforeValidator(_as_code)], ...] = ()
    looked_after: YesNo = YesNo.UNKNOWN
    in_custody: YesNo = YesNo.UNKNOWN
    placed_out_of_area: YesNo = YesNo.UNKNOWN
    social_worker: AdultBody | None = None
    contacts: tuple[ContactBody, ...] = ()

    def as_domain(self) -> ChildGiven:
        return ChildGiven(
            Particulars(
                la_child_id=self.la_child_id,
                given_name=self.given_name,
                family_name=self.family_name,
                date_of_birth=self.date_of_birth,
                expected_birth_on=self.expected_birth_on,
                upn=self.upn or None,
                nhs_number=self.nhs_number or None,
                social_worker=self.social_worker.as_domain() if self.social_worker else None,
                contacts=tuple(contact.as_domain() for contact in self.contacts),
            ),
            Facts(
                language=self.language,
                needs=self.communication_needs,
                disabilities=self.disabilities,
                looked_after=self.looked_after,
                in_custody=self.in_custody,
                out_of_area=self.placed_out_of_area,
            ),
        )


class MeetingBody(Body):
    """One meeting and its children; `late_entry` records one that is over already."""

    conference_id: Named
    authority: Authority
    kind: Kind
    starts_at: Moment
    ends_at: Moment | None = None
    format: Format = MeetingFormat.UNKNOWN
    place: Text = ""
    requested_at: Moment | None = None
    strategy_discussion_on: Day | None = None
    transfer_clock_on: Day | None = None
    from_authority: Authority | None = None
    family_informed_on: Day | None = None
    chair: AdultBody | None = None
    children: Annotated[tuple[ChildBody, ...], Field(min_length=1, max_length=40)]
    late_entry: bool = False

    def as_domain(self) -> MeetingGiven:
        same = self.model_dump(exclude={"children", "chair", "late_entry"})
        return MeetingGiven(
            **same,
            chair=self.chair.as_domain() if self.chair else None,
            children=tuple(child.as_domain() for child in self.children),
        )


class RescheduleBody(Body):
    """Another time for a meeting."""

    starts_at: Moment
    ends_at: Moment | None = None


class ChangeBody(Body):
    """Another kind, format or place for a meeting."""

    kind: Kind | None = None
    format: Format | None = None
    place: Text | None = None


class AdjournBody(Body):
    """Why a meeting was put off, and until when if that is known."""

    reason: Annotated[AdjournedBecause, BeforeValidator(_today_known(AdjournedBecause))]
    reconvenes_on: Day | None = None


class CancelBody(Body):
    """Why a meeting, or one child's conference, will not take place."""

    reason: Annotated[CancelledBecause, BeforeValidator(_as_code)]


class SessionBody(Body):
    """How a child took part in one session; the session's day is the meeting's if none is given."""

    attendance: Annotated[Attendance, BeforeValidator(_as_code)]
    voice: Annotated[Voice, BeforeValidator(_as_code)]
    advocate_present: bool
    part_attendance: bool = False
    mode: Annotated[AttendanceMode | None, BeforeValidator(_as_code)] = None
    session_on: Day | None = None

    def on(self, day: date) -> Participation:
        return Participation(
            attendance=self.attendance,
            voice=self.voice,
            advocate_present=self.advocate_present,
            part_attendance=self.part_attendance,
            session_on=self.session_on or day,
            mode=self.mode,
        )


class ChildSessionBody(SessionBody):
    """How one of the children took part."""

    child_ref: UUID


class HeldBody(Body):
    """That a meeting was held, and how each child took part as far as that is known."""

    held_at: Moment
    participation: tuple[ChildSessionBody, ...] = ()

    @field_validator("participation")
    @classmethod
    def _once_each(cls, sessions: tuple[ChildSessionBody, ...]) -> tuple[ChildSessionBody, ...]:
        if len({session.child_ref for session in sessions}) < len(sessions):
            code = "a_child_is_named_twice"
            raise PydanticCustomError(code, "a child is named twice")
        return sessions


class PersonBody(Body):
    """A professional who is written to because of a role."""

    role: Annotated[Role, BeforeValidator(_today_known(Role))]
    name: Named
    email: Email
    authorities: tuple[Authority, ...] = ()
    provider: UUID | None = None

    def as_domain(self) -> PersonGiven:
        return PersonGiven(self.role, Adult(self.name, self.email), self.authorities, self.provider)


class AgencyBody(Body):
    """A partner agency."""

    agency_ref: AgencyRef
    name: Named


class AgreementBody(Body):
    """What an agency may see, why, and for how long; without `fields` the usual ones."""

    agency_ref: AgencyRef
    events: Annotated[tuple[Named, ...], Field(min_length=1, max_length=200)]
    fields: dict[Named, tuple[Named, ...]] = Field(default_factory=dict)
    purpose: Annotated[SharingPurpose, BeforeValidator(_today_known(SharingPurpose))]
    legal_basis: Annotated[LegalBasis, BeforeValidator(_today_known(LegalBasis))]
    authorities: Annotated[tuple[Authority, ...], Field(min_length=1)]
    starts_on: date
    expires_on: date
    resolve: tuple[Annotated[Identifier, BeforeValidator(_as_code)], ...] = ()

    def as_domain(self) -> Terms:
        return Terms(
            events=tuple(dict.fromkeys(_short(event) for event in self.events)),
            fields=self.fields,
            purpose=self.purpose,
            legal_basis=self.legal_basis,
            authorities=self.authorities,
            starts_on=self.starts_on,
            expires_on=self.expires_on,
            resolve=self.resolve,
        )


class ResolveBody(Body):
    """An agency's own references of children."""

    children: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=100)]


def _short(event: str) -> str:
    """Read an event's name on the wire as the one we use: both are told to agencies."""
    return event.removeprefix("alongside.").removesuffix(".v1")
