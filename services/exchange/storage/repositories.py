"""What the exchange keeps, and how each thing stands on the bus."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any

from services.chassis.aggregates import Aggregate, Timer
from services.contracts.catalogue import EVENTS
from services.contracts.codes import LegalBasis, MessageStatus, SharingPurpose
from services.contracts.exchange_events import (
    AgencyState,
    ChildState,
    ConferenceState,
    MeetingState,
    MessageState,
    Participation,
)
from services.contracts.local_time import LONDON
from services.exchange.domain.agency_key import AgencyKey
from services.exchange.domain.agreement import Agency, Agreement, AgreementStatus
from services.exchange.domain.child import Child
from services.exchange.domain.conference import Conference
from services.exchange.domain.cut import Feed, FeedSubject
from services.exchange.domain.hold import Hold
from services.exchange.domain.matching import Suggestion
from services.exchange.domain.meeting import Meeting
from services.exchange.domain.message import Message
from services.exchange.domain.participation import fullest
from services.exchange.domain.person import Person
from services.exchange.domain.seen import (
    AllocationSeen,
    DeadLetterSeen,
    OfferSeen,
    ViewSeen,
    VisitSeen,
)
from services.exchange.storage import tables


def child_state(child: Child) -> ChildState:
    """Say how a child stands."""
    return ChildState(
        version=child.version,
        child_ref=child.child_ref,
        authority=child.authority,
        unborn=child.unborn,
        contact_stopped=child.contact_stopped,
        **asdict(child.facts),
    )


def meeting_state(meeting: Meeting) -> MeetingState:
    """Say how a meeting stands."""
    return MeetingState(**_shared(meeting, MeetingState))


def conference_state(conference: Conference) -> ConferenceState:
    """Say how a child's conference stands."""
    session = fullest(conference.sessions)
    return ConferenceState(
        **_shared(conference, ConferenceState),
        **asdict(conference.facts),
        participation=Participation(**asdict(session)) if session else None,
    )


def message_state(message: Message) -> MessageState:
    """Say what became of a message; one that still waits is never said."""
    in_their_place = message.reached_role is not message.recipient_role
    said = {
        "status": MessageStatus(message.status.value),
        "reached_role": message.reached_role if in_their_place else None,
    }
    return MessageState(**{**_shared(message, MessageState), **said})


def agency_state(agency: Agency) -> AgencyState:
    """Say what an agency may see; without an agreement that is nothing."""
    agreement = agency.agreement
    terms = agreement.terms if agreement else None
    return AgencyState(
        version=agency.version,
        agency_ref=agency.agency_ref,
        status=agency.status,
        agreement_ref=agreement.agreement_ref if agreement else None,
        events=tuple(EVENTS[name].ce_type for name in terms.events) if terms else (),
        purpose=terms.purpose if terms else SharingPurpose.OTHER,
        legal_basis=terms.legal_basis if terms else LegalBasis.OTHER,
        starts_on=terms.starts_on if terms else None,
        expires_on=terms.expires_on if terms else None,
        authorities=terms.authorities if terms else (),
    )


def agreement_timers(agreement: Agreement) -> Iterable[Timer]:
    """Plan the end of an agreement: the midnight after its last day."""
    if agreement.status is AgreementStatus.LIVE:
        after = agreement.terms.expires_on + timedelta(days=1)
        yield Timer("expires", datetime.combine(after, time(), LONDON))


def _shared(state: Any, contract: Any) -> dict[str, Any]:
    """Return the fields that a state and its contract have in common."""
    return {name: getattr(state, name) for name in contract.model_fields if hasattr(state, name)}


CHILDREN = Aggregate("child", tables.CHILDREN, Child, "child_ref", child_state)
MEETINGS = Aggregate("meeting", tables.MEETINGS, Meeting, "meeting_ref", meeting_state)
CONFERENCES = Aggregate(
    "conference", tables.CONFERENCES, Conference, "conference_ref", conference_state
)
SUGGESTIONS = Aggregate("suggestion", tables.SUGGESTIONS, Suggestion, "suggestion_ref")
PEOPLE = Aggregate("person", tables.PEOPLE, Person, "person_ref")
AGENCIES = Aggregate("agency", tables.AGENCIES, Agency, "agency_ref", agency_state)
AGREEMENTS = Aggregate(
    "agreement", tables.AGREEMENTS, Agreement, "agreement_ref", timers=agreement_timers
)
AGENCY_KEYS = Aggregate("agency-key", tables.AGENCY_KEYS, AgencyKey, "key_ref")
FEEDS = Aggregate("feed", tables.FEEDS, Feed, "agency_ref")
FEED_SUBJECTS = Aggregate("feed-subject", tables.FEED_SUBJECTS, FeedSubject, "pseudonym")
MESSAGES = Aggregate("message", tables.MESSAGES, Message, "message_ref", message_state)
HOLDS = Aggregate("hold", tables.HOLDS, Hold, "name")
OFFERS_SEEN = Aggregate("offer-seen", tables.OFFERS_SEEN, OfferSeen, "offer_ref")
ALLOCATIONS_SEEN = Aggregate(
    "allocation-seen", tables.ALLOCATIONS_SEEN, AllocationSeen, "conference_ref"
)
VISITS_SEEN = Aggregate("visit-seen", tables.VISITS_SEEN, VisitSeen, "visit_ref")
VIEWS_SEEN = Aggregate("view-seen", tables.VIEWS_SEEN, ViewSeen, "view_ref")
DEAD_LETTERS_SEEN = Aggregate(
    "dead-letter-seen", tables.DEAD_LETTERS_SEEN, DeadLetterSeen, "dead_letter_ref"
)
