"""The form of the map every service has: which event, which work for later, to which handler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from services.contracts.catalogue import EVENTS, TOPICS

if TYPE_CHECKING:
    from services.chassis.aggregates import Aggregate

Handler = Callable[[Any, Any], None]
"""`on_<event>(work, happened)` or `when_<something>_is_due(work, due)`."""


@dataclass(frozen=True)
class Touch:
    """Rows that a batch will need: those whose `column` is the field `by` of the event's data."""

    aggregate: Aggregate[Any]
    column: str
    by: str


@dataclass(frozen=True)
class On:
    """What is done on an event; `touches` only saves reads."""

    handler: Handler
    touches: tuple[Touch, ...] = ()


@dataclass(frozen=True)
class Subscriptions:
    """The map of one service.

    Args:
        events: `<entity>.<verb>` -> what is done.
        later: `<entity>.<timer kind>` -> handler.
        every: called with every event of every topic, before the handler of its own.
        repeated: called with an event that was handled before: the check for other content.
        keeps_all: whether every event counts, however old: a log. Elsewhere a newer state of a
            thing makes an older one needless.
    """

    events: Mapping[str, On] = field(default_factory=dict)
    later: Mapping[str, Handler] = field(default_factory=dict)
    every: Handler | None = None
    repeated: Handler | None = None
    keeps_all: bool = False

    def __post_init__(self) -> None:
        """Refuse an event that nobody has explained."""
        if unknown := sorted(set(self.events) - set(EVENTS)):
            message = f"not in the catalogue: {', '.join(unknown)}"
            raise ValueError(message)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The topics to read, without the installation's prefix."""
        if self.every is not None:
            return tuple(sorted(TOPICS))
        return tuple(sorted({EVENTS[name].topic for name in self.events}))
