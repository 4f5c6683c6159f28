"""Plays the quarter day by day: waits until all is quiet, moves the clock, does the day's acts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from services.chassis.clock import monotonic
from services.chassis.errors import AlongsideError
from services.launcher.quarter.acts import OFFICE_CLOSES, Act, at
from services.launcher.quarter.api import Api, NotDone, Unanswered
from services.launcher.quarter.book import Book
from services.launcher.quarter.script import Day

ACT_DEADLINE_S: Final = 60.0
"""How long an act is tried while the API, or what the act is about, is not there."""


class Stuck(AlongsideError):
    """The quarter cannot go on; one sentence says on which day and why."""


class Stage(Protocol):
    """The installation on which it is played."""

    def settle(self) -> None:
        """Wait until nothing is under way anywhere.

        Raises:
            Stuck: it does not become quiet.
        """

    def move(self, to: datetime) -> None:
        """Move the driven clock."""

    def rest(self) -> None:
        """Let a moment pass before something is tried again."""


@dataclass
class Player:
    """Plays on a stage through the API.

    Args:
        done: called after each day.
    """

    api: Api
    stage: Stage
    done: Callable[[Day], None] = lambda _day: None

    def play(self, days: Sequence[Day]) -> None:
        """Play all days.

        Raises:
            Stuck: it cannot go on.
        """
        book = Book(self.api)
        for day in days:
            self.stage.settle()
            self.stage.move(at(day.on, OFFICE_CLOSES))
            for act in day.acts:
                self._do(act, book)
            self.done(day)
        self.stage.settle()

    def _do(self, act: Act, book: Book) -> None:
        """Do an act; where nobody answers, the same again, for the key makes that safe."""
        deadline = monotonic() + ACT_DEADLINE_S
        while True:
            try:
                request = act.request(book)
                act.learn(book, self.api.post(request.path, request.body, act.key))
            except NotDone as refused:
                raise Stuck(f"{act.key} was refused: {refused}") from None
            except Unanswered as waiting:
                if monotonic() > deadline:
                    raise Stuck(f"{act.key} was not answered: {waiting}") from None
                self.stage.rest()
            else:
                return
