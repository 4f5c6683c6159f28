"""Waiting for what happens elsewhere: by looking, with a deadline, never by the clock alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

LOOK_S = 0.01


def until(condition: Callable[[], object], what: str, deadline_s: float = 30) -> None:
    """Look until the condition holds; fail with a sentence where it does not in time."""
    rest, end = threading.Event(), monotonic() + deadline_s
    while not condition():
        if monotonic() > end:
            raise AssertionError(f"not within {deadline_s} s: {what}")
        rest.wait(LOOK_S)
