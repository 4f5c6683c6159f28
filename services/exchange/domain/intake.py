"""Checks a meeting as it was handed in, by API or by file, with the same rules and codes for both.

Several rules are those the Department for Education applies to the children in need census: a
conference is not before its strategy discussion (8615) and should not be on a weekend (8875).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from services.contracts.codes import ConferenceKind, ConferenceStatus, MeetingFormat, is_of_our_time
from services.contracts.local_time import london_date
from services.exchange.domain import identifiers
from services.exchange.domain.authorities import is_of_today
from services.exchange.domain.child import ADULT, Adult, ChildGiven, age_on
from services.exchange.domain.contact import Contact
from services.exchange.domain.lifecycle import LIVE, Denied
from services.exchange.domain.meeting import Meeting, MeetingPrivate, is_far, is_late

_LONGEST_PREGNANCY: Final = timedelta(days=310)
_SATURDAY: Final = 5
_DATES: Final = (
    "ends_at",
    "requested_at",
    "strategy_discussion_on",
    "transfer_clock_on",
    "family_informed_on",
)


@dataclass(frozen=True, slots=True)
class MeetingGiven:
    """One meeting as it was handed in; `None` and blanks mean that nothing was said."""

    conference_id: str
    authority: str
    kind: ConferenceKind
    starts_at: datetime
    children: tuple[ChildGiven, ...]
    ends_at: datetime | None = None
    format: MeetingFormat = MeetingFormat.UNKNOWN
    place: str = ""
    requested_at: datetime | None = None
    strategy_discussion_on: date | None = None
    transfer_clock_on: date | None = None
    from_authority: str | None = None
    family_informed_on: date | None = None
    chair: Adult | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that cannot be right: the field, a code, and the rule; never the value.

    `child` is the place of the child among those handed in, or None for the meeting itself.
    """

    field: str
    code: str
    message: str
    child: int | None = None


def arranged(
    meeting_ref: UUID, conference_index: str, private: str, given: MeetingGiven
) -> Meeting:
    """Make a meeting of what was handed in."""
    return Meeting(
        meeting_ref=meeting_ref,
        authority=given.authority,
        kind=given.kind,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        format=given.format,
        conference_index=conference_index,
        private=private,
        requested_at=given.requested_at,
        strategy_discussion_on=given.strategy_discussion_on,
        transfer_clock_on=given.transfer_clock_on,
        from_authority=given.from_authority,
        family_informed_on=given.family_informed_on,
    )


def taken_over(meeting: Meeting, given: MeetingGiven) -> Meeting:
    """Return the meeting with what was handed in beside its time; a blank keeps what is known."""
    known_format = given.format is not MeetingFormat.UNKNOWN
    return replace(
        meeting,
        kind=given.kind,
        format=given.format if known_format else meeting.format,
        requested_at=given.requested_at or meeting.requested_at,
        strategy_discussion_on=given.strategy_discussion_on or meeting.strategy_discussion_on,
        transfer_clock_on=given.transfer_clock_on or meeting.transfer_clock_on,
        from_authority=given.from_authority or meeting.from_authority,
        family_informed_on=given.family_informed_on or meeting.family_informed_on,
    )


def new_time(meeting: Meeting, given: MeetingGiven) -> tuple[datetime, datetime | None] | None:
    """Return the time that was handed in if it is another one; a blank end keeps the known one.

    Of one that was put off, the time it was to begin is no news: it stays put off.
    """
    if given.starts_at == meeting.starts_at:
        if meeting.status is ConferenceStatus.ADJOURNED:
            return None
        ends_at = given.ends_at or meeting.ends_at
        return None if ends_at == meeting.ends_at else (meeting.starts_at, ends_at)
    return given.starts_at, given.ends_at


