"""What feedback does with the news of a conference: know it, and whether it was held."""

from datetime import time
from typing import TypeAlias

from services.chassis.envelope import Happened
from services.chassis.work import Work
from services.contracts.exchange_events import ConferenceState
from services.contracts.local_time import at_time
from services.feedback.domain.conference import Conference, News, first_sat_at
from services.feedback.settings import Feedback
from services.feedback.storage.repositories import CONFERENCES

ConferenceNews: TypeAlias = Happened[ConferenceState]


def on_conference_news(work: Work[Feedback], event: ConferenceNews) -> None:
    """Follow a conference; an older state never replaces a newer one."""
    said = event.data
    known = work.find(CONFERENCES, said.conference_ref)
    if known is not None and known.as_of >= said.version:
        return
    session = said.participation
    news = News(
        before=known.status if known else None,
        status=said.status,
        starts_at=said.starts_at,
        held_at=said.held_at,
        session_at=at_time(session.session_on, time(0)) if session else None,
        said_at=event.time,
    )
    conference = Conference(
        conference_ref=said.conference_ref,
        child_ref=said.child_ref,
        status=said.status,
        as_of=said.version,
        sat_at=first_sat_at(known.sat_at if known else None, news),
        version=known.version if known else 0,
    )
    work.save(CONFERENCES, conference)
