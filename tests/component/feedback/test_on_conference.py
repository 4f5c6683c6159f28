"""News of the conference, on real tables and the embedded bus."""

from pathlib import Path

from tests.component.feedback.story import STARTS_AT, Story


def test_a_view_that_comes_before_its_conference_is_asked_for_again_later(tmp_path: Path) -> None:
    story = Story(tmp_path / "data")
    early = story.record()
    assert (early.status_code, early.json()["code"]) == (409, "not_yet_known")
    assert "retry-after" in early.headers
    story.conference()
    assert story.record().status_code == 201


def test_held_closes_the_door_for_views_not_yet_shared(story: Story) -> None:
    view = story.recorded()
    story.conference("held", status="held", held_at=STARTS_AT)
    late = story.post(view, "share")
    assert (late.status_code, late.json()["code"]) == (409, "conference-was-held")
    assert story.said("child-view.shared") == []


def test_held_heard_twice_is_known_once(story: Story) -> None:
    story.conference("held", status="held", held_at=STARTS_AT)
    before = story.rows("SELECT status, as_of, version FROM conferences")
    story.world.publish("conference.held", story.state(status="held", held_at=STARTS_AT))
    story.world.publish(
        "conference.held", story.state(status="held", held_at=STARTS_AT), sequence=2
    )
    assert story.rows("SELECT status, as_of, version FROM conferences") == before
    assert before == [("held", 2, 2)]


def test_an_older_state_never_opens_the_door_again(story: Story) -> None:
    story.conference("held", status="held", held_at=STARTS_AT)
    story._version = 0
    story.conference("changed")
    assert story.rows("SELECT status FROM conferences") == [("held",)]


def test_adjourned_leaves_time_to_be_heard(story: Story) -> None:
    view = story.recorded()
    story.conference("adjourned", status="adjourned", adjourned_because="quorum")
    assert story.post(view, "share").status_code == 200


def test_cancelled_leaves_nobody_to_share_with(story: Story) -> None:
    view = story.recorded()
    story.conference("cancelled", status="cancelled", cancelled_because="not-needed")
    assert story.post(view, "share").json()["code"] == "conference-was-cancelled"


def test_what_is_refused_leaves_the_next_one_alone(story: Story) -> None:
    broken = story.state().model_dump_json().replace("scheduled", "dreamt-of").encode()
    headers = (("ce_specversion", b"1.0"), ("ce_id", b"x1"))
    named = (
        *headers,
        ("ce_type", b"alongside.conference.changed.v1"),
        ("ce_source", b"/services/exchange"),
        ("ce_subject", str(story.state().child_ref).encode()),
        ("ce_time", b"2026-12-03T09:00:00Z"),
        ("ce_sequence", b"2"),
    )
    story.world.publish_raw(
        "alongside.exchange.v1", str(story.state().child_ref).encode(), named, broken
    )
    story.world._foreign[("alongside.exchange.v1", str(story.state().child_ref))] = 2
    story.conference("held", status="held", held_at=STARTS_AT)
    assert story.rows("SELECT code FROM dead_letters") == [("breaks-contract",)]
    assert story.rows("SELECT status FROM conferences") == [("held",)]
