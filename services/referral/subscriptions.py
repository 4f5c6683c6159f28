"""The map of referral: which event and which work for later goes to which handler."""

from typing import Final

from services.chassis.subscriptions import On, Subscriptions, Touch
from services.referral.handlers.advocates import when_an_advocate_may_act_no_more
from services.referral.handlers.clocks import (
    when_a_rung_is_due,
    when_checking_is_due,
    when_confirming_is_due,
    when_continuing_is_due,
    when_lapsing_is_due,
    when_telling_is_due,
)
from services.referral.handlers.conferences import (
    on_conference_cancelled,
    on_conference_held,
    on_conference_scheduled,
    on_participation_recorded,
)
from services.referral.handlers.contact import on_child_contact, on_visit_held
from services.referral.handlers.searching import when_the_alarm_is_due
from services.referral.storage.repositories import ALLOCATIONS, CHILDREN, CONFERENCES, OFFERS

_OF_THE_CONFERENCE: Final = (
    Touch(CONFERENCES, "conference_ref", by="conference_ref"),
    Touch(CHILDREN, "child_ref", by="child_ref"),
    Touch(OFFERS, "conference_ref", by="conference_ref"),
    Touch(ALLOCATIONS, "child_ref", by="child_ref"),
)
_OF_THE_CHILD: Final = (
    Touch(CHILDREN, "child_ref", by="child_ref"),
    Touch(OFFERS, "child_ref", by="child_ref"),
)
_OF_THE_VISIT: Final = (Touch(OFFERS, "offer_ref", by="offer_ref"),)

SUBSCRIPTIONS: Final = Subscriptions(
    events={
        "conference.scheduled": On(on_conference_scheduled, _OF_THE_CONFERENCE),
        "conference.rescheduled": On(on_conference_scheduled, _OF_THE_CONFERENCE),
        "conference.changed": On(on_conference_scheduled, _OF_THE_CONFERENCE),
        "conference.adjourned": On(on_conference_scheduled, _OF_THE_CONFERENCE),
        "conference.cancelled": On(on_conference_cancelled, _OF_THE_CONFERENCE),
        "conference.held": On(on_conference_held, _OF_THE_CONFERENCE),
        "conference.participation-recorded": On(on_participation_recorded, _OF_THE_CONFERENCE),
        "child.changed": On(on_child_contact, _OF_THE_CHILD),
        "child.contact-stopped": On(on_child_contact, _OF_THE_CHILD),
        "visit.held": On(on_visit_held, _OF_THE_VISIT),
    },
    later={
        "offer.tell-due": when_telling_is_due,
        "offer.rung-due": when_a_rung_is_due,
        "offer.confirm-no-due": when_confirming_is_due,
        "offer.objection-due": when_checking_is_due,
        "offer.continue-due": when_continuing_is_due,
        "offer.lapse-due": when_lapsing_is_due,
        "allocation.alarm-due": when_the_alarm_is_due,
        "advocate.checks-over": when_an_advocate_may_act_no_more,
        "advocate.training-over": when_an_advocate_may_act_no_more,
    },
)
