"""An advocate for the child: independent without exception, changed when it must be, never lost."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.contracts.codes import (
    AllocationReason,
    AllocationStatus,
    CancelledBecause,
    ConferenceStatus,
    UnmetBecause,
)
from tests.component.referral.story import (
    HELD_AT,
    STARTS_AT,
    Story,
    advocate_ref,
    child_ref,
    conference_ref,
)

CHOSEN = "chosen-by-person"


def test_the_advocate_of_last_time_comes_first(story: Story) -> None:
    story.advocate(1)
    story.conference(number=1)
    story.advocate(2, capacity=50)
    story.conference(number=2, child_ref=child_ref(1), starts_at=STARTS_AT + timedelta(days=90))
    (_, again) = story.said("allocation.allocated")
    assert again.advocate_ref == advocate_ref(1)
    assert AllocationReason.SAME_AS_LAST_TIME in again.reasons


def test_a_child_with_two_conferences_takes_one_childs_room(story: Story) -> None:
    story.advocate(1, capacity=1)
    story.conference(number=1)
    story.conference(number=2, child_ref=child_ref(1))
    assert len(story.said("allocation.allocated")) == 2
    (advocate,) = story.world.client.get("/v1/advocates").json()["items"]
    assert advocate["load"] == 1


def test_room_that_becomes_free_goes_to_the_oldest_conference(story: Story) -> None:
    story.advocate(1, capacity=1)
    story.conference(number=1)
    story.conference(number=2, starts_at=STARTS_AT + timedelta(days=9))
    story.conference(number=3, starts_at=STARTS_AT + timedelta(days=2))
    assert [one.unmet_because for one in story.said("allocation.unmet")] == [
        UnmetBecause.NOBODY_WITH_ROOM
    ] * 2
    story.post("declined", 1, reported_by="child", heard_directly=True)
    assert story.bond(3).is_bound
    assert not story.bond(2).is_bound
    assert story.bond(3).attempts == 2


def test_who_has_room_now_is_not_called_the_only_one(story: Story) -> None:
    story.advocate(1, capacity=0)
    story.conference(number=1)
    story.advocate(2)
    (found,) = story.said("allocation.allocated")
    assert found.advocate_ref == advocate_ref(2)
    assert AllocationReason.ONLY_ONE_INDEPENDENT not in found.reasons


def test_more_capacity_is_used_at_once(story: Story) -> None:
    story.advocate(1, capacity=1)
    for number in (1, 2, 3):
        story.conference(number=number)
    story.advocate(1, change=True, capacity=3)
    assert all(story.bond(number).is_bound for number in (1, 2, 3))


def test_a_new_advocate_is_offered_to_those_who_fit(story: Story) -> None:
    story.conference(number=1, needs=("bsl",))
    story.conference(number=2)
    story.advocate(1)
    assert not story.bond(1).is_bound
    assert story.bond(2).is_bound
    story.advocate(2, skills=["bsl"])
    assert story.bond(1).advocate_ref == advocate_ref(2)


def test_a_lapsed_offer_gives_its_room_back(story: Story) -> None:
    story.advocate(1, capacity=1)
    story.conference(number=1)
    story.conference(number=2, starts_at=STARTS_AT + timedelta(days=60))
    story.world.advance(HELD_AT)
    story.held(1)
    story.world.advance(HELD_AT + timedelta(days=10))
    assert story.bond(2).is_bound


def test_the_advocate_takes_the_child_on(story: Story) -> None:
    story.begun()
    assert story.about_bond("confirm").json()["status"] == "confirmed"
    assert len(story.said("allocation.confirmed")) == 1
    assert story.about_bond("confirm").json()["code"] == "not-possible-now"


@pytest.mark.parametrize(
    ("verb", "said"), [("refuse", "allocation.refused"), ("release", "allocation.released")]
)
def test_when_the_advocate_cannot_the_next_one_comes(story: Story, verb: str, said: str) -> None:
    story.advocate(1)
    story.conference()
    story.advocate(2)
    story.about_bond(verb)
    assert story.said(said)[0].advocate_ref == advocate_ref(1)
    assert story.bond().advocate_ref == advocate_ref(2)
    assert story.story_of()[-2:] == [said, "allocation.allocated"]
    before, after = story.allocations()
    assert before.allocation_ref != after.allocation_ref


def test_whoever_refused_is_not_asked_again_for_this_offer(story: Story) -> None:
    story.begun()
    story.about_bond("refuse")
    (unmet,) = story.said("allocation.unmet")
    assert unmet.unmet_because is UnmetBecause.NOBODY_INDEPENDENT
    story.advocate(1, change=True, capacity=9)
    assert not story.bond().is_bound


def test_a_conflict_found_late_ends_every_bond_with_that_child_for_good(story: Story) -> None:
    story.advocate(1)
    story.conference(number=1)
    story.conference(number=2, child_ref=child_ref(1))
    story.advocate(2)
    ref = story.said("allocation.allocated")[0].allocation_ref
    answer = story.world.client.post(f"/v1/allocations/{ref}/conflict")
    story.world.settle()
    assert answer.json()["status"] == "conflict"
    assert len(story.said("allocation.conflict-found")) == 2
    assert story.known(1).conflicts == (child_ref(1),)
    bound = [one.advocate_ref for one in story.allocations() if one.is_bound]
    assert bound == [advocate_ref(2)] * 2
    assert story.said("advocate.changed") == []


def test_a_conflict_registered_later_ends_the_bond(story: Story) -> None:
    story.begun()
    story.advocate(1, change=True, conflicts=[str(child_ref(1))])
    assert story.allocations()[0].status is AllocationStatus.CONFLICT
    assert not story.bond().is_bound


def test_an_advocate_who_stops_working_is_released(story: Story) -> None:
    story.begun()
    story.advocate(2)
    story.advocate(1, change=True, active=False)
    assert story.allocations()[0].status is AllocationStatus.RELEASED
    assert story.bond().advocate_ref == advocate_ref(2)


def test_a_person_gives_the_child_another_advocate(story: Story) -> None:
    story.advocate(1)
    story.conference()
    story.advocate(2)
    answer = story.post("allocation", advocate_ref=str(advocate_ref(2)), reason="child-asked")
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/allocations/{story.bond().allocation_ref}"
    assert AllocationReason.CHILD_ASKED in story.bond().reasons
    assert story.story_of()[-2:] == ["allocation.replaced", "allocation.allocated"]
    again = story.post("allocation", advocate_ref=str(advocate_ref(2)), reason=CHOSEN)
    assert again.json()["code"] == "already-allocated"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"employed_by": "council"}, "not-independent"),
        ({"conflicts": [str(child_ref(1))]}, "conflict-of-interest"),
        ({"checks_valid_until": "2026-12-13"}, "checks-lapsed"),
        ({"training_valid_until": "2026-12-13"}, "training-lapsed"),
        ({"authorities": ["E09000033"]}, "other-authority"),
        ({"active": False}, "not-active"),
    ],
)
def test_independence_is_not_for_choosing(story: Story, facts: dict[str, Any], code: str) -> None:
    story.conference()
    story.advocate(1, **facts)
    answer = story.post("allocation", advocate_ref=str(advocate_ref(1)), reason=CHOSEN)
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert not story.bond().is_bound


def test_skill_and_room_are_for_a_person_to_weigh(story: Story) -> None:
    story.advocate(1, capacity=0)
    story.conference(needs=("makaton",))
    answer = story.post("allocation", advocate_ref=str(advocate_ref(1)), reason=CHOSEN)
    assert answer.status_code == 201
    assert story.bond().is_bound
    assert len(story.allocations()) == 1


def test_nobody_is_chosen_for_a_child_who_said_no(story: Story) -> None:
    story.begun()
    story.post("declined", reported_by="child", heard_directly=True)
    answer = story.post("allocation", advocate_ref=str(advocate_ref(1)), reason=CHOSEN)
    assert (answer.status_code, answer.json()["code"]) == (409, "not-possible-now")


def test_an_unknown_advocate_or_allocation_is_not_known_yet(story: Story) -> None:
    story.conference()
    answer = story.post("allocation", advocate_ref=str(advocate_ref(7)), reason=CHOSEN)
    assert answer.json()["code"] == "not_yet_known"
    unknown = UUID("a110c000-0000-4000-8000-00000000ffff")
    client = story.world.client
    assert client.post(f"/v1/allocations/{unknown}/confirm").status_code == 409
    assert client.get(f"/v1/allocations/{unknown}").json()["code"] == "not_yet_known"


def test_a_search_that_found_nobody_has_nobody_to_release(story: Story) -> None:
    story.conference()
    for verb in ("confirm", "refuse", "release", "conflict"):
        assert story.about_bond(verb).json()["code"] == "not-possible-now"


def test_after_the_conference_only_a_yes_still_brings_an_advocate(story: Story) -> None:
    story.conference(number=1)
    story.conference(number=2)
    story.post("accepted", 2, heard_directly=True)
    story.world.advance(HELD_AT + timedelta(days=1))
    story.advocate(1)
    assert not story.bond(1).is_bound
    assert story.bond(2).is_bound


def test_the_allocations_of_an_offer_are_listed(story: Story) -> None:
    story.advocate(1)
    story.conference()
    story.advocate(2)
    story.about_bond("refuse")
    ref = str(story.offer().offer_ref)
    listed = story.world.client.get("/v1/allocations", params={"offer_ref": ref}).json()
    assert sorted(one["status"] for one in listed["items"]) == ["allocated", "refused"]
    assert listed["next"] is None
    one = listed["items"][0]
    read = story.world.client.get(f"/v1/allocations/{one['allocation_ref']}").json()
    assert read == one
    assert one["conference_ref"] == str(conference_ref())


def test_the_caseload_is_what_a_recount_finds(story: Story) -> None:
    for number in (1, 2):
        story.advocate(number, capacity=3)
    for number in range(1, 6):
        story.conference(number=number)
    story.conference(number=6, child_ref=child_ref(1), starts_at=STARTS_AT + timedelta(days=9))
    story.about_bond("refuse", 2)
    story.post("declined", 3, reported_by="child", heard_directly=True)
    story.post("reopened", 3)
    story.post("allocation", 4, advocate_ref=str(advocate_ref(2)), reason="chosen-by-person")
    story.cancelled(CancelledBecause.NOT_NEEDED, 1)
    story.advocate(1, change=True, conflicts=[str(child_ref(5))])
    counted: dict[str, set[UUID]] = {}
    for number in range(1, 7):
        for bond in story.allocations(number):
            if bond.is_bound:
                counted.setdefault(str(bond.advocate_ref), set()).add(bond.child_ref)
    listed = story.world.client.get("/v1/advocates").json()["items"]
    shown = {one["advocate_ref"]: one["load"] for one in listed if one["load"]}
    assert shown == {ref: len(children) for ref, children in counted.items()}
    assert sum(shown.values()) > 3


def ends_before_the_conference() -> str:
    return (STARTS_AT - timedelta(days=2)).date().isoformat()


@pytest.mark.parametrize("ends", ["checks_valid_until", "training_valid_until"])
def test_whose_checks_are_said_to_end_before_the_conference_is_followed_by_another(
    story: Story, ends: str
) -> None:
    story.begun()
    story.advocate(2)
    story.advocate(1, change=True, **{ends: ends_before_the_conference()})
    assert len(story.said("allocation.released")) == 1
    assert story.bond().advocate_ref == advocate_ref(2)


def accepted_with_checks_until_after_the_conference(story: Story, ends: str) -> None:
    last_day: dict[str, Any] = {ends: (STARTS_AT + timedelta(days=5)).date().isoformat()}
    story.advocate(1, **last_day)
    story.conference()
    assert story.post("accepted", heard_directly=True).status_code == 200


@pytest.mark.parametrize("ends", ["checks_valid_until", "training_valid_until"])
def test_on_the_day_after_the_checks_ended_nobody_waits_for_a_conference_with_that_advocate(
    story: Story, ends: str
) -> None:
    accepted_with_checks_until_after_the_conference(story, ends)
    story.conference("adjourned", status=ConferenceStatus.ADJOURNED, adjourned_because="quorum")
    story.world.advance(STARTS_AT + timedelta(days=5))
    assert story.bond().is_bound
    story.world.advance(STARTS_AT + timedelta(days=6))
    assert (len(story.said("allocation.released")), story.bond().is_bound) == (1, False)
    (unmet,) = story.said("allocation.unmet")
    assert unmet.unmet_because is UnmetBecause.NOBODY_INDEPENDENT
    story.advocate(1, change=True, **{ends: "2029-01-01"})
    assert story.bond().advocate_ref == advocate_ref(1)


@pytest.mark.parametrize("ends", ["checks_valid_until", "training_valid_until"])
@pytest.mark.parametrize("is_recorded", [True, False])
def test_a_child_whose_conference_has_sat_is_given_to_no_stranger_because_checks_end(
    story: Story,
    ends: str,
    is_recorded: bool,  # noqa: FBT001 -- a case of the test, by name
) -> None:
    accepted_with_checks_until_after_the_conference(story, ends)
    story.advocate(2)
    story.world.advance(STARTS_AT + timedelta(hours=2))
    if is_recorded:
        story.held()
    story.world.advance(STARTS_AT + timedelta(days=6))
    story.advocate(1, change=True, **{ends: STARTS_AT.date().isoformat()})
    assert story.bond().advocate_ref == advocate_ref(1)
    assert story.said("allocation.released") == []


def test_a_conference_put_off_beyond_the_end_of_the_checks_gets_another_advocate(
    story: Story,
) -> None:
    story.advocate(1, checks_valid_until=(STARTS_AT + timedelta(days=5)).date().isoformat())
    story.conference()
    story.advocate(2)
    story.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=9))
    assert story.bond().advocate_ref == advocate_ref(2)
