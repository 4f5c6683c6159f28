"""On the pages too: a child is taken off alone, and what was recorded in error is taken back."""

from tests.component.exchange.story import a_child, post
from tests.harness import World


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
    form = {
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
    shown = world.client.post("/conferences/new", data=form)
    assert shown.status_code == 200, shown.text
    assert "are still off it" in shown.text
    assert shown.text.count("This child is off the conference.") == 1
    assert f"{page}/children/{posted.children[1]['child_ref']}/reinstate" in shown.text


def test_there_is_no_other_page_about_one_child_of_a_conference(world: World) -> None:
    posted = post(world)
    path = f"/conferences/{posted.meeting}/children/{posted.child}/held"
    assert world.client.get(path).status_code == 404
