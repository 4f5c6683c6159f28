"""On the pages too: a child is taken off alone, and what was recorded in error is taken back."""

import re

from tests.component.exchange.story import a_child, post
from tests.harness import World

PARTS = ("day", "month", "year")
A_FORM = {
    "key": "again",
    "do": "schedule",
    "children": "1",
    "conference_id": "C1",
    "authority": "E09000020",
    "kind": "initial",
    "starts_at-day": "10",
    "starts_at-month": "12",
    "starts_at-year": "2026",
    "starts_at-time": "14:00",
    "child-1-la_child_id": "A1",
    "child-1-date_of_birth-day": "1",
    "child-1-date_of_birth-month": "1",
    "child-1-date_of_birth-year": "2016",
}


def sent(world: World, path: str, **fields: str) -> int:
    form = {"key": path, **fields}
    return world.client.post(path, data=form, follow_redirects=False).status_code


def test_a_death_is_recorded_for_one_child_and_the_siblings_conference_stands(world: World) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    page = f"/conferences/{posted.meeting}"
    refused = world.client.post(f"{page}/cancel", data={"key": "k", "reason": "died"})
    assert refused.status_code == 422
    assert "take that child alone off the meeting" in refused.text
    off = f"{page}/children/{posted.child}/cancel"
    assert off in world.client.get(page).text
    assert world.client.get(off).status_code == 200
    assert sent(world, off) == 422
    assert sent(world, off, reason="died") == 303
    stands = world.client.get(posted.url).json()
    assert sorted(seat["status"] for seat in stands["children"]) == ["cancelled", "scheduled"]
    back = f"{page}/children/{posted.child}/reinstate"
    assert back in world.client.get(page).text
    assert world.client.get(back).status_code == 200
    assert sent(world, back) == 303
    stands = world.client.get(posted.url).json()
    assert {seat["status"] for seat in stands["children"]} == {"scheduled"}


def test_a_cancelled_conference_stands_again(world: World) -> None:
    posted = post(world)
    page = f"/conferences/{posted.meeting}"
    assert sent(world, f"{page}/cancel", reason="not-needed") == 303
    assert f"{page}/reinstate" in world.client.get(page).text
    assert world.client.get(f"{page}/reinstate").status_code == 200
    assert sent(world, f"{page}/reinstate") == 303
    assert world.client.get(posted.url).json()["status"] == "scheduled"


def test_who_enters_a_conference_anew_is_shown_which_children_are_still_off_it(
    world: World,
) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    page = f"/conferences/{posted.meeting}"
    assert sent(world, f"{page}/cancel", reason="error") == 303
    shown = world.client.post("/conferences/new", data=A_FORM)
    assert shown.status_code == 200, shown.text
    assert "are still off it" in shown.text
    assert shown.text.count("This child is off the conference.") == 1
    assert f"{page}/children/{posted.children[1]['child_ref']}/reinstate" in shown.text


def test_there_is_no_other_page_about_one_child_of_a_conference(world: World) -> None:
    posted = post(world)
    path = f"/conferences/{posted.meeting}/children/{posted.child}/held"
    assert world.client.get(path).status_code == 404


def test_a_number_typed_again_for_another_time_moves_nobodys_conference(world: World) -> None:
    posted = post(world)
    before = world.client.get(posted.url).json()
    shown = world.client.post("/conferences/new", data={**A_FORM, "starts_at-time": "11am"})
    assert shown.status_code == 422
    assert "Your number is already that of a conference at another time" in shown.text
    assert world.client.get(posted.url).json() == before
    same = world.client.post("/conferences/new", data={**A_FORM, "key": "same", "place": "Room 2"})
    assert same.status_code == 200
    assert "What you entered has been added to it" in same.text


def test_who_enters_a_child_nobody_can_write_about_is_warned_on_the_page(world: World) -> None:
    shown = world.client.post("/conferences/new", data=A_FORM)
    assert "Nobody is written to until it is known when the family was told" in shown.text
    assert "Nobody can be asked to tell this child of the offer" in shown.text
    told = {
        f"family_informed_on-{part}": n for part, n in zip(PARTS, ("20", "11", "2026"), strict=True)
    }
    worker = {
        "child-1-social_worker_name": "Worker Synthetic",
        "child-1-social_worker_email": "worker@example.org",
    }
    shown = world.client.post("/conferences/new", data={**A_FORM, "key": "more", **told, **worker})
    assert "Nobody is written to" not in shown.text
    assert "Nobody can be asked" not in shown.text


def test_all_that_is_missing_on_a_form_is_said_at_once(world: World) -> None:
    shown = world.client.post(
        "/conferences/new", data={"key": "k", "do": "schedule", "children": "1"}
    )
    assert shown.status_code == 422
    for mistake in (
        "Your number for this conference is missing",
        "The day of the conference is missing",
        "The time must be written like",
        "Date of birth of child 1 is missing",
    ):
        assert mistake in shown.text


def test_the_eldest_child_comes_first_and_the_unborn_last(world: World) -> None:
    born = {
        "A1": "2019-01-01",
        "A2": "2011-01-01",
        "A3": "2023-01-01",
        "A4": "2015-01-01",
        "A5": "2009-01-01",
    }
    children = [a_child(la_child_id=number, date_of_birth=on) for number, on in born.items()]
    children.insert(
        0, a_child(la_child_id="A6", date_of_birth=None, expected_birth_on="2027-02-01")
    )
    posted = post(world, children=children)
    shown = world.client.get(f"/conferences/{posted.meeting}").text
    unborn, six, fifteen, three, eleven, seventeen = (
        child["child_ref"] for child in posted.children
    )
    assert re.findall(r'child/([0-9a-f-]{36})" data-hx', shown) == [
        seventeen,
        fifteen,
        eleven,
        six,
        three,
        unborn,
    ]


def test_who_enters_a_conference_that_is_over_is_told_that_nobody_gets_a_message(
    world: World,
) -> None:
    over = {**A_FORM, "starts_at-day": "10", "starts_at-month": "11", "late_entry": "yes"}
    shown = world.client.post("/conferences/new", data=over)
    assert "The conference is recorded. Nobody gets a message" in shown.text
    assert "offer of an advocate" not in shown.text
    next_one = {**A_FORM, "key": "next", "conference_id": "C2"}
    to_come = world.client.post("/conferences/new", data=next_one)
    assert "Each child gets an offer of an advocate" in to_come.text


def test_the_list_says_how_many_children_and_how_it_stands_without_being_moved_sideways(
    world: World,
) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    assert sent(world, f"/conferences/{posted.meeting}/cancel", reason="not-needed") == 303
    shown = world.client.get("/conferences").text
    assert "alongside-scroll" not in shown
    (row,) = re.findall(r"<tr[^>]*>(?:(?!</tr>).)*<td.*?</tr>", shown, re.DOTALL)
    for said in ("Initial, 2 children", "C1", "Cancelled"):
        assert said in row
