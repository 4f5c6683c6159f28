"""Puts an offer into words for a page: how it stands, what happened so far, what must happen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from services.chassis.web.wording import moment, sentence, words
from services.chassis.work import Work
from services.contracts.codes import (
    ConferenceKind,
    ConferenceStatus,
    EndedBecause,
    LapsedBecause,
    NotMadeBecause,
    Objection,
    OfferBasis,
    OfferMode,
    OfferStatus,
    Permission,
    Role,
    RungAct,
    Told,
)
from services.referral.api.advocate_wording import says_lapsed
from services.referral.domain.conference import Conference
from services.referral.domain.due import Wait, is_untold, waits
from services.referral.domain.ladder import next_rung
from services.referral.domain.offer import Offer
from services.referral.domain.place import Place
from services.referral.handlers.places import place_of
from services.referral.settings import Referral
from services.referral.storage.repositories import ADVOCATES, CONFERENCES, allocation_of

KINDS: Final = MappingProxyType(
    {
        ConferenceKind.INITIAL: "Initial conference",
        ConferenceKind.REVIEW: "Review conference",
        ConferenceKind.TRANSFER_IN: "Conference after a transfer",
        ConferenceKind.PRE_BIRTH: "Conference before a birth",
    }
)

_BASES: Final = MappingProxyType(
    {
        OfferBasis.LAW: "The law asks for it",
        OfferBasis.GUIDANCE: "Guidance asks for it",
        OfferBasis.LOCAL_POLICY: "Local policy",
    }
)

_MODES: Final = MappingProxyType(
    {
        OfferMode.OPT_OUT: "It stands until the child says no. Silence is not a no.",
        OfferMode.ACTIVE_OFFER: "It is made actively and stands until the child says no.",
        OfferMode.OPT_IN: "It waits for a yes. Silence is neither a yes nor a no.",
    }
)

_NOT_MADE: Final = MappingProxyType(
    {
        NotMadeBecause.UNBORN: "The child is not born yet; an offer is made at the birth.",
        NotMadeBecause.KIND_NOT_COVERED: "This sort of conference leads to no offer here.",
        NotMadeBecause.NO_UNDERSTANDING_ROUTE: "There is no way of offering it to this child here.",
        NotMadeBecause.CONTACT_STOPPED: "All contact with the child was stopped.",
        NotMadeBecause.ENTERED_AFTER_HELD: "The conference was over when it became known.",
        NotMadeBecause.OTHER: "It is not offered at this age here.",
    }
)

_LAPSED: Final = MappingProxyType(
    {
        LapsedBecause.HELD_NEVER_TOLD: "The conference was held and nobody had recorded that the"
        " child was told.",
        LapsedBecause.TOLD_NO_ANSWER: "The child was told and had not answered when the conference"
        " was over. That is not a no.",
        LapsedBecause.CONFERENCE_FELL_AWAY: "The conference will not take place.",
        LapsedBecause.AGED_OUT: "The child came of age.",
        LapsedBecause.MOVED: "The family has moved away.",
        LapsedBecause.DIED: "The child has died.",
    }
)

_ENDED: Final = MappingProxyType(
    {
        EndedBecause.NOT_NEEDED: "It is not needed any more.",
        EndedBecause.ERROR: "It was a mistake.",
        EndedBecause.DUPLICATE: "There is another offer for the same conference.",
        EndedBecause.MOVED: "The family has moved away.",
        EndedBecause.PROCEEDINGS: "Court proceedings have begun.",
        EndedBecause.EMERGENCY_PROTECTION: "The child is under emergency protection.",
        EndedBecause.LOOKED_AFTER: "The child has become looked after.",
        EndedBecause.OTHER: "For another reason.",
    }
)

_OBJECTIONS: Final = MappingProxyType(
    {
        Objection.NONE: "",
        Objection.OPEN: "Somebody said no. The child has not been asked about it yet.",
        Objection.UPHELD_NO: "The child was asked and says no too.",
        Objection.OVERRULED: "The child was asked and wants an advocate.",
    }
)

_TOLD: Final = MappingProxyType(
    {
        Told.NOT_KNOWN: "Nobody has recorded that the child was told of this offer",
        Told.EXPLAINED: "The child was told and has not answered yet",
        Told.CONFIRMED: "The child says they were told, and has not answered yet",
    }
)


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing that must happen, and by when; `late` once that time has passed."""

    what: str
    by: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class OfferPage:
    """An offer as its page shows it; `says` is its state in one sentence, `means` what follows."""

    offer: Offer
    conference: Conference
    place: Place
    now: datetime
    untold: bool
    says: str
    means: str
    steps: Sequence[NextStep]
    facts: list[dict[str, object]]
    advocate_ref: UUID | None
    without_advocate: str
    lapsed: str


