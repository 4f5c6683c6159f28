"""An agency's key to its feed: shown once, kept as a digest, at most two live at a time."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

_MARK: Final = "alongside"
MOST_LIVE: Final = 2


@dataclass(frozen=True, slots=True)
class AgencyKey:
    """A key as it is stored; `prefix` finds it, `digest` proves it."""

    key_ref: UUID
    agency_ref: str
    prefix: str
    digest: str
    created_at: datetime
    ended_at: datetime | None = None
    version: int = 0


def written(prefix: str, secret: str) -> str:
    """Write a key as it is shown: recognisable, so that a leaked one is found by searching."""
    return f"{beginning(prefix)}{secret}"


def beginning(prefix: str) -> str:
    """Write how a key begins: enough for whoever holds it to know it, and no secret."""
    return f"{_MARK}_{prefix}_"


def prefix_of(key: str) -> str | None:
    """Return the part that finds a key; None if this is no key of ours."""
    mark, _, rest = key.partition("_")
    prefix, _, secret = rest.partition("_")
    return prefix if mark == _MARK and prefix and secret else None


def digest_of(key: str) -> str:
    """Return what is stored of a key; it is random, so a plain digest cannot be guessed back."""
    return hashlib.sha256(key.encode()).hexdigest()


def opens(stored: AgencyKey, key: str) -> bool:
    """Whether this is the stored key and it is live; takes the same time for every wrong key."""
    return hmac.compare_digest(stored.digest, digest_of(key)) and stored.ended_at is None


def to_end(keys: Sequence[AgencyKey]) -> tuple[AgencyKey, ...]:
    """Return the keys that end when another is made, so that at most two are live."""
    live = sorted((key for key in keys if key.ended_at is None), key=lambda key: key.created_at)
    return tuple(live[: max(0, len(live) - MOST_LIVE + 1)])
