"""The families of the quarter, as a table that can be read: invented people, real proportions.

What the Royal Borough of Kensington and Chelsea's service printed of its first quarter (Barnardo's,
"Involved by Right: quarterly report, September to December 2011") gives how many children went
which way. Who they are, their days and their media are ours; every name says that it is made up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from services.contracts.codes import ConferenceKind, Medium, Need

AUTHORITY: Final = "E09000020"
FIRST_DAY: Final = date(2011, 9, 13)
LAST_DAY: Final = date(2011, 12, 30)


class Way(StrEnum):
    """How a child went through the quarter."""

    ATTENDED = "attended with the advocate"
    REPRESENTED = "represented by the advocate"
    PERMISSION_LATE = "permission came late, represented by the advocate"
    SAID_NO = "said no to the advocate"
    SAID_NO_AND_ATTENDED = "said no to the advocate, attended without"
    PARENT_SAID_NO = "reported as refused by a parent"
    NOBODY_TOLD = "not known whether anybody told the child"


TOOK_UP: Final = frozenset({Way.ATTENDED, Way.REPRESENTED, Way.PERMISSION_LATE})
MET_ADVOCATE: Final = TOOK_UP | {Way.SAID_NO, Way.SAID_NO_AND_ATTENDED}
PREPARED: Final = frozenset({Way.ATTENDED, Way.REPRESENTED})
"""Those with whom there was time for a visit before."""


@dataclass(frozen=True, slots=True)
class Child:
    """An invented child."""

    number: int
    given_name: str
    born: date
    needs: tuple[Need, ...] = ()

    @property
    def la_child_id(self) -> str:
        """The authority's own number for the child."""
        return f"EXAMPLE{self.number:03}"


@dataclass(frozen=True, slots=True)
class Referral:
    """One child at one conference; `medium` is how the child's view reached it."""

    child: Child
    way: Way
    medium: Medium | None = None
    visited_after: bool = True


@dataclass(frozen=True, slots=True)
class Meeting:
    """One conference of one family, asked for on the first day and held on the second."""

    conference_id: str
    kind: ConferenceKind
    scheduled_on: date
    sits_on: date
    family: str
    referrals: tuple[Referral, ...]

    @property
    def family_name(self) -> str:
        """The family's name, which says that there is no such family."""
        return f"Example-{self.family}"


_INITIAL, _REVIEW = ConferenceKind.INITIAL, ConferenceKind.REVIEW
_LETTER, _SPOKEN, _PICTURES, _SLIDES = Medium.WRITTEN, Medium.SPOKEN, Medium.DRAWN, Medium.OTHER

_MIRA: Final = Child(1, "Mira", date(1999, 3, 14))
"""The child who attended twice: her first conference, and the review of it."""


def _sep(day: int) -> date:
    return date(2011, 9, day)


def _oct(day: int) -> date:
    return date(2011, 10, day)


def _nov(day: int) -> date:
    return date(2011, 11, day)


def _dec(day: int) -> date:
    return date(2011, 12, day)


