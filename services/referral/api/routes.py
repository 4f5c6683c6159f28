"""Referral's JSON: one door per thing that can happen to an offer, an allocation, an advocate."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.chassis.desk import Desk
from services.chassis.http import (
    Command,
    Paging,
    Reply,
    command_of,
    desk_of,
    expect_version,
    page_of,
)
from services.chassis.work import Work
from services.contracts.codes import OfferStatus
from services.contracts.referral_events import AllocationState
from services.referral.api import bodies
from services.referral.api.views import AdvocateView, OfferView, advocate_view, offer_view
from services.referral.domain.advocate import Advocate
from services.referral.domain.allocation import Allocation
from services.referral.domain.answers import No
from services.referral.domain.offer import Offer
from services.referral.handlers import advocates, allocations, answers
from services.referral.settings import Referral
from services.referral.storage import repositories
from services.referral.storage.repositories import (
    ADVOCATES,
    ALLOCATIONS,
    OFFERS,
    OfferFilter,
    said_of_allocation,
)

ROUTER = APIRouter()
ReferralDesk = Annotated[Desk[Referral], Depends(desk_of("referral"))]
ReferralCommand = Annotated[Command[Referral], Depends(command_of("referral"))]
OfferAct = Callable[[Work[Referral]], Offer]
BondAct = Callable[[Work[Referral]], Allocation]


def _offers(
    conference_ref: UUID | None = None,
    child_ref: UUID | None = None,
    status: OfferStatus | None = None,
    authority: bodies.Authority | None = None,
) -> OfferFilter:
    return OfferFilter(conference_ref, child_ref, status, authority)


@ROUTER.get("/v1/offers", tags=["offers"])
def list_offers(
    desk: ReferralDesk, wanted: Annotated[OfferFilter, Depends(_offers)], cursor: Paging
) -> dict[str, Any]:
    """List offers, by conference, child, authority or status."""
    found = desk.read(
        lambda work: repositories.list_offers(work, wanted, cursor.after, cursor.size)
    )
    return page_of([offer_view(offer) for offer in found], cursor, lambda one: str(one.offer_ref))


@ROUTER.get("/v1/offers/{offer_ref}", tags=["offers"])
def read_offer(desk: ReferralDesk, offer_ref: UUID) -> OfferView:
    """Show an offer as it stands, and what it waits for."""
    return offer_view(desk.read(lambda work: work.get(OFFERS, offer_ref)))


@ROUTER.post("/v1/offers/{offer_ref}/explained", tags=["offers"])
def explained(offer_ref: UUID, body: bodies.ExplainedBody, command: ReferralCommand) -> Response:
    """Record that an adult says the child was told."""
    return _offer(command, lambda work: answers.explain(work, offer_ref, body.by_role, body.at))


@ROUTER.post("/v1/offers/{offer_ref}/explained-confirmed", tags=["offers"])
def explained_confirmed(offer_ref: UUID, command: ReferralCommand) -> Response:
    """Record that the child says somebody told them."""
    return _offer(command, lambda work: answers.confirm_explained(work, offer_ref))


@ROUTER.post("/v1/offers/{offer_ref}/accepted", tags=["offers"])
def accepted(offer_ref: UUID, body: bodies.AcceptedBody, command: ReferralCommand) -> Response:
    """Record the child's yes."""
    return _offer(
        command,
        lambda work: answers.accept(work, offer_ref, body.at, heard_directly=body.heard_directly),
    )


@ROUTER.post("/v1/offers/{offer_ref}/declined", tags=["offers"])
def declined(offer_ref: UUID, body: bodies.DeclinedBody, command: ReferralCommand) -> Response:
    """Record the child's no; one that was passed on is confirmed with the child."""

    def act(work: Work[Referral]) -> Offer:
        at = answers.happened(work, body.at)
        return answers.decline(work, offer_ref, No(body.reported_by, body.heard_directly, at))

    return _offer(command, act)


