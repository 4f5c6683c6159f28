"""The printed report beside what was played, and apart from it, what today's rules would do."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.table import Table

from services.contracts.codes import RungAct
from services.contracts.local_time import LONDON
from services.launcher.quarter.reproduced import Reproduced
from services.reporting.domain.today import Today
from services.reporting.handlers.what_if import WhatIf

REFERRED: Final = 43
TOOK_UP: Final = 24
MOSTLY: Final = range(7, 13)

ASSUMED: Final = (
    "The one who attended without an advocate is one of the three who declined.",
    "The two whose permission came late are the two without a visit before.",
    "Families, days, kinds of conference and what each child's view came as are invented.",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: as it was printed, what follows from that, and what was counted here."""

    what: str
    printed: str
    derived: str
    reproduced: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class Siblings:
    """Children of one conference whom nobody is known to have told, and what today would do."""

    children: int
    offered_at: datetime
    sits_at: datetime
    today: Today


def lines(found: Reproduced) -> tuple[Line, ...]:
    """Compare every figure of the printed report with what was counted."""
    return (*_funnel(found), *_participation(found), *_visits(found), _ages(found))


def siblings(untold: Sequence[WhatIf]) -> tuple[Siblings, ...]:
    """Put those together of whom the same is to be said, in the order of their offers."""
    alike = Counter((each.child.since, each.child.until, each.today) for each in untold)
    groups = [
        Siblings(count, since, until, today) for (since, until, today), count in alike.items()
    ]
    return tuple(sorted(groups, key=lambda group: (group.offered_at, group.sits_at)))


def _funnel(found: Reproduced) -> Iterator[Line]:
    funnel = found.funnel
    not_taken_up = funnel.referred - funnel.taken_up
    named = funnel.declined_by_child + funnel.declined_by_parent + funnel.not_known_if_told
    yield _count("Referred: child and conference", REFERRED, funnel.referred)
    yield _share("Took up the offer", "24", TOOK_UP, funnel.taken_up, derived="56 %")
    yield _count("Did not", 19, not_taken_up)
    yield _count("  refused by the child", 3, funnel.declined_by_child)
    yield _count("  reported refused by a parent", 2, funnel.declined_by_parent)
    yield _count("  not known if child was told", 14, funnel.not_known_if_told)
    yield _derived("  anything else", 0, not_taken_up - named)


def _participation(found: Reproduced) -> Iterator[Line]:
    took_part = found.participation
    yield _share("Attended with the advocate", "9 %", 4, took_part.attended_with_advocate)
    yield _share("Represented by the advocate", "47 %", 20, took_part.represented_by_advocate)
    yield _share("Attended without an advocate", "2 %", 1, took_part.attended_without_advocate)
    yield _share("Neither", "42 %", 18, took_part.neither)
    times = sorted(found.attended_with_advocate.values())
    yield Line(
        "Children who attended with one",
        "3, one twice",
        "",
        f"{len(times)}, {times.count(2)} twice",
        times == [1, 1, 2],
    )


def _visits(found: Reproduced) -> Iterator[Line]:
    yield _derived("Visit before the conference", 22, found.visited_before, "all but 2")
    yield _count("Permission late, yet taken up", 2, found.permission_late)
    yield _derived("Visit after offered", TOOK_UP, found.offered_after, "to all")
    yield _count("Visit after not carried out", 2, found.not_visited_after)


def _ages(found: Reproduced) -> Line:
    ages = found.ages.values()
    youngest, oldest = min(ages, default=0), max(ages, default=0)
    usual = sum(age in MOSTLY for age in ages)
    return Line(
        "Ages",
        "7-16, mostly 7-12",
        "",
        f"{youngest}-{oldest}, {usual} of {len(ages)}",
        (youngest, oldest) == (7, 16) and usual * 2 > len(ages),
    )


def _count(what: str, printed: int, found: int) -> Line:
    return Line(what, str(printed), "", str(found), found == printed)


def _derived(what: str, derived: int, found: int, printed: str = "") -> Line:
    return Line(what, printed, str(derived), str(found), found == derived)


def _share(what: str, printed: str, expected: int, found: int, derived: str = "") -> Line:
    share = 100 * found / REFERRED
    reproduced = f"{found} = {share:.1f} %"
    return Line(what, printed, derived or str(expected), reproduced, found == expected)


def figures_table(compared: Sequence[Line]) -> Table:
    """Lay out the comparison."""
    table = Table(
        "", "printed", "derived", "reproduced",
        title="Kensington and Chelsea, 13 September to December 2011",
        title_justify="left",
        caption="\n".join(f"Assumed: {sentence}" for sentence in ASSUMED),
        caption_justify="left",
        box=SIMPLE_HEAD,
    )  # fmt: skip
    for line in compared:
        found = line.reproduced if line.agrees else f"{line.reproduced}  DIFFERS"
        table.add_row(line.what, line.printed, line.derived, found)
    return table


def today_table(untold: Sequence[Siblings]) -> Table:
    """Lay out what today's rules would have done; nothing of it happened."""
    policies = ", ".join(sorted({group.today.policy for group in untold}))
    children = sum(group.children for group in untold)
    steps = _steps(untold)
    table = Table(
        title=f"Not in the report: what today's rules would have done about these {children}",
        title_justify="left",
        caption=f"Computed from the same log under today's rules, {policies}. It did not happen.",
        caption_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )  # fmt: skip
    for name in ("children", "offered", *steps, "held"):
        table.add_column(name, min_width=max(map(len, name.split())))
    for group in untold:
        days = dict(_days(group.today))
        cells = (days.get(step, "") for step in steps)
        table.add_row(str(group.children), _day(group.offered_at), *cells, _day(group.sits_at))
    return table


def _steps(untold: Sequence[Siblings]) -> tuple[str, ...]:
    """Return the steps of today's rules in their order, each once."""
    return tuple(dict.fromkeys(step for group in untold for step, _ in _days(group.today)))


def _days(today: Today) -> Iterator[tuple[str, str]]:
    """Yield who would have been asked or turned to, and on which day."""
    yield f"{_words(today.asked)} asked to tell by", _day(today.tell_by)
    for rung in today.rungs:
        meets = rung.act is RungAct.INDEPENDENT_CONTACT
        step = "meets the child by" if meets else "turned to on"
        yield f"{_words(rung.role)} {step}", _day(rung.at)


def _words(code: str) -> str:
    return code.replace("-", " ")


def _day(instant: datetime | None) -> str:
    return f"{instant.astimezone(LONDON):%-d %b}" if instant else "never"
