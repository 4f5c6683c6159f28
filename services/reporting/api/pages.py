"""The start page, both boards and the story of a conference, as pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from itertools import groupby
from types import MappingProxyType
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.chassis.http import Problem
from services.chassis.web import PageRoute, page
from services.chassis.web.wording import counted, moment, short_ref, words
from services.contracts.codes import ConferenceStatus
from services.contracts.local_time import london_date, spoken_hour
from services.reporting.api.routes import Authority, ReportingDesk
from services.reporting.api.views import ProtectedView, commissioner_view
from services.reporting.domain.funnel import Funnel, Outcome
from services.reporting.domain.lateness import Late
from services.reporting.domain.participation import Participations, TookPart
from services.reporting.domain.release import NO_OFFER, NOT_HELD
from services.reporting.domain.story import Line, Stands
from services.reporting.domain.suppression import OTHERS, TOTAL
from services.reporting.handlers.board import Board, ConferenceToday, LateCase, board
from services.reporting.handlers.commissioner import commissioner_board
from services.reporting.handlers.stories import Story, story_of

PAGES: Final = APIRouter(route_class=PageRoute, include_in_schema=False)

OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        Outcome.TAKEN_UP: "Took up the offer",
        Outcome.DECLINED_BY_CHILD: "The child said no, or a no was passed on",
        Outcome.DECLINED_BY_PARENT: "A parent refused permission",
        Outcome.OBJECTED: "A parent or other adult said no; the child is asked",
        Outcome.NOT_KNOWN_IF_TOLD: "Not known if the child was told",
        Outcome.TOLD_NO_ANSWER: "Told, gave no answer",
        Outcome.UNMET: "No advocate found",
        Outcome.FELL_AWAY: "The conference fell away",
        Outcome.OPEN: "Still open",
    }
)

OFFER_STANDS: Final[Mapping[Stands | None, str]] = MappingProxyType(
    {
        Stands.NOT_MADE: "No offer was made",
        Stands.NOT_PERMITTED: "A parent refused permission; the rules of that day asked for it",
        Stands.NOT_TOLD: "Nobody has recorded yet that the child was told",
        Stands.TOLD: "The child was told and has not answered yet",
        Stands.OPEN_AGAIN: "Open again; the child has not answered anew",
        Stands.YES: "The child said yes",
        Stands.NO: "The child said no",
        Stands.NO_PASSED_ON: "A no was passed on; it was not heard from the child",
        Stands.SOMEBODY_S_NO: "Someone else said no; the child is to be asked",
        Stands.PAUSED: "Paused",
        Stands.STOPPED: "Ended by a person",
        Stands.WITHDRAWN: "Withdrawn",
        Stands.NEVER_TOLD: "Over; nobody recorded that the child was told",
        Stands.NO_ANSWER: "Over; the child was told and gave no answer",
        Stands.ENDED_WITH_CONFERENCE: "Ended with the conference",
        Stands.ENDED: "Over",
        None: "No offer was made",
    }
)
"""How an offer stands with the child, in words."""

NOT_YET_HELD: Final[Mapping[ConferenceStatus | None, str]] = MappingProxyType(
    {
        ConferenceStatus.CANCELLED: "Cancelled",
        ConferenceStatus.ADJOURNED: "Put off",
    }
)

TOOK_PART: Final[Mapping[str, str]] = MappingProxyType(
    {
        TookPart.ATTENDED_WITH_ADVOCATE: "Attended with an advocate",
        TookPart.REPRESENTED_BY_ADVOCATE: "Represented by an advocate",
        TookPart.ATTENDED_WITHOUT_ADVOCATE: "Attended without an advocate",
        TookPart.NEITHER: "Neither attended nor was represented",
        TookPart.NOT_RECORDED: "Not recorded",
    }
)

ALL_CHILDREN: Final[Mapping[str, str]] = MappingProxyType(
    {NO_OFFER: "No offer was made", NOT_HELD: "Not held, or not yet"}
)

LATE: Final[Mapping[Late, str]] = MappingProxyType(
    {
        Late.NOT_TOLD_BEFORE_CONFERENCE: "The conference began before anybody had told the child; "
        "they can still be told",
        Late.ESCALATED: "Nobody has told the child yet; passed on {passed}",
        Late.TELLING_OVERDUE: "Nobody told the child in time",
        Late.UNMET: "No advocate found yet",
        Late.VISIT_OVERDUE: "{visits} not recorded as held",
        Late.NOT_AGREED: "Conference and advocate recorded different things",
    }
)

KEY_FIGURES: Final[Mapping[str, tuple[Late, ...]]] = MappingProxyType(
    {
        "children not told in time": (Late.TELLING_OVERDUE, Late.NOT_TOLD_BEFORE_CONFERENCE),
        "without an advocate": (Late.UNMET,),
        "with a late visit": (Late.VISIT_OVERDUE,),
    }
)
"""What the board says first; of two kinds in one figure no child's conference is both."""

