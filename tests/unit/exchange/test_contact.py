"""A home is written to only by a way that a named person called safe, and never after it lapsed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.contracts.codes import Role
from services.exchange.domain.contact import (
    Contact,
    ContactChannel,
    ContactPerson,
    ContactSafety,
    is_known_safe,
    merged,
    safe_email,
)

TODAY = date(2026, 11, 23)
SAFE = Contact(
    ContactPerson.PARENT,
    ContactChannel.EMAIL,
    "parent@example.org",
    ContactSafety.SAFE,
    confirmed_by="A. Worker",
    confirmed_on=date(2026, 11, 2),
)


def test_a_confirmed_contact_is_safe_until_something_ends_it() -> None:
    assert is_known_safe(SAFE, TODAY, ())


@pytest.mark.parametrize(
    "contact",
    [
        replace(SAFE, safety=ContactSafety.UNKNOWN),
        replace(SAFE, safety=ContactSafety.UNSAFE),
        replace(SAFE, safety=ContactSafety.ASK_FIRST),
        replace(SAFE, confirmed_by=None),
        replace(SAFE, confirmed_on=None),
        replace(SAFE, expires_on=TODAY - timedelta(days=1)),
    ],
)
def test_what_nobody_confirmed_or_what_expired_is_not_safe(contact: Contact) -> None:
    assert not is_known_safe(contact, TODAY, ())


def test_its_last_day_still_counts() -> None:
    assert is_known_safe(replace(SAFE, expires_on=TODAY), TODAY, ())


@pytest.mark.parametrize(
    ("conference", "safe"),
    [
        (date(2026, 11, 1), True),
        (date(2026, 11, 2), False),
        (date(2026, 11, 22), False),
        (TODAY, True),
        (date(2026, 12, 1), True),
    ],
)
def test_a_confirmation_ends_with_the_next_conference(conference: date, *, safe: bool) -> None:
    assert is_known_safe(SAFE, TODAY, (conference,)) is safe


def test_only_the_email_of_the_right_person_is_used() -> None:
    phone = replace(SAFE, channel=ContactChannel.PHONE, value="07700 900123")
    assert safe_email([phone, SAFE], Role.PARENT, TODAY, ()) == "parent@example.org"
    assert safe_email([phone, SAFE], Role.CHILD, TODAY, ()) is None


def test_the_same_contact_handed_in_again_keeps_its_confirmation() -> None:
    again = Contact(ContactPerson.PARENT, ContactChannel.EMAIL, "parent@example.org")
    assert merged([SAFE], [again]) == (SAFE,)


def test_a_new_word_of_danger_overrules_an_old_confirmation() -> None:
    danger = Contact(ContactPerson.PARENT, ContactChannel.EMAIL, SAFE.value, ContactSafety.UNSAFE)
    (after,) = merged([SAFE], [danger])
    assert not is_known_safe(after, TODAY, ())


@pytest.mark.parametrize("confirmed", [ContactSafety.UNSAFE, ContactSafety.ASK_FIRST])
def test_what_a_named_person_called_unsafe_is_not_safe_by_a_word_without_a_name(
    confirmed: ContactSafety,
) -> None:
    unnamed = replace(SAFE, confirmed_by=None, confirmed_on=None)
    (after,) = merged([replace(SAFE, safety=confirmed)], [unnamed])
    assert (after.safety, after.confirmed_by) == (confirmed, SAFE.confirmed_by)
    assert merged([after], [SAFE]) == (SAFE,)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (ContactSafety.UNKNOWN, ContactSafety.SAFE),
        (ContactSafety.SAFE, ContactSafety.UNSAFE),
        (ContactSafety.SAFE, ContactSafety.ASK_FIRST),
    ],
)
def test_nobodys_confirmation_is_lent_to_another_word(
    before: ContactSafety, said: ContactSafety
) -> None:
    unnamed = replace(SAFE, safety=said, confirmed_by=None, confirmed_on=None)
    (after,) = merged([replace(SAFE, safety=before)], [unnamed])
    assert (after.safety, after.confirmed_by, after.confirmed_on) == (said, None, None)
    assert not is_known_safe(after, TODAY, ())


def test_another_address_at_home_ends_every_confirmation_there() -> None:
    child = replace(SAFE, person=ContactPerson.CHILD, value="child@example.org")
    worker = replace(SAFE, person=ContactPerson.SOCIAL_WORKER, value="w@example.org")
    moved = Contact(
        ContactPerson.PARENT, ContactChannel.EMAIL, "new@example.org", ContactSafety.SAFE
    )
    after = merged([SAFE, child, worker], [moved])
    safe = [contact.person for contact in after if is_known_safe(contact, TODAY, ())]
    assert safe == [ContactPerson.SOCIAL_WORKER]


def test_a_new_address_with_its_own_confirmation_is_safe() -> None:
    moved = replace(SAFE, value="new@example.org", confirmed_on=TODAY)
    assert merged([SAFE], [moved]) == (moved,)


def test_two_parents_handed_in_at_once_stand_side_by_side() -> None:
    unsafe = replace(SAFE, value="a@example.org", safety=ContactSafety.UNSAFE)
    for given in ([unsafe, SAFE], [SAFE, unsafe]):
        both = merged([], given)
        assert set(both) == {unsafe, SAFE}
        assert merged(both, given) == both
        assert safe_email(both, Role.PARENT, TODAY, ()) == SAFE.value


def test_one_of_two_parents_handed_in_alone_ends_every_confirmation_at_home() -> None:
    both = (SAFE, replace(SAFE, value="a@example.org"))
    unnamed = replace(SAFE, confirmed_by=None, confirmed_on=None)
    (after,) = merged(both, [unnamed])
    assert not is_known_safe(after, TODAY, ())
