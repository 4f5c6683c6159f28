"""Takes in how a conference or a child stands by exchange's word; older news changes nothing."""

from services.chassis.work import Work
from services.contracts.exchange_events import ChildState, ConferenceState
from services.referral.domain.child import Child
from services.referral.domain.conference import Conference
from services.referral.settings import Referral
from services.referral.storage.repositories import CHILDREN, CONFERENCES


def news_of_conference(work: Work[Referral], said: ConferenceState) -> Conference | None:
    """Keep how a conference now stands; None if something newer is known.

    Every event carries the whole state, so a conference whose first event was lost or laid aside is
    known from the next one.
    """
    known = work.find(CONFERENCES, said.conference_ref)
    if known is not None and known.as_of >= said.version:
        return None
    return work.save(CONFERENCES, _conference(said, known.version if known else 0))


def news_of_child(work: Work[Referral], said: ChildState) -> Child | None:
    """Keep whether contact with a child was stopped; None if something newer is known."""
    known = work.find(CHILDREN, said.child_ref)
    if known is not None and known.as_of >= said.version:
        return None
    version = known.version if known else 0
    return work.save(CHILDREN, Child(said.child_ref, said.version, said.contact_stopped, version))


def is_silenced(work: Work[Referral], conference: Conference) -> bool:
    """Whether all contact with the child of this conference was stopped."""
    child = work.find(CHILDREN, conference.child_ref)
    return child is not None and child.contact_stopped


def _conference(said: ConferenceState, version: int) -> Conference:
    return Conference(
        conference_ref=said.conference_ref,
        child_ref=said.child_ref,
        meeting_ref=said.meeting_ref,
        as_of=said.version,
        authority=said.authority,
        kind=said.kind,
        status=said.status,
        starts_at=said.starts_at,
        age_years=said.age_years,
        unborn=said.unborn,
        language=said.language,
        needs=said.needs,
        looked_after=said.looked_after,
        cancelled_because=said.cancelled_because,
        held_at=said.held_at,
        version=version,
    )
