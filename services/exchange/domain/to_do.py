"""Whether what a message asks for is still to be done, by what the exchange knows now.

A message may wait a night, or weeks for the family to be informed. What was done meanwhile, or can
no longer be done, nobody is asked for any more (practice 11).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.contracts.codes import (
    ConferenceStatus,
    MessagePurpose,
    Objection,
    OfferStatus,
    Permission,
    Told,
    ViewStatus,
    VisitStatus,
)
from services.exchange.domain.seen import OfferSeen, ViewSeen, VisitSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known now of a conference, its offers, and what a message is about.

    `asked_at` is when the message came about, `asked_ref` the person who would be written to, where
    it is a certain one. A visit or view
    of which nothing was heard since is None: then nothing speaks against asking.
    """

    asked_at: datetime | None = None
    asked_ref: UUID | None = None
    conference_status: ConferenceStatus | None = None
    conference_version: int = 0
    offers: tuple[OfferSeen, ...] = ()
    advocate_ref: UUID | None = None
    visit: VisitSeen | None = None
    view: ViewSeen | None = None


def is_still_to_do(purpose: MessagePurpose, known: Known) -> bool:
    """Say whether anybody still has to do what a message of this purpose asks for."""
    rule = STILL_TO_DO.get(purpose)
    return rule is None or rule(known)


def rests(purpose: MessagePurpose, known: Known) -> bool:
    """Say whether what a message asks for rests: a visit that is called off may come back.

    That a time is gone is asked once, so that it waits for that; the pause that called the visit
    off is known to be over before the visit is planned again.
    """
    is_off = known.visit is not None and known.visit.status is VisitStatus.CANCELLED
    return purpose is MessagePurpose.VISIT_REPLANNED and is_off


def _child_is_untold(known: Known) -> bool:
    """Nobody recorded that the child was told, and the child has not answered.

    While the offer is paused nobody is asked; whether it is to be told then shows when it goes on.
    """
    return any(
        offer.status in {OfferStatus.STANDING, OfferStatus.PAUSED}
        and offer.told is Told.NOT_KNOWN
        and offer.permission is not Permission.REFUSED
        for offer in known.offers
    )


def _permission_is_wanted(known: Known) -> bool:
    return any(o.is_live and o.permission is Permission.WANTED for o in known.offers)


def _no_is_unconfirmed(known: Known) -> bool:
    """The child's last word is a no that nobody has heard from the child (practice 2)."""
    return any(o.status is OfferStatus.DECLINED and not o.heard_directly for o in known.offers)


def _objection_is_open(known: Known) -> bool:
    """Somebody else's no was not checked with the child yet (practice 1)."""
    return any(o.is_live and o.objection is Objection.OPEN for o in known.offers)


def _is_the_advocate(known: Known) -> bool:
    """Who would be told of the allocation is the child's advocate still (practice 18)."""
    return known.asked_ref is not None and known.asked_ref == known.advocate_ref


def _is_unmet(known: Known) -> bool:
    return known.advocate_ref is None


def _decision_is_open(known: Known) -> bool:
    """Court or care took over, and nobody has decided since how advocacy goes on (practice 8).

    An offer that has followed the cancellation is paused until a person decides.
    """
    decided = any(
        offer.conference_version >= known.conference_version
        and offer.status is not OfferStatus.PAUSED
        for offer in known.offers
    )
    return known.conference_status is ConferenceStatus.CANCELLED and not decided


def _visit_is_open(known: Known) -> bool:
    return known.visit is None or known.visit.is_open


def _no_time_is_agreed(known: Known) -> bool:
    """The visit is still to take place, or rests, and nobody has agreed another time."""
    still = {VisitStatus.PLANNED, VisitStatus.CANCELLED}
    return known.visit is None or known.visit.status in still


def _visit_is_overdue(known: Known) -> bool:
    """Its day has passed and nothing was recorded; a moved conference may have moved the day."""
    return known.visit is None or (known.visit.is_open and known.visit.overdue)


def _chair_has_not_read(known: Known) -> bool:
    """It was shared, and whoever is asked has not read it; the child wants it (practice 14).

    Another may lead the meeting since somebody read it: they were asked later than that.
    """
    view = known.view
    if view is None:
        return True
    by_another = (
        view.status is ViewStatus.RECEIVED
        and view.received_at is not None
        and known.asked_at is not None
        and view.received_at <= known.asked_at
    )
    return view.for_chair and (view.status is ViewStatus.SHARED or by_another)


def _answer_is_untold(known: Known) -> bool:
    return known.view is None or known.view.status is ViewStatus.ANSWERED


STILL_TO_DO: Final[Mapping[MessagePurpose, Callable[[Known], bool]]] = MappingProxyType(
    {
        MessagePurpose.EXPLAIN_OFFER: _child_is_untold,
        MessagePurpose.EXPLAIN_OVERDUE: _child_is_untold,
        MessagePurpose.OFFER_ESCALATED: _child_is_untold,
        MessagePurpose.INDEPENDENT_CONTACT: _child_is_untold,
        MessagePurpose.PERMISSION_WANTED: _permission_is_wanted,
        MessagePurpose.CONFIRM_NO: _no_is_unconfirmed,
        MessagePurpose.CHECK_OBJECTION: _objection_is_open,
        MessagePurpose.ADVOCATE_ALLOCATED: _is_the_advocate,
        MessagePurpose.ADVOCATE_UNMET: _is_unmet,
        MessagePurpose.CONTINUE_DECISION: _decision_is_open,
        MessagePurpose.VISIT_REMINDER: _visit_is_open,
        MessagePurpose.VISIT_REPLANNED: _no_time_is_agreed,
        MessagePurpose.VISIT_OVERDUE: _visit_is_overdue,
        MessagePurpose.CLOSING_CONTACT: _visit_is_open,
        MessagePurpose.VIEW_FOR_CHAIR: _chair_has_not_read,
        MessagePurpose.TELL_CHILD_ANSWER: _answer_is_untold,
    }
)
"""What must be true for each; a reminder of the conference is silenced by its being over alone."""
