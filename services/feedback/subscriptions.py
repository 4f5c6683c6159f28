"""The map of feedback: which event goes to which handler."""

from typing import Final

from services.chassis.subscriptions import On, Subscriptions, Touch
from services.feedback.handlers.news import on_conference_news
from services.feedback.storage.repositories import CONFERENCES

_CONFERENCE: Final = On(
    on_conference_news, touches=(Touch(CONFERENCES, "conference_ref", by="conference_ref"),)
)

SUBSCRIPTIONS: Final = Subscriptions(
    events={
        "conference.scheduled": _CONFERENCE,
        "conference.rescheduled": _CONFERENCE,
        "conference.changed": _CONFERENCE,
        "conference.adjourned": _CONFERENCE,
        "conference.cancelled": _CONFERENCE,
        "conference.held": _CONFERENCE,
        "conference.participation-recorded": _CONFERENCE,
    },
)