@ROUTER.post("/v1/offers/{offer_ref}/objected", tags=["offers"])
def objected(offer_ref: UUID, body: bodies.ObjectedBody, command: ReferralCommand) -> Response:
    """Record somebody else's no: somebody independent asks the child."""
    return _offer(command, lambda work: answers.object_to(work, offer_ref, body.by_role))


@ROUTER.post("/v1/offers/{offer_ref}/objection-decided", tags=["offers"])
def objection_decided(
    offer_ref: UUID, body: bodies.ObjectionDecidedBody, command: ReferralCommand
) -> Response:
    """Record what the child said about somebody else's no."""
    return _offer(
        command,
        lambda work: answers.decide_objection(work, offer_ref, child_wants=body.child_wants),
    )


@ROUTER.post("/v1/offers/{offer_ref}/permission", tags=["offers"])
def permission(offer_ref: UUID, body: bodies.PermissionBody, command: ReferralCommand) -> Response:
    """Record a parent's answer, where the policy of the day asks for one."""
    return _offer(
        command,
        lambda work: answers.permit(work, offer_ref, given=body.permission == "given"),
    )


@ROUTER.post("/v1/offers/{offer_ref}/paused", tags=["offers"])
def paused(offer_ref: UUID, command: ReferralCommand) -> Response:
    """Record that the child wants a pause."""
    return _offer(command, lambda work: answers.pause(work, offer_ref))


@ROUTER.post("/v1/offers/{offer_ref}/resumed", tags=["offers"])
def resumed(offer_ref: UUID, command: ReferralCommand) -> Response:
    """Go on after a pause."""
    return _offer(command, lambda work: answers.resume(work, offer_ref))


@ROUTER.post("/v1/offers/{offer_ref}/reopened", tags=["offers"])
def reopened(offer_ref: UUID, command: ReferralCommand) -> Response:
    """Record that the child came back, or that an end was a mistake."""
    return _offer(command, lambda work: answers.reopen(work, offer_ref))


@ROUTER.post("/v1/offers/{offer_ref}/stopped", tags=["offers"])
def stopped(offer_ref: UUID, body: bodies.EndedBody, command: ReferralCommand) -> Response:
    """Record that a person ended the offer."""
    return _offer(command, lambda work: answers.stop(work, offer_ref, body.reason))


@ROUTER.post("/v1/offers/{offer_ref}/withdrawn", tags=["offers"])
def withdrawn(offer_ref: UUID, body: bodies.EndedBody, command: ReferralCommand) -> Response:
    """Record that the authority withdrew the offer."""
    return _offer(command, lambda work: answers.withdraw(work, offer_ref, body.reason))


@ROUTER.post("/v1/offers/{offer_ref}/allocation", tags=["offers"])
def choose_advocate(offer_ref: UUID, body: bodies.ChoiceBody, command: ReferralCommand) -> Response:
    """Choose an advocate for a child, within the rules of independence."""
    choice = allocations.Choice(body.advocate_ref, body.reason)
    return _bond(command, lambda work: allocations.choose(work, offer_ref, choice), status=201)


@ROUTER.get("/v1/allocations", tags=["allocations"])
def list_allocations(desk: ReferralDesk, offer_ref: UUID, cursor: Paging) -> dict[str, Any]:
    """List the searches and bonds of an offer."""
    found = desk.read(
        lambda work: repositories.list_allocations(work, offer_ref, cursor.after, cursor.size)
    )
    shown = [said_of_allocation(one) for one in found]
    return page_of(shown, cursor, lambda one: str(one.allocation_ref))


@ROUTER.get("/v1/allocations/{allocation_ref}", tags=["allocations"])
def read_allocation(desk: ReferralDesk, allocation_ref: UUID) -> AllocationState:
    """Show one search or bond, with the reasons it was made for."""
    return said_of_allocation(desk.read(lambda work: work.get(ALLOCATIONS, allocation_ref)))


