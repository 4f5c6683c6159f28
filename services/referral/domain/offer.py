"""The offer of an advocate to one child for one conference, and every step it may take."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.contracts.codes import (
    ConferenceKind,
    EndedBecause,
    LapsedBecause,
    NotMadeBecause,
    Objection,
    OfferBasis,
    OfferMode,
    OfferRoute,
    OfferStatus,
    Permission,
    Role,
    Told,
)
from services.referral.domain.clocks import Clocks
from services.referral.domain.denied import Denied


class Verb(StrEnum):
    """What can happen to an offer, in the words of the bus."""

    MADE = "made"
    NOT_MADE = "not-made"
    PERMISSION_GIVEN = "permission-given"
    PERMISSION_REFUSED = "permission-refused"
    EXPLAINED = "explained"
    EXPLAINED_CONFIRMED = "explained-confirmed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    OBJECTED = "objected"
    OBJECTION_DECIDED = "objection-decided"
    PAUSED = "paused"
    RESUMED = "resumed"
    REOPENED = "reopened"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer, as it stands.

    Who told the child, what the child answered, what a parent permitted and who objected are
    separate facts: none of them is ever read out of another. `met` means that the child has met the
    advocate; `silenced`, that all contact with the child was stopped; `entered_late`, that the
    conference was over when it became known; `child_paused`, that the child asked for the pause;
    `fell_with_conference`, that it was withdrawn because its conference was a mistake.
    """

    offer_ref: UUID
    child_ref: UUID
    conference_ref: UUID
    meeting_ref: UUID
    conference_version: int
    authority: str
    kind: ConferenceKind
    policy: str
    mode: OfferMode
    basis: OfferBasis
    route: OfferRoute
    status: OfferStatus
    clocks: Clocks
    told: Told = Told.NOT_KNOWN
    permission: Permission = Permission.NOT_NEEDED
    objection: Objection = Objection.NONE
    explained_by: Role | None = None
    explained_at: datetime | None = None
    answered_at: datetime | None = None
    reported_by: Role | None = None
    heard_directly: bool | None = None
    not_made_because: NotMadeBecause | None = None
    stopped_because: EndedBecause | None = None
    withdrawn_because: EndedBecause | None = None
    lapsed_because: LapsedBecause | None = None
    rung: int = 0
    rung_role: Role | None = None
    overdue: bool = False
    met: bool = False
    silenced: bool = False
    entered_late: bool = False
    child_paused: bool = False
    fell_with_conference: bool = False
    version: int = 0

    @property
    def is_live(self) -> bool:
        """Whether the offer has neither been answered with no nor come to an end."""
        return self.status in LIVE

    @property
    def is_no(self) -> bool:
        """Whether the last answer is a no; only a no has somebody who reported it."""
        return self.reported_by is not None

    @property
    def is_unanswered(self) -> bool:
        """Whether the child can still be asked and has not answered."""
        return self.status is OfferStatus.STANDING


_STANDING, _ACCEPTED = OfferStatus.STANDING, OfferStatus.ACCEPTED
_DECLINED, _PAUSED = OfferStatus.DECLINED, OfferStatus.PAUSED
_STOPPED, _WITHDRAWN = OfferStatus.STOPPED, OfferStatus.WITHDRAWN
_LAPSED, _NOT_MADE = OfferStatus.LAPSED, OfferStatus.NOT_MADE

LIVE: Final = frozenset({_STANDING, _ACCEPTED, _PAUSED})


Targets = Mapping[OfferStatus, frozenset[OfferStatus]]


def _same(*statuses: OfferStatus) -> Targets:
    return {status: frozenset({status}) for status in statuses}


def _to(*targets: OfferStatus, out_of: tuple[OfferStatus, ...]) -> Targets:
    return dict.fromkeys(out_of, frozenset(targets))


TRANSITIONS: Final[Mapping[Verb, Targets]] = MappingProxyType(
    {
        # Not made is no end: what changes about child or conference can still lead to an offer.
        Verb.MADE: _to(_STANDING, out_of=(_NOT_MADE,)),
        Verb.NOT_MADE: {},
        # What was told stays true whatever became of the offer; a late record is a record.
        Verb.EXPLAINED: _same(_STANDING, _ACCEPTED, _PAUSED, _DECLINED, _LAPSED),
        Verb.EXPLAINED_CONFIRMED: _same(_STANDING, _ACCEPTED, _PAUSED, _DECLINED, _LAPSED),
        Verb.PERMISSION_GIVEN: _same(_STANDING, _ACCEPTED, _PAUSED),
        Verb.PERMISSION_REFUSED: _same(_STANDING, _ACCEPTED, _PAUSED),
        Verb.ACCEPTED: _to(_ACCEPTED, out_of=(_STANDING,)),
        # Out of declined: a no that somebody passed on is confirmed by the child.
        Verb.DECLINED: _to(_DECLINED, out_of=(_STANDING, _ACCEPTED, _PAUSED, _DECLINED)),
        # Somebody else's no changes nothing about the child's offer, until the child was asked.
        Verb.OBJECTED: _same(_STANDING, _ACCEPTED, _PAUSED),
        Verb.OBJECTION_DECIDED: _to(_ACCEPTED, _DECLINED, out_of=(_STANDING, _ACCEPTED, _PAUSED)),
        # Out of paused: it waits for a court, and now the child wants a pause as well.
        Verb.PAUSED: _to(_PAUSED, out_of=(_STANDING, _ACCEPTED, _PAUSED)),
        Verb.RESUMED: _to(_STANDING, _ACCEPTED, out_of=(_PAUSED,)),
        # The child comes back, an end was a mistake, or the conference is there again: then a no,
        # or a pause, is there again as well.
        Verb.REOPENED: {
            **_to(_STANDING, _ACCEPTED, out_of=(_DECLINED, _STOPPED, _NOT_MADE)),
            **_to(_STANDING, _ACCEPTED, _DECLINED, _PAUSED, out_of=(_WITHDRAWN, _LAPSED)),
        },
        Verb.STOPPED: _to(_STOPPED, out_of=(_STANDING, _ACCEPTED, _PAUSED)),
        Verb.WITHDRAWN: _to(
            _WITHDRAWN, out_of=(_STANDING, _ACCEPTED, _PAUSED, _DECLINED, _NOT_MADE)
        ),
        # Out of declined only because the child died: a no is never turned into a silence.
        Verb.LAPSED: _to(_LAPSED, out_of=(_STANDING, _ACCEPTED, _PAUSED, _DECLINED)),
        Verb.OVERDUE: _same(_STANDING),
        Verb.ESCALATED: _same(_STANDING, _ACCEPTED, _PAUSED, _DECLINED),
        Verb.CHANGED: _same(_STANDING, _ACCEPTED, _PAUSED),
    }
)


def can(offer: Offer, verb: Verb) -> bool:
    """Whether this may happen to the offer as it stands."""
    return offer.status in TRANSITIONS[verb]


def step(offer: Offer, verb: Verb, to: OfferStatus | None = None) -> Offer | Denied:
    """Return the offer after this happened, or why it cannot happen now.

    `to` chooses where a verb leaves more than one status open.
    """
    targets = TRANSITIONS[verb].get(offer.status, frozenset())
    target = to if len(targets) > 1 else next(iter(targets), None)
    if target is None or target not in targets:
        return Denied("not-possible-now", f"an offer that is {offer.status} cannot be {verb}")
    return replace(offer, status=target)
