"""Check digits catch slips of the pen, and what is right is read in whatever form it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.exchange.domain import identifiers
from services.exchange.domain.authorities import ONS_BY_DFE, ons_code

GOOD_NHS = "9434765919"  # the example number of the NHS Data Dictionary
GOOD_UPN = "A950000178301"


@pytest.mark.parametrize("text", [GOOD_NHS, "943 476 5919", "943-476-5919"])
def test_an_nhs_number_is_read_however_it_is_spaced(text: str) -> None:
    assert identifiers.nhs_number(text) == GOOD_NHS


@pytest.mark.parametrize(
    "text", ["", "943476591", "94347659190", "9434765918", "0000000000", "943476591X", "٩434765919"]
)
def test_what_is_no_nhs_number_is_refused(text: str) -> None:
    assert identifiers.nhs_number(text) is None


@given(st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_of_an_nhs_number_is_always_noticed(place: int, by: int) -> None:
    digits = list(GOOD_NHS)
    digits[place] = str((int(digits[place]) + by) % 10)
    assert identifiers.nhs_number("".join(digits)) is None


@given(st.integers(0, 10**9 - 1))
def test_an_nhs_number_whose_check_digit_would_be_ten_does_not_exist(nine: int) -> None:
    digits = f"{nine:09}"
    weighted = sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=True))
    check = (11 - weighted % 11) % 11
    readable = [c for c in "0123456789" if identifiers.nhs_number(digits + c)]
    same_digits = len(set(digits)) == 1 and readable == []
    assert same_digits or readable == ([] if check == 10 else [str(check)])


@pytest.mark.parametrize("text", [GOOD_UPN, "a950000178301", "A 9500-0017-8301"])
def test_a_upn_is_read_in_capitals(text: str) -> None:
    assert identifiers.upn(text) == GOOD_UPN


@pytest.mark.parametrize(
    "text",
    ["", "A95000017830", "A9500001783010", "B950000178301", "I950000178301", "A95000O178301"],
)
def test_what_is_no_upn_is_refused(text: str) -> None:
    assert identifiers.upn(text) is None


@given(st.text("0123456789", min_size=11, max_size=11), st.sampled_from("ABCDEFGHJKLMNPQRTUVWXYZ"))
def test_a_temporary_upn_has_exactly_one_right_check_letter(eleven: str, last: str) -> None:
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    readable = [first for first in letters if identifiers.upn(f"{first}{eleven}{last}")]
    assert len(readable) == 1


@pytest.mark.parametrize(
    ("text", "read"),
    [("A1", "A1"), (" 12345678901234567890 ", "12345678901234567890"), ("1" * 21, None)]
    + [(text, None) for text in ("", "A 1", "A-1", "Ä1", "=1")],
)
def test_an_authoritys_own_id_has_letters_and_digits(text: str, read: str | None) -> None:
    assert identifiers.la_child_id(text) == read


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("207", "E09000020"),
        (" e09000020 ", "E09000020"),
        ("W06000015", "W06000015"),
        ("S12000033", "S12000033"),
        ("373", "E08000039"),
        ("E08000019", "E08000019"),
        ("E07000026", None),
        ("E0900002", None),
        ("999", None),
        ("", None),
    ],
)
def test_an_authority_is_known_by_either_code(text: str, code: str | None) -> None:
    assert ons_code(text) == code


def test_each_authority_of_england_has_one_code_of_each_kind() -> None:
    assert len(ONS_BY_DFE) == len(set(ONS_BY_DFE.values())) == 153
    assert all(ons_code(ons) == ons for ons in ONS_BY_DFE.values())
