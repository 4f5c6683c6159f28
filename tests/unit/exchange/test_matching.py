"""A shared national identifier is a suggestion; what contradicts it blocks it; nothing merges."""

from dataclasses import replace
from datetime import date

from services.exchange.domain.child import Particulars
from services.exchange.domain.matching import BlockedBecause, MatchedOn, blocked, shared

ONE = Particulars("A1", "Zoe", "Testchild", date(2016, 1, 1), None, "A950000178301", "9434765919")
OTHER = replace(ONE, la_child_id="B7", given_name="Zoë")


def test_both_identifiers_can_match() -> None:
    assert list(shared(ONE, OTHER)) == [MatchedOn.NHS_NUMBER, MatchedOn.UPN]


def test_two_children_without_identifiers_share_none() -> None:
    nothing = Particulars("A1")
    assert list(shared(nothing, Particulars("A2"))) == []


def test_nothing_blocks_two_alike() -> None:
    assert blocked(ONE, OTHER) is None


def test_unknown_contradicts_nothing() -> None:
    assert blocked(ONE, replace(OTHER, date_of_birth=None, upn=None)) is None


def test_each_contradiction_blocks() -> None:
    assert blocked(ONE, replace(OTHER, upn="B1")) is BlockedBecause.UPN
    assert blocked(ONE, replace(OTHER, nhs_number="1")) is BlockedBecause.NHS_NUMBER
    born = replace(OTHER, date_of_birth=date(2016, 1, 2), upn="B1")
    assert blocked(ONE, born) is BlockedBecause.DATE_OF_BIRTH