RECORDED_BY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "exchange": "conferences and messages",
        "referral": "offers and advocates",
        "scheduling": "visits",
        "feedback": "views of the child",
        "reporting": "figures",
    }
)

FEW: Final = 3
"""With so few rows a table stands on its side: its columns fit a narrow screen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure of a picture; `quiet` bars are what did not come about."""

    label: str
    number: int
    share: str
    kind: str = ""

    @property
    def text(self) -> str:
        """The figure as it is written beside its bar."""
        return f"{self.number:,}"


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars with the finding as a sentence; `whole` is what a full bar means."""

    id: str
    heading: str
    finding: str
    rows: Sequence[Bar]
    whole: int
    head: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class LateRow:
    """A child's conference that waits for somebody, in words."""

    conference_ref: UUID
    child_ref: UUID
    reasons: Sequence[str]
    conference: str


@dataclass(frozen=True, slots=True)
class TodayRow:
    """Something that happens today, in words."""

    id: str
    what: str
    conference_ref: UUID
    child_ref: UUID


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One line of a story in words, and how often it was said in a row."""

    sentence: str
    at: str
    by: str
    times: int


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a protected table as it is shown."""

    label: str
    cells: Sequence[int | str]


@dataclass(frozen=True, slots=True)
class Table:
    """A protected table as it is shown, or why it is not."""

    id: str
    heading: str
    corner: str
    columns: Sequence[str]
    rows: Sequence[Cells]
    withheld: str | None


@PAGES.get("/")
def start(request: Request) -> Response:
    """Say what this is and where to begin."""
    return page(request, "reporting/start.html")


@PAGES.get("/board")
def team_board(request: Request, desk: ReportingDesk, authority: Authority = None) -> Response:
    """Show the team's board; it renews itself."""
    return _board(request, "reporting/board.html", desk, authority)


@PAGES.get("/board/now")
def team_board_now(request: Request, desk: ReportingDesk, authority: Authority = None) -> Response:
    """Give the part of the board that renews itself."""
    return _board(request, "reporting/board_now.html", desk, authority)


@PAGES.get("/board/commissioner")
def commissioner(
    request: Request, desk: ReportingDesk, year: Annotated[str | None, Query(max_length=7)] = None
) -> Response:
    """Show the protected figures of a year."""
    found = desk.read(lambda work: commissioner_board(work, year))
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-such-year", "There are no figures of this year")
    view = commissioner_view(found)
    return page(
        request,
        "reporting/commissioner.html",
        as_of=view.as_of,
        year=view.year,
        other_years=[each for each in view.years if each != view.year],
        tables=[
            _table(
                "funnel", "What became of the offers", {**OUTCOMES, **ALL_CHILDREN}, view.funnel
            ),
            _table(
                "part",
                "How the children took part",
                {**TOOK_PART, **ALL_CHILDREN},
                view.participation,
            ),
        ],
    )


@PAGES.get("/stories/{conference_ref}")
def tell_story(request: Request, conference_ref: UUID, desk: ReportingDesk) -> Response:
    """Tell everything that happened about one child's conference, day by day."""
    story = desk.read(lambda work: story_of(work, conference_ref))
    by_day = groupby(story.lines, key=lambda line: london_date(line.at))
    days = [{"on": on, "lines": _told(lines)} for on, lines in by_day]
    return page(
        request,
        "reporting/story.html",
        story=story,
        stands=story.status is not ConferenceStatus.CANCELLED,
        facts=_facts(story),
        days=days,
    )


def _board(request: Request, template: str, desk: ReportingDesk, authority: str | None) -> Response:
    found = desk.read(lambda work: board(work, authority))
    asked = f"?{urlencode({'authority': authority})}" if authority else ""
    return page(
        request,
        template,
        board=found,
        refresh=f"/board{asked}",
        renew=f"/board/now{asked}",
        stream=f"/v1/board/stream{asked}",
        key_figures=[{"number": number, "label": label} for number, label in _key_figures(found)],
        spoken=_spoken(found),
        late=[_late(case) for case in found.late],
        today=_today(found),
        pictures=[_offers(found.funnel, found.year), _parts(found.participation, found.year)],
    )


def _spoken(found: Board) -> str:
    """Say the state of the board in one sentence, for those who hear it: only changes are told."""
    said = [f"{number} {label}" for number, label in _key_figures(found)]
    return f"Late: {', '.join(said)}."


def _key_figures(found: Board) -> list[tuple[int, str]]:
    """Give what is late today, and the year's children nobody told: the funnel's own figure."""
    counts = found.late_counts
    late_now = [(sum(counts[k] for k in kinds), label) for label, kinds in KEY_FIGURES.items()]
    label = f"not known if told, conferences held in {found.year}"
    return [*late_now, (found.funnel.not_known_if_told, label)]


