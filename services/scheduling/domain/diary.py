"""An advocate's days: what is late first, then day by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from services.contracts.local_time import london_date
from services.scheduling.domain.visit import Visit


@dataclass(frozen=True, slots=True)
class DiaryDay:
    """The visits of one day, agreed times first."""

    on: date
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class Diary:
    """What an advocate has to do, in the order of the day it was due.

    `late` is what should have taken place, longest waiting first; `missed` is what did not take
    place and can still be made good.
    """

    late: tuple[Visit, ...]
    days: tuple[DiaryDay, ...]
    missed: tuple[Visit, ...] = ()


@dataclass(frozen=True, slots=True)
class AdvocateLoad:
    """How much an advocate has open, and how much of it is late."""

    advocate_ref: UUID
    open: int
    late: int


def diary_of(visits: Iterable[Visit], today: date, missed: Iterable[Visit] = ()) -> Diary:
    """Sort the open visits of an advocate into what is late and what the days bring.

    Args:
        missed: those of the advocate's missed visits that can still be made good.
    """
    still_open = [visit for visit in visits if visit.is_open]
    late = sorted((v for v in still_open if _is_late(v, today)), key=lambda v: v.due_on)
    ahead = sorted((v for v in still_open if not _is_late(v, today)), key=_order)
    days = tuple(DiaryDay(on, tuple(each)) for on, each in groupby(ahead, key=day_of))
    return Diary(tuple(late), days, tuple(sorted(missed, key=lambda v: v.due_on)))


def loads_of(visits: Iterable[Visit], today: date) -> list[AdvocateLoad]:
    """Count what each advocate has to do, whoever has most that is late first."""
    by_advocate: dict[UUID, list[Visit]] = {}
    for visit in visits:
        if visit.is_open and visit.advocate_ref:
            by_advocate.setdefault(visit.advocate_ref, []).append(visit)
    loads = [
        AdvocateLoad(advocate, len(theirs), sum(_is_late(visit, today) for visit in theirs))
        for advocate, theirs in by_advocate.items()
    ]
    return sorted(loads, key=lambda load: (-load.late, -load.open, str(load.advocate_ref)))


def day_of(visit: Visit) -> date:
    """Return the day a visit stands under: the agreed one, else the day by which it is due."""
    return london_date(visit.at) if visit.at else visit.due_on


def _is_late(visit: Visit, today: date) -> bool:
    return visit.overdue or day_of(visit) < today


def _order(visit: Visit) -> tuple[date, bool, str]:
    return day_of(visit), visit.at is None, visit.at.isoformat() if visit.at else ""
