"""The page on which an advocate is named: names and addresses are the exchange's alone."""

from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from services.chassis import ids
from services.chassis.web import Mistake, PageRoute, Submitted, page, see_other, tried
from services.contracts.codes import Role
from services.exchange.api.bodies import PersonBody
from services.exchange.api.change_pages import ExchangeCommand, Form
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.people import PersonGiven, register_person

PEOPLE_PAGES: Final = APIRouter(route_class=PageRoute, include_in_schema=False)

ASKS: Final = MappingProxyType(
    {
        "name": "Enter the name of the advocate",
        "email": "Enter an email address, like name@example.org",
    }
)


@PEOPLE_PAGES.get("/people/new")
def ask_person(request: Request) -> Response:
    """Ask for the name of an advocate, and where to write."""
    form = Submitted({"key": [ids.token()]})
    return page(request, "exchange/person.html", form=form, mistakes=())


@PEOPLE_PAGES.post("/people/new")
def take_person(request: Request, form: Form, command: ExchangeCommand) -> Response:
    """Keep name and address in the vault, then ask what the advocate can do."""
    given, mistakes = read_person(form)
    if given is not None:

        def once(work: ExchangeWork) -> str:
            return f"/advocates/new?advocate_ref={register_person(work, given).person_ref}"

        done = tried(command, once, form["key"])
        if done.address:
            return see_other(done.address)
        mistakes = done.mistakes
    return page(
        request,
        "exchange/person.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        form=form,
        mistakes=mistakes,
    )


def read_person(form: Submitted) -> tuple[PersonGiven | None, tuple[Mistake, ...]]:
    """Read the form as the API reads its body, so that both take the same."""
    filled = {"role": Role.ADVOCATE.value, **{name: form[name] for name in ASKS}}
    try:
        return PersonBody.model_validate(filled).as_domain(), ()
    except ValidationError as error:
        wrong = {each["loc"][0] for each in error.errors(include_input=False)}
    return None, tuple(Mistake(name, ask) for name, ask in ASKS.items() if name in wrong)
