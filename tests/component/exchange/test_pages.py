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


def test_there_is_no_other_page_about_one_child_of_a_conference(world: World) -> None:
    posted = post(world)
    path = f"/conferences/{posted.meeting}/children/{posted.child}/held"
    assert world.client.get(path).status_code == 404
