"""A machine that is not there: time and chance come from a seed, so that a story replays."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from random import Random
from uuid import UUID

import pytest


class VirtualTime:
    """Monotonic time that passes only when somebody says so."""

    def __init__(self) -> None:
        self.elapsed = 1_000.0

    def monotonic(self) -> float:
        return self.elapsed

    def sleep(self, seconds: float) -> None:
        self.elapsed += seconds


class SeededChance:
    """References that are random to everybody but the seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 -- a story must replay

    def token_bytes(self, size: int) -> bytes:
        return self._random.randbytes(size)

    def token_urlsafe(self, size: int) -> str:
        return self._random.randbytes(size).hex()

    token_hex = token_urlsafe

    def uuid7(self) -> UUID:
        return UUID(bytes=self._random.randbytes(16))


@contextmanager
def virtual_machine(seed: int) -> Iterator[VirtualTime]:
    """Put seeded chance and virtual time behind the doors of the chassis, for a block.

    Every worker that starts counts as a process of its own: it must wait for a dead one's lease.
    """
    time, chance, started = VirtualTime(), SeededChance(seed), count(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.chassis.clock.time", time)
        for door in ("ids.secrets", "ids.uuid_utils", "vault.secrets"):
            patch.setattr(f"services.chassis.{door}", chance)
        name = "services.chassis.lease.holder_name"
        patch.setattr(name, lambda: f"simulated/{next(started)}/0")
        yield time
