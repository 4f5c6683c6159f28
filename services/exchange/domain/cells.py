"""Reads single cells of a conference list: each column's form, and what is never taken from one."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar

from services.contracts.codes import (
    ConferenceKind,
    Disability,
    MeetingFormat,
    Need,
    YesNo,
    is_of_our_time,
)
from services.contracts.local_time import instant_of
from services.exchange.domain.authorities import ons_code
from services.exchange.domain.child import UNKNOWN_LANGUAGE
from services.exchange.domain.contact import ContactChannel, ContactPerson, ContactSafety

C = TypeVar("C", bound=StrEnum)
D = TypeVar("D", bound=date)

LONGEST: Final = 2000
_EMAIL: Final = re.compile(
    # `=?` begins an encoded word: a mail program would read another address out of it.
    r"(?!.*=\?)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+"
)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_PHONE: Final = re.compile(r"\+[0-9][0-9 ()-]*")
_FORMULA: Final = ("=", "+", "-", "@")
_DAY_FORMS: Final = ("%Y-%m-%d", "%d/%m/%Y")
_TIME_FORMS: Final = ("%H:%M", "%H:%M:%S")


class BadCell(Exception):
    """A cell that cannot be read: a code, and the rule as a sentence; never what it holds."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def read_cell(column: str, text: str) -> Any:
    """Read one cell; an empty one says nothing and is None.

    Raises:
        BadCell: it is dangerous, too long or not of the column's form.
    """
    if not text:
        return None
    if any(ord(character) < ord(" ") or ord(character) == 0x7F for character in text):  # noqa: PLR2004
        raise BadCell("control-character", "A cell holds printable text only.")
    if len(text) > LONGEST:
        raise BadCell("too-long", "A cell has at most 2,000 characters.")
    if text.startswith(_FORMULA) and not (column == "contact_value" and _PHONE.fullmatch(text)):
        raise BadCell("formula", "A cell that begins with = + - or @ may run as a formula.")
    return COLUMNS[column](text)


def email(text: str) -> str:
    """Read an e-mail address."""
    if not _EMAIL.fullmatch(text):
        raise BadCell("email-form", "This is no e-mail address.")
    return text


def day(text: str) -> date:
    """Read a date of our time: 2026-11-30 or 30/11/2026."""
    return _of_our_time(any_day(text))


def any_day(text: str) -> date:
    """Read a date of whatever year, as a date of birth: the age on the day says if it can be."""
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise BadCell("date-form", "No such day: a date is written 2026-11-30 or 30/11/2026.")


def moment(text: str) -> datetime:
    """Read an instant: RFC 3339, or a date and a time as people in London see them."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return _local(text)
    if instant.tzinfo is not None:
        return _of_our_time(instant)
    return _local(text)


def moment_or_day(text: str) -> datetime:
    """Read an instant; a day alone stands for its beginning."""
    try:
        begins = datetime.combine(any_day(text), time())
    except BadCell:
        return moment(text)
    return _in_london(_of_our_time(begins))


def authority(text: str) -> str:
    """Read an authority by its ONS or DfE code."""
    code = ons_code(text)
    if code is None:
        raise BadCell("authority-unknown", "An ONS code of an upper-tier authority, or DfE's.")
    return code


def language(text: str) -> str:
    """Read a language by its ISO 639 code."""
    code = text.lower()
    if code != UNKNOWN_LANGUAGE and not _LANGUAGE.fullmatch(code):
        raise BadCell("language-code", "A language is an ISO 639 code of two or three letters.")
    return code


def yes_no(text: str) -> YesNo:
    """Read yes, no or unknown."""
    return _code(YesNo, text)


def needs(text: str) -> tuple[Need, ...]:
    """Read needs, divided by semicolons; a typing error is no new need."""
    names = _names(text)
    if not all(Need.known(name) for name in names):
        raise BadCell("unknown-code", f"One of the needs is none of: {_listed(Need)}.")
    return tuple(Need(name) for name in names)


def disabilities(text: str) -> tuple[Disability, ...]:
    """Read disabilities by their census codes, divided by semicolons."""
    return tuple(_code(Disability, name) for name in _names(text))


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip().lower().replace("_", "-") for name in text.split(";")))


def _code(codes: type[C], text: str) -> C:
    try:
        return codes(text.strip().lower().replace("_", "-"))
    except ValueError:
        raise BadCell("unknown-code", f"This is none of: {_listed(codes)}.") from None


def _listed(codes: type[StrEnum]) -> str:
    return ", ".join(code.value for code in codes)


def _local(text: str) -> datetime:
    on, _, at = text.replace("T", " ").partition(" ")
    for form in _TIME_FORMS:
        try:
            hour = datetime.strptime(at, form).time()  # noqa: DTZ007 - local, see below
        except ValueError:
            continue
        return _in_london(datetime.combine(day(on), hour))
    raise BadCell("time-form", "A date and a time: 2026-11-30 14:00, or with its offset.")


def _of_our_time(read: D) -> D:
    if not is_of_our_time(read):
        raise BadCell("year-out-of-range", "A year from 1990 to 2100.")
    return read


def _in_london(local: datetime) -> datetime:
    instant = instant_of(local)
    if instant is None:
        raise BadCell("time-ambiguous", "The clocks change then: give the offset from UTC.")
    return instant


def _text(text: str) -> str:
    return text


COLUMNS: Final[Mapping[str, Callable[[str], Any]]] = MappingProxyType(
    {
        "conference_id": _text,
        "authority": authority,
        "kind": lambda text: _code(ConferenceKind, text),
        "requested_at": moment_or_day,
        "strategy_discussion_on": day,
        "transfer_clock_on": day,
        "from_authority": authority,
        "family_informed_on": day,
        "starts_at": moment,
        "ends_at": moment,
        "format": lambda text: _code(MeetingFormat, text),
        "place": _text,
        "chair_name": _text,
        "chair_email": email,
        "social_worker_name": _text,
        "social_worker_email": email,
        "la_child_id": _text,
        "given_name": _text,
        "family_name": _text,
        "date_of_birth": any_day,
        "expected_birth_on": day,
        "upn": _text,
        "nhs_number": _text,
        "language": language,
        "communication_needs": needs,
        "disabilities": disabilities,
        "looked_after": yes_no,
        "in_custody": yes_no,
        "placed_out_of_area": yes_no,
        "contact_person": lambda text: _code(ContactPerson, text),
        "contact_channel": lambda text: _code(ContactChannel, text),
        "contact_value": _text,
        "contact_safety": lambda text: _code(ContactSafety, text),
        "contact_note": _text,
    }
)
"""Every column of a conference list and how its cells are read."""

REQUIRED: Final = (
    "conference_id",
    "authority",
    "kind",
    "starts_at",
    "la_child_id",
    "date_of_birth",
)
