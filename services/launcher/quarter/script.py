"""The quarter as a play: who does what on which day, in working days around each conference."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.chassis.working_days import NationCalendar
from services.contracts.codes import Nation, Need, Role, VisitKind
from services.launcher.quarter.acts import (
    MORNING,
    VISITING_HOUR,
    Act,
    Hold,
    OnOffer,
    OnView,
    OnVisit,
    Person,
    RecordView,
    RegisterAdvocate,
    RegisterPerson,
    Schedule,
    at,
)
from services.launcher.quarter.api import Body
from services.launcher.quarter.families import (
    FIRST_DAY,
    LAST_DAY,
    MEETINGS,
    MET_ADVOCATE,
    PREPARED,
    TOOK_UP,
    Meeting,
    Referral,
    Way,
)

PROVIDER: Final = Person("Example Advocacy", Role.ADVOCACY_PROVIDER, "desk@advocacy.example.org")
SAFEGUARDING: Final = Person(
    "Example Safeguarding Service", Role.SAFEGUARDING_SERVICE, "desk@council.example.org"
)
CHAIR: Final = Person("Carol Example-Chair", Role.CONFERENCE_CHAIR, "chair@council.example.org")
SOCIAL_WORKER: Final = Person(
    "Sol Example-Worker", Role.SOCIAL_WORKER, "social.worker@council.example.org"
)
ADVOCATES: Final = (
    Person("Ada Example-Advocate", Role.ADVOCATE, "ada@advocacy.example.org"),
    Person("Bo Example-Advocate", Role.ADVOCATE, "bo@advocacy.example.org"),
)
ROOM: Final = 30
"""How many children each advocate has room for: more than there are, so nobody is turned away."""

_WORKING_DAYS: Final = NationCalendar(Nation.ENGLAND)


@dataclass(frozen=True, slots=True)
class Day:
    """One working day of the quarter, and what people record as the office closes."""

    on: date
    acts: tuple[Act, ...]


def quarter() -> tuple[Day, ...]:
    """Return every working day of the quarter in order; there are days on which nobody acts."""
    by_day: dict[date, list[Act]] = defaultdict(list)
    for day, act in _acts():
        by_day[day].append(act)
    return tuple(Day(day, tuple(by_day.get(day, ()))) for day in _working_days())


def _working_days() -> Iterator[date]:
    day = FIRST_DAY
    while day <= LAST_DAY:
        if _WORKING_DAYS.is_working_day(day):
            yield day
        day += timedelta(days=1)


def _acts() -> Iterator[tuple[date, Act]]:
    for act in _staff():
        yield FIRST_DAY, act
    for meeting in MEETINGS:
        yield meeting.scheduled_on, Schedule(meeting, CHAIR, SOCIAL_WORKER)
        for referral in meeting.referrals:
            yield from _before(meeting, referral)
        yield meeting.sits_on, Hold(meeting)
        for referral in meeting.referrals:
            yield from _afterwards(meeting, referral)


def _staff() -> Iterator[Act]:
    for person in (PROVIDER, SAFEGUARDING, *ADVOCATES):
        yield RegisterPerson(person)
    for person in ADVOCATES:
        skills = (Need.PICTURES, Need.EASY_READ)
        yield RegisterAdvocate(person, skills, ROOM, employed_by="example-advocacy")


def _before(meeting: Meeting, referral: Referral) -> Iterator[tuple[date, Act]]:
    """Yield what happens between the invitation and the conference; of most silences, nothing."""
    if referral.way is Way.PARENT_SAID_NO:
        refused = OnOffer(meeting, referral, "permission", {"permission": "refused"})
        yield _after(meeting.scheduled_on, 1), refused
    elif referral.way is Way.PERMISSION_LATE:
        yield from _late_permission(meeting, referral)
    elif referral.way in MET_ADVOCATE:
        yield from _introduction(meeting, referral)
    if referral.way in PREPARED:
        yield from _visit_before(meeting, referral)
        yield from _view_to_the_chair(meeting, referral)


def _late_permission(meeting: Meeting, referral: Referral) -> Iterator[tuple[date, Act]]:
    """The permission comes on the evening before: no time is left for a visit before."""
    day = _after(meeting.sits_on, -1)
    yield from ((day, act) for act in _told_and_permitted(meeting, referral))
    for kind in (VisitKind.INTRODUCTION, VisitKind.BEFORE):
        reason = {"reason": "permission-late"}
        yield day, OnVisit(meeting, referral, kind, "not-possible", reason)
    yes = {"heard_directly": True, "at": at(meeting.sits_on, MORNING).isoformat()}
    yield meeting.sits_on, OnOffer(meeting, referral, "accepted", yes)


def _introduction(meeting: Meeting, referral: Referral) -> Iterator[tuple[date, Act]]:
    """The child is told, meets the advocate, and then answers."""
    told_on = _after(meeting.scheduled_on, 1)
    yield from ((told_on, act) for act in _told_and_permitted(meeting, referral))
    met_on = _after(meeting.scheduled_on, 2)
    yield met_on, OnVisit(meeting, referral, VisitKind.INTRODUCTION, "held", _seen(met_on))
    answered_at = at(met_on, VISITING_HOUR).isoformat()
    if referral.way in TOOK_UP:
        yes = {"heard_directly": True, "at": answered_at}
        yield met_on, OnOffer(meeting, referral, "accepted", yes)
    else:
        no = {"reported_by": "child", "heard_directly": True, "at": answered_at}
        yield met_on, OnOffer(meeting, referral, "declined", no)


def _told_and_permitted(meeting: Meeting, referral: Referral) -> Iterator[Act]:
    yield OnOffer(meeting, referral, "explained", {"by_role": "social-worker"})
    yield OnOffer(meeting, referral, "permission", {"permission": "given"})


def _visit_before(meeting: Meeting, referral: Referral) -> Iterator[tuple[date, Act]]:
    """The advocate agrees a time with the child and comes three working days before."""
    comes_on = _after(meeting.sits_on, -3)
    time = {"at": at(comes_on, VISITING_HOUR).isoformat()}
    agreed_on = _after(meeting.scheduled_on, 3)
    yield agreed_on, OnVisit(meeting, referral, VisitKind.BEFORE, "agreed", time)
    yield comes_on, OnVisit(meeting, referral, VisitKind.BEFORE, "held", _seen(comes_on))


def _view_to_the_chair(meeting: Meeting, referral: Referral) -> Iterator[tuple[date, Act]]:
    """What the child wants heard: written down, approved by the child, shared, and received."""
    recorded_on = _after(meeting.sits_on, -3)
    yield recorded_on, RecordView(meeting, referral)
    approval = {
        "statement": 1,
        "audience": ["chair"],
        "approved": True,
        "heard_from_child": True,
    }
    yield recorded_on, OnView(meeting, referral, "approvals", approval)
    yield _after(meeting.sits_on, -2), OnView(meeting, referral, "share")
    yield _after(meeting.sits_on, -1), OnView(meeting, referral, "receipt")


def _afterwards(meeting: Meeting, referral: Referral) -> Iterator[tuple[date, Act]]:
    """A visit after is offered to every child who took it up; there the child hears the answer."""
    if referral.way not in TOOK_UP:
        return
    yield meeting.sits_on, OnVisit(meeting, referral, VisitKind.AFTER, "offered")
    if referral.way in PREPARED:
        answer = {"answer": "part", "reason": "partly-possible"}
        yield _after(meeting.sits_on, 1), OnView(meeting, referral, "answer", answer)
    comes_on = _after(meeting.sits_on, 3)
    if referral.visited_after:
        yield comes_on, OnVisit(meeting, referral, VisitKind.AFTER, "held", _seen(comes_on))
    else:
        why = {"reason": "other"}
        yield comes_on, OnVisit(meeting, referral, VisitKind.AFTER, "not-possible", why)
    if referral.way in PREPARED and referral.visited_after:
        told = {"at": at(comes_on, VISITING_HOUR).isoformat(), "understood": "yes"}
        yield comes_on, OnView(meeting, referral, "told", told)


def _seen(day: date) -> Body:
    return {"held_at": at(day, VISITING_HOUR).isoformat(), "seen_alone": "yes"}


def _after(day: date, working_days: int) -> date:
    return _WORKING_DAYS.add(day, working_days)