def _late(case: LateCase) -> LateRow:
    visits = counted(case.visits_overdue, "visit")
    # Who was passed on to somebody is late too: one line says both.
    covered = {Late.TELLING_OVERDUE} if Late.ESCALATED in case.late else set()
    kinds = [kind for kind in case.late if kind not in covered]
    passed = "once" if case.rung == 1 else f"{case.rung} times"
    reasons = [LATE[kind].format(passed=passed, visits=visits) for kind in kinds]
    when = moment(case.starts_at) if case.starts_at else "not known"
    return LateRow(case.conference_ref, case.child_ref, reasons, when)


def _today(found: Board) -> list[TodayRow]:
    conferences = [
        TodayRow(
            f"c{short_ref(each.conference_ref)}", _says(each), each.conference_ref, each.child_ref
        )
        for each in found.today.conferences
    ]
    visits = [
        TodayRow(f"v{short_ref(v.conference_ref)}", "Visit", v.conference_ref, v.child_ref)
        for v in found.today.visits
    ]
    return conferences + visits


def _says(conference: ConferenceToday) -> str:
    at = spoken_hour(conference.starts_at) if conference.starts_at else ""
    lacks = [
        text
        for holds, text in (
            (conference.untold, "the child is not told"),
            (conference.unmet, "there is no advocate"),
        )
        if holds
    ]
    stands = (
        "" if conference.status is ConferenceStatus.SCHEDULED else words(conference.status or "")
    )
    remarks = ", ".join(filter(None, (stands, *lacks)))
    return f"Conference at {at}" + (f" ({remarks})" if remarks else "")


def _offers(funnel: Funnel, year: str) -> Picture:
    numbers = asdict(funnel)
    rows = [_bar(OUTCOMES[each], numbers[each], funnel.referred) for each in OUTCOMES]
    rows[1:] = [Bar(row.label, row.number, row.share, "quiet") for row in rows[1:]]
    finding = (
        f"{funnel.taken_up:,} of {counted(funnel.referred, 'offer')} were taken up: a visit before"
        " or after, or the advocate at the conference."
        if funnel.referred
        else "No offer was made yet."
    )
    head = ("What became of the offer", "Offers", "Share")
    return Picture("offers", f"Offers in {year}", finding, rows, funnel.referred, head)


def _parts(parts: Participations, year: str) -> Picture:
    numbers = asdict(parts)
    whole = sum(numbers.values())
    heard = parts.attended_with_advocate + parts.represented_by_advocate
    rows = [_bar(TOOK_PART[each], numbers[each], whole) for each in TOOK_PART]
    rows[2:] = [Bar(row.label, row.number, row.share, "quiet") for row in rows[2:]]
    finding = (
        f"An advocate was there for {heard:,} of {counted(whole, 'child', 'children')}."
        if whole
        else "No conference was held yet."
    )
    head = ("How the child took part", "Children", "Share")
    return Picture("taking-part", f"Taking part in {year}", finding, rows, whole, head)


def _bar(label: str, number: int, whole: int) -> Bar:
    return Bar(label, number, f"{100 * number / whole:.0f}%" if whole else "")


def _table(id_: str, heading: str, labels: Mapping[str, str], view: ProtectedView) -> Table:
    """Lay a protected table out: classes across, or down where only few rows stand beside."""
    across = {**labels, TOTAL: "All"}
    names = {TOTAL: "All together", OTHERS: "Other authorities together"}
    if len(view.rows) > FEW:
        columns = [across[each] for each in view.columns]
        rows = [
            Cells(names.get(row.name, row.name), [row.counts[c] for c in view.columns])
            for row in view.rows
        ]
        return Table(id_, heading, "Authority", columns, rows, view.withheld)
    columns = [names.get(row.name, row.name) for row in view.rows]
    rows = [Cells(across[c], [row.counts[c] for row in view.rows]) for c in view.columns]
    return Table(id_, heading, heading, columns, rows if columns else [], view.withheld)


def _facts(story: Story) -> list[dict[str, object]]:
    took_part = TOOK_PART[story.took_part] if story.took_part else None
    shown = {"The offer": OFFER_STANDS[story.offer_stands]}
    if advocate := _advocate(story):
        shown["The advocate"] = advocate
    shown["The conference"] = took_part or NOT_YET_HELD.get(story.status, "Not held yet")
    return [{"key": {"text": key}, "value": {"text": value}} for key, value in shown.items()]


def _advocate(story: Story) -> str | None:
    """Say what came of the search: what an advocate did stays so, whatever became of the offer."""
    if story.outcome is Outcome.TAKEN_UP:
        return "Came for the child"
    if story.outcome is Outcome.UNMET and story.took_part:
        return "Nobody was found"
    if story.outcome in {Outcome.OPEN, Outcome.UNMET} and story.nobody_was_found:
        return "Nobody found yet"
    return None


def _told(lines: Iterable[Line]) -> list[ToldLine]:
    """Tell what was said several times in a row, such as of three reminders, once."""
    alike = groupby(lines, key=lambda line: (line.sentence, spoken_hour(line.at), line.who))
    return [
        ToldLine(sentence, at, RECORDED_BY.get(who, who), sum(1 for _ in same))
        for (sentence, at, who), same in alike
    ]