def offer_page(work: Work[Referral], offer: Offer) -> OfferPage:
    """Read what the page of an offer says."""
    place = place_of(work, offer)
    conference = work.get(CONFERENCES, offer.conference_ref)
    bond = allocation_of(work, offer)
    advocate_ref = bond.advocate_ref if bond and bond.is_bound else None
    advocate = work.get(ADVOCATES, advocate_ref) if advocate_ref else None
    return OfferPage(
        offer=offer,
        conference=conference,
        place=place,
        now=work.now,
        untold=is_untold(offer),
        says=says(offer),
        means=_means(offer),
        steps=list(next_steps(offer, place, work.now)),
        facts=_facts(offer, conference, place),
        advocate_ref=advocate_ref,
        without_advocate="Not found yet; the search goes on" if bond else "None",
        lapsed=says_lapsed(advocate, work.today) if advocate else "",
    )


def says(offer: Offer) -> str:
    """Say in one sentence how an offer stands; no silence and no adult's no is read as a no."""
    if offer.status is OfferStatus.STANDING:
        return _says_standing(offer)
    if offer.status is OfferStatus.DECLINED:
        return "The child said no" if _heard(offer) else _passed_on(offer)
    return {
        OfferStatus.ACCEPTED: "The child said yes",
        OfferStatus.PAUSED: "The offer is paused",
        OfferStatus.STOPPED: "A person ended the offer",
        OfferStatus.WITHDRAWN: "The authority withdrew the offer",
        OfferStatus.LAPSED: "The offer has come to its end",
        OfferStatus.NOT_MADE: "No offer was made",
    }[offer.status]


def _says_standing(offer: Offer) -> str:
    if offer.permission is Permission.REFUSED:
        return "A parent refused the permission that was asked for then"
    if offer.met and offer.told is Told.NOT_KNOWN:
        return "The child has met the advocate and has not answered yet"
    return _TOLD[offer.told]


def _heard(offer: Offer) -> bool:
    return offer.heard_directly is not False


def _passed_on(offer: Offer) -> str:
    who = words(offer.reported_by or Role.OTHER)
    return f"The {who} passed on a no. It was not heard from the child"


def _means(offer: Offer) -> str:
    """Say why it stands like that, and what that means for the child."""
    reason = offer.lapsed_because or offer.not_made_because
    if isinstance(reason, LapsedBecause):
        return _LAPSED[reason]
    if isinstance(reason, NotMadeBecause):
        return _NOT_MADE[reason]
    ended = offer.stopped_because or offer.withdrawn_because
    if ended is not None:
        return _ENDED[ended]
    if offer.status is OfferStatus.PAUSED and offer.clocks.continue_by is not None:
        return "The conference gave way to court or care. The advocate stays."
    return {
        OfferStatus.STANDING: _MODES[offer.mode],
        OfferStatus.ACCEPTED: "The child can pause, change the advocate or say no at any time.",
        OfferStatus.DECLINED: "Nobody writes to the child about it. The child can come back at any"
        " time, and is asked again at the next conference.",
        OfferStatus.PAUSED: "The advocate stays. It goes on when the child wants it to.",
    }.get(offer.status, "")


