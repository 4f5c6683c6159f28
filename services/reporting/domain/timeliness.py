"""How soon after the offer each step followed, in working days, and whether it came in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.contracts.policy import WorkingCalendar


class Step(StrEnum):
    """What should follow an offer, and come before the conference."""

    TOLD = "told"
    ALLOCATED = "allocated"
    FIRST_CONTACT = "first_contact"
    VISIT_BEFORE = "visit_before"


@dataclass(frozen=True, slots=True)
class Waited:
    """Some children for whom one step went alike.

    `working_days` from the offer to the step; None while it has not come. `over` says that the
    conference was held, `in_time` that the step came before it began.
    """

    children: int
    working_days: int | None
    over: bool
    in_time: bool


@dataclass(frozen=True, slots=True)
class Timeliness:
    """How one step went; what has not happened has no days, and nothing is counted as nought.

    `in_time_percent` is of the children whose conference was held.
    """

    children: int
    done: int
    median_working_days: int | None
    longest_working_days: int | None
    over: int
    in_time: int
    in_time_percent: float | None


def working_days(offered_on: date, done_on: date, calendar: WorkingCalendar) -> int:
    """Count the working days a child waited; a step from before the offer took none."""
    return max(0, calendar.between(offered_on, done_on))


def timeliness(waited: Iterable[Waited]) -> Timeliness:
    """Sum up how one step went; the median is the lower one, a number of days that occurred."""
    groups = list(waited)
    done = [
        (group.working_days, group.children) for group in groups if group.working_days is not None
    ]
    over = sum(group.children for group in groups if group.over)
    in_time = sum(group.children for group in groups if group.over and group.in_time)
    return Timeliness(
        children=sum(group.children for group in groups),
        done=sum(children for _, children in done),
        median_working_days=_median(sorted(done)),
        longest_working_days=max((days for days, _ in done), default=None),
        over=over,
        in_time=in_time,
        in_time_percent=round(100 * in_time / over, 1) if over else None,
    )


def _median(sorted_days: list[tuple[int, int]]) -> int | None:
    middle = (sum(children for _, children in sorted_days) + 1) // 2
    passed = 0
    for days, children in sorted_days:
        passed += children
        if passed >= middle:
            return days
    return None
