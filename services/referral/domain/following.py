"""How an offer follows its conference: moved, adjourned, held, or fallen away."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from services.contracts.codes import (
    CancelledBecause,
    EndedBecause,
    LapsedBecause,
    Objection,
    OfferStatus,
    Role,
)
from services.contracts.deadlines import in_working_days
from services.referral.domain.answers import check_objection_by, confirm_no_by, resumed
from services.referral.domain.clocks import Clocks
from services.referral.domain.conference import Conference
from services.referral.domain.denied import Denied
from services.referral.domain.due import is_untold
from services.referral.domain.ending import lapsed, withdrawn
from services.referral.domain.ladder import still, wind
from services.referral.domain.offer import Offer, Verb, step
from services.referral.domain.place import Place

GOES_ON_ELSEWHERE: Final = frozenset(
    {
        CancelledBecause.EMERGENCY_PROTECTION,
        CancelledBecause.PROCEEDINGS,
        CancelledBecause.LOOKED_AFTER,
    }
)
"""The conference gave way to court or care: a person decides how advocacy goes on (practice 8)."""

LAPSES_AS: Final[Mapping[CancelledBecause, LapsedBecause]] = MappingProxyType(
    {
        CancelledBecause.DIED: LapsedBecause.DIED,
        CancelledBecause.MOVED: LapsedBecause.MOVED,
    }
)
"""Every other reason is that the conference fell away."""

ENDS_WITH_IT: Final = frozenset({LapsedBecause.CONFERENCE_FELL_AWAY, *LAPSES_AS.values()})

# The child's no outlives the conference; only these undo the whole matter.
UNDOES_A_NO: Final = frozenset({CancelledBecause.DIED, CancelledBecause.ERROR})


@dataclass(frozen=True, slots=True)
class Turn:
    """What happened to an offer, and how it stands after that."""

    verb: Verb
    offer: Offer


def followed(offer: Offer, conference: Conference, place: Place, now: datetime) -> Offer:
    """Return the offer with the clocks of its conference as that now stands (practice 4 and 6).

    It is not taken away by a changed date, and a child who was told is not asked again. Where the
    clocks stood still, as after an adjournment, they begin again now; otherwise they count on from
    when the offer was made.
    """
    stood_still = offer.clocks.tell_by is None
    clocks = replace(offer.clocks, since=now) if stood_still else offer.clocks
    wound = wind(clocks, conference, place, now)
    passed = wound.tell_by is not None and wound.tell_by <= now
    return replace(
        offer,
        conference_version=conference.as_of,
        kind=conference.kind,
        clocks=wound,
        overdue=offer.overdue and passed,
        entered_late=offer.entered_late and not conference.is_ahead(now),
    )


def rewound(offer: Offer, conference: Conference, place: Place, now: datetime) -> Offer:
    """Return a resumed or reopened offer with its clocks running again, from the lowest rung.

    Nothing runs towards the conference of a child who said no.
    """
    if not offer.is_live:
        return offer
    running = replace(offer, clocks=wind(offer.clocks, conference, place, now))
    if not is_untold(running):
        return running
    return replace(running, rung=0, rung_role=place.policy.explain.by, overdue=False)


def after_meeting(offer: Offer, conference: Conference, place: Place, now: datetime) -> Offer:
    """Return the offer after its conference was held: it may lapse when the grace is over."""
    held_at = conference.held_at or now
    grace = in_working_days(place.calendar, held_at, place.policy.grace_working_days)
    return replace(
        offer,
        conference_version=conference.as_of,
        clocks=replace(still(offer.clocks), lapse_at=grace),
    )


def after_falling_away(
    offer: Offer, conference: Conference, place: Place, now: datetime
) -> Turn | None:
    """Say what a cancelled conference does to the offer; None if it does nothing.

    A mistake is withdrawn and a death ends everything. Where court or care took over, the offer
    pauses until a person has decided with the child. Anything else lapses, and never a no.
    """
    because = conference.cancelled_because or CancelledBecause.NOT_NEEDED
    if offer.status is OfferStatus.DECLINED and because not in UNDOES_A_NO:
        return None
    quiet = replace(offer, conference_version=conference.as_of, clocks=Clocks(offer.clocks.since))
    if because in GOES_ON_ELSEWHERE:
        return _waiting_for_a_person(quiet, place, now)
    if because is CancelledBecause.ERROR:
        fallen = replace(quiet, fell_with_conference=True)
        return _turned(Verb.WITHDRAWN, withdrawn(fallen, EndedBecause.ERROR))
    lapse = LAPSES_AS.get(because, LapsedBecause.CONFERENCE_FELL_AWAY)
    return _turned(Verb.LAPSED, lapsed(quiet, lapse))


def after_another_reason(
    offer: Offer, conference: Conference, place: Place, now: datetime
) -> Turn | None:
    """Say how an offer ends that ended with its conference, for a reason that was corrected since.

    As it would have ended at once: first it comes back, then the conference falls away. None if
    that is how it stands.
    """
    back = come_back(offer, place, now)
    if isinstance(back, Denied):
        return None
    turn = after_falling_away(back, conference, place, now) or Turn(Verb.REOPENED, back)
    return None if _end(turn.offer) == _end(offer) else turn


def _end(offer: Offer) -> tuple[OfferStatus, LapsedBecause | None, EndedBecause | None]:
    return offer.status, offer.lapsed_because, offer.withdrawn_because


def ended_with_conference(offer: Offer) -> bool:
    """Whether the offer ended only because its conference did, and not because a person ended it.

    A death or a move may have been recorded in error; a conference of that child that is there
    again says so.
    """
    if offer.status is OfferStatus.LAPSED:
        return offer.lapsed_because in ENDS_WITH_IT
    return offer.status is OfferStatus.WITHDRAWN and offer.fell_with_conference


def come_back(offer: Offer, place: Place, now: datetime) -> Offer | Denied:
    """Return the offer after its conference is there again: the child's answer still counts.

    A no stays a no, and one that was not heard from the child is still to be confirmed (practice 1
    and 2).
    """
    clocks = Clocks(
        now,
        confirm_no_by=confirm_no_by(offer, place, now) if offer.is_no else None,
        objection_by=_check_by(offer, place, now),
    )
    news = replace(
        offer,
        lapsed_because=None,
        withdrawn_because=None,
        fell_with_conference=False,
        overdue=False,
        clocks=clocks,
    )
    return step(news, Verb.REOPENED, _as_answered(offer))


def waits_for_a_person(offer: Offer) -> bool:
    """Whether it is paused because its conference gave way to court or care."""
    return offer.status is OfferStatus.PAUSED and offer.clocks.continue_by is not None


def gone_on(offer: Offer, place: Place, now: datetime) -> Turn | None:
    """Take up an offer that gave way to court or care: its conference is there after all.

    A pause the child asked for is the child's to end.
    """
    if not offer.child_paused:
        return _turned(Verb.RESUMED, resumed(_checked_again(offer, place, now), now))
    clocks = Clocks(now, objection_by=_check_by(offer, place, now))
    return _turned(Verb.CHANGED, step(replace(offer, clocks=clocks), Verb.CHANGED))


def _checked_again(offer: Offer, place: Place, now: datetime) -> Offer:
    clocks = replace(offer.clocks, objection_by=_check_by(offer, place, now))
    return replace(offer, clocks=clocks)


def _check_by(offer: Offer, place: Place, now: datetime) -> datetime | None:
    """Another's no is still to be checked with the child, whatever became of the conference."""
    return check_objection_by(place, now) if offer.objection is Objection.OPEN else None


def _as_answered(offer: Offer) -> OfferStatus:
    if offer.child_paused:
        return OfferStatus.PAUSED
    if offer.answered_at is None:
        return OfferStatus.STANDING
    return OfferStatus.DECLINED if offer.is_no else OfferStatus.ACCEPTED


def _waiting_for_a_person(offer: Offer, place: Place, now: datetime) -> Turn | None:
    days = place.policy.continue_decision_working_days
    decide_by = in_working_days(place.calendar, now, days)
    clocks = replace(offer.clocks, continue_by=decide_by, objection_by=_check_by(offer, place, now))
    waiting = replace(offer, rung_role=Role.SOCIAL_WORKER, clocks=clocks)
    # The child may have paused before: then only what the pause waits for is new.
    verb = Verb.CHANGED if offer.status is OfferStatus.PAUSED else Verb.PAUSED
    return _turned(verb, step(waiting, verb))


def _turned(verb: Verb, outcome: Offer | Denied) -> Turn | None:
    return None if isinstance(outcome, Denied) else Turn(verb, outcome)
