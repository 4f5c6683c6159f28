"""What a rule answers when something cannot be done as things stand; a value, not an accident."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Denied:
    """A no with its reason: a code for programs, a sentence without any data for people."""

    code: str
    detail: str
