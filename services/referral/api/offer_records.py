"""What people can record of an offer: the questions each record asks, and how they are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeAlias
from uuid import UUID

from services.chassis.errors import Refused
from services.chassis.web import Mistake, Reader
from services.chassis.web.wording import counted, words
from services.chassis.work import Work
from services.contracts.codes import Role, YesNo
from services.contracts.local_time import london_date
from services.referral.api.offer_view import OfferPage, says
from services.referral.domain import answers as rules
from services.referral.domain.answers import No
from services.referral.domain.denied import Denied
from services.referral.domain.offer import Offer
from services.referral.domain.place import Place
from services.referral.handlers import answers
from services.referral.settings import Referral

Act: TypeAlias = Callable[[Work[Referral]], Offer]
Rule: TypeAlias = Callable[[OfferPage], Offer | Denied]

ADULT_ROLES: Final = MappingProxyType(
    {
        Role.SOCIAL_WORKER: "The social worker",
        Role.ADVOCATE: "The child's advocate",
        Role.ADVOCACY_PROVIDER: "Somebody else from the advocacy provider",
        Role.CONFERENCE_CHAIR: "The chair of the conference",
        Role.REVIEWING_OFFICER: "The reviewing officer",
        Role.SAFEGUARDING_SERVICE: "The safeguarding service",
        Role.PARENT: "A parent",
        Role.CARER: "A carer",
        Role.SCHOOL: "Somebody from school",
        Role.HEALTH: "Somebody from health",
        Role.POLICE: "The police",
        Role.OTHER_PROFESSIONAL: "Another professional",
        Role.OTHER: "Somebody else",
    }
)

Choices: TypeAlias = tuple[tuple[str, str], ...]

ADULTS: Final[Choices] = tuple((role.value, text) for role, text in ADULT_ROLES.items())
REPORTERS: Final[Choices] = ((Role.CHILD.value, "The child, to me"), *ADULTS)
OBJECTORS: Final = tuple(
    (role.value, ADULT_ROLES[role])
    for role in (
        Role.PARENT,
        Role.CARER,
        Role.SOCIAL_WORKER,
        Role.SCHOOL,
        Role.HEALTH,
        Role.OTHER_PROFESSIONAL,
        Role.OTHER,
    )
)

REOPENS: Final = "The child comes back, or it ended by mistake"
HEARD: Final[Choices] = ((YesNo.YES, "Yes"), (YesNo.NO, "No, it was passed on"))
WANTS: Final[Choices] = (
    (YesNo.YES, "Yes, the child wants an advocate"),
    (YesNo.NO, "No, the child does not want one"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with one answer; `name` is the field it fills."""

    name: str
    text: str
    choices: Choices
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that can be recorded of an offer, and what its page asks for.

    Args:
        done: what the offer's page says afterwards.
        rule: decides whether it can happen to an offer, asked with the plainest answer to it.
        reads: takes what was filled in and returns the command; None if something is wrong.
        means: what follows from it, said before anybody answers.
        asks_when: the question for the day, if it has one.
    """

    path: str
    text: str
    done: str
    rule: Rule
    reads: Callable[[Reader, UUID, datetime], Act | None]
    means: str = ""
    questions: tuple[Question, ...] = ()
    asks_when: str = ""

    def explained(self, place: Place) -> str:
        """Say what follows from it under the rules of the place."""
        return self.means.format(**_terms(place))


def _terms(place: Place) -> Mapping[str, str]:
    check = place.policy.objection_check
    return {
        "checker": words(check.by),
        "check_days": counted(check.within_working_days, "working day"),
        "confirm_days": counted(place.policy.confirm_no_within_working_days, "working day"),
    }


def possible(record: Record, shown: OfferPage) -> bool:
    """Whether the rules would take this record of the offer as it stands."""
    return not isinstance(record.rule(shown), Denied)


def require_possible(record: Record, shown: OfferPage) -> None:
    """Let pass what can be recorded of the offer as it stands.

    Raises:
        Refused: it cannot; in words for people.
    """
    outcome = record.rule(shown)
    if not isinstance(outcome, Denied):
        return
    general = outcome.code == "not-possible-now"
    detail = f"This cannot be recorded as the offer stands now. {says(shown.offer)}"
    if not isinstance(rules.reopened(shown.offer, shown.conference, shown.now), Denied):
        detail += f". Where that has changed, record “{REOPENS}” first"
    raise Refused(outcome.code, detail if general else outcome.detail)


def _may_decline(shown: OfferPage) -> Offer | Denied:
    no = No(Role.CHILD, heard_directly=True, at=shown.now)
    return rules.declined(shown.offer, no, shown.place, shown.now)


def _read_when(reader: Reader, now: datetime, label: str) -> datetime | None:
    at = reader.moment("at", label)
    if at is None or at <= now:
        return at
    today = london_date(at) == london_date(now)
    wrong = ("at-time", "The time") if today else ("at-day", label)
    reader.mistakes.append(Mistake(wrong[0], f"{wrong[1]} must not be in the future"))
    return None


def _read_told(reader: Reader, offer_ref: UUID, now: datetime) -> Act | None:
    who = reader.choice("who", Role, "Choose who told the child")
    at = _read_when(reader, now, "The day the child was told")
    if who is None or at is None:
        return None
    return lambda work: answers.explain(work, offer_ref, who, at)


def _read_understood(_reader: Reader, offer_ref: UUID, _now: datetime) -> Act:
    return lambda work: answers.confirm_explained(work, offer_ref)


def _read_yes(reader: Reader, offer_ref: UUID, now: datetime) -> Act | None:
    heard = reader.choice("heard", YesNo, "Choose whether the child said it to you")
    at = _read_when(reader, now, "The day the child said yes")
    if heard is None or at is None:
        return None
    directly = heard is YesNo.YES
    return lambda work: answers.accept(work, offer_ref, at, heard_directly=directly)


def _read_no(reader: Reader, offer_ref: UUID, now: datetime) -> Act | None:
    who = reader.choice("who", Role, "Choose who says so")
    heard = reader.choice("heard", YesNo, "Choose whether they heard it from the child")
    if who is Role.CHILD and heard is YesNo.NO:
        ask = "What the child says is heard from the child: choose yes, or who passed it on"
        reader.mistakes.append(Mistake("heard", ask))
    at = _read_when(reader, now, "The day the child said no")
    if reader.mistakes or who is None or at is None:
        return None
    no = No(who, heard is YesNo.YES, at)
    return lambda work: answers.decline(work, offer_ref, no)


def _read_objection(reader: Reader, offer_ref: UUID, _now: datetime) -> Act | None:
    who = reader.choice("who", Role, "Choose who says no")
    return (lambda work: answers.object_to(work, offer_ref, who)) if who else None


def _read_decision(reader: Reader, offer_ref: UUID, _now: datetime) -> Act | None:
    wants = reader.choice("wants", YesNo, "Choose what the child said")
    if wants is None:
        return None
    yes = wants is YesNo.YES
    return lambda work: answers.decide_objection(work, offer_ref, child_wants=yes)


def _read_pause(_reader: Reader, offer_ref: UUID, _now: datetime) -> Act:
    return lambda work: answers.pause(work, offer_ref)


def _read_resume(_reader: Reader, offer_ref: UUID, _now: datetime) -> Act:
    return lambda work: answers.resume(work, offer_ref)


def _read_reopen(_reader: Reader, offer_ref: UUID, _now: datetime) -> Act:
    return lambda work: answers.reopen(work, offer_ref)


RECORDS: Final = {
    record.path: record
    for record in (
        Record(
            "told",
            "The child was told",
            "It is recorded that the child was told",
            lambda shown: rules.explained(shown.offer, Role.OTHER, shown.now),
            _read_told,
            "Told means: somebody said, so that this child can understand it, what an advocate is,"
            " that the advocate is there for the child alone, and that the child may say no. This"
            " is an adult's word; what the child says of it is recorded beside it.",
            (Question("who", "Who told the child?", ADULTS),),
            "What day was it?",
        ),
        Record(
            "understood",
            "The child says they were told and understood",
            "The child's own word is recorded",
            lambda shown: rules.explained_confirmed(shown.offer),
            _read_understood,
            "Only if the child said so. An adult's word for it is recorded as “The child was"
            " told”.",
        ),
        Record(
            "yes",
            "The child says yes",
            "The child's yes is recorded",
            lambda shown: rules.accepted(shown.offer, shown.now, heard_directly=True),
            _read_yes,
            "The child can still pause, change the advocate or say no at any time.",
            (Question("heard", "Did the child say it to you?", HEARD),),
            "What day was it?",
        ),
        Record(
            "no",
            "The child says no",
            "The child's no is recorded",
            _may_decline,
            _read_no,
            "Only the child's own no. It ends the offer for this conference, and nobody writes to"
            " the child about it any more. A no that was not heard from the child is confirmed at"
            " the next contact, within {confirm_days}.",
            (
                Question("who", "Who says that the child said no?", REPORTERS),
                Question(
                    "heard",
                    "Did they hear it from the child?",
                    HEARD,
                    "If the child said it to you, choose yes.",
                ),
            ),
            "What day did the child say it?",
        ),
        Record(
            "objection",
            "Somebody else says no",
            "It is recorded that somebody else says no. The offer stands",
            lambda shown: rules.objected(shown.offer, Role.PARENT, shown.place, shown.now),
            _read_objection,
            "It stops nothing: the offer stands and the advocate stays. The {checker} asks the"
            " child within {check_days}, and only what the child says then counts.",
            (
                Question(
                    "who",
                    "Who says no?",
                    OBJECTORS,
                    "Asked so that nobody takes it for the child's no. The answer is not kept.",
                ),
            ),
        ),
        Record(
            "decision",
            "The child was asked about somebody else's no",
            "What the child said is recorded",
            lambda shown: rules.objection_decided(shown.offer, shown.now, child_wants=True),
            _read_decision,
            "Asked by somebody independent, without the person who says no. From here it is the"
            " child's own answer.",
            (Question("wants", "Does the child want an advocate?", WANTS),),
        ),
        Record(
            "pause",
            "The child wants a pause",
            "The offer is paused",
            lambda shown: rules.paused(shown.offer),
            _read_pause,
            "The advocate stays with the child. Nothing happens until it goes on.",
        ),
        Record(
            "resume",
            "It goes on after the pause",
            "The offer goes on",
            lambda shown: rules.resumed(shown.offer, shown.now),
            _read_resume,
            "It goes on where the child had got to; the time to do things begins again.",
        ),
        Record(
            "reopen",
            REOPENS,
            "The offer stands again",
            lambda shown: rules.reopened(shown.offer, shown.conference, shown.now),
            _read_reopen,
            "The offer stands again and the child is asked again: an earlier answer no longer"
            " counts.",
        ),
    )
}
