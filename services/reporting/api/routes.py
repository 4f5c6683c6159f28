"""The figures, boards and stories as JSON; the team's board also as a stream."""

from collections.abc import AsyncGenerator, AsyncIterator
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from services.chassis.clock import monotonic
from services.chassis.desk import Desk
from services.chassis.errors import StoreUnavailable
from services.chassis.http import Problem, desk_of
from services.chassis.work import Work
from services.reporting.api.views import CommissionerView, commissioner_view
from services.reporting.domain.periods import NoPeriod, Period
from services.reporting.handlers.board import Board, board, how_far
from services.reporting.handlers.commissioner import commissioner_board
from services.reporting.handlers.figures import FunnelReport, funnel_report
from services.reporting.handlers.stories import Story, story_of
from services.reporting.settings import Reporting

ROUTER: Final = APIRouter(tags=["reporting"])

LOOK_EVERY_S: Final = 0.25
"""How often an open stream asks whether there is news: one small SELECT."""

REST: Final = 4
"""How much longer than a board took to make a stream then rests: it is not to be the main work."""

ReportingDesk = Annotated[Desk[Reporting], Depends(desk_of("reporting"))]
Authority = Annotated[str | None, Query(pattern=r"^[EWSN][0-9]{8}$")]
Asked = Annotated[str | None, Query(max_length=30)]


@ROUTER.get("/v1/board")
def team_board(desk: ReportingDesk, authority: Authority = None) -> Board:
    """What is happening today, what is late, and how the year stands: for the team."""
    return desk.read(lambda work: board(work, authority))


@ROUTER.get("/v1/board/stream", response_class=EventSourceResponse)
async def team_board_stream(
    desk: ReportingDesk, authority: Authority = None
) -> AsyncIterator[ServerSentEvent]:
    """Send the board as event `board`: at once, and again whenever the log has grown."""
    async for news in boards(desk, authority):
        yield ServerSentEvent(data=news, event="board", id=str(news.how_far))


@ROUTER.get("/v1/board/commissioner")
def commissioner(
    desk: ReportingDesk, year: Annotated[str | None, Query(max_length=7)] = None
) -> CommissionerView:
    """Protected figures, looked at once a month, without cases: for commissioners."""
    found = desk.read(lambda work: commissioner_board(work, year))
    if found is None:
        raise Problem(404, "no-such-year", "There are no figures of this year")
    return commissioner_view(found)


@ROUTER.get("/v1/reports/funnel")
def funnel(desk: ReportingDesk, authority: Authority = None, period: Asked = None) -> FunnelReport:
    """What became of the offers made in a period, exactly: for the team."""
    wanted = _period(period) if period else None
    return desk.read(lambda work: funnel_report(work, authority, wanted))


@ROUTER.get("/v1/stories/{conference_ref}")
def story(desk: ReportingDesk, conference_ref: UUID) -> Story:
    """Everything that happened about one child's conference, in order."""
    return desk.read(lambda work: story_of(work, conference_ref))


async def boards(desk: Desk[Reporting], authority: str | None) -> AsyncGenerator[Board, None]:
    """Yield the board now and after every change, for as long as somebody listens.

    Time passing is a change too: a conference that begins may leave a child untold. While the
    database does not answer, the listener waits.
    """
    seen: tuple[int, datetime] | None = None
    while True:
        began = monotonic()
        try:
            mark = await run_sync(desk.read, _mark)
            news = None
            if mark != seen:
                news = await run_sync(desk.read, lambda work: board(work, authority))
        except StoreUnavailable:
            mark, news = None, None
        took = monotonic() - began
        if news is not None:
            yield news
        seen = mark
        await anyio.sleep(max(LOOK_EVERY_S, REST * took))


def _mark(work: Work[Reporting]) -> tuple[int, datetime]:
    return how_far(work), work.now.replace(second=0, microsecond=0)


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except NoPeriod as error:
        raise Problem(422, "no-such-period", str(error)) from None
