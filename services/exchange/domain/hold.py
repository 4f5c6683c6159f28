"""Whether anything may leave to people: after an older copy was put back a person decides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

MESSAGES_HELD: Final = "messages"


@dataclass(frozen=True, slots=True)
class Hold:
    """That nothing leaves; `since` is None while everything may."""

    name: str
    since: datetime | None
    version: int = 0
