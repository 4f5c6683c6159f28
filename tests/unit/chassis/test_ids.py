"""Derived ids: the same cause gives the same id, another cause another one."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.chassis import ids

PARTS = st.lists(st.text(max_size=20), min_size=1, max_size=4)


@given(PARTS)
def test_same_parts_give_the_same_uuid_of_version_8(parts: list[str]) -> None:
    made = UUID(ids.derived(*parts))
    assert str(made) == ids.derived(*parts)
    assert (made.version, made.variant) == (8, "specified in RFC 4122")


@given(PARTS, PARTS)
def test_other_parts_give_another_id_even_where_they_join_to_the_same_text(
    one: list[str], other: list[str]
) -> None:
    assert (ids.derived(*one) == ids.derived(*other)) == (one == other)


def test_reference_of_a_child_tells_no_time() -> None:
    assert {ids.random_ref().version for _ in range(50)} == {4}
