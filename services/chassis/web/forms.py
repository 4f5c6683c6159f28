"""Reads what a person filled in, and says what is wrong with it in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from fastapi import Request
from starlette.datastructures import FormData

from services.contracts.local_time import LONDON

E = TypeVar("E", bound=StrEnum)

_TIME = re.compile(r"^\s*(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?\s*$", re.IGNORECASE)
_HALF_DAY = 12
_DIGITS_OF_A_YEAR = 4
_SOME_DAY = date(2000, 1, 1)
_NO_TIME = "must be written like 9:30am or 14:00"
# Nothing a person types here is longer; a field beyond it is refused whole, never cut.
LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to put right: the field it is about and the sentence a person reads there."""

    field: str
    message: str


class FieldError(ValueError):
    """What stands in a field cannot be read; the message is the sentence for the page."""


class Submitted(Mapping[str, str]):
    """The fields of a form as they were sent, without the blanks around them."""

    def __init__(self, fields: Mapping[str, list[str]] | None = None) -> None:
        self._fields = dict(fields or {})

    def __getitem__(self, name: str) -> str:
        return self._fields.get(name, [""])[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def with_fields(self, **fields: str) -> Submitted:
        """Return the form with these fields in place of what was there."""
        return Submitted({**self._fields, **{name: [text] for name, text in fields.items()}})

    def every(self, name: str) -> list[str]:
        """Return all values of a field, such as the boxes that are ticked."""
        return [value for value in self._fields.get(name, []) if value]

    def date(self, name: str) -> date | None:
        """Read a date out of its three boxes; None when all are empty.

        Raises:
            FieldError: a part is missing, or there is no such day.
        """
        parts = {part: self[f"{name}-{part}"] for part in ("day", "month", "year")}
        missing = [part for part, value in parts.items() if not value]
        if len(missing) == len(parts):
            return None
        if missing:
            message = f"must include a {' and '.join(missing)}"
            raise FieldError(message)
        if len(parts["year"]) < _DIGITS_OF_A_YEAR:
            message = "must have a year of four digits"
            raise FieldError(message)
        try:
            return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
        except (ValueError, OverflowError):
            message = "must be a real date"
            raise FieldError(message) from None


def at_local(on: date, at: str) -> datetime:
    """Put a day and a time as people write it ("10am", "2.30 pm", "14:30") together.

    Raises:
        FieldError: it is no time of day.
    """
    found = _TIME.match(at)
    if not found:
        raise FieldError(_NO_TIME)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= _HALF_DAY:
        hour = 24
    elif half:
        hour = hour % _HALF_DAY + (_HALF_DAY if half == "pm" else 0)
    try:
        return datetime(on.year, on.month, on.day, hour, minute, tzinfo=LONDON)
    except ValueError:
        raise FieldError(_NO_TIME) from None


def _by_value(codes: type[E]) -> dict[str, E]:
    """Look codes up by what was sent: a list that may grow would read anything as `other`."""
    return {code.value: code for code in codes}


class Reader:
    """Reads the fields of one form and gathers what is wrong, so that all of it is said at once.

    Each field is asked for in the words of the page: "Enter the new day".

    Args:
        form: what was sent.
    """

    def __init__(self, form: Submitted) -> None:
        self.form = form
        self.mistakes: list[Mistake] = []

    def text(self, name: str, ask: str) -> str:
        """Read a text that must be there; `ask` is the sentence if it is not."""
        if not self.form[name]:
            self.mistakes.append(Mistake(name, ask))
        return self.form[name]

    def choice(self, name: str, codes: type[E], ask: str) -> E | None:
        """Read one of the codes; `ask` is the sentence if none was chosen."""
        chosen = _by_value(codes).get(self.form[name])
        if chosen is None:
            self.mistakes.append(Mistake(name, ask))
        return chosen

    def either(self, name: str, default: E) -> E:
        """Read one of the codes, or take the default where none was chosen."""
        return _by_value(type(default)).get(self.form[name], default)

    def chosen(self, name: str, codes: type[E]) -> tuple[E, ...]:
        """Read the ticked codes, each once; what is none of them is left out."""
        ticked = set(self.form.every(name))
        return tuple(code for code in codes if code.value in ticked)

    def date(self, name: str, label: str) -> date | None:
        """Read a date that may be left empty; `label` begins the sentence about a wrong one."""
        try:
            return self.form.date(name)
        except FieldError as error:
            self.mistakes.append(Mistake(f"{name}-day", f"{label} {error}"))
            return None

    def moment(self, name: str, label: str) -> datetime | None:
        """Read a day and a time that must be there; each is said of the box it belongs in."""
        before = len(self.mistakes)
        on, at = self.date(name, label), self.form[f"{name}-time"]
        if on is None and len(self.mistakes) == before:
            self.mistakes.append(Mistake(f"{name}-day", f"{label} is missing"))
        if not at:
            self.mistakes.append(Mistake(f"{name}-time", "The time is missing"))
            return None
        try:
            read = at_local(on or _SOME_DAY, at)
        except FieldError as error:
            self.mistakes.append(Mistake(f"{name}-time", f"The time {error}"))
            return None
        return read if on is not None else None


async def submitted(request: Request) -> Submitted:
    """Read the form of a request: a dependency, so that the page itself stays a plain function."""
    # Read as a whole first: a command takes the digest of the same body.
    await request.body()
    form = await request.form(max_files=0, max_fields=2000, max_part_size=LONGEST)
    return read_form(form)


def read_form(form: FormData) -> Submitted:
    """Take the text fields; line ends as one sign, blanks around them away."""
    fields: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            text = value.replace("\r\n", "\n").strip()
            fields.setdefault(name, []).append(text)
    return Submitted(fields)
