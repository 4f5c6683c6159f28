"""Reads the form that schedules a conference, with the rules of the API and of the file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from services.chassis.web import Mistake, Reader, Submitted
from services.chassis.web.forms import FieldError, at_local
from services.chassis.web.wording import remark
from services.contracts.codes import ConferenceKind, MeetingFormat, Need, YesNo
from services.contracts.local_time import london_date
from services.exchange.domain.cells import BadCell, read_cell
from services.exchange.domain.child import UNKNOWN_LANGUAGE, Adult, ChildGiven, Facts, Particulars
from services.exchange.domain.contact import (
    Contact,
    ContactChannel,
    ContactPerson,
    ContactSafety,
)
from services.exchange.domain.intake import Fault, MeetingGiven, faults, late

MOST_CHILDREN: Final = 20
_NUMBER: Final = re.compile(r"\b[0-9]{1,3}\b")

RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "control-character": "must be text only",
        "too-long": "must have 2,000 characters or fewer",
        "formula": "must not begin with = + - or @",
        "email-form": "must be an e-mail address, like name@example.org",
        "authority-unknown": "must be the code of a county, city or borough, like E09000020",
    }
)
"""What a rule for cells says of a field on a page."""

LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "starts_at": "The day of the conference",
        "ends_at": "The time it ends",
        "requested_at": "The day it was asked for",
        "strategy_discussion_on": "The day of the strategy discussion",
        "family_informed_on": "The day the family was told",
        "from_authority": "The authority the family comes from",
        "date_of_birth": "Date of birth",
        "expected_birth_on": "Expected date of birth",
        "la_child_id": "Your number for the child",
        "upn": "Unique pupil number",
        "nhs_number": "NHS number",
        "contacts": "The contact",
    }
)

BOXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "starts_at": "starts_at-day",
        "ends_at": "ends_at-time",
        "requested_at": "requested_at-day",
        "strategy_discussion_on": "strategy_discussion_on-day",
        "family_informed_on": "family_informed_on-day",
        "date_of_birth": "date_of_birth-day",
        "expected_birth_on": "expected_birth_on-day",
        "contacts": "contact_confirmed_by",
    }
)
"""The box on the page that a field's mistake leads to, where it has another name."""


@dataclass(frozen=True, slots=True)
class MeetingRead:
    """What was filled in; `late` says that it is refused only because it is over already."""

    given: MeetingGiven | None
    mistakes: tuple[Mistake, ...] = ()
    late: bool = False


def blocks_of(form: Submitted) -> list[int]:
    """Return the numbers of the form's children; a number is never used for another child."""
    numbers = [int(part) for part in _NUMBER.findall(form["children"])]
    return list(dict.fromkeys(numbers))[:MOST_CHILDREN] or [1]


def with_child(form: Submitted) -> Submitted:
    """Add a child; family name and social worker are most often those of the one before."""
    blocks = blocks_of(form)
    new, last = max(blocks) + 1, blocks[-1]
    if len(blocks) == MOST_CHILDREN:
        return form
    alike = ("family_name", "social_worker_name", "social_worker_email", "language")
    carried = {f"child-{new}-{name}": form[f"child-{last}-{name}"] for name in alike}
    return form.with_fields(**carried, children=_joined([*blocks, new]))


def without_child(form: Submitted, number: int) -> Submitted:
    """Take a child away."""
    return form.with_fields(children=_joined([n for n in blocks_of(form) if n != number]))


def read_meeting(form: Submitted, now: datetime) -> MeetingRead:
    """Read the whole form; every mistake is found at once, in the order of the page."""
    reader = Reader(form)
    given = _meeting(reader)
    if reader.mistakes or given is None:
        return MeetingRead(None, tuple(reader.mistakes))
    if found := faults(given, now):
        blocks = blocks_of(form)
        return MeetingRead(None, tuple(_mistake(fault, blocks) for fault in found))
    if late(given, now) and not form["late_entry"]:
        over = f"{LABELS['starts_at']} is over. Tick the box below it to record it late."
        return MeetingRead(None, (Mistake(BOXES["starts_at"], over),), late=True)
    return MeetingRead(given)


def _meeting(reader: Reader) -> MeetingGiven | None:
    form = reader.form
    conference_id = _cell(reader, "conference_id", "Your number for this conference", needed=True)
    authority = _cell(reader, "authority", "The local authority code", needed=True)
    kind = reader.choice("kind", ConferenceKind, "Choose what sort of conference it is")
    starts_at = reader.moment("starts_at", LABELS["starts_at"])
    ends_at = read_end(reader, starts_at)
    requested_on = reader.date("requested_at", LABELS["requested_at"])
    strategy_on = reader.date("strategy_discussion_on", LABELS["strategy_discussion_on"])
    transfer_on = reader.date("transfer_clock_on", "The day the transfer counts from")
    informed_on = reader.date("family_informed_on", LABELS["family_informed_on"])
    from_authority = _cell(reader, "from_authority", LABELS["from_authority"])
    place = _cell(reader, "place", "The place")
    chair = _adult(reader, "chair", "the chair")
    children = tuple(
        _child(reader, number, order) for order, number in enumerate(blocks_of(form), start=1)
    )
    if reader.mistakes or kind is None or starts_at is None:
        return None
    return MeetingGiven(
        conference_id=conference_id,
        authority=authority,
        kind=kind,
        starts_at=starts_at,
        children=children,
        ends_at=ends_at,
        format=reader.either("format", MeetingFormat.UNKNOWN),
        place=place or "",
        requested_at=at_local(requested_on, "0:00") if requested_on else None,
        strategy_discussion_on=strategy_on,
        transfer_clock_on=transfer_on,
        from_authority=from_authority,
        family_informed_on=informed_on,
        chair=chair,
    )