@ROUTER.post("/v1/allocations/{allocation_ref}/confirm", tags=["allocations"])
def confirm(allocation_ref: UUID, command: ReferralCommand) -> Response:
    """Record that the advocate takes the child on."""
    return _bond(command, lambda work: allocations.confirm(work, allocation_ref))


@ROUTER.post("/v1/allocations/{allocation_ref}/refuse", tags=["allocations"])
def refuse(allocation_ref: UUID, command: ReferralCommand) -> Response:
    """Record that the advocate cannot; another is looked for."""
    return _bond(command, lambda work: allocations.refuse(work, allocation_ref))


@ROUTER.post("/v1/allocations/{allocation_ref}/release", tags=["allocations"])
def release(allocation_ref: UUID, command: ReferralCommand) -> Response:
    """End a bond; the advocate has room again."""
    return _bond(command, lambda work: allocations.release(work, allocation_ref))


@ROUTER.post("/v1/allocations/{allocation_ref}/conflict", tags=["allocations"])
def conflict(allocation_ref: UUID, command: ReferralCommand) -> Response:
    """Record that the advocate is not independent of this child; another is looked for."""
    return _bond(command, lambda work: allocations.find_conflict(work, allocation_ref))


@ROUTER.get("/v1/advocates", tags=["advocates"])
def list_advocates(desk: ReferralDesk, cursor: Paging) -> dict[str, Any]:
    """List the advocates."""

    def read(work: Work[Referral]) -> list[AdvocateView]:
        found = repositories.list_advocates(work, cursor.after, cursor.size)
        return [_seen(work, advocate) for advocate in found]

    return page_of(desk.read(read), cursor, lambda one: str(one.advocate_ref))


@ROUTER.get("/v1/advocates/{advocate_ref}", tags=["advocates"])
def read_advocate(desk: ReferralDesk, advocate_ref: UUID) -> AdvocateView:
    """Show an advocate, and how many children are with them."""
    return desk.read(lambda work: _seen(work, work.get(ADVOCATES, advocate_ref)))


@ROUTER.post("/v1/advocates", tags=["advocates"])
def register_advocate(body: bodies.RegisterBody, command: ReferralCommand) -> Response:
    """Register an advocate."""

    def act(work: Work[Referral]) -> Reply:
        advocate = advocates.register(work, body.of(body.advocate_ref))
        location = f"/v1/advocates/{advocate.advocate_ref}"
        return Reply(201, _seen(work, advocate), location, etag=advocate.version)

    return command.run(act)


@ROUTER.put("/v1/advocates/{advocate_ref}", tags=["advocates"])
def change_advocate(
    advocate_ref: UUID, body: bodies.AdvocateFacts, request: Request, command: ReferralCommand
) -> Response:
    """Change what is known of an advocate."""

    def act(work: Work[Referral]) -> Reply:
        known = work.get(ADVOCATES, advocate_ref)
        expect_version(request, known.version)
        advocate = advocates.change(work, body.of(advocate_ref, known.conflicts))
        return Reply(200, _seen(work, advocate), etag=advocate.version)

    return command.run(act)


def _seen(work: Work[Referral], advocate: Advocate) -> AdvocateView:
    caseload = repositories.caseload_of(work, advocate.advocate_ref)
    return advocate_view(advocate, caseload.children, work.today)


def _offer(command: Command[Referral], act: OfferAct) -> Response:
    def answer(work: Work[Referral]) -> Reply:
        offer = act(work)
        return Reply(200, offer_view(offer), etag=offer.version)

    return command.run(answer)


def _bond(command: Command[Referral], act: BondAct, status: int = 200) -> Response:
    def answer(work: Work[Referral]) -> Reply:
        bond = act(work)
        location = f"/v1/allocations/{bond.allocation_ref}" if status == 201 else None  # noqa: PLR2004
        return Reply(status, said_of_allocation(bond), location, etag=bond.version)

    return command.run(answer)
