"""What people do in the quarter, each as one request to the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, Protocol

from services.contracts.codes import Role, VisitKind
from services.contracts.local_time import LONDON
from services.launcher.quarter.api import Body, Json
from services.launcher.quarter.book import Book, Seat
from services.launcher.quarter.families import AUTHORITY, LAST_DAY, Meeting, Referral
from services.launcher.quarter.sessions import session

OFFICE_CLOSES: Final = time(17)
"""The hour at which each day's acts are recorded.

What happened in the day is recorded before the day ends, so that no clock of that day runs out at
the same moment: the quarter comes out the same however fast its processes are.
"""

MORNING: Final = time(10)
CONFERENCE_BEGINS: Final = time(14)
VISITING_HOUR: Final = time(15, 30)

_LASTS: Final = timedelta(minutes=90)


@dataclass(frozen=True, slots=True)
class Request:
    """Where something is sent, and what."""

    path: str
    body: Body = field(default_factory=dict)


class Act(Protocol):
    """Something a person does."""

    @property
    def key(self) -> str:
        """What makes it the same act when it is tried again."""

    def request(self, book: Book) -> Request:
        """Write the request, with the references that the book has or finds."""

    def learn(self, book: Book, answer: Json) -> None:
        """Keep what the answer tells for later acts."""


def at(day: date, hour: time) -> datetime:
    """Return the instant of that hour on people's clocks."""
    return datetime.combine(day, hour, LONDON)


@dataclass(frozen=True, slots=True)
class Person:
    """A professional, as invented as the families."""

    name: str
    role: Role
    email: str


@dataclass(frozen=True, slots=True)
class RegisterPerson:
    """The provider enters somebody who can be written to."""

    person: Person

    @property
    def key(self) -> str:
        return f"quarter/{self.person.email}/registered"

    def request(self, _book: Book) -> Request:
        body = {
            "role": self.person.role,
            "name": self.person.name,
            "email": self.person.email,
            "authorities": [AUTHORITY],
        }
        return Request("/v1/people", body)

    def learn(self, book: Book, answer: Json) -> None:
        book.people[self.person.email] = answer["person_ref"]


@dataclass(frozen=True, slots=True)
class RegisterAdvocate:
    """The provider says what an advocate can do; independent, so employed by the provider."""

    person: Person
    skills: tuple[str, ...]
    capacity: int
    employed_by: str

    @property
    def key(self) -> str:
        return f"quarter/{self.person.email}/advocate"

    def request(self, book: Book) -> Request:
        body = {
            "advocate_ref": book.people[self.person.email],
            "authorities": [AUTHORITY],
            "languages": ["en"],
            "skills": self.skills,
            "capacity": self.capacity,
            "employed_by": self.employed_by,
            "checks_valid_until": LAST_DAY.replace(year=LAST_DAY.year + 1).isoformat(),
            "training_valid_until": LAST_DAY.replace(year=LAST_DAY.year + 1).isoformat(),
        }
        return Request("/v1/advocates", body)

    def learn(self, book: Book, answer: Json) -> None:
        """Nothing is needed of the answer."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The conference team schedules a conference: the one event that starts everything."""

    meeting: Meeting
    chair: Person
    social_worker: Person

    @property
    def key(self) -> str:
        return f"quarter/{self.meeting.conference_id}/scheduled"

    def request(self, _book: Book) -> Request:
        begins = at(self.meeting.sits_on, CONFERENCE_BEGINS)
        body = {
            "conference_id": self.meeting.conference_id,
            "authority": AUTHORITY,
            "kind": self.meeting.kind,
            "starts_at": begins.isoformat(),
            "ends_at": (begins + _LASTS).isoformat(),
            "format": "in-person",
            "place": "Example Hall",
            "family_informed_on": self.meeting.scheduled_on.isoformat(),
            "chair": _adult(self.chair),
            "children": [self._child(referral) for referral in self.meeting.referrals],
        }
        return Request("/v1/conferences", body)

    def _child(self, referral: Referral) -> Body:
        child = referral.child
        return {
            "la_child_id": child.la_child_id,
            "given_name": child.given_name,
            "family_name": self.meeting.family_name,
            "date_of_birth": child.born.isoformat(),
            "language": "en",
            "communication_needs": child.needs,
            "looked_after": "no",
            "in_custody": "no",
            "placed_out_of_area": "no",
            "social_worker": _adult(self.social_worker),
        }

    def learn(self, book: Book, answer: Json) -> None:
        book.meetings[self.meeting.conference_id] = answer["meeting_ref"]
        for referral, seat in zip(self.meeting.referrals, answer["children"], strict=True):
            place = self.meeting.conference_id, referral.child.number
            book.seats[place] = Seat(seat["child_ref"], seat["conference_ref"])