MEETINGS: Final = (
    Meeting(
        "EX-01", _INITIAL, _sep(13), _sep(27), "Ashdown",
        (
            Referral(_MIRA, Way.ATTENDED, _SLIDES),
            Referral(Child(2, "Noor", date(2003, 5, 2)), Way.REPRESENTED, _PICTURES),
        ),
    ),
    Meeting(
        "EX-02", _INITIAL, _sep(14), _sep(26), "Birchall",
        (
            Referral(Child(3, "Tomas", date(2001, 2, 9)), Way.REPRESENTED, _LETTER),
            Referral(
                Child(4, "Lena", date(2004, 7, 21), (Need.PICTURES,)), Way.REPRESENTED, _PICTURES
            ),
            Referral(Child(5, "Oskar", date(2002, 1, 30)), Way.REPRESENTED, _SPOKEN),
        ),
    ),
    Meeting(
        "EX-03", _INITIAL, _sep(16), _sep(30), "Copley",
        (
            Referral(Child(6, "Bela", date(2002, 4, 11)), Way.NOBODY_TOLD),
            Referral(Child(7, "Dario", date(2003, 6, 17)), Way.NOBODY_TOLD),
            Referral(Child(8, "Elin", date(2004, 8, 3)), Way.NOBODY_TOLD),
        ),
    ),
    Meeting(
        "EX-04", _REVIEW, _sep(19), _oct(4), "Dunmore",
        (Referral(Child(9, "Rafe", date(1996, 2, 25)), Way.ATTENDED, _LETTER),),
    ),
    Meeting(
        "EX-05", _INITIAL, _sep(21), _oct(5), "Elwood",
        (
            Referral(Child(10, "Ilse", date(2003, 3, 8)), Way.PARENT_SAID_NO),
            Referral(Child(11, "Jonah", date(2001, 6, 28)), Way.PARENT_SAID_NO),
        ),
    ),
    Meeting(
        "EX-06", _INITIAL, _sep(23), _oct(7), "Farrow",
        (
            Referral(Child(12, "Kezia", date(2000, 5, 19)), Way.REPRESENTED, _SPOKEN),
            Referral(
                Child(13, "Lorcan", date(2002, 7, 6)), Way.REPRESENTED, _LETTER,
                visited_after=False,
            ),
        ),
    ),
    Meeting(
        "EX-07", _INITIAL, _sep(27), _oct(11), "Garside",
        (
            Referral(Child(14, "Maren", date(1999, 4, 1)), Way.NOBODY_TOLD),
            Referral(Child(15, "Nils", date(2003, 1, 15)), Way.NOBODY_TOLD),
        ),
    ),
    Meeting(
        "EX-08", _REVIEW, _sep(29), _oct(13), "Hartley",
        (Referral(Child(16, "Odile", date(1999, 8, 9)), Way.REPRESENTED, _SLIDES),),
    ),
    Meeting(
        "EX-09", _INITIAL, _oct(3), _oct(18), "Ibbotson",
        (
            Referral(Child(17, "Piers", date(1998, 2, 2)), Way.SAID_NO),
            Referral(Child(18, "Runa", date(2001, 5, 27)), Way.REPRESENTED, _PICTURES),
        ),
    ),
    Meeting(
        "EX-10", _INITIAL, _oct(5), _oct(20), "Jarrow",
        (
            Referral(Child(19, "Sami", date(2002, 3, 23)), Way.PERMISSION_LATE),
            Referral(Child(20, "Tilde", date(2004, 6, 12)), Way.PERMISSION_LATE),
        ),
    ),
    Meeting(
        "EX-11", _REVIEW, _oct(10), _oct(24), "Kirkby",
        (
            Referral(Child(21, "Ursa", date(2000, 7, 7)), Way.NOBODY_TOLD),
            Referral(Child(22, "Viggo", date(2002, 2, 18)), Way.NOBODY_TOLD),
            Referral(Child(23, "Wanda", date(2004, 5, 5)), Way.NOBODY_TOLD),
        ),
    ),
    Meeting(
        "EX-12", _INITIAL, _oct(12), _oct(27), "Lacey",
        (
            Referral(
                Child(24, "Yusra", date(2003, 4, 29), (Need.PICTURES,)), Way.REPRESENTED, _PICTURES
            ),
            Referral(Child(25, "Zeno", date(1999, 6, 3)), Way.REPRESENTED, _LETTER),
        ),
    ),
    Meeting(
        "EX-13", _INITIAL, _oct(17), _oct(31), "Merrick",
        (
            Referral(Child(26, "Abel", date(2001, 1, 22)), Way.NOBODY_TOLD),
            Referral(Child(27, "Bryn", date(1999, 7, 16)), Way.NOBODY_TOLD),
        ),
    ),
    Meeting(
        "EX-14", _REVIEW, _oct(20), _nov(4), "Norwood",
        (Referral(Child(28, "Cleo", date(1995, 3, 31)), Way.SAID_NO_AND_ATTENDED),),
    ),
    Meeting(
        "EX-15", _INITIAL, _oct(25), _nov(9), "Oakden",
        (
            Referral(
                Child(29, "Dilys", date(2004, 1, 4)), Way.REPRESENTED, _PICTURES,
                visited_after=False,
            ),
            Referral(Child(30, "Eamon", date(2002, 8, 20)), Way.REPRESENTED, _SPOKEN),
            Referral(Child(31, "Freya", date(2000, 4, 26)), Way.REPRESENTED, _LETTER),
        ),
    ),
    Meeting(
        "EX-16", _REVIEW, _oct(31), _nov(14), "Penrose",
        (Referral(Child(32, "Gethin", date(1997, 5, 13)), Way.NOBODY_TOLD),),
    ),
    Meeting(
        "EX-17", _INITIAL, _nov(2), _nov(16), "Quorn",
        (Referral(Child(33, "Hana", date(2001, 8, 1)), Way.REPRESENTED, _SPOKEN),),
    ),
    Meeting(
        "EX-18", _INITIAL, _nov(7), _nov(22), "Rushden",
        (
            Referral(Child(34, "Idris", date(2003, 2, 6)), Way.NOBODY_TOLD),
            Referral(Child(35, "Juno", date(2001, 3, 19)), Way.NOBODY_TOLD),
        ),
    ),
    Meeting(
        "EX-19", _REVIEW, _nov(9), _nov(24), "Selby",
        (Referral(Child(36, "Kamil", date(1997, 1, 11)), Way.ATTENDED, _SPOKEN),),
    ),
    Meeting(
        "EX-20", _INITIAL, _nov(14), _nov(28), "Thornley",
        (
            Referral(Child(37, "Liv", date(2002, 6, 24)), Way.REPRESENTED, _LETTER),
            Referral(Child(38, "Milo", date(1999, 2, 14)), Way.REPRESENTED, _SLIDES),
        ),
    ),
    Meeting(
        "EX-21", _INITIAL, _nov(16), _dec(2), "Upton",
        (Referral(Child(39, "Nesta", date(2000, 1, 8)), Way.SAID_NO),),
    ),
    Meeting(
        "EX-22", _INITIAL, _nov(21), _dec(6), "Verney",
        (
            Referral(Child(40, "Orla", date(2003, 7, 30)), Way.REPRESENTED, _PICTURES),
            Referral(Child(41, "Petra", date(2001, 4, 16)), Way.REPRESENTED, _SPOKEN),
        ),
    ),
    Meeting(
        "EX-23", _REVIEW, _nov(28), _dec(13), "Ashdown",
        (Referral(_MIRA, Way.ATTENDED, _SPOKEN),),
    ),
    Meeting(
        "EX-24", _INITIAL, _nov(29), _dec(14), "Wexcombe",
        (Referral(Child(42, "Quinn", date(2002, 5, 10)), Way.NOBODY_TOLD),),
    ),
)  # fmt: skip
"""All conferences of the quarter, in the order in which they were asked for."""


def referrals() -> Iterator[tuple[Meeting, Referral]]:
    """Yield every child at every conference: what the report counts as a referral."""
    for meeting in MEETINGS:
        for referral in meeting.referrals:
            yield meeting, referral
