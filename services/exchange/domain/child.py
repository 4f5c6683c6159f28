"""A child as the exchange knows one: codes for everybody, particulars for the vault alone."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from services.contracts.codes import Disability, Need, YesNo
from services.exchange.domain import contact
from services.exchange.domain.contact import Contact
from services.exchange.domain.lifecycle import Denied

UNKNOWN_LANGUAGE: Final = "und"
ADULT: Final = 18

NOT_ALIVE: Final = Denied(
    "child-died",
    "This child is recorded as having died. If that is a mistake, take the record of the death"
    " back first.",
)


@dataclass(frozen=True, slots=True)
class Adult:
    """A professional by name, with the address of work."""

    name: str
    email: str | None = None


def whoever_is_meant(given: Adult | None, known: Adult | None) -> Adult | None:
    """Return who has this part after one was given; a blank keeps what is known.

    Another name is another person, whose address is not known.
    """
    if given is None or known is None:
        return given or known
    if given.name and given.name.casefold() != known.name.casefold():
        return given
    return Adult(given.name or known.name, given.email or known.email)


def is_another(known: Adult | None, given: Adult | None) -> bool:
    """Whether somebody else has this part now, or is reached elsewhere.

    A name that is spelt better, with the same address, is the same person.
    """
    if known is None or given is None:
        return known != given
    if known.email and given.email:
        return known.email.casefold() != given.email.casefold()
    return known.name.casefold() != given.name.casefold() or known.email != given.email


@dataclass(frozen=True, slots=True)
class Facts:
    """What other services may know of a child, as codes; unknown is never read as no."""

    language: str = UNKNOWN_LANGUAGE
    needs: tuple[Need, ...] = ()
    disabilities: tuple[Disability, ...] = ()
    looked_after: YesNo = YesNo.UNKNOWN
    in_custody: YesNo = YesNo.UNKNOWN
    out_of_area: YesNo = YesNo.UNKNOWN

    def updated(self, given: "Facts") -> "Facts":
        """Return the facts after others were given; what is left blank keeps what is known."""
        return Facts(
            language=given.language if given.language != UNKNOWN_LANGUAGE else self.language,
            needs=given.needs or self.needs,
            disabilities=given.disabilities or self.disabilities,
            looked_after=_known(given.looked_after, self.looked_after),
            in_custody=_known(given.in_custody, self.in_custody),
            out_of_area=_known(given.out_of_area, self.out_of_area),
        )


@dataclass(frozen=True, slots=True)
class Particulars:
    """What names a child: sealed as one text, opened only where it is needed."""

    la_child_id: str
    given_name: str = ""
    family_name: str = ""
    date_of_birth: date | None = None
    expected_birth_on: date | None = None
    upn: str | None = None
    nhs_number: str | None = None
    social_worker: Adult | None = None
    contacts: tuple[Contact, ...] = ()

    @property
    def unborn(self) -> bool:
        """Whether only a day of expected birth is known."""
        return self.date_of_birth is None

    @property
    def name(self) -> str:
        """The name as people say it; empty if none was given."""
        return f"{self.given_name} {self.family_name}".strip()

    def updated(self, given: "Particulars") -> "Particulars":
        """Return the particulars after others were given; a blank keeps what is known."""
        return Particulars(
            la_child_id=self.la_child_id,
            given_name=given.given_name or self.given_name,
            family_name=given.family_name or self.family_name,
            date_of_birth=given.date_of_birth or self.date_of_birth,
            expected_birth_on=given.expected_birth_on or self.expected_birth_on,
            upn=given.upn or self.upn,
            nhs_number=given.nhs_number or self.nhs_number,
            social_worker=whoever_is_meant(given.social_worker, self.social_worker),
            contacts=contact.merged(self.contacts, given.contacts),
        )


def contradicted(known: Particulars, given: Particulars) -> tuple[str, ...]:
    """Name what was known otherwise of who a child is; a blank contradicts nothing."""
    return tuple(
        name
        for name in ("given_name", "family_name", "date_of_birth")
        if _differs(getattr(known, name), getattr(given, name))
    )


def _differs(known: str | date | None, given: str | date | None) -> bool:
    if not known or not given:
        return False
    return str(known).casefold().split() != str(given).casefold().split()


@dataclass(frozen=True, slots=True)
class Child:
    """A child by reference: coded facts, blind indexes of identifiers, sealed particulars.

    `stopped`: a person stopped all contact. `died`: the child is recorded as having died. Each is
    taken back by a word of its own.
    """

    child_ref: UUID
    authority: str
    unborn: bool
    facts: Facts
    la_child_id_index: str
    upn_index: str | None
    nhs_number_index: str | None
    particulars: str
    stopped: bool = False
    died: bool = False
    version: int = 0

    @property
    def contact_stopped(self) -> bool:
        """Whether no message about this child may leave, for whichever reason."""
        return self.stopped or self.died


@dataclass(frozen=True, slots=True)
class ChildGiven:
    """One child of a meeting as it was handed in."""

    particulars: Particulars
    facts: Facts = field(default_factory=Facts)


def age_on(day: date, date_of_birth: date | None) -> int | None:
    """Count completed years; None on a day before the birth.

    Someone born on 29 February turns a year older on 1 March.
    """
    if date_of_birth is None or day < date_of_birth:
        return None
    had_birthday = (day.month, day.day) >= (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - (not had_birthday)


def with_facts(child: Child, given: ChildGiven) -> Child:
    """Return the child with the coded facts that were given."""
    unborn = child.unborn and given.particulars.unborn
    return replace(child, facts=child.facts.updated(given.facts), unborn=unborn)


def says_the_same(before: Child, after: Child) -> bool:
    """Whether the bus would hear nothing new."""
    return (before.facts, before.unborn, before.contact_stopped) == (
        after.facts,
        after.unborn,
        after.contact_stopped,
    )


def contact_resumed(child: Child) -> Child | Denied:
    """Take back a person's end to all contact; about a child who died nobody is written to."""
    if child.died:
        return NOT_ALIVE
    return replace(child, stopped=False)


def _known(given: YesNo, before: YesNo) -> YesNo:
    return before if given is YesNo.UNKNOWN else given