def next_steps(offer: Offer, place: Place, now: datetime) -> Iterator[NextStep]:
    """Say what must happen now, each with its time; what is late comes with that word."""
    if offer.silenced:
        yield NextStep("All contact with the child was stopped: nobody is to speak to the child.")
    elif is_untold(offer) and offer.overdue:
        yield NextStep(
            "The child has to be told now, by whoever can.", offer.clocks.tell_by, late=True
        )
    for wait, by in waits(offer):
        yield NextStep(_asked(wait, offer, place), by, late=by <= now)
    if _is_unconfirmed(offer):
        yield NextStep("The advocacy provider asks the child whether it is a no.", late=True)


def _is_unconfirmed(offer: Offer) -> bool:
    """Whether the time has passed in which a no that was passed on is heard from the child."""
    passed_on = offer.status is OfferStatus.DECLINED and not _heard(offer)
    asked = offer.clocks.confirm_no_by is not None or offer.silenced
    return passed_on and not asked and offer.reported_by is not Role.PARENT


def _asked(wait: Wait, offer: Offer, place: Place) -> str:
    checks = words(place.policy.objection_check.by)
    return {
        Wait.TELLING: f"The {words(offer.rung_role or place.policy.explain.by)} tells the child.",
        Wait.RUNG: _climb(offer, place),
        Wait.CONFIRMING: "Somebody hears from the child whether it is a no, at the next contact.",
        Wait.CHECKING: f"The {checks} asks the child about the other person's no. Until then"
        " it stops nothing.",
        Wait.CONTINUING: "A person decides with the child how advocacy goes on beside court or"
        " care.",
        Wait.LAPSING: "The offer comes to its end, unless the child answers before.",
    }[wait]


def _climb(offer: Offer, place: Place) -> str:
    """Say whom the next rung of the ladder turns to, and what they do."""
    rung = next_rung(offer.clocks, offer.rung)
    if rung is None:
        return ""
    act = place.policy.ladder[rung.number - 1].act
    who = words(rung.role)
    does = (
        f"the {who} sees the child" if act is RungAct.INDEPENDENT_CONTACT else f"the {who} steps in"
    )
    return f"If nobody has told the child by then, {does}."


def _facts(offer: Offer, conference: Conference, place: Place) -> list[dict[str, object]]:
    shown: Mapping[str, str] = {
        "Conference": f"{KINDS[offer.kind]}, {moment(conference.starts_at)}{_stands(conference)}",
        "Was the child told?": _told_by(offer),
        "What the child says of it": "They were told"
        if offer.told is Told.CONFIRMED
        else "Not recorded",
        "The child's answer": _answer(offer),
        "Somebody else's no": _OBJECTIONS[offer.objection],
        "A parent's permission": ""
        if offer.permission is Permission.NOT_NEEDED
        else sentence(offer.permission),
        "Why it is made": f"{_BASES[offer.basis]} ({place.policy.title})",
    }
    return [{"key": {"text": k}, "value": {"text": v}} for k, v in shown.items() if v]


def _stands(conference: Conference) -> str:
    scheduled = conference.status is ConferenceStatus.SCHEDULED
    return "" if scheduled else f" ({words(conference.status)})"


def _told_by(offer: Offer) -> str:
    if offer.explained_at is None or offer.explained_by is None:
        return "Not recorded"
    return f"An adult says so: the {words(offer.explained_by)}, {moment(offer.explained_at)}"


def _answer(offer: Offer) -> str:
    if offer.answered_at is None:
        return "None yet"
    # Only a no has somebody who passed it on; it stays a no whatever became of the offer since.
    answer = "Yes" if offer.reported_by is None else "No"
    heard = "heard from the child" if _heard(offer) else "passed on, not heard from the child"
    return f"{answer}, {moment(offer.answered_at)}; {heard}"
