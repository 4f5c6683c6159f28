"""The JSON API of professionals who are written to, and of the messages that ask them to act."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from services.chassis.http import Paging, Reply, page_of
from services.exchange.api import views
from services.exchange.api.bodies import PersonBody
from services.exchange.api.doors import ExchangeCommand, ExchangeDesk
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.people import register_person
from services.exchange.storage import queries
from services.exchange.storage.repositories import PEOPLE

ROUTER: Final = APIRouter(tags=["people"])


@ROUTER.post("/v1/people", status_code=201, response_model=views.PersonView)
def add_person(body: PersonBody, command: ExchangeCommand) -> Response:
    """Register a professional; the same role and address again is the same person."""

    def act(work: ExchangeWork) -> Reply:
        person = register_person(work, body.as_domain())
        location = f"/v1/people/{person.person_ref}"
        return Reply(201, views.person_view(person), location=location)

    return command.run(act)


@ROUTER.get("/v1/people")
def list_people(desk: ExchangeDesk, paging: Paging) -> dict[str, Any]:
    """List professionals by role and reference; names and addresses stay in the vault."""

    def read(work: ExchangeWork) -> dict[str, Any]:
        found = queries.people_after(work, paging.after, paging.size + 1)
        page = page_of(found, paging, lambda one: str(one.person_ref))
        return {**page, "items": [views.person_view(one) for one in page["items"]]}

    return desk.read(read)


@ROUTER.get("/v1/people/{person_ref}", response_model=views.PersonView)
def one_person(person_ref: UUID, desk: ExchangeDesk) -> views.PersonView:
    """Return a professional as others refer to them: without name and address."""
    return desk.read(lambda work: views.person_view(work.get(PEOPLE, person_ref)))


@ROUTER.get("/v1/messages")
def list_messages(desk: ExchangeDesk, paging: Paging) -> dict[str, Any]:
    """List messages with what became of them and why: what is unknown or withheld needs a look."""

    def read(work: ExchangeWork) -> dict[str, Any]:
        found = queries.messages_after(work, paging.after, paging.size + 1)
        page = page_of(found, paging, lambda one: str(one.message_ref))
        return {**page, "items": [views.message_view(one) for one in page["items"]]}

    return desk.read(read)
