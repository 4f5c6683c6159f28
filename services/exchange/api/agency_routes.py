"""The JSON API of partner agencies and their agreements; keys are made at the command line only."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from services.chassis.http import Reply
from services.exchange.api import views
from services.exchange.api.bodies import AgencyBody, AgreementBody
from services.exchange.api.doors import ExchangeCommand, ExchangeDesk
from services.exchange.domain.agreement import Agency
from services.exchange.handlers import agencies
from services.exchange.handlers.context import ExchangeWork
from services.exchange.storage import queries
from services.exchange.storage.repositories import AGENCIES, AGENCY_KEYS, AGREEMENTS

ROUTER: Final = APIRouter(tags=["agencies"])


@ROUTER.post("/v1/agencies", status_code=201)
def add_agency(body: AgencyBody, command: ExchangeCommand) -> Response:
    """Add an agency; it sees nothing until there is an agreement."""

    def act(work: ExchangeWork) -> Reply:
        agency = agencies.add_agency(work, body.agency_ref, body.name)
        return Reply(201, _view(work, agency), location=f"/v1/agencies/{agency.agency_ref}")

    return command.run(act)


@ROUTER.get("/v1/agencies")
def list_agencies(desk: ExchangeDesk) -> dict[str, Any]:
    """List the agencies and what each of them may see."""

    def read(work: ExchangeWork) -> dict[str, Any]:
        return {"items": [_view(work, agency) for agency in queries.all_agencies(work)]}

    return desk.read(read)


@ROUTER.get("/v1/agencies/{agency_ref}")
def one_agency(agency_ref: str, desk: ExchangeDesk) -> dict[str, Any]:
    """Show an agency and what it may see."""
    return desk.read(lambda work: _view(work, work.get(AGENCIES, agency_ref)))


@ROUTER.post("/v1/agreements", status_code=201)
def add_agreement(body: AgreementBody, command: ExchangeCommand) -> Response:
    """Agree with an agency on what it may see; the agreement before ends."""

    def act(work: ExchangeWork) -> Reply:
        made = agencies.add_agreement(work, body.agency_ref, body.as_domain())
        location = f"/v1/agreements/{made.agreement_ref}"
        return Reply(201, views.agreement_view(made), location=location)

    return command.run(act)


@ROUTER.get("/v1/agreements/{agreement_ref}")
def one_agreement(agreement_ref: UUID, desk: ExchangeDesk) -> dict[str, Any]:
    """Show what an agreement says, live or ended."""
    return desk.read(lambda work: views.agreement_view(work.get(AGREEMENTS, agreement_ref)))


@ROUTER.post("/v1/agreements/{agreement_ref}/end")
def end_agreement(agreement_ref: UUID, command: ExchangeCommand) -> Response:
    """End an agreement: from now on nothing more is cut or delivered under it."""
    return command.run(
        lambda work: Reply(200, views.agreement_view(agencies.end_agreement(work, agreement_ref)))
    )


def _view(work: ExchangeWork, agency: Agency) -> dict[str, Any]:
    keys = work.select(AGENCY_KEYS, agency_ref=agency.agency_ref)
    return views.agency_view(agency, [key for key in keys if key.ended_at is None])
