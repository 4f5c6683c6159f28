"""The report: a figure that differs is said to differ, and today's rules stand apart."""

from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from uuid import UUID

from rich.console import Console

from services.chassis.policies import Policies
from services.chassis.settings import POLICIES
from services.contracts.codes import ConferenceKind, YesNo
from services.launcher.quarter.report import (
    Line,
    figures_table,
    lines,
    siblings,
    today_table,
)
from services.launcher.quarter.reproduced import Reproduced
from services.reporting.domain.funnel import Funnel
from services.reporting.domain.participation import Participations
from services.reporting.domain.today import Untold, under
from services.reporting.handlers.what_if import WhatIf

KENSINGTON = "E09000020"
OFFERED = datetime(2011, 9, 16, 16, tzinfo=UTC)
LATER = datetime(2011, 10, 10, 16, tzinfo=UTC)


def child(number: int) -> UUID:
    return UUID(f"c41d0000-0000-4000-8000-{number:012}")


def untold(number: int, since: datetime, until: datetime) -> WhatIf:
    policies = Policies.load(POLICIES)
    policy = policies.for_(KENSINGTON, datetime.max.replace(tzinfo=UTC).date())
    facts = Untold(ConferenceKind.INITIAL, since, until, YesNo.NO)
    today = under(policy, policies.calendar(policy), facts)
    return WhatIf(child(number), child(number), "rbkc-2011@2011-09-13", facts, today)


AS_PRINTED = Reproduced(
    funnel=Funnel(43, 24, 3, 2, 14),
    participation=Participations(4, 20, 1, 18),
    events={},
    attended_with_advocate={child(1): 2, child(2): 1, child(3): 1},
    visited_before=22,
    permission_late=2,
    offered_after=24,
    not_visited_after=2,
    ages={child(number): age for number, age in enumerate([7, 8, 12, 12, 16])},
    untold=(
        untold(1, OFFERED, datetime(2011, 9, 30, 13, tzinfo=UTC)),
        untold(2, OFFERED, datetime(2011, 9, 30, 13, tzinfo=UTC)),
        untold(3, LATER, datetime(2011, 10, 24, 13, tzinfo=UTC)),
    ),
    story=child(1),
)


def differing(found: Reproduced) -> list[str]:
    return [line.what.strip() for line in lines(found) if not line.agrees]


def printed(*tables: object) -> str:
    console = Console(width=80, record=True, file=StringIO())
    for table in tables:
        console.print(table)
    return console.export_text()


def test_what_is_as_printed_agrees() -> None:
    assert differing(AS_PRINTED) == []


def test_a_child_more_who_was_not_told_differs_in_every_figure_it_touches() -> None:
    found = replace(AS_PRINTED, funnel=Funnel(44, 24, 3, 2, 15))
    assert differing(found) == [
        "Referred: child and conference",
        "Did not",
        "not known if child was told",
    ]


def test_an_outcome_nobody_printed_differs() -> None:
    found = replace(AS_PRINTED, funnel=Funnel(43, 24, 3, 2, 13, unmet=1))
    assert differing(found) == ["not known if child was told", "anything else"]


def test_a_participation_that_moved_differs() -> None:
    found = replace(AS_PRINTED, participation=Participations(4, 19, 1, 19))
    assert differing(found) == ["Represented by the advocate", "Neither"]


def test_four_different_children_who_attended_differ() -> None:
    found = replace(AS_PRINTED, attended_with_advocate={child(n): 1 for n in range(4)})
    assert differing(found) == ["Children who attended with one"]


def test_visits_that_were_not_made_differ() -> None:
    found = replace(AS_PRINTED, visited_before=21, offered_after=23, not_visited_after=3)
    assert differing(found) == [
        "Visit before the conference",
        "Visit after offered",
        "Visit after not carried out",
    ]


def test_older_children_differ() -> None:
    assert differing(replace(AS_PRINTED, ages={child(1): 7, child(2): 16, child(3): 15})) == [
        "Ages"
    ]


def test_nothing_played_is_no_agreement_and_no_error() -> None:
    nothing = Reproduced(Funnel(), Participations(), {}, {}, 0, 0, 0, 0, {}, (), None)
    assert len(differing(nothing)) > 10
    assert "43" in printed(figures_table(lines(nothing)), today_table(siblings(nothing.untold)))


def test_a_difference_is_said_in_words() -> None:
    line = Line("Took up the offer", "24", "56 %", "23 = 53.5 %", agrees=False)
    assert "DIFFERS" in printed(figures_table([line]))
    assert "DIFFERS" not in printed(figures_table([replace(line, agrees=True)]))


def test_what_is_assumed_is_called_assumed() -> None:
    assert printed(figures_table(lines(AS_PRINTED))).count("Assumed:") == 3


def test_of_brothers_and_sisters_one_row_speaks() -> None:
    groups = siblings(AS_PRINTED.untold)
    assert [(group.children, group.offered_at) for group in groups] == [(2, OFFERED), (1, LATER)]


def test_todays_rules_stand_apart_and_name_themselves() -> None:
    text = " ".join(printed(today_table(siblings(AS_PRINTED.untold))).split())
    assert "what today's rules would have done about these 3" in text
    assert "under today's rules, rbkc@2013-01-01. It did not happen." in text


def test_todays_rules_name_who_would_have_been_asked_and_when() -> None:
    # Offered on Friday 16 September at five, conference on Friday 30 September at two (BST):
    # a quarter of the time left is over in the night to the 20th, so it is due on the 19th at five.
    text = printed(today_table(siblings(AS_PRINTED.untold[:1])))
    assert "19 Sep" in text
    row = next(row for row in text.splitlines() if "16 Sep" in row)
    assert " ".join(row.split()) == "1 16 Sep 19 Sep 21 Sep 23 Sep 26 Sep 30 Sep"