def read_end(reader: Reader, starts_at: datetime | None) -> datetime | None:
    """Read when a conference ends, on the day it begins."""
    text = reader.form["ends_at-time"]
    if not text or starts_at is None:
        return None
    try:
        return at_local(london_date(starts_at), text)
    except FieldError as error:
        reader.mistakes.append(Mistake("ends_at-time", f"{LABELS['ends_at']} {error}"))
        return None


def _child(reader: Reader, number: int, order: int) -> ChildGiven:
    c = f"child-{number}-"
    of = f"of child {order}"
    born, expected = _birth(reader, c, of)
    return ChildGiven(
        Particulars(
            given_name=_cell(reader, f"{c}given_name", f"First name {of}") or "",
            family_name=_cell(reader, f"{c}family_name", f"Family name {of}") or "",
            date_of_birth=born,
            la_child_id=_cell(reader, f"{c}la_child_id", f"Your number {of}", needed=True) or "",
            social_worker=_adult(reader, f"{c}social_worker", f"the social worker {of}"),
            expected_birth_on=expected,
            contacts=_contacts(reader, c, of),
            upn=_cell(reader, f"{c}upn", f"Unique pupil number {of}"),
            nhs_number=_cell(reader, f"{c}nhs_number", f"NHS number {of}"),
        ),
        Facts(
            language=_cell(reader, f"{c}language", f"Language {of}") or UNKNOWN_LANGUAGE,
            needs=reader.chosen(f"{c}communication_needs", Need),
            looked_after=reader.either(f"{c}looked_after", YesNo.UNKNOWN),
            in_custody=reader.either(f"{c}in_custody", YesNo.UNKNOWN),
            out_of_area=reader.either(f"{c}placed_out_of_area", YesNo.UNKNOWN),
        ),
    )


def _birth(reader: Reader, c: str, of: str) -> tuple[date | None, date | None]:
    """Read the day of birth and the expected one; one of both must be there."""
    before = len(reader.mistakes)
    born = reader.date(f"{c}date_of_birth", f"Date of birth {of}")
    expected = reader.date(f"{c}expected_birth_on", f"Expected date of birth {of}")
    if born is None and expected is None and len(reader.mistakes) == before:
        reader.mistakes.append(Mistake(f"{c}date_of_birth-day", f"Date of birth {of} is missing"))
    return born, expected


def _contacts(reader: Reader, c: str, of: str) -> tuple[Contact, ...]:
    value = _cell(reader, f"{c}contact_value", f"Contact e-mail {of}", column="chair_email")
    on = reader.date(f"{c}contact_confirmed_on", f"The day the contact {of} was confirmed")
    by = _cell(reader, f"{c}contact_confirmed_by", f"Who confirmed the contact {of}")
    if not value:
        return ()
    ask = f"Choose whose contact it is, {of}"
    person = reader.choice(f"{c}contact_person", ContactPerson, ask)
    safety = reader.either(f"{c}contact_safety", ContactSafety.UNKNOWN)
    if person is None:
        return ()
    return (
        Contact(
            person=person,
            channel=ContactChannel.EMAIL,
            value=value,
            safety=safety,
            confirmed_by=by,
            confirmed_on=on,
        ),
    )


def _adult(reader: Reader, name: str, label: str) -> Adult | None:
    called = _cell(reader, f"{name}_name", f"Name of {label}", column="chair_name")
    email = _cell(reader, f"{name}_email", f"E-mail of {label}", column="chair_email")
    return Adult(called or "", email) if called or email else None


def _cell(reader: Reader, name: str, label: str, *, needed: bool = False, column: str = "") -> Any:
    """Read one field by the rule of its column in a conference list."""
    text = reader.form[name]
    if needed and not text:
        reader.mistakes.append(Mistake(name, f"{label} is missing"))
    try:
        return read_cell(column or name.rpartition("-")[2], text)
    except BadCell as bad:
        rule = RULES.get(bad.code, "cannot be right: " + bad.message)
        reader.mistakes.append(Mistake(name, remark(f"{label} {rule}").removesuffix(".")))
        return None


def _mistake(fault: Fault, blocks: list[int]) -> Mistake:
    box, label = BOXES.get(fault.field, fault.field), LABELS.get(fault.field, "This")
    if fault.child is None:
        return Mistake(box, f"{label}: {fault.message}")
    return Mistake(
        f"child-{blocks[fault.child]}-{box}", f"{label} of child {fault.child + 1}: {fault.message}"
    )


def _joined(blocks: list[int]) -> str:
    return ",".join(str(number) for number in blocks)
