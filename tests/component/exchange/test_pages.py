"""On the pages too: one child is taken off, errors are taken back, nobody is left unrecorded."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.component.exchange.story import Posted, a_child, post
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
    shown = world.client.get(page).text
    assert "This child is recorded as having died." in shown
    assert f"{page}/children/{posted.child}/reinstate" not in shown
    back = f"{page}/children/{posted.child}/death-taken-back"
    assert back in shown
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


def test_one_child_alone_is_put_back_on_a_cancelled_conference(world: World) -> None:
    posted = post(world, children=[a_child(), a_child(la_child_id="A2")])
    page = f"/conferences/{posted.meeting}"
    dead, sibling = (child["child_ref"] for child in posted.children)
    for child, reason in ((sibling, "error"), (dead, "died")):
        assert sent(world, f"{page}/children/{child}/cancel", reason=reason) == 303
    whole = world.client.post(f"{page}/reinstate", data={"key": "k"})
    assert whole.status_code == 422
    assert "take the record of the death back" in whole.text
    back = f"{page}/children/{sibling}/reinstate"
    assert back in world.client.get(page).text
    assert sent(world, back) == 303
    seats = world.client.get(posted.url).json()["children"]
    assert {seat["child_ref"]: seat["status"] for seat in seats} == {
        dead: "cancelled",
        sibling: "scheduled",
    }


def test_a_death_is_recorded_of_a_child_with_no_conference_to_come(world: World) -> None:
    posted = post(world)
    page = f"/conferences/{posted.meeting}"
    assert sent(world, f"{page}/cancel", reason="not-needed") == 303
    died = f"{page}/children/{posted.child}/died"
    assert died in world.client.get(page).text
    assert world.client.get(died).status_code == 200
    assert sent(world, died) == 303
    assert "This child is recorded as having died." in world.client.get(page).text
    assert world.client.post(f"{posted.url}/reinstate").json()["code"] == "child-died"
    world.settle()
    (event,) = world.events("child.contact-stopped")
    assert str(event.data.child_ref) == posted.child
    assert sent(world, f"{page}/children/{posted.child}/death-taken-back") == 303
    assert world.client.get(posted.url).json()["status"] == "cancelled"


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


def test_who_enters_a_known_number_with_another_birth_is_asked_to_check(world: World) -> None:
    post(world)
    another = {**A_FORM, "conference_id": "C2", "child-1-date_of_birth-year": "2014"}
    shown = world.client.post("/conferences/new", data=another)
    assert "check that it is the same child" in shown.text
    third = {**another, "key": "third", "conference_id": "C3"}
    assert "the same child" not in world.client.post("/conferences/new", data=third).text


def test_all_that_is_missing_on_a_form_is_said_at_once(world: World) -> None:
    shown = world.client.post(
        "/conferences/new", data={"key": "k", "do": "schedule", "children": "1"}
    )
    assert shown.status_code == 422
    for mistake in (
        "Your number for this conference is missing",
        "The day of the conference is missing",
        "The time is missing",
        "Date of birth of child 1 is missing",
    ):
        assert mistake in shown.text


HELD_ON = {
    "held_at-day": "10",
    "held_at-month": "12",
    "held_at-year": "2026",
    "held_at-time": "2pm",
}
NOT_RECORDED = "How this child took part is not recorded yet."


def spoke(prefix: str = "") -> dict[str, str]:
    return {
        f"{prefix}attendance": "in-person",
        f"{prefix}voice": "self",
        f"{prefix}advocate_present": "yes",
    }


def two_children_at_a_conference_that_sat(world: World) -> tuple[Posted, str, list[str]]:
    younger = a_child(la_child_id="A2", date_of_birth="2020-01-01")
    posted = post(world, children=[a_child(), younger])
    world.clock.move(datetime(2026, 12, 10, 17, 0, tzinfo=UTC))
    refs = [child["child_ref"] for child in posted.children]
    return posted, f"/conferences/{posted.meeting}", refs


def participations(world: World, posted: Posted) -> dict[str, Any]:
    seats = world.client.get(posted.url).json()["children"]
    return {seat["child_ref"]: seat["participation"] for seat in seats}


def test_a_conference_is_not_recorded_as_held_with_nothing_said_of_a_child(world: World) -> None:
    posted, page, (first, second) = two_children_at_a_conference_that_sat(world)
    shown = world.client.post(f"{page}/held", data={"key": "k", **HELD_ON})
    assert shown.status_code == 422
    for child in (first, second):
        for question in ("attendance", "voice", "advocate_present"):
            assert f'id="child-{child}-{question}-error"' in shown.text
    assert "Choose whether child 1 was there" in shown.text
    assert "Choose whether child 2 was there" in shown.text
    assert world.client.get(posted.url).json()["status"] == "scheduled"
    one_alone = {**HELD_ON, **spoke(f"child-{first}-")}
    assert sent(world, f"{page}/held", **one_alone) == 422
    all_but_one_question = {**one_alone, **spoke(f"child-{second}-"), f"child-{second}-voice": ""}
    assert sent(world, f"{page}/held", **all_but_one_question) == 422
    assert sent(world, f"{page}/held", **one_alone, **spoke(f"child-{second}-")) == 303
    assert all(participations(world, posted).values())


def test_who_chose_to_record_a_child_later_does_so_and_corrects_it(world: World) -> None:
    posted, page, (first, second) = two_children_at_a_conference_that_sat(world)
    later = {**HELD_ON, **spoke(f"child-{first}-"), f"child-{second}-attendance": "later"}
    assert sent(world, f"{page}/held", **later) == 303
    shown = world.client.get(page).text
    assert shown.count(NOT_RECORDED) == 1
    assert shown.count("Was there; an advocate was there.") == 1
    assert f"{page}/children/{first}/participation" in shown
    assert "Correct how this child took part" in shown

    record = f"{page}/children/{second}/participation"
    assert record in shown
    assert "Record how this child took part" in shown
    assert "checked" not in world.client.get(record).text
    assert sent(world, record) == 422
    assert sent(world, record, attendance="not-invited", voice="letter", advocate_present="no") == (
        303
    )
    shown = world.client.get(page).text
    assert NOT_RECORDED not in shown
    assert "Was not invited; no advocate was there. How the child was heard: in a letter." in shown

    filled = re.findall(r'value="([a-z-]+)" checked', world.client.get(record).text)
    assert filled == ["not-invited", "letter", "no"]
    assert sent(world, record, key="again", **spoke()) == 303
    assert participations(world, posted)[second]["attendance"] == "attended"
    assert world.client.get(page).text.count("Was there; an advocate was there.") == 2


def test_answers_beside_a_choice_to_record_later_are_taken_away_aloud(world: World) -> None:
    _, page, (first, second) = two_children_at_a_conference_that_sat(world)
    mixed = {
        "key": "k",
        **HELD_ON,
        **spoke(f"child-{first}-"),
        f"child-{second}-attendance": "later",
        f"child-{second}-advocate_present": "yes",
    }
    shown = world.client.post(f"{page}/held", data=mixed)
    assert shown.status_code == 422
    assert "Choose whether child 2 was there, and answer the questions below it." in shown.text
    checked = re.findall(r"<input[^>]* checked[^>]*>", shown.text)
    assert sum(f"child-{first}-" in box for box in checked) == len(spoke(f"child-{first}-"))
    assert [box for box in checked if f"child-{second}-" in box and "later" not in box] == []
    mixed.pop(f"child-{second}-advocate_present")
    assert sent(world, f"{page}/held", **{**mixed, "key": "once more"}) == 303


def test_a_contradiction_is_said_beside_the_child_it_is_about(world: World) -> None:
    _, page, (first, second) = two_children_at_a_conference_that_sat(world)
    absent = {**spoke(f"child-{second}-"), f"child-{second}-attendance": "did-not-attend"}
    form = {"key": "k", **HELD_ON, **spoke(f"child-{first}-"), **absent}
    shown = world.client.post(f"{page}/held", data=form)
    assert shown.status_code == 422
    assert f'id="child-{second}-voice-error"' in shown.text
    assert "child 2 was not there and cannot have spoken" in shown.text
    apart = {f"child-{second}-voice": "none", f"child-{second}-part_attendance": "yes"}
    shown = world.client.post(f"{page}/held", data={**form, **apart})
    assert f'id="child-{second}-part_attendance-error"' in shown.text


def test_of_a_child_who_is_off_the_conference_nothing_is_asked(world: World) -> None:
    posted, page, (first, second) = two_children_at_a_conference_that_sat(world)
    assert sent(world, f"{page}/children/{second}/cancel", reason="removed") == 303
    asked = world.client.get(f"{page}/held").text
    assert f"child-{first}-attendance" in asked
    assert f"child-{second}-attendance" not in asked
    assert sent(world, f"{page}/held", **HELD_ON, **spoke(f"child-{first}-")) == 303
    shown = world.client.get(page).text
    assert f"{page}/children/{second}/participation" not in shown
    assert NOT_RECORDED not in shown
    assert participations(world, posted)[second] is None


def test_how_a_child_took_part_on_another_day_is_said_with_that_day(world: World) -> None:
    posted, page, (first, second) = two_children_at_a_conference_that_sat(world)
    later = {f"child-{child}-attendance": "later" for child in (first, second)}
    assert sent(world, f"{page}/held", **HELD_ON, **later) == 303
    body = {
        "attendance": "attended",
        "mode": "remote",
        "voice": "self",
        "advocate_present": True,
        "session_on": "2026-12-09",
    }
    recorded = world.client.put(f"{posted.url}/children/{first}/participation", json=body)
    assert recorded.status_code == 200, recorded.text
    shown = world.client.get(page).text
    assert "On Wednesday 9 December 2026: Was there; an advocate was there." in shown
    assert shown.count(NOT_RECORDED) == 1
    assert "checked" not in world.client.get(f"{page}/children/{first}/participation").text


def test_why_it_was_put_off_is_not_said_of_a_conference_that_was_held_since(world: World) -> None:
    posted, page, (first, second) = two_children_at_a_conference_that_sat(world)
    assert world.client.post(f"{posted.url}/adjourn", json={"reason": "quorum"}).is_success
    assert "Adjourned: too few agencies" in world.client.get(page).text
    later = {f"child-{child}-attendance": "later" for child in (first, second)}
    assert sent(world, f"{page}/held", **HELD_ON, **later) == 303
    shown = world.client.get(page).text
    assert "Held" in shown
    assert "too few agencies" not in shown


def test_before_a_conference_sat_nobody_is_recorded_as_having_been_there(world: World) -> None:
    posted = post(world)
    record = f"/conferences/{posted.meeting}/children/{posted.child}/participation"
    assert record not in world.client.get(f"/conferences/{posted.meeting}").text
    refused = world.client.post(record, data={"key": "k", **spoke()})
    assert refused.status_code == 422
    assert "Participation is recorded after the meeting sat" in refused.text


@pytest.mark.parametrize(
    ("day", "said"),
    [("11", "recorded as held after it was held"), ("9", "It was to sit on a later day")],
)
def test_a_wrong_day_on_which_it_was_held_is_said_beside_the_day(
    world: World, day: str, said: str
) -> None:
    posted, page, children = two_children_at_a_conference_that_sat(world)
    later = {f"child-{child}-attendance": "later" for child in children}
    form = {"key": "k", **HELD_ON, "held_at-day": day, **later}
    shown = world.client.post(f"{page}/held", data=form)
    assert shown.status_code == 422
    assert said in shown.text
    assert 'href="#held_at-day"' in shown.text
    assert 'id="held_at-error"' in shown.text
    assert world.client.get(posted.url).json()["status"] == "scheduled"


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
