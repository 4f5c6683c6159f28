"""The map of the exchange: which event and which work for later goes to which handler."""

from typing import Final

from services.chassis.subscriptions import On, Subscriptions, Touch
from services.exchange.handlers import agencies, feed, messages, seen
from services.exchange.storage.repositories import (
    ALLOCATIONS_SEEN,
    CHILDREN,
    CONFERENCES,
    OFFERS_SEEN,
    VIEWS_SEEN,
    VISITS_SEEN,
)

_CHILD: Final = Touch(CHILDREN, "child_ref", by="child_ref")
_CONFERENCE: Final = Touch(CONFERENCES, "conference_ref", by="conference_ref")
_OFFER: Final = (_CONFERENCE, Touch(OFFERS_SEEN, "offer_ref", by="offer_ref"))
_ALLOCATION: Final = (
    _CONFERENCE,
    Touch(ALLOCATIONS_SEEN, "conference_ref", by="conference_ref"),
    Touch(OFFERS_SEEN, "conference_ref", by="conference_ref"),
)
_VISIT: Final = (_CONFERENCE, Touch(VISITS_SEEN, "visit_ref", by="visit_ref"))
_VIEW: Final = (_CONFERENCE, _CHILD, Touch(VIEWS_SEEN, "view_ref", by="view_ref"))
_REMEMBER_OFFER: Final = On(seen.remember_offer, _OFFER)
_REMEMBER_ALLOCATION: Final = On(seen.remember_allocation, _ALLOCATION)
_REMEMBER_VISIT: Final = On(seen.remember_visit, _VISIT)
_REMEMBER_VIEW: Final = On(seen.remember_view, _VIEW)
_DEAD_LETTER: Final = On(seen.on_dead_letter)

SUBSCRIPTIONS: Final = Subscriptions(
    every=feed.on_any_event,
    events={
        "offer.made": On(messages.on_offer_made, _OFFER),
        "offer.overdue": On(messages.on_offer_overdue, _OFFER),
        "offer.escalated": On(messages.on_offer_escalated, _OFFER),
        "offer.declined": On(messages.on_offer_declined, _OFFER),
        "offer.objected": On(messages.on_offer_objected, _OFFER),
        "offer.explained": _REMEMBER_OFFER,
        "offer.explained-confirmed": _REMEMBER_OFFER,
        "offer.permission-given": _REMEMBER_OFFER,
        "offer.permission-refused": _REMEMBER_OFFER,
        "offer.accepted": _REMEMBER_OFFER,
        "offer.objection-decided": _REMEMBER_OFFER,
        "offer.paused": _REMEMBER_OFFER,
        "offer.resumed": _REMEMBER_OFFER,
        "offer.reopened": On(messages.on_offer_reopened, _OFFER),
        "offer.withdrawn": _REMEMBER_OFFER,
        "offer.stopped": _REMEMBER_OFFER,
        "offer.lapsed": _REMEMBER_OFFER,
        "offer.changed": _REMEMBER_OFFER,
        "allocation.allocated": On(messages.on_allocated, _ALLOCATION),
        "allocation.unmet": On(messages.on_unmet, _ALLOCATION),
        "allocation.confirmed": _REMEMBER_ALLOCATION,
        "allocation.refused": _REMEMBER_ALLOCATION,
        "allocation.conflict-found": _REMEMBER_ALLOCATION,
        "allocation.replaced": _REMEMBER_ALLOCATION,
        "allocation.released": _REMEMBER_ALLOCATION,
        "visit.planned": On(messages.on_visit_planned, _VISIT),
        "visit.overdue": On(messages.on_visit_overdue, _VISIT),
        "visit.offered": _REMEMBER_VISIT,
        "visit.agreed": _REMEMBER_VISIT,
        "visit.moved": On(messages.on_visit_moved, _VISIT),
        "visit.changed": _REMEMBER_VISIT,
        "visit.held": _REMEMBER_VISIT,
        "visit.declined": _REMEMBER_VISIT,
        "visit.not-possible": _REMEMBER_VISIT,
        "visit.missed": _REMEMBER_VISIT,
        "visit.cancelled": _REMEMBER_VISIT,
        "reminder.came-due": On(messages.on_reminder, (_CONFERENCE, _CHILD)),
        "conference.cancelled": On(messages.on_conference_cancelled, (_CONFERENCE,)),
        "child-view.shared": On(messages.on_view_shared, _VIEW),
        "child-view.answered": On(messages.on_view_answered, _VIEW),
        "child-view.approved": _REMEMBER_VIEW,
        "child-view.received": _REMEMBER_VIEW,
        "child-view.told": _REMEMBER_VIEW,
        "child-view.withdrawn": _REMEMBER_VIEW,
        "dead-letter.refused": _DEAD_LETTER,
        "dead-letter.crashed": _DEAD_LETTER,
        "dead-letter.closed": _DEAD_LETTER,
    },
    later={
        "agreement.expires": agencies.when_agreement_expires,
    },
)
