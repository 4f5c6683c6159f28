"""The map of scheduling: which event and which work for later goes to which handler."""

from typing import Final

from services.chassis.subscriptions import On, Subscriptions, Touch
from services.scheduling.handlers.news import (
    on_allocation_news,
    on_conference_news,
    on_offer_news,
)
from services.scheduling.handlers.reminders import when_a_reminder_is_due
from services.scheduling.handlers.visits import when_a_visit_is_overdue
from services.scheduling.storage.repositories import CONFERENCES, OFFERS, REMINDERS, VISITS

_CONFERENCE: Final = On(
    on_conference_news,
    touches=(
        Touch(CONFERENCES, "conference_ref", by="conference_ref"),
        Touch(CONFERENCES, "child_ref", by="child_ref"),
        Touch(OFFERS, "conference_ref", by="conference_ref"),
    ),
)
_OF_THE_OFFER: Final = (
    Touch(CONFERENCES, "conference_ref", by="conference_ref"),
    Touch(CONFERENCES, "child_ref", by="child_ref"),
    Touch(OFFERS, "offer_ref", by="offer_ref"),
    Touch(VISITS, "offer_ref", by="offer_ref"),
    Touch(REMINDERS, "offer_ref", by="offer_ref"),
)
_OFFER: Final = On(on_offer_news, touches=_OF_THE_OFFER)
_ALLOCATION: Final = On(on_allocation_news, touches=_OF_THE_OFFER)

SUBSCRIPTIONS: Final = Subscriptions(
    events={
        "conference.scheduled": _CONFERENCE,
        "conference.rescheduled": _CONFERENCE,
        "conference.changed": _CONFERENCE,
        "conference.adjourned": _CONFERENCE,
        "conference.cancelled": _CONFERENCE,
        "conference.held": _CONFERENCE,
        "conference.participation-recorded": _CONFERENCE,
        "offer.made": _OFFER,
        "offer.not-made": _OFFER,
        "offer.permission-given": _OFFER,
        "offer.permission-refused": _OFFER,
        "offer.explained": _OFFER,
        "offer.explained-confirmed": _OFFER,
        "offer.accepted": _OFFER,
        "offer.declined": _OFFER,
        "offer.objected": _OFFER,
        "offer.objection-decided": _OFFER,
        "offer.stopped": _OFFER,
        "offer.paused": _OFFER,
        "offer.resumed": _OFFER,
        "offer.reopened": _OFFER,
        "offer.withdrawn": _OFFER,
        "offer.lapsed": _OFFER,
        "offer.overdue": _OFFER,
        "offer.escalated": _OFFER,
        "offer.changed": _OFFER,
        "allocation.allocated": _ALLOCATION,
        "allocation.confirmed": _ALLOCATION,
        "allocation.refused": _ALLOCATION,
        "allocation.conflict-found": _ALLOCATION,
        "allocation.replaced": _ALLOCATION,
        "allocation.released": _ALLOCATION,
        "allocation.unmet": _ALLOCATION,
    },
    later={
        "visit.overdue": when_a_visit_is_overdue,
        "reminder.due": when_a_reminder_is_due,
    },
)
