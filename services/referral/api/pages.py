"""The pages of an offer: who is to be told, how one stands, and what is recorded of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.chassis import ids
from services.chassis.desk import Desk
from services.chassis.errors import Refused
from services.chassis.http import Cursor, Paging, Problem, page_of
from services.chassis.web import (
    Mistake,
    PageRoute,
    Reader,
    Submitted,
    page,
    see_other,
    tried,
)
from services.chassis.web.wording import remark
from services.chassis.work import Work
from services.contracts.local_time import LONDON
from services.referral.api import bodies
from services.referral.api.doors import Form, ReferralCommand, ReferralDesk
from services.referral.api.offer_records import RECORDS, Record, possible, require_possible
from services.referral.api.offer_view import KINDS, OfferPage, offer_page
from services.referral.domain.offer import Offer
from services.referral.handlers.telling import ToTell, children_to_tell
from services.referral.settings import Referral
from services.referral.storage.repositories import OFFERS, offer_of

PAGES: Final = APIRouter(route_class=PageRoute, include_in_schema=False)

MOST_LISTED: Final = 20
"""Each child of a list is a look that the ledger keeps."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose offer is asked for, or which place's children; `done` is what was recorded just now."""

    conference_ref: UUID | None = None
    authority: bodies.Authority | None = None
    done: str = ""


@dataclass(frozen=True, slots=True)
class TellCard:
    """A child to tell, as the list shows it."""

    offer_ref: UUID
    child_ref: UUID
    conference_ref: UUID
    tell_by: datetime
    late: bool
    conference: str
    conference_at: datetime
    asked: str


def _card(one: ToTell, now: datetime) -> TellCard:
    offer = one.offer
    return TellCard(
        offer.offer_ref,
        offer.child_ref,
        offer.conference_ref,
        one.tell_by,
        one.tell_by <= now,
        KINDS[offer.kind],
        one.conference_at,
        offer.rung_role or "",
    )


@PAGES.get("/offers")
def show_offers(
    request: Request, desk: ReferralDesk, cursor: Paging, asked: Annotated[Asked, Depends()]
) -> Response:
    """Show the offer of one child's conference, or else the children who are still to be told."""
    ref = asked.conference_ref
    if ref is None:
        few = Cursor(cursor.after, min(cursor.size, MOST_LISTED))
        return _list(request, desk, few, asked.authority)
    shown = desk.read(lambda work: _page_of(work, ref))
    return _show(request, shown, done=RECORDS[asked.done].done if asked.done in RECORDS else "")


def _page_of(work: Work[Referral], conference_ref: UUID) -> OfferPage:
    offer = offer_of(work, conference_ref)
    if offer is None:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", "")
    return offer_page(work, offer)


@PAGES.get("/offers/{offer_ref}/{path}")
def ask_record(request: Request, offer_ref: UUID, path: str, desk: ReferralDesk) -> Response:
    """Ask for what belongs to one record; say on the offer's page if it cannot be recorded now."""
    record = _record(path)
    shown = desk.read(lambda work: offer_page(work, work.get(OFFERS, offer_ref)))
    try:
        require_possible(record, shown)
    except Refused as refused:
        return _show(request, shown, (Mistake("", remark(refused.detail)),))
    form = Submitted({"key": [ids.token()]}).with_fields(**_today(shown.now))
    return _ask(request, shown, record, form, ())


@PAGES.post("/offers/{offer_ref}/{path}")
def take_record(
    request: Request, offer_ref: UUID, path: str, form: Form, command: ReferralCommand
) -> Response:
    """Record it, then show the offer; what is wrong is said on the page it is wrong on."""
    record, reader = _record(path), Reader(form)
    act = record.reads(reader, offer_ref, command.desk.clock.now())
    mistakes: Sequence[Mistake] = reader.mistakes
    if act is not None:

        def once(work: Work[Referral]) -> str:
            require_possible(record, offer_page(work, work.get(OFFERS, offer_ref)))
            return _address(act(work), record)

        done = tried(command, once, form["key"])
        if done.address:
            return see_other(done.address)
        mistakes = done.mistakes
    shown = command.desk.read(lambda work: offer_page(work, work.get(OFFERS, offer_ref)))
    return _ask(request, shown, record, form, mistakes)


def _address(offer: Offer, record: Record) -> str:
    return f"/offers?conference_ref={offer.conference_ref}&done={record.path}"


def _record(path: str) -> Record:
    try:
        return RECORDS[path]
    except KeyError:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", "") from None


def _today(now: datetime) -> dict[str, str]:
    """Fill in today: most is recorded on the day it happens; the time is for a person to say."""
    local = now.astimezone(LONDON)
    fields = {"at-day": local.day, "at-month": local.month, "at-year": local.year}
    return {name: str(number) for name, number in fields.items()}


def _list(
    request: Request, desk: Desk[Referral], cursor: Cursor, authority: str | None
) -> Response:
    found, now = desk.read(
        lambda work: (children_to_tell(work, authority, cursor.after, cursor.size + 1), work.now)
    )
    shown = page_of(found, cursor, lambda one: one.place)
    asked = {"authority": authority, "cursor": shown["next"], "size": cursor.size}
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    return page(
        request,
        "referral/offers.html",
        children=[_card(one, now) for one in shown["items"]],
        next=f"/offers?{query}" if shown["next"] else "",
    )


def _show(
    request: Request, shown: OfferPage, mistakes: Sequence[Mistake] = (), done: str = ""
) -> Response:
    return page(
        request,
        "referral/offer.html",
        status=HTTPStatus.CONFLICT if mistakes else HTTPStatus.OK,
        shown=shown,
        offer=shown.offer,
        records=[record for record in RECORDS.values() if possible(record, shown)],
        mistakes=mistakes,
        done=done,
    )


def _ask(
    request: Request,
    shown: OfferPage,
    record: Record,
    form: Submitted,
    mistakes: Sequence[Mistake],
) -> Response:
    return page(
        request,
        "referral/record.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK,
        shown=shown,
        offer=shown.offer,
        record=record,
        means=record.explained(shown.place),
        form=form,
        mistakes=mistakes,
    )
