"""Logs: one JSON object a line on standard error, and only fields that can hold no child's data."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path

import structlog

FIELDS = frozenset(
    {"agency", "attempt", "bus", "code", "count", "end", "engine", "error", "event_id", "exit"}
    | {"host", "kind", "method", "name", "offset", "partition", "path", "pid", "port", "process"}
    | {"reason", "restarts", "route", "seconds", "service", "since", "start", "state", "status"}
    | {"times", "topic", "version", "worker"}
)
"""The names a log line may hold; anything else is left out, so that a slip shows nothing."""

_NOISY = ("aiokafka", "alembic", "faust", "httpx2", "mode", "sqlalchemy", "uvicorn")
"""What says in a line what it does all the time; its warnings are kept."""


def set_up(service: str, level: str) -> None:
    """Make this process log as `service`."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s", force=True)
    for handler in logging.getLogger().handlers:
        handler.addFilter(_without_traceback)
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # In an outage it says so in five lines of its own, twenty times a second; we say it in one.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            _only_allowed,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=service)


def log(event: str, **fields: object) -> None:
    """Write a line; `event` is a kebab-case word that stays the same."""
    structlog.get_logger().info(event, **fields)


def warn(event: str, **fields: object) -> None:
    """Write a line about something a person should look at."""
    structlog.get_logger().warning(event, **fields)


def place_of(error: BaseException) -> str:
    """Say where in the code an error was raised: what it says of itself may be a child's."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "services" in Path(frame.filename).parts] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"


def _without_traceback(line: logging.LogRecord) -> bool:
    """Let a library say that there was an error and which, but not in the error's own words."""
    error = line.exc_info[1] if line.exc_info else None
    if error is not None:
        said = line.getMessage().strip()
        line.msg, line.args = "%s: %s at %s", (said, type(error).__name__, place_of(error))
    line.exc_info = line.exc_text = None
    return True


def _only_allowed(
    _logger: object, _method: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {name: value for name, value in line.items() if name in FIELDS or name == "event"}
