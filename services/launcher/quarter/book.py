"""The references that the services gave to the people and things of the quarter."""

from dataclasses import dataclass, field

from services.contracts.codes import VisitKind
from services.launcher.quarter.api import Api, Json, Unanswered
from services.launcher.quarter.families import Meeting, Referral


@dataclass(frozen=True, slots=True)
class Seat:
    """One child at one conference, as the services call them."""

    child_ref: str
    conference_ref: str


@dataclass
class Book:
    """Remembers what was answered, and looks up what came into being by itself."""

    api: Api
    people: dict[str, str] = field(default_factory=dict)
    meetings: dict[str, str] = field(default_factory=dict)
    seats: dict[tuple[str, int], Seat] = field(default_factory=dict)
    views: dict[tuple[str, int], str] = field(default_factory=dict)

    def seat(self, meeting: Meeting, referral: Referral) -> Seat:
        """Return the references of a child at a conference."""
        return self.seats[meeting.conference_id, referral.child.number]

    def view(self, meeting: Meeting, referral: Referral) -> str:
        """Return the reference of the child's view for a conference."""
        return self.views[meeting.conference_id, referral.child.number]

    def offer(self, meeting: Meeting, referral: Referral) -> str:
        """Look up the offer that was made to a child.

        Raises:
            Unanswered: there is none yet.
        """
        seat = self.seat(meeting, referral)
        offers = self.api.get("/v1/offers", {"conference_ref": seat.conference_ref})["items"]
        return str(_the_one(offers)["offer_ref"])

    def visit(self, meeting: Meeting, referral: Referral, kind: VisitKind) -> str:
        """Look up a visit that was planned.

        Raises:
            Unanswered: it is not planned yet.
        """
        seat = self.seat(meeting, referral)
        visits = self.api.get("/v1/visits", {"conference_ref": seat.conference_ref})["items"]
        return str(_the_one([visit for visit in visits if visit["kind"] == kind])["visit_ref"])


def _the_one(found: list[Json]) -> Json:
    if not found:
        raise Unanswered("what should follow has not come into being yet")
    return found[0]
