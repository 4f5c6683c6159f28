"""Errors, named by what must happen next.

    AlongsideError
    ├── Refused            this event never can be handled: dead letter, go on
    ├── NotYet             its prerequisite has not come: wait, its followers behind it
    ├── Fenced             another worker has gone on: read positions again, drop what is done
    ├── Transient          a dependency is broken: back off, redo, never skip
    │   ├── BusUnavailable
    │   └── StoreUnavailable
    └── Misconfigured      a person must change something: one clear sentence, exit 2
        └── TopicMismatch

Everything else is a bug: roll back, count the crash, leave the process; the third crash on the
same event makes it a dead letter.
"""

from __future__ import annotations


class AlongsideError(Exception):
    """The root of all errors that have a next step."""


class Refused(AlongsideError):
    """The event can never be handled; `code` says why and is safe to publish.

    Args:
        code: kebab-case reason, for machines and dead letters, e.g. `not-json`.
        detail: one sentence for an operator; never holds data of a child.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class NotYet(AlongsideError):
    """The event came before what it needs; `prerequisite` is `<table>:<key>` of that row."""

    def __init__(self, prerequisite: str) -> None:
        super().__init__(f"waits for {prerequisite}")
        self.prerequisite = prerequisite


class Fenced(AlongsideError):
    """Somebody else holds what we thought was ours."""


class Transient(AlongsideError):
    """A dependency did not answer; the same work will be tried again."""


class BusUnavailable(Transient):
    """The broker did not answer or did not acknowledge."""


class StoreUnavailable(Transient):
    """The database is locked, full or away."""


class Misconfigured(AlongsideError):
    """The installation cannot work as it is set up; the message is one sentence for a person."""


class TopicMismatch(Misconfigured):
    """A topic exists, but not as it must be."""
