"""The only door to randomness and to identifiers."""

from __future__ import annotations

import hashlib
import secrets
import uuid

import uuid_utils

_VERSION_8 = 0x8 << 76
_VERSION_MASK = ~(0xF << 76) & (2**128 - 1)
_VARIANT = 0x2 << 62
_VARIANT_MASK = ~(0x3 << 62) & (2**128 - 1)


def derived(*parts: str) -> str:
    """Make the UUIDv8 of these parts: the same parts give the same id, for ever.

    It is the SHA-256 of the parts, each preceded by its length, cut to the 122 free bits
    (RFC 9562, section 5.8).
    """
    digest = hashlib.sha256()
    for part in parts:
        text = part.encode()
        digest.update(len(text).to_bytes(4, "big"))
        digest.update(text)
    number = int.from_bytes(digest.digest()[:16], "big")
    number = (number & _VERSION_MASK) | _VERSION_8
    number = (number & _VARIANT_MASK) | _VARIANT
    return str(uuid.UUID(int=number))


def command_id() -> str:
    """Make the id of a person's command that came without an Idempotency-Key (UUIDv7)."""
    return str(uuid_utils.uuid7())


def random_ref() -> uuid.UUID:
    """Make a reference that tells nothing, not even when it was made (UUIDv4)."""
    return uuid.UUID(bytes=secrets.token_bytes(16), version=4)


def token(bits: int = 192) -> str:
    """Make an unguessable URL-safe token."""
    return secrets.token_urlsafe(bits // 8)
