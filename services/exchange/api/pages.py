"""The pages of the conference team: conferences, a child's name, and what an agency gets."""

from http import HTTPStatus
from typing import Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.chassis import ids
from services.chassis.http import Paging, page_of
from services.chassis.web import PageRoute, Submitted, page, see_other, tried
from services.exchange.api import choices
from services.exchange.api.change_pages import (
    CHANGE_PAGES,
    CHANGES,
    ExchangeCommand,
    ExchangeDesk,
    Form,
    changes_of,
)
from services.exchange.api.conference_form import (
    MeetingRead,
    blocks_of,
    read_meeting,
    with_child,
    without_child,
)
from services.exchange.api.doors import whole
from services.exchange.api.feed_view import example, feed_view
from services.exchange.api.meeting_view import listed, meeting_view
from services.exchange.api.people_pages import PEOPLE_PAGES
from services.exchange.api.seat_pages import SEAT_CHANGES, SEAT_PAGES
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.intake import Outcome, Taken, require_new_or_same, take_in
from services.exchange.handlers.looks import name_of_child
from services.exchange.storage.queries import all_agencies, past, upcoming
from services.exchange.storage.repositories import CONFERENCES

PAGES: Final = APIRouter(route_class=PageRoute, include_in_schema=False)

DONE: Final = {
    "scheduled": "The conference is scheduled. Each child gets an offer of an advocate",
    "late": "The conference is recorded. Nobody gets a message",
    "known": "This conference was known already. What you entered has been added to it",
    "known-otherwise": (
        "Taken in. The number of a child was known here with another name or date of birth. What"
        " you entered has replaced it: check that it is the same child"
    ),
    "left-cancelled": (
        "The conference stands. Children who were on it when it was cancelled by mistake are still"
        " off it: put back below who belongs to it"
    ),
    **{path: change.done for path, change in CHANGES.items()},
    **{f"child-{path}": change.done for path, change in SEAT_CHANGES.items()},
}


@PAGES.get("/conferences")
def list_conferences(
    request: Request, desk: ExchangeDesk, cursor: Paging, when: Literal["next", "past"] = "next"
) -> Response:
    """List the conferences of today and later, next first; or those that are over, latest first."""
    find = upcoming if when == "next" else past
    found = desk.read(
        lambda work: [listed(work, each) for each in find(work, cursor.after, cursor.size + 1)]
    )
    shown = page_of(found, cursor, lambda each: each.place)
    asked = urlencode({"when": when, "cursor": shown["next"], "size": cursor.size})
    return page(
        request,
        "exchange/conferences.html",
        title="Conferences that are over" if when == "past" else "Conferences",
        past=when == "past",
        conferences=shown["items"],
        next=f"/conferences?{asked}" if shown["next"] else "",
    )


@PAGES.get("/conferences/new")
def ask_conference(request: Request) -> Response:
    """Ask for a new conference and its children."""
    return _ask(request, Submitted({"key": [ids.token()], "children": ["1"]}), MeetingRead(None))


@PAGES.post("/conferences/new")
def take_conference(request: Request, form: Form, command: ExchangeCommand) -> Response:
    """Schedule the conference, or give the form back with another child or with its mistakes."""
    do, _, number = form["do"].partition("-")
    if do == "add":
        return _ask(request, with_child(form), MeetingRead(None))
    if do == "remove" and number.isdecimal():
        return _ask(request, without_child(form, int(number)), MeetingRead(None))
    read = read_meeting(form, command.desk.clock.now())
    given = read.given
    if given is None:
        return _ask(request, form, read)

    def schedule(work: ExchangeWork) -> str:
        require_new_or_same(work, given)
        taken = whole(take_in(work, given, late_entry=bool(form["late_entry"])))
        over = given.starts_at <= work.now
        return f"/conferences/{taken.meeting_ref}?done={_what_became(taken, is_over=over)}"

    done = tried(command, schedule, form["key"])
    if done.address:
        return see_other(done.address)
    return _ask(request, form, MeetingRead(None, done.mistakes))


def _what_became(taken: Taken, *, is_over: bool) -> str:
    if taken.left_behind:
        return "left-cancelled"
    if any(child.known_otherwise for child in taken.children):
        return "known-otherwise"
    new = any(child.outcome is Outcome.CREATED for child in taken.children)
    if not new:
        return "known"
    return "late" if is_over else "scheduled"


@PAGES.get("/conferences/{meeting_ref}")
def show_conference(
    request: Request, meeting_ref: UUID, desk: ExchangeDesk, done: str = ""
) -> Response:
    """Show one conference, its children and what can be done with it."""
    meeting = desk.read(lambda work: meeting_view(work, meeting_ref))
    return page(
        request,
        "exchange/conference.html",
        conference=meeting,
        changes=changes_of(meeting),
        done=DONE.get(done, ""),
    )


PAGES.include_router(SEAT_PAGES)
PAGES.include_router(CHANGE_PAGES)
PAGES.include_router(PEOPLE_PAGES)


@PAGES.get("/children/{child_ref}")
def show_child(request: Request, child_ref: UUID, command: ExchangeCommand) -> Response:
    """Show a child's name and conferences: the way to a name without JavaScript."""
    name, conferences = command.desk.run(
        lambda work: (
            name_of_child(work, child_ref, "page"),
            work.select(CONFERENCES, child_ref=child_ref),
        )
    )
    return page(
        request,
        "exchange/child.html",
        child_ref=child_ref,
        name=name,
        conferences=sorted(conferences, key=lambda each: each.starts_at, reverse=True),
    )


@PAGES.get("/agencies")
def list_agencies(request: Request, desk: ExchangeDesk) -> Response:
    """List the agencies, each with the way to what it gets."""
    return page(request, "exchange/agencies.html", agencies=desk.read(all_agencies))


@PAGES.get("/agencies/{agency_ref}/feed")
def show_feed(request: Request, agency_ref: str, desk: ExchangeDesk) -> Response:
    """Show what an agency gets: its agreement in words, its last entries, and how to connect."""
    view = desk.read(lambda work: feed_view(work, agency_ref))
    settings = desk.service.settings
    return page(
        request,
        "exchange/feed.html",
        feed=view,
        example=example(agency_ref, settings.topic_prefix, settings.kafka_bootstrap_servers),
    )


def _ask(request: Request, form: Submitted, read: MeetingRead) -> Response:
    blocks = blocks_of(form)
    return page(
        request,
        "exchange/schedule.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if read.mistakes else HTTPStatus.OK,
        form=form,
        mistakes=read.mistakes,
        late=read.late,
        children=blocks,
        next_child=max(blocks) + 1,
        kinds=choices.KINDS,
        formats=choices.FORMATS,
        languages=choices.LANGUAGES,
        needs=choices.NEEDS,
        yes_no=choices.YES_NO,
        contact_people=choices.CONTACT_PEOPLE,
        safeties=choices.SAFETIES,
    )
