"""What feedback does with the news of a conference: know it, and whether it was held."""

from typing import TypeAlias

from services.chassis.envelope import Happened
from services.chassis.work import Work
from services.contracts.exchange_events import ConferenceState
from services.feedback.domain.conference import Conference
from services.feedback.settings import Feedback
from services.feedback.storage.repositories import CONFERENCES

ConferenceNews: TypeAlias = Happened[ConferenceState]


def on_conference_news(work: Work[Feedback], event: ConferenceNews) -> None:
    """Follow a conference; an older state never replaces a newer one."""
    said = event.data
    known = work.find(CONFERENCES, said.conference_ref)
    if known is not None and known.as_of >= said.version:
        return
    version = known.version if known else 0
    conference = Conference(said.conference_ref, said.child_ref, said.status, said.version, version)
    work.save(CONFERENCES, conference)