def another(meeting: Meeting, given: MeetingGiven) -> Denied | None:
    """Say that a number typed for a new conference is that of one at another time.

    A list is right about its own numbers; a person who types one may have mistaken it, and would
    move another family's conference.
    """
    if meeting.status not in LIVE or new_time(meeting, given) is None:
        return None
    return Denied(
        "another-conference",
        "Your number is already that of a conference at another time. Check the number; to move"
        " that conference, open it and give it another time.",
    )


def private(given: MeetingGiven) -> MeetingPrivate:
    """Return what of the meeting is sealed."""
    return MeetingPrivate(given.conference_id, given.place, given.chair)


def tidy(child: ChildGiven) -> ChildGiven:
    """Write a child's identifiers in their one form; call it after `faults` found none."""
    given = child.particulars
    written = replace(
        given,
        la_child_id=identifiers.la_child_id(given.la_child_id) or given.la_child_id,
        upn=identifiers.upn(given.upn) if given.upn else None,
        nhs_number=identifiers.nhs_number(given.nhs_number) if given.nhs_number else None,
    )
    return replace(child, particulars=written)


def faults(given: MeetingGiven, now: datetime) -> tuple[Fault, ...]:
    """Return all that is wrong with a meeting and its children.

    On a day that cannot be right nothing can be said of a child.
    """
    found = tuple(meeting_faults(given, now))
    if any(fault.field == "starts_at" for fault in found):
        return found
    return (*found, *children_faults(given, now))


def late(given: MeetingGiven, now: datetime) -> Denied | None:
    """Say that what is new lies more than a day in the past: that is nearly always a slip."""
    if not is_late(given.starts_at, now):
        return None
    return Denied(
        "in-the-past",
        "The meeting was over a day ago. Record it with `late_entry: true` through the API.",
    )


def meeting_faults(given: MeetingGiven, now: datetime) -> Iterator[Fault]:
    """Say what is wrong with the meeting itself."""
    if is_far(given.starts_at, now):
        yield Fault(
            "starts_at", "too-far-ahead", "A meeting lies at most two years ahead: check the year."
        )
        return
    yield from _year_faults(given)
    on = london_date(given.starts_at)
    if given.ends_at is not None and given.ends_at <= given.starts_at:
        yield Fault("ends_at", "ends-before-start", "A meeting ends after it begins.")
    if given.requested_at is not None and given.requested_at > given.starts_at:
        yield Fault("requested_at", "after-conference", "A conference is asked for before it sits.")
    # DfE's census rule 8615.
    if given.strategy_discussion_on is not None and given.strategy_discussion_on > on:
        yield Fault(
            "strategy_discussion_on",
            "after-conference",
            "The strategy discussion comes before the conference.",
        )
    if given.family_informed_on is not None and given.family_informed_on > london_date(now):
        yield Fault("family_informed_on", "in-future", "That day has not come yet.")
    if given.from_authority == given.authority:
        yield Fault("from_authority", "same-authority", "A transfer comes from elsewhere.")


def _year_faults(given: MeetingGiven) -> Iterator[Fault]:
    for field in _DATES:
        day: date | None = getattr(given, field)
        if day is not None and not is_of_our_time(day):
            yield Fault(field, "year-out-of-range", "A year from 1990 to 2100.")


def children_faults(given: MeetingGiven, now: datetime) -> Iterator[Fault]:
    """Say what is wrong with each child."""
    for index, child in enumerate(given.children):
        for fault in (
            *_birth_faults(child, given, now),
            *_identifier_faults(child),
            *_contact_faults(child.particulars.contacts, london_date(now)),
        ):
            yield Fault(fault.field, fault.code, fault.message, index)
    yield from _twice(given)


def warnings(given: MeetingGiven) -> Iterator[Fault]:
    """Say what is taken in but should be looked at."""
    # DfE's census rule 8875.
    if london_date(given.starts_at).weekday() >= _SATURDAY:
        yield Fault("starts_at", "weekend", "It falls on a weekend.")
    if not is_of_today(given.authority):
        yield Fault("authority", "unknown", "No authority known here has this code: check it.")


