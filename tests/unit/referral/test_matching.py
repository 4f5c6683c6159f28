"""Which advocate: independent without exception, able, with room, and the known one first."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.codes import AllocationReason, Need, UnmetBecause
from services.referral.domain.advocate import Barrier, barrier
from services.referral.domain.choosing import chosen, may_have_one
from services.referral.domain.denied import Denied
from services.referral.domain.matching import Candidate, Match, Seeker, has_room, match
from tests.unit.referral.cases import (
    CHILD,
    KENT,
    NEEDS,
    SIBLING,
    STARTS_AT,
    a_candidate,
    a_seeker,
    advocate_ref,
    an_advocate,
    an_offer,
)

DAY = STARTS_AT.date()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"active": False}, Barrier.NOT_ACTIVE),
        ({"authorities": ("E09000033",)}, Barrier.OTHER_AUTHORITY),
        ({"employed_by": "council"}, Barrier.NOT_INDEPENDENT),
        ({"conflicts": (CHILD,)}, Barrier.CONFLICT_OF_INTEREST),
        ({"conflicts": (SIBLING,)}, None),
        ({"checks_valid_until": date(2026, 12, 13)}, Barrier.CHECKS_LAPSED),
        ({"checks_valid_until": DAY}, None),
        ({"training_valid_until": date(2026, 12, 13)}, Barrier.TRAINING_LAPSED),
    ],
)
def test_what_bars_an_advocate_from_a_child(
    facts: dict[str, Any], expected: Barrier | None
) -> None:
    assert barrier(an_advocate(**facts), CHILD, KENT, DAY) is expected


@pytest.mark.parametrize(
    ("candidates", "because"),
    [
        ((), UnmetBecause.NOBODY_REGISTERED),
        ((a_candidate(employed_by="council"),), UnmetBecause.NOBODY_INDEPENDENT),
        ((a_candidate(languages=("pl",)),), UnmetBecause.NOBODY_WITH_SKILL),
        (
            (a_candidate(skills=(Need.BSL,), languages=("pl",)),),
            UnmetBecause.NOBODY_WITH_LANGUAGE,
        ),
        ((a_candidate(skills=(Need.BSL,), capacity=0),), UnmetBecause.NOBODY_WITH_ROOM),
    ],
)
def test_what_nobody_could_offer_is_said(
    candidates: tuple[Candidate, ...], because: UnmetBecause
) -> None:
    assert match(a_seeker(needs=frozenset({Need.BSL})), candidates) is because


def test_the_known_one_comes_before_the_one_with_most_room() -> None:
    busy = a_candidate(1, load=1)
    idle = a_candidate(2)
    assert chosen_of(a_seeker(), busy, idle) == advocate_ref(2)
    assert chosen_of(a_seeker(former=advocate_ref(1)), busy, idle) == advocate_ref(1)


def test_the_childs_language_comes_before_an_interpreter() -> None:
    seeker = a_seeker(language="pl", needs=frozenset({Need.INTERPRETER}))
    polish = a_candidate(2, load=1, languages=("en", "pl"))
    assert chosen_of(seeker, a_candidate(1), polish) == advocate_ref(2)
    assert chosen_of(seeker, a_candidate(1)) == advocate_ref(1)


def test_needs_that_are_no_skill_keep_nobody_from_an_advocate() -> None:
    needs = frozenset({Need.MOBILITY, Need.OTHER})
    assert chosen_of(a_seeker(needs=needs), a_candidate(1)) == advocate_ref(1)


def test_an_unknown_language_keeps_nobody_from_an_advocate() -> None:
    assert chosen_of(a_seeker(language="und"), a_candidate(1)) == advocate_ref(1)


def test_a_child_who_is_there_takes_no_more_room() -> None:
    assert has_room(a_candidate(1, load=1, has_child=True, capacity=1))
    assert not has_room(a_candidate(1, load=1, capacity=1))


def test_the_reasons_are_kept() -> None:
    seeker = a_seeker(needs=frozenset({Need.BSL}), former=advocate_ref(1))
    found = match(seeker, (a_candidate(1, skills=(Need.BSL,)),))
    assert isinstance(found, Match)
    assert found.reasons == (
        AllocationReason.SAME_AS_LAST_TIME,
        AllocationReason.HAS_SKILL,
        AllocationReason.SPEAKS_LANGUAGE,
        AllocationReason.HAS_ROOM,
        AllocationReason.SERVES_AUTHORITY,
        AllocationReason.ONLY_ONE_INDEPENDENT,
    )


def test_a_persons_choice_keeps_its_reason_but_not_a_barrier() -> None:
    because = AllocationReason.CHILD_ASKED
    choice = chosen(a_candidate(1, capacity=0), a_seeker(), because)
    assert isinstance(choice, Match)
    assert choice.reasons[0] is because
    assert AllocationReason.HAS_ROOM not in choice.reasons
    barred = chosen(a_candidate(1, employed_by="council"), a_seeker(), because)
    assert isinstance(barred, Denied)


def test_who_gets_an_advocate_by_choice() -> None:
    assert may_have_one(an_offer()) is None
    silenced = may_have_one(an_offer(silenced=True))
    assert silenced is not None
    assert silenced.code == "contact-stopped"


CANDIDATES = st.lists(
    st.builds(
        lambda number, employed_by, conflicts, skills, capacity, active: a_candidate(
            number,
            employed_by=employed_by,
            conflicts=conflicts,
            skills=tuple(sorted(skills)),
            capacity=capacity,
            active=active,
        ),
        st.integers(1, 9),
        st.sampled_from(["council", "kent-voices"]),
        st.sampled_from([(), (CHILD,), (SIBLING,)]),
        NEEDS,
        st.integers(0, 2),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: one.advocate.advocate_ref,
)


@given(candidates=CANDIDATES, needs=NEEDS, not_again=st.integers(1, 9))
def test_nobody_is_ever_found_who_may_not_or_cannot(
    candidates: list[Candidate], needs: frozenset[Need], not_again: int
) -> None:
    seeker = a_seeker(needs=needs, not_again=frozenset({advocate_ref(not_again)}))
    found = match(seeker, tuple(candidates))
    if isinstance(found, Match):
        (one,) = [c for c in candidates if c.advocate.advocate_ref == found.advocate_ref]
        assert barrier(one.advocate, CHILD, KENT, DAY) is None
        assert one.advocate.advocate_ref not in seeker.not_again
        assert seeker.skills <= set(one.advocate.skills)
        assert has_room(one)


@given(candidates=CANDIDATES, needs=NEEDS, data=st.data())
def test_the_order_in_which_advocates_are_known_does_not_matter(
    candidates: list[Candidate], needs: frozenset[Need], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(candidates))
    seeker = a_seeker(needs=needs)
    assert match(seeker, tuple(candidates)) == match(seeker, tuple(shuffled))


@given(candidates=CANDIDATES, needs=NEEDS)
def test_one_more_who_fits_never_leaves_a_child_without(
    candidates: list[Candidate], needs: frozenset[Need]
) -> None:
    fits = a_candidate(77, skills=tuple(Need))
    assert isinstance(match(a_seeker(needs=needs), (*candidates, fits)), Match)


def chosen_of(seeker: Seeker, *candidates: Candidate) -> object:
    found = match(seeker, candidates)
    assert isinstance(found, Match)
    return found.advocate_ref
