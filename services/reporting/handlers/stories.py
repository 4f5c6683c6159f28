"""The story of one child's conference across all services."""

import json
from dataclasses import dataclass
from uuid import UUID

from services.chassis.work import Work
from services.contracts.codes import ConferenceStatus
from services.reporting.domain.counting import CountedJourney
from services.reporting.domain.funnel import Outcome
from services.reporting.domain.participation import TookPart
from services.reporting.domain.story import (
    Line,
    Stands,
    Told,
    advocate_of,
    nobody_was_found,
    offer_stands,
    story,
)
from services.reporting.settings import Reporting
from services.reporting.storage.repositories import COUNTED, Logged, logged_about


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that happened, in order, and what became of it so far."""

    conference_ref: UUID
    child_ref: UUID
    meeting_ref: UUID | None
    authority: str | None
    outcome: Outcome | None
    took_part: TookPart | None
    advocate_ref: UUID | None
    status: ConferenceStatus | None
    offer_stands: Stands | None
    nobody_was_found: bool
    lines: tuple[Line, ...]


def story_of(work: Work[Reporting], conference_ref: UUID) -> Story:
    """Tell a conference's story.

    Raises:
        NotYet: nothing has been heard of this conference.
    """
    counted: CountedJourney = work.get(COUNTED, conference_ref)
    conference = counted.journey.conference
    events = [_told(each) for each in logged_about(work, conference_ref, counted.child_ref)]
    advocate = advocate_of(sorted(events, key=lambda event: event.sequence))
    return Story(
        conference_ref=conference_ref,
        child_ref=counted.child_ref,
        meeting_ref=conference.meeting_ref if conference else None,
        authority=counted.authority,
        outcome=counted.outcome,
        took_part=counted.took_part,
        advocate_ref=UUID(advocate) if advocate else None,
        status=conference.status if conference else None,
        offer_stands=offer_stands(events),
        nobody_was_found=nobody_was_found(events),
        lines=story(events),
    )


def _told(logged: Logged) -> Told:
    return Told(
        id=logged.event_id,
        type=logged.type,
        service=logged.service,
        at=logged.happened_at,
        sequence=logged.sequence,
        causation_id=logged.causation_id,
        data=json.loads(logged.data),
    )
