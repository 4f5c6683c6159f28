"""Where work is done outside of events: commands and reads on a service's database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from sqlalchemy.exc import DataError, IntegrityError

from services.chassis import ids
from services.chassis.database import reading, writing
from services.chassis.errors import Fenced, Refused, StoreUnavailable
from services.chassis.work import Cause, Speaker, Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from services.chassis.clock import Clock
    from services.chassis.service import Service

C = TypeVar("C")
R = TypeVar("R")

ATTEMPTS = 5
"""How often a command is tried when another writer was faster."""


class Desk(Generic[C]):
    """Opens units of work for one service.

    Args:
        committed: called after each commit, so that the relay need not wait for its poll.
    """

    def __init__(
        self,
        service: Service[C],
        engine: Engine,
        clock: Clock,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        self.service = service
        self.engine = engine
        self.clock = clock
        self.speaker = Speaker(service.name, service.settings.topic_prefix)
        self.committed = committed

    def run(self, command: Callable[[Work[C]], R], cause: Cause | None = None) -> R:
        """Do a command in one transaction.

        Raises:
            Refused, NotYet: as the command says; nothing was done.
            StoreUnavailable: the database did not answer; nothing was done.
        """
        cause = cause or Cause.command(ids.command_id())
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with writing(self.engine) as connection:
                    work = Work(connection, self.speaker, self.service.context, self.clock)
                    work.begin(cause)
                    result = command(work)
                    work.flush()
            except (Fenced, StoreUnavailable):
                if attempt == ATTEMPTS:
                    raise
            except IntegrityError as error:
                # Another writer was there first: a second look sees what it wrote.
                if attempt == ATTEMPTS:
                    message = f"the database refused it: {type(error.orig).__name__}"
                    raise Fenced(message) from error
            except DataError as error:
                raise _not_storable() from error
            else:
                self.committed()
                return result
        raise AssertionError

    def read(self, query: Callable[[Work[C]], R]) -> R:
        """Answer a question from one consistent state.

        Raises:
            Refused: as the question says, or it names a value that no database holds.
            StoreUnavailable: the database did not answer.
        """
        try:
            with reading(self.engine) as connection:
                return query(Work(connection, self.speaker, self.service.context, self.clock))
        except DataError as error:
            raise _not_storable() from error


def _not_storable() -> Refused:
    return Refused("not-storable", "a value in it is none that a database can hold")