def _twice(given: MeetingGiven) -> Iterator[Fault]:
    """Find children who are there twice: the same id is the same child, in capitals or not."""
    seen: set[str] = set()
    for index, child in enumerate(given.children):
        number = child.particulars.la_child_id.strip().upper()
        if number in seen:
            yield Fault("la_child_id", "child-twice", "Another child above has this number.", index)
        seen.add(number)


def stands_again(child: int) -> Fault:
    """Warn that a child's conference, cancelled here as a mistake, stands again."""
    message = "It was cancelled here as a mistake and stands again, for it was handed in anew."
    return Fault("conference_id", "reinstated", message, child)


PUT_OFF: Final = Fault(
    "starts_at",
    "put-off",
    "It was put off and stands without a time: it takes place when its new time is handed in.",
)


def known_otherwise(child: int, fields: Sequence[str]) -> Fault:
    """Warn that a child's number was known with another name or birth: is it the same child?"""
    what = " and ".join(field.replace("_", " ") for field in fields)
    message = (
        f"This number was known with another {what}. What you gave has replaced it: check that it"
        " is the same child."
    )
    return Fault("la_child_id", "known-otherwise", message, child)


def stays_cancelled(children: int) -> Fault:
    """Warn that a meeting stands again without children who fell away with it."""
    who = "1 child who was" if children == 1 else f"{children} children who were"
    message = (
        f"{who} on this meeting when it was cancelled as a mistake, and not on it again:"
        " hand them in too, or reinstate the meeting for all."
    )
    return Fault("conference_id", "left-cancelled", message)


def _birth_faults(child: ChildGiven, given: MeetingGiven, now: datetime) -> Iterator[Fault]:
    born, expected = child.particulars.date_of_birth, child.particulars.expected_birth_on
    if born is None and expected is None:
        yield Fault("date_of_birth", "missing", "A date of birth, or of expected birth, is needed.")
    elif born is None:
        yield from _expected_faults(expected, given)
    elif born > london_date(given.starts_at):
        yield Fault("date_of_birth", "born-after-conference", "Born after the conference sits.")
    elif born > london_date(now):
        yield Fault("date_of_birth", "in-future", "Not born yet: give the expected day instead.")
    elif (age_on(london_date(given.starts_at), born) or 0) >= ADULT:
        yield Fault("date_of_birth", "not-a-child", "Eighteen or older on the day.")


def _expected_faults(expected: date | None, given: MeetingGiven) -> Iterator[Fault]:
    on = london_date(given.starts_at)
    if expected is not None and not on - _LONGEST_PREGNANCY < expected < on + _LONGEST_PREGNANCY:
        yield Fault("expected_birth_on", "not-near", "Too far from the conference to be right.")


def _identifier_faults(child: ChildGiven) -> Iterator[Fault]:
    particulars = child.particulars
    # DfE's census rule 1580.
    if identifiers.la_child_id(particulars.la_child_id) is None:
        yield Fault("la_child_id", "form", "Letters and digits, at most 20.")
    if particulars.upn and identifiers.upn(particulars.upn) is None:
        yield Fault("upn", "check-digit", "Its check letter says that it cannot be right.")
    if particulars.nhs_number and identifiers.nhs_number(particulars.nhs_number) is None:
        yield Fault("nhs_number", "check-digit", "Its check digit says that it cannot be right.")


def _contact_faults(contacts: tuple[Contact, ...], today: date) -> Iterator[Fault]:
    for contact in contacts:
        if (contact.confirmed_by is None) != (contact.confirmed_on is None):
            yield Fault("contacts", "half-confirmed", "A confirmation has a name and a date.")
        if contact.confirmed_on is not None and contact.confirmed_on > today:
            yield Fault("contacts", "in-future", "Nobody has confirmed it on a day to come.")
