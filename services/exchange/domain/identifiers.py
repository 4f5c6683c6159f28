"""Reads identifiers, and refuses what a child's own check digits say cannot be right."""

import re
from typing import Final

_NHS: Final = re.compile(r"[0-9]{10}")
_UPN: Final = re.compile(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]")
_UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
_LA_CHILD_ID: Final = re.compile(r"[A-Za-z0-9]{1,20}")
_SEPARATORS: Final = re.compile(r"[\s-]")


def nhs_number(text: str) -> str | None:
    """Return the ten digits of an NHS number, or None if it is none.

    The tenth digit is 11 less the remainder by 11 of the first nine weighted 10 to 2; 11 counts
    as 0 and 10 is never given out (NHS Data Dictionary, NHS NUMBER). Ten equal digits pass that
    test, but are given to nobody.
    """
    digits = _SEPARATORS.sub("", text)
    if not _NHS.fullmatch(digits) or len(set(digits)) == 1:
        return None
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1)))  # noqa: B905 - the tenth digit has no weight
    return digits if (11 - weighted % 11) % 11 == int(digits[9]) else None


def upn(text: str) -> str | None:
    """Return a unique pupil number in capitals, or None if it is none.

    The first letter is the weighted sum of the twelve characters behind it (weights 2 to 13),
    modulo 23, in an alphabet without I, O and S; a temporary number ends with a letter of the
    same alphabet (Department for Education, UPN guide). Its characters 2 to 4 are the authority
    that gave it, which may be gone by now: they are not looked up.
    """
    characters = _SEPARATORS.sub("", text).upper()
    if not _UPN.fullmatch(characters):
        return None
    weighted = sum(_upn_value(c) * weight for weight, c in enumerate(characters[1:], start=2))
    return characters if _UPN_LETTERS[weighted % 23] == characters[0] else None


def la_child_id(text: str) -> str | None:
    """Return the authority's own id of a child, or None: at most 20 letters and digits.

    The children in need census asks the same (rules 1570 and 1580).
    """
    return text.strip() if _LA_CHILD_ID.fullmatch(text.strip()) else None


def conference_id(text: str) -> str:
    """Return the one form by which an authority's own id of a meeting is known.

    A case system and a person at a form write the same id in other capitals.
    """
    return text.strip().upper()


def _upn_value(character: str) -> int:
    return int(character) if character.isdigit() else _UPN_LETTERS.index(character)
