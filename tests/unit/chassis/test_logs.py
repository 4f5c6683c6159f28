"""What a library says of an error is logged without the error's words: they may be a child's."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from services.chassis.logs import set_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

CANARY = "Canary Example-Child"


@contextmanager
def logging_as_a_process() -> Iterator[None]:
    """Log as a process does, and give pytest its own loggers back afterwards."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    root.handlers.clear()
    set_up("test", "INFO")
    try:
        yield
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()


def test_error_that_a_library_logs_is_named_and_placed_without_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with logging_as_a_process():
        try:
            int(CANARY)
        except ValueError:
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    said = capsys.readouterr().err
    assert "Exception in ASGI application: ValueError at test_logs.py:" in said
    assert "Canary" not in said


def test_a_client_that_tells_of_every_request_is_not_listened_to() -> None:
    with logging_as_a_process():
        client = logging.getLogger("httpx2")
        assert [client.isEnabledFor(level) for level in (logging.INFO, logging.WARNING)] == [
            False,
            True,
        ]
