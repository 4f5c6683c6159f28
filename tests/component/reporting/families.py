"""A synthetic family's conference, said on the bus as the other services would say it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.contracts.codes import (
    AllocationStatus,
    ConferenceStatus,
    OfferStatus,
    Told,
    VisitKind,
    VisitStatus,
)
from tests.harness import World

STARTS_AT = datetime(2026, 12, 10, 14, 0, tzinfo=UTC)
KENSINGTON = "E09000020"


def ref(kind: int, number: int) -> UUID:
    return UUID(int=(kind << 64) + number, version=4)


class Family:
    """One child, one conference; each thing keeps its state, as its own service does."""

    def __init__(self, world: World, number: int = 1, **conference: Any) -> None:
        self.world = world
        self.child_ref = ref(1, number)
        self.conference_ref = ref(2, number)
        self.about = {"child_ref": self.child_ref, "conference_ref": self.conference_ref}
        self.offer_ref = ref(3, number)
        self.number = number
        self._conference = {
            **_CONFERENCE,
            **self.about,
            "meeting_ref": ref(4, number),
            **conference,
        }
        authority = self._conference["authority"]
        self._offer = {**_OFFER, **self.about, "authority": authority, "offer_ref": self.offer_ref}
        self._offer["meeting_ref"] = self._conference["meeting_ref"]
        self._allocation = {**_ALLOCATION, **self.about, "authority": authority}
        self._allocation |= {"offer_ref": self.offer_ref, "allocation_ref": ref(5, number)}
        self._visits: dict[VisitKind, dict[str, Any]] = {}

    def conference(self, verb: str = "scheduled", **changed: Any) -> str:
        """Say how the conference stands after this."""
        return self._say(f"conference.{verb}", self._conference, changed)

    def held(self, **changed: Any) -> str:
        """Say that the conference was held."""
        at = {"held_at": self._conference["starts_at"], "status": ConferenceStatus.HELD}
        return self.conference("held", **at, **changed)

    def took_part(self, **changed: Any) -> str:
        """Say how the child took part."""
        return self.conference("participation-recorded", participation={**_NEITHER, **changed})

    def offer(self, verb: str = "made", **changed: Any) -> str:
        """Say how the offer stands after this."""
        return self._say(f"offer.{verb}", self._offer, changed)

    def explained(self) -> str:
        """Say that the social worker told the child."""
        told = {"told": Told.EXPLAINED, "explained_at": self.world.now}
        return self.offer("explained", **told, explained_by="social-worker")

    def declined(self, by: str = "child") -> str:
        """Say that the child said no."""
        said = {"status": OfferStatus.DECLINED, "reported_by": by, "heard_directly": by == "child"}
        return self.offer("declined", **said, answered_at=self.world.now)

    def allocated(self, verb: str = "allocated", **changed: Any) -> str:
        """Say that an advocate was found, or what else became of the search."""
        return self._say(f"allocation.{verb}", self._allocation, changed)

    def visit(self, kind: VisitKind, verb: str = "planned", **changed: Any) -> str:
        """Say how a visit stands after this."""
        fresh = {**_VISIT, **self.about, "kind": kind, "offer_ref": self.offer_ref}
        fresh["visit_ref"] = ref(6 + list(VisitKind).index(kind), self.number)
        fresh["authority"] = self._conference["authority"]
        return self._say(f"visit.{verb}", self._visits.setdefault(kind, fresh), changed)

    def visited(self, kind: VisitKind) -> str:
        """Say that a visit took place now."""
        return self.visit(kind, "held", status=VisitStatus.HELD, held_at=self.world.now)

    def _say(self, name: str, state: dict[str, Any], changed: dict[str, Any]) -> str:
        state.update(changed)
        state["version"] += 1
        return self.world.publish(name, dict(state))


_CONFERENCE: dict[str, Any] = {
    "version": 0,
    "authority": KENSINGTON,
    "kind": "initial",
    "status": ConferenceStatus.SCHEDULED,
    "starts_at": STARTS_AT,
    "format": "in-person",
    "unborn": False,
    "age_years": 9,
    "language": "en",
    "needs": (),
    "disabilities": (),
    "looked_after": "no",
    "in_custody": "no",
    "out_of_area": "no",
}
_OFFER: dict[str, Any] = {
    "version": 0,
    "conference_version": 1,
    "kind": "initial",
    "policy": "rbkc@2013-01-01",
    "mode": "opt-out",
    "basis": "local-policy",
    "route": "usual",
    "status": OfferStatus.STANDING,
    "told": Told.NOT_KNOWN,
    "permission": "not-needed",
    "objection": "none",
    "rung": 0,
    "rung_role": "social-worker",
    "overdue": False,
}
_ALLOCATION: dict[str, Any] = {
    "version": 0,
    "status": AllocationStatus.ALLOCATED,
    "advocate_ref": ref(20, 1),
    "reasons": ("has-room",),
    "attempts": 1,
    "alarmed": False,
}
_VISIT: dict[str, Any] = {
    "version": 0,
    "conference_version": 1,
    "status": VisitStatus.PLANNED,
    "due_on": date(2026, 12, 8),
    "seen_alone": "unknown",
    "overdue": False,
    "moves": 0,
}
_NEITHER: dict[str, Any] = {
    "attendance": "did-not-attend",
    "voice": "none",
    "advocate_present": False,
    "part_attendance": False,
    "session_on": STARTS_AT.date(),
}
