"""The JSON API of children: suggestions, an end to contact, a name for one look."""

from html import escape
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from services.chassis.http import Paging, Reply, page_of
from services.exchange.api.bodies import ResolveBody
from services.exchange.api.doors import ApiKey, ExchangeCommand, ExchangeDesk, agreement_of
from services.exchange.domain.child import Child
from services.exchange.handlers.children import resume_contact, stop_contact
from services.exchange.handlers.conferences import record_death
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.looks import name_of_child, name_of_person
from services.exchange.handlers.reinstating import take_death_back
from services.exchange.handlers.resolving import resolve
from services.exchange.storage import queries

ROUTER: Final = APIRouter(tags=["children"])

_FOR_ONE_LOOK: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@ROUTER.get("/v1/children/suggestions")
def suggestions(desk: ExchangeDesk, paging: Paging) -> dict[str, Any]:
    """List pairs of children who may be one; a person decides, nothing is merged by itself."""

    def read(work: ExchangeWork) -> dict[str, Any]:
        found = queries.suggestions_after(work, paging.after, paging.size + 1)
        return page_of(found, paging, lambda one: str(one.suggestion_ref))

    return desk.read(read)


@ROUTER.post("/v1/children/{child_ref}/contact-stopped")
def contact_stopped(child_ref: UUID, command: ExchangeCommand) -> Response:
    """Stop every message about a child, from now on."""
    return command.run(lambda work: _contact(stop_contact(work, child_ref)))


@ROUTER.post("/v1/children/{child_ref}/contact-resumed")
def contact_resumed(child_ref: UUID, command: ExchangeCommand) -> Response:
    """Let messages about a child leave again: the stop was an error, or is over.

    Refused of a child who died: the record of a death is taken back by a word of its own.
    """
    return command.run(lambda work: _contact(resume_contact(work, child_ref)))


@ROUTER.post("/v1/children/{child_ref}/died")
def died(child_ref: UUID, command: ExchangeCommand) -> Response:
    """Record that a child died, whether or not a conference is still to come."""
    return command.run(lambda work: _contact(record_death(work, child_ref)))


@ROUTER.post("/v1/children/{child_ref}/death-taken-back")
def death_taken_back(child_ref: UUID, command: ExchangeCommand) -> Response:
    """Take back a death that was recorded by mistake, for every conference that it ended."""
    return command.run(lambda work: _contact(take_death_back(work, child_ref)))


@ROUTER.post("/v1/children/resolve")
def resolve_children(body: ResolveBody, key: ApiKey, command: ExchangeCommand) -> Response:
    """Turn an agency's own references into the identifiers it has agreed; each use is noted."""

    def act(work: ExchangeWork) -> Reply:
        resolved = resolve(work, agreement_of(work, key), body.children)
        items = [{"child_ref": one.child_ref, **one.identifiers} for one in resolved]
        return Reply(200, {"items": items}, keep=False, headers=_FOR_ONE_LOOK)

    return command.run(act, reads=True)


@ROUTER.get("/v1/fragments/child/{child_ref}", response_class=HTMLResponse)
def child_fragment(child_ref: UUID, command: ExchangeCommand) -> Response:
    """Fill a child's name into a page, in the reader's own browser; the look is noted."""
    return command.run(lambda work: _fragment(name_of_child(work, child_ref, "page")))


@ROUTER.get("/v1/fragments/person/{person_ref}", response_class=HTMLResponse)
def person_fragment(person_ref: UUID, command: ExchangeCommand) -> Response:
    """Fill a professional's name into a page; the look is noted."""
    return command.run(lambda work: _fragment(name_of_person(work, person_ref, "page")))


def _contact(child: Child) -> Reply:
    body = {"child_ref": child.child_ref, "contact_stopped": child.contact_stopped}
    return Reply(200, body, etag=child.version)


def _fragment(name: str) -> Reply:
    return Reply(200, HTMLResponse(escape(name)), headers=_FOR_ONE_LOOK)
