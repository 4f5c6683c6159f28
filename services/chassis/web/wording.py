"""Puts dates and codes into words for people in the United Kingdom."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from services.contracts.local_time import LONDON, spoken_hour

_WORDS = {
    "in-person": "in person",
    "pre-birth": "pre-birth",
    "opt-out": "opt-out",
    "opt-in": "opt-in",
    "bsl": "British Sign Language (BSL)",
    "und": "not known",
    "unknown": "not known",
    "not-known": "not known",
    "part": "partly",
}


def words(code: str) -> str:
    """Read a code as words: `not-possible` as "not possible"."""
    return _WORDS.get(code, code.replace("-", " ").replace("_", " "))


def sentence(code: str) -> str:
    """Read a code as words with a capital first."""
    text = words(code)
    return text[:1].upper() + text[1:]


def remark(text: str) -> str:
    """Make a whole sentence of the words of a rule: a capital first, a full stop last."""
    ended = text if text.endswith((".", "!", "?")) else f"{text}."
    return ended[:1].upper() + ended[1:]


def day(value: date | datetime) -> str:
    """Write a day as people say it: "Thursday 26 November 2026"."""
    local = value.astimezone(LONDON) if isinstance(value, datetime) else value
    return f"{local:%A} {local.day} {local:%B %Y}"


def moment(value: datetime) -> str:
    """Write an instant as people say it: "Thursday 26 November 2026, 10am"."""
    return f"{day(value)}, {spoken_hour(value)}"


def short_day(value: date | datetime) -> str:
    """Write a day for a narrow column: "Thu 26 Nov"."""
    local = value.astimezone(LONDON) if isinstance(value, datetime) else value
    return f"{local:%a} {local.day} {local:%b}"


def day_from(value: date, today: date) -> str:
    """Write a day as it is said today: "Today", "Tomorrow", else its name."""
    near = {today - timedelta(1): "Yesterday", today: "Today", today + timedelta(1): "Tomorrow"}
    return f"{near[value]}, {day(value)}" if value in near else day(value)


def counted(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its thing: "1 child", "3 children"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def short_ref(ref: object) -> str:
    """Show enough of a reference to tell two apart on one page."""
    return str(ref).replace("-", "")[-6:].upper()