@dataclass(frozen=True, slots=True)
class Hold:
    """The conference team records the same day how each child took part."""

    meeting: Meeting

    @property
    def key(self) -> str:
        return f"quarter/{self.meeting.conference_id}/held"

    def request(self, book: Book) -> Request:
        sessions = [
            {"child_ref": book.seat(self.meeting, referral).child_ref, **session(referral)}
            for referral in self.meeting.referrals
        ]
        held_at = at(self.meeting.sits_on, CONFERENCE_BEGINS).isoformat()
        ref = book.meetings[self.meeting.conference_id]
        body = {"held_at": held_at, "participation": sessions}
        return Request(f"/v1/conferences/{ref}/held", body)

    def learn(self, book: Book, answer: Json) -> None:
        """Nothing is needed of the answer."""


@dataclass(frozen=True, slots=True)
class OnOffer:
    """Somebody records what was told, permitted or answered."""

    meeting: Meeting
    referral: Referral
    step: str
    body: Mapping[str, Json]

    @property
    def key(self) -> str:
        return f"{_about(self.meeting, self.referral)}/{self.step}"

    def request(self, book: Book) -> Request:
        offer_ref = book.offer(self.meeting, self.referral)
        return Request(f"/v1/offers/{offer_ref}/{self.step}", self.body)

    def learn(self, book: Book, answer: Json) -> None:
        """Nothing is needed of the answer."""


@dataclass(frozen=True, slots=True)
class OnVisit:
    """The advocate records what became of a visit."""

    meeting: Meeting
    referral: Referral
    kind: VisitKind
    step: str
    body: Mapping[str, Json] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{_about(self.meeting, self.referral)}/{self.kind}/{self.step}"

    def request(self, book: Book) -> Request:
        visit_ref = book.visit(self.meeting, self.referral, self.kind)
        return Request(f"/v1/visits/{visit_ref}/{self.step}", self.body)

    def learn(self, book: Book, answer: Json) -> None:
        """Nothing is needed of the answer."""


@dataclass(frozen=True, slots=True)
class RecordView:
    """The advocate writes down, in the child's words, what the conference is to know."""

    meeting: Meeting
    referral: Referral

    @property
    def key(self) -> str:
        return f"{_about(self.meeting, self.referral)}/view"

    def request(self, book: Book) -> Request:
        seat = book.seat(self.meeting, self.referral)
        body = {
            "child_ref": seat.child_ref,
            "conference_ref": seat.conference_ref,
            "author": "child",
            "medium": self.referral.medium,
            "provenance": "drawn" if self.referral.medium == "drawn" else "own-words",
            "language": "en",
            "statements": [{"text": "An example of what a child may want to be heard."}],
        }
        return Request("/v1/child-views", body)

    def learn(self, book: Book, answer: Json) -> None:
        place = self.meeting.conference_id, self.referral.child.number
        book.views[place] = answer["view_ref"]


@dataclass(frozen=True, slots=True)
class OnView:
    """The view is approved, brought to the chair, answered, and the child told."""

    meeting: Meeting
    referral: Referral
    step: str
    body: Mapping[str, Json] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{_about(self.meeting, self.referral)}/view/{self.step}"

    def request(self, book: Book) -> Request:
        view_ref = book.view(self.meeting, self.referral)
        return Request(f"/v1/child-views/{view_ref}/{self.step}", self.body)

    def learn(self, book: Book, answer: Json) -> None:
        """Nothing is needed of the answer."""


def _about(meeting: Meeting, referral: Referral) -> str:
    return f"quarter/{meeting.conference_id}/{referral.child.number}"


def _adult(person: Person) -> Body:
    return {"name": person.name, "email": person.email}
